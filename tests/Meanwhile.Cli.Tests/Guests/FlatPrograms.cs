using System.Runtime.InteropServices;

namespace Meanwhile.Cli.Tests.Guests;

/// <summary>The smallest guests: machine code as aarch64-linux-gnu-as makes it, which a test writes to a file and gives as kernel.</summary>
internal static class FlatPrograms
{
    /// <summary>Prints 'R', then what it receives, for ever (PL011 at 0x0900_0000).</summary>
    public static byte[] Echo =>
        Code(
            0xD2A12001,  // mov  x1, #0x9000000
            0x52800A40,  // mov  w0, #'R'
            0xB9000020,  // str  w0, [x1]
            0xB9401822,  // ldr  w2, [x1, #0x18]
            0x3727FFE2,  // tbnz w2, #4, .-4        (UARTFR.RXFE)
            0xB9400020,  // ldr  w0, [x1]
            0xB9000020,  // str  w0, [x1]
            0x17FFFFFC); // b    .-16

    /// <summary>Powers off at once (PSCI SYSTEM_OFF).</summary>
    public static byte[] PowerOff =>
        Code(
            0x52800100,  // mov  w0, #0x8
            0x72B08000,  // movk w0, #0x8400, lsl #16
            0xD4000002); // hvc  #0

    /// <summary>A Linux Image (Documentation/arch/arm64/booting.rst) that ends before what its EFI section table lists (PE/COFF, section 4).</summary>
    public static byte[] TruncatedLinuxImage
    {
        get
        {
            const int PeHeader = 64;
            const int Section = PeHeader + 24;
            byte[] image = new byte[4096];
            "MZ"u8.CopyTo(image);
            BitConverter.TryWriteBytes(image.AsSpan(16), 16L << 20); // image_size
            BitConverter.TryWriteBytes(image.AsSpan(24), 0xAL); // flags: 4 KiB pages, anywhere in memory
            "ARMd"u8.CopyTo(image.AsSpan(56));
            BitConverter.TryWriteBytes(image.AsSpan(60), PeHeader);
            "PE\0\0"u8.CopyTo(image.AsSpan(PeHeader));
            BitConverter.TryWriteBytes(image.AsSpan(PeHeader + 6), (ushort)1); // sections
            BitConverter.TryWriteBytes(image.AsSpan(Section + 16), 8 << 20); // SizeOfRawData
            BitConverter.TryWriteBytes(image.AsSpan(Section + 20), 4096); // PointerToRawData
            return image;
        }
    }

    private static byte[] Code(params uint[] words) => MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
}
