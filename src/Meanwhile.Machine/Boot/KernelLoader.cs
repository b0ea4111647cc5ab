using System.Buffers.Binary;
using System.IO.Compression;

namespace Meanwhile.Machine.Boot;

/// <summary>
/// Recognises what the user gave as kernel: a Linux arm64 Image (Documentation/arch/arm64/booting.rst), one in gzip or in an EFI zboot
/// wrapper, or a flat binary. Everything else is refused with what it seems to be.
/// </summary>
internal static class KernelLoader
{
    /// <summary>Where a flat binary goes, as on QEMU's board: byte offset in RAM.</summary>
    private const long FlatOffset = 0x8_0000;

    /// <summary>The alignment of the base from which text_offset counts.</summary>
    private const long BaseAlignment = 0x20_0000;

    private const int HeaderSize = 64;
    private const uint ImageMagic = 0x644D_5241; // "ARM\x64"
    private const uint ZbootMagic = 0x676D_697A; // "zimg"

    /// <summary>Reads and recognises a kernel file.</summary>
    /// <exception cref="BootException">It cannot be read, or is nothing this board boots.</exception>
    public static KernelImage Load(string path)
    {
        byte[] content = BootFile.ReadAll(path, "kernel");
        return content.Length == 0 ? throw new BootException($"kernel '{path}' is empty") : Recognise(path, content, wrapper: null);
    }

    private static KernelImage Recognise(string path, byte[] content, string? wrapper)
    {
        string inside = wrapper is null ? "" : $" (inside its {wrapper} wrapper)";
        if (content.Length >= HeaderSize && U32(content, 56) == ImageMagic)
            return ParseImage(path, content);
        if (wrapper is null && IsGzip(content))
            return Recognise(path, Unzip(path, content), "gzip");
        if (wrapper is null && content.Length >= HeaderSize && content[0] == 'M' && content[1] == 'Z' && U32(content, 4) == ZbootMagic)
            return Recognise(path, UnwrapZboot(path, content), "EFI zboot");
        if (ForeignFormat.Describe(content) is { } format)
            throw new BootException($"kernel '{path}'{inside} is {format.What}, not an arm64 kernel; {format.Advice}");
        if (wrapper is not null)
            throw new BootException(
                $"kernel '{path}' is a {wrapper} file, but what is inside is not an arm64 Linux Image; give an arm64 kernel");
        return new KernelImage(path, content, FlatOffset, content.Length, IsLinux: false);
    }

    private static KernelImage ParseImage(string path, byte[] content)
    {
        ulong textOffset = U64(content, 8);
        ulong imageSize = U64(content, 16);
        ulong flags = U64(content, 24);
        if ((flags & 1) != 0)
            throw new BootException($"kernel '{path}' is big-endian; this machine runs little-endian arm64 kernels");
        CheckTruncation(path, content);
        if (imageSize == 0)
        {
            // Before Linux 3.17 the header said neither; these are its rules for such kernels.
            textOffset = (ulong)FlatOffset;
            imageSize = (ulong)content.Length;
        }

        if (textOffset >= BaseAlignment || imageSize > long.MaxValue / 2)
            throw new BootException(
                $"kernel '{path}' has a damaged Image header (text offset 0x{textOffset:x}, size 0x{imageSize:x}); get it again");
        // As QEMU does: leave the first page of RAM and what belongs to it free, here for the device tree.
        long offset = textOffset == 0 ? BaseAlignment : (long)textOffset;
        return new KernelImage(path, content, offset, Math.Max((long)imageSize, content.Length), IsLinux: true);
    }

    /// <summary>An Image that is also an EFI application lists its sections; the file must reach to the end of each.</summary>
    private static void CheckTruncation(string path, byte[] content)
    {
        const int SectionHeaderSize = 40;
        uint peOffset = U32(content, 60);
        if (content[0] != 'M' || content[1] != 'Z' || peOffset > content.Length - 24 || U32(content, (int)peOffset) != 0x4550)
            return;
        int sections = U16(content, (int)peOffset + 6);
        long table = peOffset + 24 + U16(content, (int)peOffset + 20);
        for (int i = 0; i < sections; i++)
        {
            long header = table + (i * SectionHeaderSize);
            long end = header + SectionHeaderSize;
            if (end <= content.Length)
                end = (long)U32(content, (int)header + 20) + U32(content, (int)header + 16);
            if (end > content.Length)
                throw new BootException(
                    $"kernel '{path}' is truncated: it has {content.Length} bytes of at least {end}; copy or download it again");
        }
    }

    private static bool IsGzip(ReadOnlySpan<byte> content) => content.Length >= 18 && content[0] == 0x1F && content[1] == 0x8B;

    private static byte[] Unzip(string path, ReadOnlyMemory<byte> content)
    {
        // The last four bytes of a gzip member are its content's length (RFC 1952 2.3.1).
        uint expected = U32(content.Span, content.Length - 4);
        try
        {
            using var source = new MemoryStream(content.ToArray());
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            using var target = new MemoryStream();
            gzip.CopyTo(target);
            if ((uint)target.Length == expected)
                return target.ToArray();
        }
        catch (InvalidDataException error)
        {
            throw new BootException(
                $"kernel '{path}': its gzip data is damaged or truncated ({error.Message}); copy or download it again", error);
        }

        throw new BootException($"kernel '{path}': its gzip data is truncated; copy or download it again");
    }

    private static byte[] UnwrapZboot(string path, byte[] content)
    {
        // drivers/firmware/efi/libstub/zboot-header.S: payload offset and size, then the name of its compression.
        uint offset = U32(content, 8);
        uint size = U32(content, 12);
        ReadOnlySpan<byte> name = content.AsSpan(24, 32);
        int end = name.IndexOf((byte)0);
        string compression = System.Text.Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
        if (compression != "gzip")
            throw new BootException(
                $"kernel '{path}' is an EFI zboot image compressed with '{compression}'; "
                + "only gzip is known here: unpack it to a plain Image first");
        if ((ulong)offset + size > (ulong)content.Length || size < 18)
            throw new BootException(
                $"kernel '{path}' is truncated: its payload should end at byte {(ulong)offset + size}, the file has {content.Length}; "
                + "copy or download it again");
        return Unzip(path, content.AsMemory((int)offset, (int)size));
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
