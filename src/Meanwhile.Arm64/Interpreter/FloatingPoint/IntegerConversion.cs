using System.Runtime.CompilerServices;
using Meanwhile.Arm64.FloatingPoint;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>
/// Conversions between an element and an integer, with the host's instructions where they give the same result and flags.
/// </summary>
internal static class IntegerConversion
{
    /// <summary>a * 2^fractionBits as an integer, rounded and saturated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong To<TFormat, TInteger>(ulong a, int fractionBits, Rounding rounding, ref FpEnvironment env)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        // An integral value needs no rounding; any other truncates as the host does, with Inexact to set unless it is set. 2^31 is inside
        // every integer type that is not refused by sign. NaNs fail the comparisons; flushed inputs need a flag of their own.
        if (fractionBits == 0 && !env.FlushToZero)
        {
            double x = typeof(TFormat) == typeof(Double64) ? HostArithmetic.AsDouble(a) : HostArithmetic.AsSingle(a);
            if (x > (TInteger.Unsigned ? -1.0 : -2147483648.0) && x < 2147483648.0)
            {
                int truncated = (int)x;
                if (truncated == x || (rounding == Rounding.Zero && env.InexactIsSet && (x >= 0 || !TInteger.Unsigned)))
                    return TInteger.Width == 32 ? (uint)truncated : (ulong)truncated;
            }
        }
        return FpFixed.ToFixed<TFormat>(a, fractionBits, TInteger.Width, TInteger.Unsigned, rounding, ref env);
    }

    /// <summary>integer / 2^fractionBits as floating-point, rounded as FPCR says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong From<TFormat, TInteger>(ulong bits, int fractionBits, ref FpEnvironment env)
        where TFormat : struct, IFormat
        where TInteger : struct, IIntegerType
    {
        ulong value = TInteger.Extend(bits);
        // Integers that fit the precision convert exactly in every rounding mode.
        ulong limit = 1ul << (TFormat.FractionBits + 1);
        if (fractionBits == 0 && value + limit <= 2 * limit && (!TInteger.Unsigned || value <= limit))
            return typeof(TFormat) == typeof(Double64) ? HostArithmetic.Bits((double)(long)value) : HostArithmetic.Bits((float)(int)value);
        return FpFixed.FromFixed<TFormat>(value, fractionBits, TInteger.Unsigned, ref env);
    }
}
