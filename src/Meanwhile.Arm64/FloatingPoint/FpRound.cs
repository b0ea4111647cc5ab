using System.Numerics;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>
/// From an exact value to a format: FPRound (DDI0487 J1.3), the only place that rounds to a format, overflows or underflows.
/// </summary>
internal static class FpRound
{
    /// <summary>Rounds the non-zero value significand / 2^63 * 2^exponent, normalised or not, under FPCR's rounding mode.</summary>
    /// <remarks><paramref name="significand"/>: Bit 0 is sticky: set when any lower bit of the exact value is.</remarks>
    public static ulong Value<TFormat>(bool negative, int exponent, ulong significand, ref FpEnvironment env)
        where TFormat : struct, IFormat => Value<TFormat>(negative, exponent, significand, env.Rounding, ref env);

    /// <summary>Rounds significand / 2^126 * 2^exponent, non-zero, under FPCR's rounding mode.</summary>
    public static ulong Wide<TFormat>(bool negative, int exponent, UInt128 significand, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        int zeros = (int)UInt128.LeadingZeroCount(significand);
        significand <<= zeros;
        ulong low = (ulong)significand;
        ulong high = (ulong)(significand >> 64);
        return Value<TFormat>(negative, exponent + 1 - zeros, low == 0 ? high : high | 1, env.Rounding, ref env);
    }

    /// <summary>Rounds significand / 2^63 * 2^exponent, non-zero, in the given direction.</summary>
    public static ulong Value<TFormat>(bool negative, int exponent, ulong significand, Rounding rounding, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        int zeros = BitOperations.LeadingZeroCount(significand);
        significand <<= zeros;
        exponent -= zeros;

        int minExponent = Layout<TFormat>.MinExponent;
        bool isHalf = typeof(TFormat) == typeof(Half16);
        if (exponent < minExponent && env.FlushToZero && !isHalf)
        {
            env.Raise(FpException.Underflow); // and not Inexact: FPRound returns here
            return Layout<TFormat>.SignOf(negative);
        }

        // Split at the last place: the mantissa, and what is left of the exact value in units of 2^-64 of the last place.
        // Anything more than 64 places down is below a half and not zero, which is all that matters of it.
        int biased = Math.Max(exponent - minExponent + 1, 0);
        int shift = 63 - TFormat.FractionBits + (biased == 0 ? minExponent - exponent : 0);
        ulong mantissa = shift >= 64 ? 0 : significand >> shift;
        ulong error = shift > 64 ? 1 : significand << (64 - shift);
        if (shift == 64)
            error = significand;

        if (biased == 0 && error != 0)
            env.Raise(FpException.Underflow); // tininess is detected before rounding
        if (RoundsUp(rounding, negative, (mantissa & 1) != 0, error))
            mantissa++;
        if (rounding == Rounding.Odd && error != 0)
            mantissa |= 1;

        // A normal mantissa carries its hidden bit, which adds one to the exponent below it; so does a carry out of rounding.
        int field = Math.Min(biased, Layout<TFormat>.ExponentMax + 1);
        ulong magnitude = ((ulong)Math.Max(field - 1, 0) << TFormat.FractionBits) + mantissa;
        ulong sign = Layout<TFormat>.SignOf(negative);
        if (isHalf && env.AlternativeHalf)
        {
            if (magnitude >> TFormat.FractionBits > (ulong)Layout<TFormat>.ExponentMax)
            {
                env.Raise(FpException.InvalidOperation); // in place of Overflow and Inexact
                return sign | (Layout<TFormat>.Sign - 1);
            }
        }
        else if (magnitude >= Layout<TFormat>.Infinity)
        {
            env.Raise(FpException.Overflow | FpException.Inexact);
            return sign | Overflowed<TFormat>(rounding, negative);
        }
        if (error != 0)
            env.Raise(FpException.Inexact);
        return sign | magnitude;
    }

    /// <summary>True when a magnitude with that remainder (of 2^64) grows by one in its last place.</summary>
    public static bool RoundsUp(Rounding rounding, bool negative, bool odd, ulong error) => rounding switch
    {
        Rounding.TieEven => error > 1ul << 63 || (error == 1ul << 63 && odd),
        Rounding.PositiveInfinity => error != 0 && !negative,
        Rounding.NegativeInfinity => error != 0 && negative,
        Rounding.TieAway => error >= 1ul << 63,
        _ => false,
    };

    /// <summary>The magnitude of a result too large for the format: infinity or the largest finite number.</summary>
    public static ulong Overflowed<TFormat>(Rounding rounding, bool negative)
        where TFormat : struct, IFormat
    {
        bool toInfinity = rounding switch
        {
            Rounding.TieEven or Rounding.TieAway => true,
            Rounding.PositiveInfinity => !negative,
            Rounding.NegativeInfinity => negative,
            _ => false,
        };
        return toInfinity ? Layout<TFormat>.Infinity : Layout<TFormat>.MaxNormal;
    }
}
