using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Multiplication: FPMul and FPMulX.</summary>
internal static class FpMultiply
{
    /// <summary>a * b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => HostArithmetic.TryMultiply<TFormat>(a, b, env, out ulong result) ? result : Soft<TFormat>(a, b, false, ref env);

    /// <summary>-(a * b): the sign of a NaN result is changed too (FNMUL).</summary>
    public static ulong MultiplyNegate<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Multiply<TFormat>(a, b, ref env) ^ Layout<TFormat>.Sign;

    /// <summary>a * b, where zero times infinity is 2 with the product's sign (FMULX).</summary>
    public static ulong MultiplyExtended<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => HostArithmetic.TryMultiply<TFormat>(a, b, env, out ulong result) ? result : Soft<TFormat>(a, b, true, ref env);

    private static ulong Soft<TFormat>(ulong a, ulong b, bool extended, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        Unpacked y = Unpacked.From<TFormat>(b, ref env);
        if (FpNaN.TryPropagate<TFormat>(x, a, y, b, ref env, out ulong nan))
            return nan;
        bool negative = x.Negative ^ y.Negative;
        if ((x.IsInfinity && y.IsZero) || (x.IsZero && y.IsInfinity))
        {
            // 2.0 has the exponent one above the bias.
            ulong two = (ulong)(2 - Layout<TFormat>.MinExponent) << TFormat.FractionBits;
            return extended ? Layout<TFormat>.SignOf(negative) | two : FpNaN.Invalid<TFormat>(ref env);
        }
        if (x.IsInfinity || y.IsInfinity)
            return Layout<TFormat>.SignOf(negative) | Layout<TFormat>.Infinity;
        if (x.IsZero || y.IsZero)
            return Layout<TFormat>.SignOf(negative);
        return FpRound.Wide<TFormat>(negative, x.Exponent + y.Exponent, Product(x, y), ref env);
    }

    /// <summary>The exact product of two finite significands: value / 2^126 * 2^(sum of exponents).</summary>
    public static UInt128 Product(in Unpacked x, in Unpacked y) => Math.BigMul(x.Significand, y.Significand);
}
