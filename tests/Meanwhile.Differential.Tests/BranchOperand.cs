namespace Meanwhile.Differential.Tests;

/// <summary>Makes branches land where the runner notices them: two instructions on.</summary>
internal static unsafe class BranchOperand
{
    public static void Prepare(ref Record record, int slot)
    {
        uint word = record.Word;
        Skip(ref word);
        record.Word = word;
        if ((word & 0xFE00_0000) == 0xD600_0000 && (word >> 5 & 31) != 31) // BR, BLR, RET
            record.X[word >> 5 & 31] = GuestLayout.BranchTarget(slot);
    }

    /// <summary>Gives a branch with an immediate the offset of two instructions; other words stay what they are.</summary>
    public static void Skip(ref uint word)
    {
        if ((word & 0x7C00_0000) == 0x1400_0000) // B, BL
            word = (word & 0xFC00_0000) | 2;
        else if ((word & 0x7E00_0000) == 0x3400_0000 || (word & 0xFE00_0000) == 0x5400_0000) // CBZ, CBNZ, B.cond
            word = (word & 0xFF00_001F) | 2 << 5;
        else if ((word & 0x7E00_0000) == 0x3600_0000) // TBZ, TBNZ
            word = (word & 0xFFF8_001F) | 2 << 5;
    }
}
