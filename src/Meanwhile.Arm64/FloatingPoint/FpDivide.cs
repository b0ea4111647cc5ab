using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Division and square root: FPDiv and FPSqrt.</summary>
internal static class FpDivide
{
    /// <summary>a / b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Divide<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => HostArithmetic.TryDivide<TFormat>(a, b, env, out ulong result) ? result : SoftDivide<TFormat>(a, b, ref env);

    /// <summary>The square root of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SquareRoot<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => HostArithmetic.TrySquareRoot<TFormat>(a, env, out ulong result) ? result : SoftSquareRoot<TFormat>(a, ref env);

    private static ulong SoftDivide<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        Unpacked y = Unpacked.From<TFormat>(b, ref env);
        if (FpNaN.TryPropagate<TFormat>(x, a, y, b, ref env, out ulong nan))
            return nan;
        bool negative = x.Negative ^ y.Negative;
        if ((x.IsInfinity && y.IsInfinity) || (x.IsZero && y.IsZero))
            return FpNaN.Invalid<TFormat>(ref env);
        if (x.IsInfinity || y.IsZero)
        {
            if (!x.IsInfinity)
                env.Raise(FpException.DivideByZero);
            return Layout<TFormat>.SignOf(negative) | Layout<TFormat>.Infinity;
        }
        if (x.IsZero || y.IsInfinity)
            return Layout<TFormat>.SignOf(negative);

        // Both significands are in [2^63, 2^64), so the quotient of (x * 2^63) is in (2^62, 2^64): 63 bits or more, and a sticky one.
        UInt128 dividend = (UInt128)x.Significand << 63;
        var quotient = (ulong)(dividend / y.Significand);
        if (Math.BigMul(quotient, y.Significand) != dividend)
            quotient |= 1;
        return FpRound.Value<TFormat>(negative, x.Exponent - y.Exponent, quotient, ref env);
    }

    private static ulong SoftSquareRoot<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        if (x.IsNaN)
            return FpNaN.Propagate<TFormat>(x.Class, a, ref env);
        if (x.IsZero)
            return Layout<TFormat>.SignOf(x.Negative);
        if (x.Negative)
            return FpNaN.Invalid<TFormat>(ref env);
        if (x.IsInfinity)
            return Layout<TFormat>.Infinity;

        // With an even exponent 2k the root is sqrt(significand) * 2^k; the radicand is scaled by 2^126, its root by 2^63.
        int odd = x.Exponent & 1;
        UInt128 radicand = (UInt128)x.Significand << (63 + odd);
        ulong root = IntegerSquareRoot(radicand);
        if (Math.BigMul(root, root) != radicand)
            root |= 1;
        return FpRound.Value<TFormat>(false, (x.Exponent - odd) / 2, root, ref env);
    }

    /// <summary>The largest integer whose square is not above <paramref name="radicand"/>, one bit of it at a time.</summary>
    private static ulong IntegerSquareRoot(UInt128 radicand)
    {
        ulong root = 0;
        for (ulong bit = 1ul << 63; bit != 0; bit >>= 1)
        {
            ulong candidate = root | bit;
            if ((UInt128)Math.BigMul(candidate, candidate) <= radicand)
                root = candidate;
        }
        return root;
    }
}
