using System.Buffers.Binary;
using System.IO.Compression;
using Meanwhile.Machine.Boot;

namespace Meanwhile.Machine.Tests.Boot;

/// <summary>After Documentation/arch/arm64/booting.rst.</summary>
public sealed class KernelLoader_Tests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Fact]
    public void An_Image_goes_to_its_text_offset_and_takes_its_image_size()
    {
        KernelImage kernel = Load(Image(textOffset: 0x8_0000, imageSize: 0x12_3000));
        Assert.True(kernel.IsLinux);
        Assert.Equal(0x8_0000, kernel.Offset);
        Assert.Equal(0x12_3000, kernel.MemorySize);
    }

    [Fact]
    public void An_Image_with_text_offset_zero_goes_2_MiB_into_RAM() => Assert.Equal(0x20_0000, Load(Image(0, 0x1000)).Offset);

    [Fact]
    public void An_Image_of_before_3_17_without_a_size_goes_to_512_KiB() => Assert.Equal(0x8_0000, Load(Image(0x1234, 0)).Offset);

    [Fact]
    public void A_gzipped_Image_is_unpacked()
    {
        byte[] image = Image(0x8_0000, 0x1000);
        Assert.Equal(image, Load(Gzip(image)).Content.ToArray());
    }

    [Fact]
    public void An_EFI_zboot_Image_is_unwrapped()
    {
        byte[] image = Image(0x8_0000, 0x1000);
        Assert.Equal(image, Load(Zboot(Gzip(image), "gzip")).Content.ToArray());
    }

    [Fact]
    public void A_flat_binary_goes_to_512_KiB()
    {
        KernelImage kernel = Load([0x1F, 0x20, 0x03, 0xD5]);
        Assert.False(kernel.IsLinux);
        Assert.Equal(0x8_0000, kernel.Offset);
        Assert.Equal(4, kernel.MemorySize);
    }

    [Fact]
    public void A_big_endian_Image_is_refused() => Refuses(Image(0, 0x1000, flags: 1), "big-endian");

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<BootException>(() => KernelLoader.Load("/nonexistent/Image"));
        Assert.Contains("'/nonexistent/Image' does not exist", error.Message);
    }

    [Fact]
    public void A_directory_is_named_as_such() =>
        Assert.Contains("directory", Assert.Throws<BootException>(() => KernelLoader.Load(Path.GetTempPath())).Message);

    [Fact]
    public void An_empty_file_is_refused() => Refuses([], "empty");

    [Fact]
    public void A_truncated_gzip_is_refused()
    {
        byte[] gzip = Gzip(Image(0, 0x1000));
        Refuses(gzip[..(gzip.Length / 2)], "truncated");
    }

    [Fact]
    public void A_truncated_zboot_is_refused()
    {
        byte[] zboot = Zboot(Gzip(Image(0, 0x1000)), "gzip");
        Refuses(zboot[..^40], "truncated");
    }

    [Fact]
    public void A_zboot_of_another_compression_names_it() => Refuses(Zboot(new byte[100], "zstd22"), "zstd22");

    [Fact]
    public void An_Image_that_ends_before_its_PE_sections_do_is_truncated()
    {
        byte[] image = Image(0, 0x1000);
        image[0] = (byte)'M';
        image[1] = (byte)'Z';
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(60), 64);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(64), 0x4550); // "PE"
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(70), 1); // one section, no optional header
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(88 + 16), 0x10_0000); // SizeOfRawData
        Refuses(image, "truncated");
    }

    [Fact]
    public void Gzip_of_something_else_is_refused() => Refuses(Gzip([.. "070701"u8, .. new byte[200]]), "cpio archive");

    [Fact]
    public void Gzip_of_unknown_bytes_is_refused() => Refuses(Gzip(new byte[200]), "not an arm64 Linux Image");

    [Theory]
    [InlineData(0x202, "HdrS", "x86 bzImage")]
    [InlineData(0, "070701", "cpio archive")]
    [InlineData(0, "#!/bin/sh", "script")]
    [InlineData(0, "QFI\u00FB", "qcow2")]
    [InlineData(0, "MZ", "EFI or Windows")]
    [InlineData(0, "!<arch>\n", "dpkg-deb -x")]
    public void What_is_not_an_arm64_kernel_is_called_what_it_looks_like(int offset, string magic, string words)
    {
        var content = new byte[0x1000];
        System.Text.Encoding.Latin1.GetBytes(magic).CopyTo(content, offset);
        Refuses(content, words);
    }

    [Theory]
    [InlineData(62, "x86 ELF")]
    [InlineData(183, "arm64 ELF")]
    [InlineData(40, "32-bit Arm ELF")]
    public void ELF_files_are_told_apart_by_machine(ushort machine, string words)
    {
        var content = new byte[0x100];
        "\u007FELF"u8.CopyTo(content);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(18), machine);
        Refuses(content, words);
    }

    [Fact]
    public void An_initrd_goes_to_128_MiB_or_the_middle_of_a_small_RAM()
    {
        KernelImage kernel = Load(Image(0, 0x100_0000));
        Assert.Equal(128L << 20, BootLayout.Place(kernel, "i", 1 << 20, 1L << 30).Initrd);
        Assert.Equal(32L << 20, BootLayout.Place(kernel, "i", 1 << 20, 64L << 20).Initrd);
        // 40 MiB do not fit behind the middle, but behind the kernel.
        Assert.Equal(18L << 20, BootLayout.Place(kernel, "i", 40 << 20, 64L << 20).Initrd);
    }

    [Fact]
    public void An_initrd_that_does_not_fit_says_how_much_memory_is_needed()
    {
        KernelImage kernel = Load(Image(0, 0x100_0000));
        var error = Assert.Throws<BootException>(() => BootLayout.Place(kernel, "my.img", 60 << 20, 64L << 20));
        Assert.Contains("'my.img'", error.Message);
        Assert.Contains("at least 78 MiB", error.Message);
    }

    [Fact]
    public void RAM_too_small_for_the_kernel_says_how_much_is_needed()
    {
        KernelImage kernel = Load(Image(0, 0x100_0000));
        Assert.Contains("needs 18 MiB", Assert.Throws<BootException>(() => BootLayout.Place(kernel, null, 0, 16L << 20)).Message);
    }

    private KernelImage Load(byte[] content)
    {
        File.WriteAllBytes(path, content);
        return KernelLoader.Load(path);
    }

    private void Refuses(byte[] content, string words)
    {
        var error = Assert.Throws<BootException>(() => Load(content));
        Assert.Contains(path, error.Message);
        Assert.Contains(words, error.Message);
    }

    private static byte[] Image(ulong textOffset, ulong imageSize, ulong flags = 0xA)
    {
        var image = new byte[0x800];
        new Random(1).NextBytes(image.AsSpan(128));
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(8), textOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(16), imageSize);
        BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(24), flags);
        "ARM\x64"u8.CopyTo(image.AsSpan(56));
        return image;
    }

    private static byte[] Gzip(byte[] content)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
            gzip.Write(content);
        return target.ToArray();
    }

    private static byte[] Zboot(byte[] payload, string compression)
    {
        var file = new byte[0x400 + payload.Length];
        "MZ"u8.CopyTo(file);
        "zimg"u8.CopyTo(file.AsSpan(4));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(8), 0x400);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), (uint)payload.Length);
        System.Text.Encoding.ASCII.GetBytes(compression).CopyTo(file, 24);
        payload.CopyTo(file, 0x400);
        return file;
    }
}
