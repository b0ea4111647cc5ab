namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Conversion to and from integers and fixed-point numbers, and to integral values: FPToFixed, FixedToFP and FPRoundInt.</summary>
internal static class FpFixed
{
    /// <summary>a * 2^fractionBits as a saturated integer of 32 or 64 bits, zero-extended.</summary>
    /// <remarks><paramref name="width"/>: 32 or 64.</remarks>
    public static ulong ToFixed<TFormat>(ulong a, int fractionBits, int width, bool unsigned, Rounding rounding, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        if (x.IsNaN)
        {
            env.Raise(FpException.InvalidOperation);
            return 0;
        }
        if (x.IsZero)
            return 0;
        ulong limit = unsigned ? (x.Negative ? 0 : ulong.MaxValue >> (64 - width)) : (1ul << (width - 1)) - (x.Negative ? 0u : 1u);
        int top = x.Exponent + fractionBits;
        ulong magnitude = ulong.MaxValue, error = 0;
        bool overflow = x.IsInfinity || top >= 64;
        if (!overflow)
        {
            magnitude = Integral(x.Significand, top, out error);
            if (FpRound.RoundsUp(rounding, x.Negative, (magnitude & 1) != 0, error))
                magnitude++; // cannot wrap: with an error the magnitude is below 2^63
            overflow = magnitude > limit;
        }
        if (overflow)
        {
            env.Raise(FpException.InvalidOperation); // and not Inexact
            magnitude = limit;
        }
        else if (error != 0)
        {
            env.Raise(FpException.Inexact);
        }
        return (x.Negative ? 0 - magnitude : magnitude) & (ulong.MaxValue >> (64 - width));
    }

    /// <summary>value / 2^fractionBits, under FPCR's rounding mode.</summary>
    /// <remarks><paramref name="value"/>: The integer, sign- or zero-extended to 64 bits.</remarks>
    public static ulong FromFixed<TFormat>(ulong value, int fractionBits, bool unsigned, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        if (value == 0)
            return 0;
        bool negative = !unsigned && (long)value < 0;
        return FpRound.Value<TFormat>(negative, 63 - fractionBits, negative ? 0 - value : value, ref env);
    }

    /// <summary>a rounded to an integral value of its own format.</summary>
    /// <remarks><paramref name="exact"/>: A changed value raises Inexact (FRINTX).</remarks>
    public static ulong RoundToIntegral<TFormat>(ulong a, Rounding rounding, bool exact, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        if (HostArithmetic.TryRoundToIntegral<TFormat>(a, rounding, env, out ulong result))
        {
            if (exact && result != a)
                env.Raise(FpException.Inexact);
            return result;
        }
        Unpacked x = Unpacked.From<TFormat>(a, ref env);
        if (x.IsNaN)
            return FpNaN.Propagate<TFormat>(x.Class, a, ref env);
        ulong sign = Layout<TFormat>.SignOf(x.Negative);
        if (x.IsZero)
            return sign;
        if (x.IsInfinity || x.Exponent >= TFormat.FractionBits)
            return a;
        ulong magnitude = Integral(x.Significand, x.Exponent, out ulong error);
        if (FpRound.RoundsUp(rounding, x.Negative, (magnitude & 1) != 0, error))
            magnitude++;
        if (exact && error != 0)
            env.Raise(FpException.Inexact);
        return magnitude == 0 ? sign : FpRound.Value<TFormat>(x.Negative, 63, magnitude, ref env);
    }

    /// <summary>Splits significand / 2^63 * 2^exponent, exponent below 64, into its integer part and the rest in units of 2^-64.</summary>
    private static ulong Integral(ulong significand, int exponent, out ulong error)
    {
        if (exponent >= 0)
        {
            error = exponent == 63 ? 0 : significand << (exponent + 1);
            return significand >> (63 - exponent);
        }
        error = exponent == -1 ? significand : 1; // below a half, and not zero
        return 0;
    }
}
