using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Fused multiply-add (FPMulAdd) and the Newton steps built on it (FPRecipStepFused, FPRSqrtStepFused).</summary>
internal static class FpMultiplyAdd
{
    /// <summary>addend + a * b with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
        => HostArithmetic.TryMultiplyAdd<TFormat>(addend, a, b, env, out ulong result) ? result : Soft<TFormat>(addend, a, b, ref env);

    /// <summary>addend - a * b with one rounding: a's sign is changed first, a NaN's too (FMSUB, FMLS).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplySubtract<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => MultiplyAdd<TFormat>(addend, a ^ Layout<TFormat>.Sign, b, ref env);

    /// <summary>2 - a * b (FRECPS).</summary>
    public static ulong ReciprocalStep<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Step<TFormat>(a, b, 1ul << 63, 1, 0, ref env);

    /// <summary>(3 - a * b) / 2 (FRSQRTS).</summary>
    public static ulong ReciprocalSquareRootStep<TFormat>(ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat => Step<TFormat>(a, b, 3ul << 62, 1, 1, ref env);

    private static ulong Soft<TFormat>(ulong addend, ulong a, ulong b, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked z = Unpacked.From<TFormat>(addend, ref env);
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        Unpacked y = Unpacked.From<TFormat>(b, ref env);
        bool infinityTimesZero = (x.IsInfinity && y.IsZero) || (x.IsZero && y.IsInfinity);
        if (z.IsNaN || x.IsNaN || y.IsNaN)
        {
            // FPProcessNaNs3, with its exception: an invalid product makes the default NaN out of a quiet NaN addend.
            if (infinityTimesZero && z.Class == FpClass.QuietNaN)
                return FpNaN.Invalid<TFormat>(ref env);
            foreach (FpClass kind in (ReadOnlySpan<FpClass>)[FpClass.SignallingNaN, FpClass.QuietNaN])
            {
                if (z.Class == kind)
                    return FpNaN.Propagate<TFormat>(kind, addend, ref env);
                if (x.Class == kind)
                    return FpNaN.Propagate<TFormat>(kind, a, ref env);
                if (y.Class == kind)
                    return FpNaN.Propagate<TFormat>(kind, b, ref env);
            }
        }
        bool negative = x.Negative ^ y.Negative;
        bool infiniteProduct = x.IsInfinity || y.IsInfinity;
        if (infinityTimesZero || (z.IsInfinity && infiniteProduct && z.Negative != negative))
            return FpNaN.Invalid<TFormat>(ref env);
        if (z.IsInfinity || infiniteProduct)
            return Layout<TFormat>.SignOf(z.IsInfinity ? z.Negative : negative) | Layout<TFormat>.Infinity;
        bool zeroProduct = x.IsZero || y.IsZero;
        if (z.IsZero && zeroProduct && z.Negative == negative)
            return Layout<TFormat>.SignOf(z.Negative);
        return AddProduct<TFormat>(z.Negative, z.Exponent, (UInt128)z.Significand << 63, negative, x, y, 0, ref env);
    }

    /// <summary>(z + the product of x and y, of that sign) / 2^halvings, rounded; either term may be zero.</summary>
    private static ulong AddProduct<TFormat>(
        bool zNegative, int zExponent, UInt128 z, bool negative, in Unpacked x, in Unpacked y, int halvings, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        UInt128 product = FpMultiply.Product(x, y); // zero when an operand is: its significand is
        int exponent = x.Exponent + y.Exponent;
        if (product >> 127 != 0)
        {
            product >>= 1; // loses nothing: significands of 53 bits at most end in zeros
            exponent++;
        }
        return FpAdd.Sum<TFormat>(zNegative, zExponent - halvings, z, negative, exponent - halvings, product, ref env);
    }

    /// <summary>(constant - a * b) / 2^halvings, where zero times infinity counts as zero.</summary>
    private static ulong Step<TFormat>(ulong a, ulong b, ulong constant, int constantExponent, int halvings, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        a ^= Layout<TFormat>.Sign; // FPNeg: applies to a NaN as well
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        Unpacked y = Unpacked.From<TFormat>(b, ref env);
        if (FpNaN.TryPropagate<TFormat>(x, a, y, b, ref env, out ulong nan))
            return nan;
        bool negative = x.Negative ^ y.Negative;
        if ((x.IsInfinity || y.IsInfinity) && !x.IsZero && !y.IsZero)
            return Layout<TFormat>.SignOf(negative) | Layout<TFormat>.Infinity;
        if (x.IsZero || y.IsZero)
            x = y = new(FpClass.Zero, false, 0, 0);
        return AddProduct<TFormat>(false, constantExponent, (UInt128)constant << 63, negative, x, y, halvings, ref env);
    }
}
