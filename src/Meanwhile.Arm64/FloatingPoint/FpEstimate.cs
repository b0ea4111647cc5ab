namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>
/// Reciprocal and reciprocal square root estimates of 8 bits: FPRecipEstimate, FPRSqrtEstimate, FPRecpX, UnsignedRecipEstimate and
/// UnsignedRSqrtEstimate (DDI0487 J1.3). The architecture defines every bit of them.
/// </summary>
internal static class FpEstimate
{
    /// <summary>An estimate of 1 / a (FRECPE).</summary>
    public static ulong Reciprocal<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        if (x.IsNaN)
            return FpNaN.Propagate<TFormat>(x.Class, a, ref env);
        ulong sign = Layout<TFormat>.SignOf(x.Negative);
        if (x.IsInfinity)
            return sign;
        if (x.IsZero)
        {
            env.Raise(FpException.DivideByZero);
            return sign | Layout<TFormat>.Infinity;
        }
        int min = Layout<TFormat>.MinExponent;
        if (x.Exponent < min - 2)
        {
            env.Raise(FpException.Overflow | FpException.Inexact);
            return sign | FpRound.Overflowed<TFormat>(env.Rounding, x.Negative);
        }
        if (env.FlushToZero && x.Exponent >= -min)
        {
            env.Raise(FpException.Underflow); // and not Inexact
            return sign;
        }
        // The estimate is in [256, 511], that is [1, 2) scaled by 2^8, for a significand's reciprocal in (1/2, 1].
        int estimate = ReciprocalOf9Bits((int)(x.Significand >> 55));
        int exponent = -x.Exponent - 1;
        ulong fraction = (ulong)(estimate & 0xFF) << (TFormat.FractionBits - 8);
        int biased = exponent + 1 - min;
        if (biased > 0)
            return sign | ((ulong)biased << TFormat.FractionBits) | fraction;
        return sign | ((fraction | Layout<TFormat>.MinNormal) >> (1 - biased)); // a denormal result, by truncation
    }

    /// <summary>An estimate of 1 / sqrt(a) (FRSQRTE).</summary>
    public static ulong ReciprocalSquareRoot<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        if (x.IsNaN)
            return FpNaN.Propagate<TFormat>(x.Class, a, ref env);
        if (x.IsZero)
        {
            env.Raise(FpException.DivideByZero);
            return Layout<TFormat>.SignOf(x.Negative) | Layout<TFormat>.Infinity;
        }
        if (x.Negative)
            return FpNaN.Invalid<TFormat>(ref env);
        if (x.IsInfinity)
            return 0;
        // Scaled into [128, 511]: a significand of an even exponent counts half, so that the rest is a whole power of four.
        bool odd = (x.Exponent & 1) != 0;
        int scaled = (int)(x.Significand >> (odd ? 55 : 56));
        int estimate = ReciprocalSquareRootOf9Bits(scaled);
        int exponent = odd ? -(x.Exponent + 1) / 2 : -x.Exponent / 2 - 1;
        int biased = exponent + 1 - Layout<TFormat>.MinExponent;
        return ((ulong)biased << TFormat.FractionBits) | ((ulong)(estimate & 0xFF) << (TFormat.FractionBits - 8));
    }

    /// <summary>A power of two near 1 / a, whose product with a cannot overflow (FRECPX).</summary>
    public static ulong ReciprocalExponent<TFormat>(ulong a, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        if (x.IsNaN)
            return FpNaN.Propagate<TFormat>(x.Class, a, ref env);
        ulong exponent = a & Layout<TFormat>.Infinity;
        ulong result = exponent == 0 ? Layout<TFormat>.Infinity - Layout<TFormat>.MinNormal : exponent ^ Layout<TFormat>.Infinity;
        return Layout<TFormat>.SignOf(x.Negative) | result;
    }

    /// <summary>An estimate of 2^31 / a as fractions of 32 bits (URECPE).</summary>
    public static uint UnsignedReciprocal(uint a)
        => a < 1u << 31 ? uint.MaxValue : (uint)ReciprocalOf9Bits((int)(a >> 23)) << 23;

    /// <summary>An estimate of 1 / sqrt(a) as fractions of 32 bits, halved (URSQRTE).</summary>
    public static uint UnsignedReciprocalSquareRoot(uint a)
        => a < 1u << 30 ? uint.MaxValue : (uint)ReciprocalSquareRootOf9Bits((int)(a >> 23)) << 23;

    /// <summary>RecipEstimate: 256..511 to 256..511, rounded at the middle of the operand's interval.</summary>
    private static int ReciprocalOf9Bits(int a)
    {
        int quotient = (1 << 19) / (a * 2 + 1);
        return (quotient + 1) / 2;
    }

    /// <summary>RecipSqrtEstimate: 128..511 to 256..511, rounded at the middle of the operand's interval.</summary>
    private static int ReciprocalSquareRootOf9Bits(int a)
    {
        a = a < 256 ? a * 2 + 1 : ((a & ~1) + 1) * 2;
        // The largest b with a * b^2 < 2^28, found bit by bit: it lies in [512, 1024).
        int root = 512;
        for (int bit = 256; bit != 0; bit >>= 1)
        {
            int candidate = root + bit;
            if ((long)a * candidate * candidate < 1 << 28)
                root = candidate;
        }
        return (root + 1) / 2;
    }
}
