using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Addition and subtraction: FPAdd and FPSub.</summary>
internal static class FpAdd
{
    /// <summary>a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => HostArithmetic.TryAdd<TFormat>(a, b, env, out ulong result) ? result : SoftAdd<TFormat>(a, b, false, ref env);

    /// <summary>a - b. A NaN operand b keeps its sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Subtract<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => HostArithmetic.TryAdd<TFormat>(a, b ^ Layout<TFormat>.Sign, env, out ulong result)
            ? result
            : SoftAdd<TFormat>(a, b, true, ref env);

    /// <summary>|a - b|. A NaN result loses its sign too (FABD).</summary>
    public static ulong AbsoluteDifference<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Subtract<TFormat>(a, b, ref env) & ~Layout<TFormat>.Sign;

    private static ulong SoftAdd<TFormat>(ulong a, ulong b, bool negateB, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        Unpacked y = Unpacked.From<TFormat>(b, ref env);
        if (FpNaN.TryPropagate<TFormat>(x, a, y, b, ref env, out ulong nan))
            return nan;
        bool yNegative = y.Negative ^ negateB;
        if (x.IsInfinity || y.IsInfinity)
        {
            if (x.IsInfinity && y.IsInfinity && x.Negative != yNegative)
                return FpNaN.Invalid<TFormat>(ref env);
            return Layout<TFormat>.SignOf(x.IsInfinity ? x.Negative : yNegative) | Layout<TFormat>.Infinity;
        }
        if (x.IsZero && y.IsZero && x.Negative == yNegative)
            return Layout<TFormat>.SignOf(x.Negative);
        return Sum<TFormat>(
            x.Negative, x.Exponent, (UInt128)x.Significand << 63, yNegative, y.Exponent, (UInt128)y.Significand << 63, ref env);
    }

    /// <summary>
    /// The rounded sum of two values m / 2^126 * 2^exponent, each zero or with bit 126 as its highest. An exact zero is negative only when
    /// rounding towards minus infinity.
    /// </summary>
    /// <remarks>
    /// The smaller operand is shifted right, keeping a sticky bit. That is exact enough: operands of one precision p have at most 2p bits
    /// here (106 of 127), so a shift of up to 21 places loses nothing, and after a longer one the sum cancels at most one leading bit,
    /// which leaves far more than the 64 places that rounding looks at above the sticky bit.
    /// </remarks>
    public static ulong Sum<TFormat>(
        bool aNegative, int aExponent, UInt128 a, bool bNegative, int bExponent, UInt128 b, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        bool swap = a == 0 || (b != 0 && (aExponent < bExponent || (aExponent == bExponent && a < b)));
        if (swap)
            (aNegative, aExponent, a, bNegative, bExponent, b) = (bNegative, bExponent, b, aNegative, aExponent, a);
        if (b != 0)
        {
            int distance = aExponent - bExponent;
            UInt128 shifted = distance > 127 ? 0 : b >> distance;
            bool sticky = distance > 127 || shifted << distance != b;
            b = sticky ? shifted | 1 : shifted;
        }
        UInt128 sum = aNegative == bNegative ? a + b : a - b;
        if (sum == 0)
            return Layout<TFormat>.SignOf(env.Rounding == Rounding.NegativeInfinity);
        return FpRound.Wide<TFormat>(aNegative, aExponent, sum, ref env);
    }
}
