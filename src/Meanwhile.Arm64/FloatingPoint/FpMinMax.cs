namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Minimum and maximum: FPMax, FPMin, FPMaxNum and FPMinNum.</summary>
internal static class FpMinMax
{
    /// <summary>The larger of two; a NaN operand is the result.</summary>
    public static ulong Max<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Choose<TFormat>(a, b, false, false, ref env);

    /// <summary>The smaller of two; a NaN operand is the result.</summary>
    public static ulong Min<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Choose<TFormat>(a, b, true, false, ref env);

    /// <summary>The larger of two; a single quiet NaN loses to a number (IEEE 754-2008 maxNum).</summary>
    public static ulong MaxNumber<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Choose<TFormat>(a, b, false, true, ref env);

    /// <summary>The smaller of two; a single quiet NaN loses to a number (IEEE 754-2008 minNum).</summary>
    public static ulong MinNumber<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Choose<TFormat>(a, b, true, true, ref env);

    private static ulong Choose<TFormat>(ulong a, ulong b, bool minimum, bool numbersWin, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        ulong signBit = Layout<TFormat>.Sign, infinity = Layout<TFormat>.Infinity;
        if (!env.FlushToZero && (a & ~signBit) <= infinity && (b & ~signBit) <= infinity)
            return Ordered<TFormat>(a, b, minimum);

        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        Unpacked y = Unpacked.From<TFormat>(b, ref env);
        if (numbersWin && (x.Class == FpClass.QuietNaN) != (y.Class == FpClass.QuietNaN))
        {
            // The quiet NaN is replaced by the infinity that any number beats; a signalling NaN on the other side still propagates.
            ulong loser = Layout<TFormat>.SignOf(!minimum) | infinity;
            if (x.Class == FpClass.QuietNaN)
                (a, x) = (loser, new(FpClass.Infinity, !minimum, 0, 0));
            else
                (b, y) = (loser, new(FpClass.Infinity, !minimum, 0, 0));
        }
        if (FpNaN.TryPropagate<TFormat>(x, a, y, b, ref env, out ulong nan))
            return nan;
        return Ordered<TFormat>(x.IsZero ? a & signBit : a, y.IsZero ? b & signBit : b, minimum); // a flushed denormal is a zero
    }

    /// <summary>The smaller or larger of two numbers, where -0 is below +0: so are their bits as sign and magnitude.</summary>
    private static ulong Ordered<TFormat>(ulong a, ulong b, bool minimum)
        where TFormat : struct, IFormat
    {
        ulong signBit = Layout<TFormat>.Sign;
        long left = (a & signBit) != 0 ? ~(long)(a & ~signBit) : (long)a;
        long right = (b & signBit) != 0 ? ~(long)(b & ~signBit) : (long)b;
        return (left < right) == minimum ? a : b;
    }
}
