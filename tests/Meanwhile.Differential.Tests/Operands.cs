namespace Meanwhile.Differential.Tests;

/// <summary>Register values that find mistakes: special values of every format, boundaries, and plain random bits.</summary>
internal static class Operands
{
    private static readonly ulong[] Doubles =
    [
        0x0000_0000_0000_0000, 0x0000_0000_0000_0001, 0x000F_FFFF_FFFF_FFFF, 0x0008_0000_0000_0000, 0x0010_0000_0000_0000,
        0x0010_0000_0000_0001, 0x3FF0_0000_0000_0000, 0x3FF0_0000_0000_0001, 0x3FEF_FFFF_FFFF_FFFF, 0x3FF8_0000_0000_0000,
        0x4000_0000_0000_0000, 0x3FE0_0000_0000_0000, 0x4004_0000_0000_0000, 0x400C_0000_0000_0000, 0x3FDF_FFFF_FFFF_FFFF,
        0x7FEF_FFFF_FFFF_FFFF, 0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0x7FF8_1234_5678_9ABC, 0x7FF0_0000_0000_0001,
        0x7FF4_0000_DEAD_BEEF, 0x41DF_FFFF_FFC0_0000, 0x41DF_FFFF_FFE0_0000, 0x41E0_0000_0000_0000, 0x41EF_FFFF_FFE0_0000,
        0x41EF_FFFF_FFF0_0000, 0x41F0_0000_0000_0000, 0x43DF_FFFF_FFFF_FFFF, 0x43E0_0000_0000_0000, 0x43EF_FFFF_FFFF_FFFF,
        0x43F0_0000_0000_0000, 0x4330_0000_0000_0000, 0x4330_0000_0000_0001, 0x432F_FFFF_FFFF_FFFF, 0x4340_0000_0000_0001,
        0x47EF_FFFF_E000_0000, 0x47EF_FFFF_F000_0000, 0x3810_0000_0000_0000, 0x380F_FFFF_FFFF_FFFF, 0x36A0_0000_0000_0000,
        0x3690_0000_0000_0000, 0x40EF_FFC0_0000_0000, 0x40EF_FFE0_0000_0000, 0x3F10_0000_0000_0000, 0x3E70_0000_0000_0000,
        0x1E60_0000_0000_0000, 0x5FE0_0000_0000_0000, 0x2000_0000_0000_0000, 0x1FFF_FFFF_FFFF_FFFF,
    ];

    private static readonly ulong[] Singles =
    [
        0x0000_0000, 0x0000_0001, 0x007F_FFFF, 0x0040_0000, 0x0080_0000, 0x0080_0001, 0x3F80_0000, 0x3F80_0001, 0x3F7F_FFFF,
        0x3FC0_0000, 0x4000_0000, 0x3F00_0000, 0x4020_0000, 0x4060_0000, 0x3EFF_FFFF, 0x7F7F_FFFF, 0x7F80_0000, 0x7FC0_0000,
        0x7FD2_3456, 0x7F80_0001, 0x7FA1_2345, 0x4EFF_FFFF, 0x4F00_0000, 0x4F7F_FFFF, 0x4F80_0000, 0x5EFF_FFFF, 0x5F00_0000,
        0x5F7F_FFFF, 0x5F80_0000, 0x4B00_0000, 0x4B00_0001, 0x4AFF_FFFF, 0x477F_E000, 0x477F_F000, 0x3880_0000, 0x387F_C000,
        0x3380_0000, 0x3300_0000, 0x2000_0000, 0x1FFF_FFFF, 0x6000_0000, 0x7E80_0000, 0x7F00_0000,
    ];

    private static readonly ulong[] Halves =
    [
        0x0000, 0x0001, 0x03FF, 0x0200, 0x0400, 0x0401, 0x3C00, 0x3C01, 0x3BFF, 0x3E00, 0x4000, 0x3800, 0x4100, 0x7BFF, 0x7C00,
        0x7E00, 0x7E12, 0x7C01, 0x7D23, 0x7FFF, 0x6400, 0x63FF,
    ];

    private static readonly ulong[] Bytes = [0x00, 0x01, 0x7F, 0x80, 0x81, 0xFF, 0x55, 0xAA, 0x0F, 0x10];

    public static ulong General(ref RandomSource random)
    {
        switch (random.Below(10))
        {
            case 0:
                return (uint)random.Next();
            case 1:
                return (ulong)random.Below(70);
            case 2:
                return (ulong)-(long)random.Below(70);
            case 3:
                return (1UL << random.Below(64)) - (ulong)random.Below(2);
            case 4:
                return Double(ref random);
            case 5:
                return Single(ref random) | Single(ref random) << 32;
            case 6:
                return (ulong)(int)random.Next();
            case 7:
                return ~0UL << random.Below(64);
            default:
                return random.Next();
        }
    }

    /// <summary>A whole V register, its lanes all of one kind.</summary>
    public static (ulong Low, ulong High) Vector(ref RandomSource random) => random.Below(7) switch
    {
        0 or 1 => (Double(ref random), Double(ref random)),
        2 or 3 => (Single(ref random) | Single(ref random) << 32, Single(ref random) | Single(ref random) << 32),
        4 => (HalfLanes(ref random), HalfLanes(ref random)),
        5 => (ByteLanes(ref random), ByteLanes(ref random)),
        _ => (random.Next(), random.Next()),
    };

    /// <summary>RMode, FZ, DN and AHP, each alone or together; often none.</summary>
    public static uint Fpcr(ref RandomSource random)
    {
        uint fpcr = (uint)random.Below(4) << 22;
        if (random.OneIn(3))
            fpcr |= 1u << 24;
        if (random.OneIn(3))
            fpcr |= 1u << 25;
        if (random.OneIn(4))
            fpcr |= 1u << 26;
        return random.OneIn(3) ? 0 : fpcr;
    }

    private static ulong Double(ref RandomSource random) => Value(ref random, Doubles, 52, 11);

    private static ulong Single(ref RandomSource random) => Value(ref random, Singles, 23, 8);

    private static ulong HalfLanes(ref RandomSource random)
    {
        ulong lanes = 0;
        for (int lane = 0; lane < 4; lane++)
            lanes = lanes << 16 | Value(ref random, Halves, 10, 5);
        return lanes;
    }

    private static ulong ByteLanes(ref RandomSource random)
    {
        ulong lanes = 0;
        for (int lane = 0; lane < 8; lane++)
            lanes = lanes << 8 | (random.OneIn(3) ? random.Next() & 0xFF : random.Pick(Bytes));
        return lanes;
    }

    /// <summary>A number of an IEEE format: special, near one with any fraction, of a boundary exponent, or anything.</summary>
    private static ulong Value(ref RandomSource random, ulong[] specials, int fractionBits, int exponentBits)
    {
        ulong bits = random.Next(), sign = (bits & 1) << (fractionBits + exponentBits);
        ulong fraction = bits >> 8 & ((1UL << fractionBits) - 1);
        ulong bias = (1UL << (exponentBits - 1)) - 1;
        switch (random.Below(8))
        {
            case 0 or 1 or 2 or 3:
                return sign | random.Pick(specials);
            case 4:
                return sign | (bias - 4 + (ulong)random.Below(9)) << fractionBits | fraction;
            case 5:
                // Few significant bits: exact results and ties.
                return sign | (bias - 2 + (ulong)random.Below(2 * fractionBits)) % (2 * bias) << fractionBits | (fraction & ~0UL << (fractionBits - 3));
            case 6:
                ulong exponent = (ulong)random.Below(4);
                return sign | (exponent < 2 ? exponent : (2 * bias) + 2 - exponent) << fractionBits | fraction;
            default:
                return bits >> (63 - fractionBits - exponentBits);
        }
    }
}
