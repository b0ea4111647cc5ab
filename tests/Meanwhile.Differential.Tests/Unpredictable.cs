using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Differential.Tests;

/// <summary>What is not compared, with the reason.</summary>
internal static class Unpredictable
{
    /// <summary>Why an encoding is left out altogether, or null.</summary>
    public static string? ReasonToSkip(Encoding encoding) => encoding switch
    {
        _ when (encoding.Mask & 0xFF00_0000) == 0xFF00_0000 && (encoding.Value & 0xFF00_0000) == 0xD400_0000 =>
            "exception generation: a system call, or an exception that user mode cannot take",
        _ when (encoding.Mask & 0xFFC0_0000) == 0xFFC0_0000 && (encoding.Value & 0xFFC0_0000) == 0xD500_0000 =>
            "system instruction: its effect is on state that user mode does not see",
        _ when (encoding.Value & 0xFFE0_0000) == 0xD680_0000 || (encoding.Value & 0xFFE0_0000) == 0xD6A0_0000 =>
            "ERET, DRPS: not for user mode",
        _ => null,
    };

    /// <summary>Why a word is CONSTRAINED UNPREDICTABLE (DDI0487 K1.2), so that implementations may differ, or null.</summary>
    public static string? ReasonToSkip(uint word)
    {
        if (!MemoryOperand.IsLoadOrStore(word))
            return null;
        uint n = word >> 5 & 31, t = word & 31, t2 = word >> 10 & 31, s = word >> 16 & 31;
        bool isVector = (word >> 26 & 1) != 0, isLoad = (word >> 22 & 1) != 0;
        if ((word & 0x3A00_0000) == 0x2800_0000)
        {
            if (isLoad && t == t2)
                return "load pair to one register twice";
            if ((word >> 23 & 1) != 0 && !isVector && n != 31 && (t == n || t2 == n))
                return "pair with writeback to a transferred register";
        }
        else if ((word & 0x3B20_0400) == 0x3800_0400 && !isVector && n != 31 && t == n)
        {
            return "writeback to the transferred register";
        }
        else if ((word & 0x3F00_0000) == 0x0800_0000)
        {
            return ReasonToSkipExclusive(word, n, t, t2, s, isLoad);
        }
        return null;
    }

    private static string? ReasonToSkipExclusive(uint word, uint n, uint t, uint t2, uint s, bool isLoad)
    {
        bool ordered = (word >> 23 & 1) != 0, pair = (word >> 21 & 1) != 0;
        if (pair && (ordered || word >> 31 == 0))
            return null; // CAS, CASP.
        if (!pair && t2 != 31)
            return "Rt2 should be one";
        if ((ordered || isLoad) && s != 31)
            return "Rs should be one";
        if (ordered)
            return null;
        if (isLoad)
            return pair && t == t2 ? "load pair to one register twice" : null;
        return s == t || (pair && s == t2) || (s == n && n != 31) ? "the status register is also an operand" : null;
    }
}
