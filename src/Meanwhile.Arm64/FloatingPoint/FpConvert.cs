namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>Conversion between formats: FPConvert.</summary>
internal static class FpConvert
{
    /// <summary>a in another format, under FPCR's rounding mode.</summary>
    public static ulong Convert<TFrom, TTo>(ulong a, ref FpEnvironment env)
        where TFrom : struct, IFormat
        where TTo : struct, IFormat
    {
        if (typeof(TFrom) == typeof(Single32) && typeof(TTo) == typeof(Double64) && !env.FlushToZero)
        {
            float x = HostArithmetic.AsSingle(a); // every single is a double: exact in any rounding mode
            if (!float.IsNaN(x))
                return HostArithmetic.Bits((double)x);
        }
        if (typeof(TFrom) == typeof(Double64) && typeof(TTo) == typeof(Single32) && env.IsHostLike)
        {
            double x = HostArithmetic.AsDouble(a);
            float y = (float)x;
            ulong result = HostArithmetic.Bits(y); // accepted as HostArithmetic argues
            if (HostArithmetic.IsOrdinary<Single32>(result) && (env.InexactIsSet || y == x))
                return result;
        }
        return Convert<TFrom, TTo>(a, env.Rounding, ref env);
    }

    /// <summary>a in another format, rounded in the given direction.</summary>
    public static ulong Convert<TFrom, TTo>(ulong a, Rounding rounding, ref FpEnvironment env)
        where TFrom : struct, IFormat
        where TTo : struct, IFormat
    {
        Unpacked x = Unpacked.From<TFrom>(a, ref env);
        bool alternative = typeof(TTo) == typeof(Half16) && env.AlternativeHalf;
        ulong sign = Layout<TTo>.SignOf(x.Negative);
        if (x.IsNaN)
        {
            if (x.Class == FpClass.SignallingNaN || alternative)
                env.Raise(FpException.InvalidOperation);
            if (alternative)
                return sign;
            return env.DefaultNaN ? Layout<TTo>.DefaultNaN : sign | Layout<TTo>.Infinity | Layout<TTo>.Quiet | Payload<TFrom, TTo>(a);
        }
        if (x.IsInfinity && alternative)
        {
            env.Raise(FpException.InvalidOperation);
            return sign | (Layout<TTo>.Sign - 1);
        }
        if (x.IsInfinity)
            return sign | Layout<TTo>.Infinity;
        if (x.IsZero)
            return sign;
        return FpRound.Value<TTo>(x.Negative, x.Exponent, x.Significand, rounding, ref env);
    }

    /// <summary>A NaN's payload keeps its most significant bits (FPConvertNaN).</summary>
    private static ulong Payload<TFrom, TTo>(ulong a)
        where TFrom : struct, IFormat
        where TTo : struct, IFormat
    {
        ulong fraction = a & Layout<TFrom>.Fraction;
        return TFrom.FractionBits > TTo.FractionBits
            ? fraction >> (TFrom.FractionBits - TTo.FractionBits)
            : fraction << (TTo.FractionBits - TFrom.FractionBits);
    }
}
