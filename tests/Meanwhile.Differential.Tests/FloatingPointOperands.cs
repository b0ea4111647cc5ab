namespace Meanwhile.Differential.Tests;

/// <summary>
/// The common cases of floating-point arithmetic, which uniform choice hardly meets: FPCR at its default with Inexact raised before, and
/// numbers of one precision that are near each other.
/// </summary>
internal static unsafe class FloatingPointOperands
{
    /// <summary>RMode and FZ.</summary>
    private const uint RoundingAndFlush = 7u << 22;

    /// <summary>IXC.</summary>
    private const uint Inexact = 1 << 4;

    private const int Scratch = 26;

    /// <summary>Replaces most of what <see cref="RecordGenerator.FillRegisters"/> made.</summary>
    public static void Fill(ref Record record, ref RandomSource random)
    {
        if (!random.OneIn(5))
            record.Fpcr &= ~RoundingAndFlush;
        if (!random.OneIn(5))
            record.Fpsr |= Inexact;
        bool isDouble = random.OneIn(2);
        for (int n = 0; n < 32; n++)
        {
            if (random.OneIn(4))
                continue;
            record.V[2 * n] = isDouble ? Double(ref random) : Singles(ref random);
            record.V[(2 * n) + 1] = isDouble ? Double(ref random) : Singles(ref random);
        }
    }

    /// <summary>MOVZ and MSR of a new value of FPCR, or of FPSR: only bits that all implementations have.</summary>
    public static (uint First, uint Second) WriteControl(ref RandomSource random)
    {
        const uint movz = 0xD280_0000 | Scratch, msrFpcr = 0xD51B_4400 | Scratch, msrFpsr = 0xD51B_4420 | Scratch;
        if (random.OneIn(2))
        {
            uint fpcr = random.OneIn(2) ? 0 : Operands.Fpcr(ref random);
            return (movz | 1 << 21 | fpcr >> 16 << 5, msrFpcr);
        }
        uint fpsr = (uint)random.Next() & 0x8F;
        return (movz | (random.OneIn(4) ? fpsr : fpsr | Inexact) << 5, msrFpsr);
    }

    private static ulong Singles(ref RandomSource random) => Number(ref random, 23, 127) | Number(ref random, 23, 127) << 32;

    private static ulong Double(ref RandomSource random) => Number(ref random, 52, 1023) | (random.OneIn(2) ? 1UL << 63 : 0);

    /// <summary>Zero, a small integer or a half of one, or a number of any fraction from 2^-8 to 2^8, rarely further.</summary>
    private static ulong Number(ref RandomSource random, int fractionBits, ulong bias)
    {
        ulong bits = random.Next();
        ulong fraction = bits >> 8 & ((1UL << fractionBits) - 1);
        ulong exponent = bias - 8 + (ulong)random.Below(17);
        return random.Below(8) switch
        {
            0 => 0,
            1 or 2 => exponent << fractionBits | (fraction & ~0UL << (fractionBits - 3)),
            3 => (bias - (bias >> 1) + (ulong)random.Below((int)bias)) << fractionBits | fraction,
            _ => exponent << fractionBits | fraction,
        };
    }
}
