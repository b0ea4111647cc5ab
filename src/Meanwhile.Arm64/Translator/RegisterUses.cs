namespace Meanwhile.Arm64.Translator;

/// <summary>
/// How often instructions name the general-purpose registers, for those who choose where these live. An instruction that it counts wrongly
/// makes code slower, never wrong.
/// </summary>
internal static class RegisterUses
{
    private const int Rd = 0, Rn = 5, Ra = 10, Rm = 16;

    /// <summary>Adds an instruction's uses, each <paramref name="weight"/> times. By slots of <see cref="CpuState.X"/>.</summary>
    public static void Count(uint word, int weight, Span<int> uses)
    {
        // DDI0487 C4.1: bits 28..25.
        switch (word >> 25 & 15)
        {
            case 0b1000 or 0b1001:
                CountImmediate(word, weight, uses);
                break;
            case 0b1010 or 0b1011:
                CountBranch(word, weight, uses);
                break;
            case 0b0101 or 0b1101:
                CountRegister(word, weight, uses);
                break;
            case 0b0100 or 0b0110 or 0b1100 or 0b1110:
                CountMemory(word, weight, uses);
                break;
            default:
                // SIMD and floating point: moves between the files are rare.
                break;
        }
    }

    /// <summary>Register 31 is XZR.</summary>
    private static void Add(uint word, int low, int weight, Span<int> uses)
    {
        if ((word >> low & 31) != 31)
            uses[(int)(word >> low & 31)] += weight;
    }

    private static void AddOrSp(uint word, int low, int weight, Span<int> uses) => uses[(int)(word >> low & 31)] += weight;

    private static void CountImmediate(uint word, int weight, Span<int> uses)
    {
        uint group = word >> 23 & 7;
        bool isArithmetic = group == 2;
        // Only what does not set flags writes SP.
        if ((isArithmetic && (word >> 29 & 1) == 0) || (group == 4 && (word >> 29 & 3) != 3))
            AddOrSp(word, Rd, weight, uses);
        else
            Add(word, Rd, weight, uses);
        if (isArithmetic)
            AddOrSp(word, Rn, weight, uses);
        else if (group is 4 or 6 or 7)
            Add(word, Rn, weight, uses);
        if (group == 7)
            Add(word, Rm, weight, uses);
    }

    private static void CountBranch(uint word, int weight, Span<int> uses)
    {
        if ((word & 0x7C00_0000) == 0x3400_0000 || (word & 0xFF00_0000) == 0xD500_0000) // CBZ, CBNZ, TBZ, TBNZ; MRS, MSR and others
            Add(word, Rd, weight, uses);
        else if ((word & 0xFE00_0000) == 0xD600_0000) // BR, BLR, RET
            Add(word, Rn, weight, uses);
    }

    private static void CountRegister(uint word, int weight, Span<int> uses)
    {
        uint group = word >> 21 & 15;
        bool isOther = (word >> 28 & 1) != 0, isCompare = isOther && group == 2, isOneSource = isOther && group == 6 && (word >> 30 & 1) != 0;
        if (!isCompare)
            Add(word, Rd, weight, uses);
        Add(word, Rn, weight, uses);
        if (!isOneSource && !(isCompare && (word >> 11 & 1) != 0))
            Add(word, Rm, weight, uses);
        if (isOther && group >= 8)
            Add(word, Ra, weight, uses);
    }

    private static void CountMemory(uint word, int weight, Span<int> uses)
    {
        bool isVector = (word >> 26 & 1) != 0;
        if (!isVector)
            Add(word, Rd, weight, uses);
        if ((word & 0x3B00_0000) == 0x1800_0000) // Literal
            return;
        AddOrSp(word, Rn, weight, uses);
        bool isPair = (word & 0x3A00_0000) == 0x2800_0000, isExclusive = (word & 0x3F00_0000) == 0x0800_0000;
        if (isPair && !isVector)
            Add(word, Ra, weight, uses);
        // Register offsets, LSE atomics; store-exclusives, CAS and post-indexed structures have 31 where they have none.
        if ((word & 0x3B20_0000) == 0x3820_0000 || isExclusive || (word & 0xBE80_0000) == 0x0C80_0000)
            Add(word, Rm, weight, uses);
    }
}
