namespace Meanwhile.Arm64.Tests.Qemu;

/// <summary>Random operands that like the corners.</summary>
public static class Values
{
    private static readonly ulong[] Corners64 =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFE, ulong.MaxValue,
    ];

    // Zero, one, infinity, quiet and signalling NaN, least and greatest subnormal and normal, 1 ulp around one, integers' limits.
    private static readonly ulong[] Doubles =
    [
        0, 0x3FF0_0000_0000_0000, 0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0001, 0x7FF0_0000_0000_0001, 0x7FF4_DEAD_BEEF_0000, 1,
        0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFF, 0x3FEF_FFFF_FFFF_FFFF, 0x3FF0_0000_0000_0001, 0x3FE0_0000_0000_0000,
        0x4004_0000_0000_0000, 0x43E0_0000_0000_0000, 0x43F0_0000_0000_0000, 0x41E0_0000_0000_0000, 0x41DF_FFFF_FFE0_0000,
    ];

    private static readonly uint[] Singles =
    [
        0, 0x3F80_0000, 0x7F80_0000, 0x7FC0_0001, 0x7F80_0001, 0x7FA0_BEEF, 1, 0x007F_FFFF, 0x0080_0000, 0x7F7F_FFFF, 0x3F7F_FFFF, 0x3F80_0001,
        0x3F00_0000, 0x4020_0000, 0x5F00_0000, 0x5F80_0000, 0x4F00_0000, 0x477F_E000, 0x3300_0000, 0x3880_0000,
    ];

    private static readonly ushort[] Halves = [0, 0x3C00, 0x7C00, 0x7E01, 0x7C01, 1, 0x03FF, 0x0400, 0x7BFF];

    public static ulong Word64(Random random) => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    public static ulong Integer(Random random) => random.Next(4) switch
    {
        0 => Corners64[random.Next(Corners64.Length)],
        1 => Word64(random) >> random.Next(64),
        2 => (ulong)((long)Word64(random) >> random.Next(64)),
        _ => Word64(random),
    };

    /// <summary>64 bits of a vector register: integers, or floating-point lanes of one size.</summary>
    public static ulong Lanes(Random random) => random.Next(6) switch
    {
        0 => Doubles[random.Next(Doubles.Length)] | Sign(random, 63),
        1 => Single(random) | (Single(random) << 32),
        2 => Half(random) | (Half(random) << 16) | (Half(random) << 32) | (Half(random) << 48),
        3 => BitConverter.DoubleToUInt64Bits((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-70, 70))),
        4 => BitConverter.SingleToUInt32Bits((random.NextSingle() - 0.5f) * MathF.Pow(2, random.Next(-40, 40))) | (Single(random) << 32),
        _ => Integer(random),
    };

    private static ulong Single(Random random) => Singles[random.Next(Singles.Length)] | Sign(random, 31);

    private static ulong Half(Random random) => Halves[random.Next(Halves.Length)] | Sign(random, 15);

    private static ulong Sign(Random random, int bit) => (ulong)random.Next(2) << bit;
}
