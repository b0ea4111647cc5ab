using System.Numerics;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>The immediate of the logical (immediate) instructions.</summary>
internal static class BitMask
{
    /// <summary>
    /// DDI0487 DecodeBitMasks, wmask with immediate = TRUE, for 64 bits: an element of 2 to 64 bits holding a rotated run of ones, replicated.
    /// False for the reserved values.
    /// </summary>
    public static bool TryDecode(uint n, uint immr, uint imms, out ulong mask)
    {
        mask = 0;
        int length = 31 - BitOperations.LeadingZeroCount((n << 6) | (~imms & 0x3F));
        if (length < 1)
            return false;
        int size = 1 << length;
        uint levels = (uint)size - 1;
        int ones = (int)(imms & levels) + 1;
        if (ones == size)
            return false;
        int rotation = (int)(immr & levels);
        ulong run = (1UL << ones) - 1;
        ulong element = rotation == 0 ? run : (run >> rotation) | (run << (size - rotation));
        if (size < 64)
            element &= (1UL << size) - 1;
        for (; size < 64; size *= 2)
            element |= element << size;
        mask = element;
        return true;
    }
}
