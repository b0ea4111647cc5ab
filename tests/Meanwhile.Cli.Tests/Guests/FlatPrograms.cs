using System.Runtime.InteropServices;

namespace Meanwhile.Cli.Tests.Guests;

/// <summary>The smallest guests: machine code as aarch64-linux-gnu-as makes it, which a test writes to a file and gives as kernel.</summary>
internal static class FlatPrograms
{
    private const int SlowRegion = 0x4300_0000;

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

    /// <summary>
    /// Prints 'R', then goes through pages for ever: 16 MiB from 0x4200_0000 on, and after every <paramref name="each"/> of these one of a second
    /// region behind them. Each page gets the number of its round, in its first and its last word, or is made zero: one in four, another fourth in each
    /// round. Before that it looks whether the page holds what the round before left there. 'C' says that a round of the second region is over, 'X'
    /// that a page held something else. So at any moment there is one value for each page that fits the registers, and a page of another moment is
    /// found when the guest comes by.
    /// </summary>
    /// <param name="slowPages">Pages of the second region, a multiple of 16.</param>
    /// <param name="each">A power of two.</param>
    public static byte[] Rounds(int slowPages, int each) =>
        Code(
            0xD2A12001, //        mov   x1, #0x9000000
            0x52800A40, //        mov   w0, #0x52
            0xB9000020, //        str   w0, [x1]
            0xD2A84002, //        mov   x2, #0x42000000
            0xD2A86003, //        mov   x3, #0x43000000
            0xD2A00004 | (uint)((SlowRegion >> 16) + (slowPages >> 4)) << 5, //        movz x4, #…, lsl #16
            0xD2800010 | (uint)(each - 1) << 5, //        movz x16, #…
            0xD2800025, //        mov   x5, #0x1
            0xD2800026, //        mov   x6, #0x1
            0xAA0203E7, //        mov   x7, x2
            0xAA0303E8, //        mov   x8, x3
            0xD2800009, //        mov   x9, #0x0
            0xAA0703EA, // loop:  mov   x10, x7
            0xAA0503EB, //        mov   x11, x5
            0x94000014, //        bl    visit
            0x914004E7, //        add   x7, x7, #0x1, lsl #12
            0xEB0300FF, //        cmp   x7, x3
            0x54000061, //        b.ne  next
            0xAA0203E7, //        mov   x7, x2
            0x910004A5, //        add   x5, x5, #0x1
            0x91000529, // next:  add   x9, x9, #0x1
            0xEA10013F, //        tst   x9, x16
            0x54FFFEC1, //        b.ne  loop
            0xAA0803EA, //        mov   x10, x8
            0xAA0603EB, //        mov   x11, x6
            0x94000009, //        bl    visit
            0x91400508, //        add   x8, x8, #0x1, lsl #12
            0xEB04011F, //        cmp   x8, x4
            0x54FFFE01, //        b.ne  loop
            0xAA0303E8, //        mov   x8, x3
            0x910004C6, //        add   x6, x6, #0x1
            0x52800860, //        mov   w0, #0x43
            0xB9000020, //        str   w0, [x1]
            0x17FFFFEB, //        b     loop
            0xD34CFD4C, // visit: lsr   x12, x10, #12
            0xD100056D, //        sub   x13, x11, #0x1
            0x8B0C01AE, //        add   x14, x13, x12
            0xF24005DF, //        tst   x14, #0x3
            0x9A8D03EE, //        csel  x14, xzr, x13, eq
            0xF940014F, //        ldr   x15, [x10]
            0xEB0E01FF, //        cmp   x15, x14
            0x54000141, //        b.ne  bad
            0xF947FD4F, //        ldr   x15, [x10, #4088]
            0xEB0E01FF, //        cmp   x15, x14
            0x540000E1, //        b.ne  bad
            0x8B0C016E, //        add   x14, x11, x12
            0xF24005DF, //        tst   x14, #0x3
            0x9A8B03EE, //        csel  x14, xzr, x11, eq
            0xF900014E, //        str   x14, [x10]
            0xF907FD4E, //        str   x14, [x10, #4088]
            0xD65F03C0, //        ret
            0x52800B00, // bad:   mov   w0, #0x58
            0xB9000020, //        str   w0, [x1]
            0x17FFFFFE); //        b     bad

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
