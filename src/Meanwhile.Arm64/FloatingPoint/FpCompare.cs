namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Comparison: FPCompare, FPCompareEQ, FPCompareGE and FPCompareGT.</summary>
internal static class FpCompare
{
    /// <summary>The flags N, Z, C, V in bits 31..28 that FCMP gives.</summary>
    /// <remarks><paramref name="signalQuiet"/>: Quiet NaNs are invalid too (FCMPE).</remarks>
    public static uint Flags<TFormat>(ulong a, ulong b, bool signalQuiet, ref FpEnvironment env)
        where TFormat : struct, IFormat => Compare<TFormat>(a, b, signalQuiet, ref env) switch
        {
            Order.Less => 0x8000_0000,
            Order.Equal => 0x6000_0000,
            Order.Greater => 0x2000_0000,
            _ => 0x3000_0000,
        };

    /// <summary>a == b; only signalling NaNs are invalid.</summary>
    public static bool Equal<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Compare<TFormat>(a, b, false, ref env) == Order.Equal;

    /// <summary>a >= b; every NaN is invalid.</summary>
    public static bool GreaterOrEqual<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Compare<TFormat>(a, b, true, ref env) is Order.Greater or Order.Equal;

    /// <summary>a > b; every NaN is invalid.</summary>
    public static bool Greater<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Compare<TFormat>(a, b, true, ref env) == Order.Greater;

    private static Order Compare<TFormat>(ulong a, ulong b, bool signalQuiet, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        ulong signBit = Layout<TFormat>.Sign;
        ulong x = a & ~signBit, y = b & ~signBit;
        if (x > Layout<TFormat>.Infinity || y > Layout<TFormat>.Infinity || (env.FlushToZero && (IsDenormal(x) || IsDenormal(y))))
        {
            Unpacked p = Unpacked.From<TFormat>(a, ref env);
            Unpacked q = Unpacked.From<TFormat>(b, ref env);
            if (p.IsNaN || q.IsNaN)
            {
                if (signalQuiet || p.Class == FpClass.SignallingNaN || q.Class == FpClass.SignallingNaN)
                    env.Raise(FpException.InvalidOperation);
                return Order.Unordered;
            }
            x = p.IsZero ? 0 : x;
            y = q.IsZero ? 0 : y;
        }
        // Magnitudes of a format order as integers.
        long left = (a & signBit) != 0 ? -(long)x : (long)x;
        long right = (b & signBit) != 0 ? -(long)y : (long)y;
        return left == right ? Order.Equal : left < right ? Order.Less : Order.Greater;

        static bool IsDenormal(ulong magnitude) => magnitude - 1 < Layout<TFormat>.Fraction;
    }

    private enum Order
    {
        Less,
        Equal,
        Greater,
        Unordered,
    }
}
