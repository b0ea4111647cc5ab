using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Which general-purpose registers an instruction may write: more than it does, never less. A register field of 31 counts as SP, whatever it means.
/// </summary>
internal static class RegisterWrites
{
    private const int Rd = 0, Rn = 5, Rt2 = 10;

    /// <summary>True when all that the instruction can write is known: <see cref="May"/> can be asked.</summary>
    public static bool IsKnown(uint word, Traits traits) => (word >> 25 & 15) switch
    {
        0b1000 or 0b1001 or 0b0101 or 0b1101 => (traits & (Traits.MayLeave | Traits.EndsPath)) == 0,
        0b1010 or 0b1011 => (traits & (Traits.DirectBranch | Traits.MayLeave)) == Traits.DirectBranch || IsHint(word),
        0b0100 or 0b0110 or 0b1100 or 0b1110 => IsPlainAccess(word),
        0b0111 or 0b1111 => true,
        _ => false,
    };

    /// <summary>A slot of <see cref="CpuState.X"/> may be written by a word that <see cref="IsKnown"/>.</summary>
    public static bool May(uint word, int slot) => (word >> 25 & 15) switch
    {
        0b1010 or 0b1011 => false,
        0b0100 or 0b0110 or 0b1100 or 0b1110 => MayAccess(word, slot),
        0b0111 or 0b1111 => MovesToGeneral(word) && Is(word, Rd, slot),
        _ => Is(word, Rd, slot),
    };

    private static bool Is(uint word, int low, int slot) => (word >> low & 31) == slot;

    /// <summary>Hints that do nothing for the registers.</summary>
    private static bool IsHint(uint word) => SystemEncodings.NOP.Matches(word) || SystemEncodings.HINT.Matches(word);

    private static bool IsVector(uint word) => (word >> 26 & 1) != 0;

    private static bool IsStructure(uint word) => (word & 0xBE00_0000) == 0x0C00_0000;

    /// <summary>Loads and stores of pairs, literals, and of one register; vector structures. Not exclusive, not atomic (DDI0487 C4.1.88).</summary>
    private static bool IsPlainAccess(uint word) => (word >> 27 & 7) switch
    {
        0b101 => true,
        0b011 => (word >> 24 & 1) == 0,
        0b111 => (word >> 24 & 1) != 0 || (word >> 21 & 1) == 0 || (word >> 10 & 3) == 2,
        _ => IsStructure(word),
    };

    private static bool MayAccess(uint word, int slot)
    {
        if (IsStructure(word))
            return Is(word, Rn, slot);
        bool isLoad = !IsVector(word);
        switch (word >> 27 & 7)
        {
            case 0b101:
                isLoad &= (word >> 22 & 1) != 0;
                return (isLoad && (Is(word, Rd, slot) || Is(word, Rt2, slot))) || ((word >> 23 & 1) != 0 && Is(word, Rn, slot));
            case 0b011:
                return isLoad && Is(word, Rd, slot);
            default:
                isLoad &= (word >> 22 & 3) != 0;
                bool writesBack = (word >> 24 & 1) == 0 && (word >> 21 & 1) == 0 && (word >> 10 & 1) != 0;
                return (isLoad && Is(word, Rd, slot)) || (writesBack && Is(word, Rn, slot));
        }
    }

    /// <summary>Conversions and moves between the files: scalar floating point with integers, UMOV and SMOV (DDI0487 C4.1.96).</summary>
    private static bool MovesToGeneral(uint word)
    {
        if ((word & 0x5F00_0000) == 0x1E00_0000)
            return (word >> 21 & 1) == 0 || (word >> 10 & 63) == 0;
        return (word & 0x9FE0_8400) == 0x0E00_0400;
    }
}
