using System.Runtime.CompilerServices;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>
/// The common case on the host's floating-point unit: each method either gives the result that the integer definition gives, with no
/// flag to set, or declines. Single and double precision only.
/// </summary>
/// <remarks>
/// <para>The host's operations are IEEE 754's, rounding to nearest even with denormals kept, so the value is right whenever FPCR asks for
/// the same (<see cref="FpEnvironment.IsHostLike"/>) and no NaN is involved.
/// What is left to show is that no cumulative flag would be set:</para>
/// <para>Invalid Operation and Divide by Zero: their results are NaN or infinity, and neither is accepted. Overflow: its result is infinity
/// here. Underflow: the exact result is below the smallest normal number, so the rounded one is at most that number; only larger ones
/// are accepted (and exact zeros, each argued for). Input Denormal is for FZ=1 only.</para>
/// <para>Inexact: either FPSR.IXC is set already, or the rounding error is computed and is zero. The error terms are the classic ones
/// (Knuth's TwoSum, and a fused multiply-add for product, quotient and root); they are exact while nothing in them underflows, which
/// <see cref="ErrorIsExact"/> guards with room to spare. An overflow inside them makes them infinity or NaN, which is not zero.</para>
/// </remarks>
internal static class HostArithmetic
{
    /// <summary>a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAdd<TFormat>(ulong a, ulong b, in FpEnvironment env, out ulong result)
        where TFormat : struct, IFormat
    {
        result = 0;
        if (!env.IsHostLike)
            return false;
        if (typeof(TFormat) == typeof(Double64))
        {
            double x = AsDouble(a), y = AsDouble(b), sum = x + y;
            result = Bits(sum);
            if (!IsOrdinary<Double64>(result) && sum != 0) // a zero sum is exact: differences of neighbours are representable
                return false;
            double bb = sum - x;
            return env.InexactIsSet || (x - (sum - bb)) + (y - bb) == 0;
        }
        else
        {
            float x = AsSingle(a), y = AsSingle(b), sum = x + y;
            result = Bits(sum);
            if (!IsOrdinary<Single32>(result) && sum != 0)
                return false;
            float bb = sum - x;
            return env.InexactIsSet || (x - (sum - bb)) + (y - bb) == 0;
        }
    }

    /// <summary>a * b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMultiply<TFormat>(ulong a, ulong b, in FpEnvironment env, out ulong result)
        where TFormat : struct, IFormat
    {
        result = 0;
        if (!env.IsHostLike)
            return false;
        if (typeof(TFormat) == typeof(Double64))
        {
            double x = AsDouble(a), y = AsDouble(b), product = x * y;
            result = Bits(product);
            if (!IsOrdinary<Double64>(result))
                return product == 0 && (x == 0 || y == 0);
            return env.InexactIsSet || (ErrorIsExact(product) && Math.FusedMultiplyAdd(x, y, -product) == 0);
        }
        else
        {
            float x = AsSingle(a), y = AsSingle(b), product = x * y;
            result = Bits(product);
            if (!IsOrdinary<Single32>(result))
                return product == 0 && (x == 0 || y == 0);
            return env.InexactIsSet || (double)x * y == product; // 48 bits: exact in double precision
        }
    }

    /// <summary>a / b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDivide<TFormat>(ulong a, ulong b, in FpEnvironment env, out ulong result)
        where TFormat : struct, IFormat
    {
        result = 0;
        if (!env.IsHostLike)
            return false;
        if (typeof(TFormat) == typeof(Double64))
        {
            double x = AsDouble(a), y = AsDouble(b), quotient = x / y;
            result = Bits(quotient);
            if (!IsOrdinary<Double64>(result))
                return quotient == 0 && x == 0;
            return env.InexactIsSet || (ErrorIsExact(x) && Math.FusedMultiplyAdd(-quotient, y, x) == 0);
        }
        else
        {
            float x = AsSingle(a), y = AsSingle(b), quotient = x / y;
            result = Bits(quotient);
            if (!IsOrdinary<Single32>(result))
                return quotient == 0 && x == 0;
            return env.InexactIsSet || (double)quotient * y == x;
        }
    }

    /// <summary>The square root of a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySquareRoot<TFormat>(ulong a, in FpEnvironment env, out ulong result)
        where TFormat : struct, IFormat
    {
        result = 0;
        if (!env.IsHostLike)
            return false;
        if (typeof(TFormat) == typeof(Double64))
        {
            double x = AsDouble(a), root = Math.Sqrt(x);
            result = Bits(root);
            if (!IsOrdinary<Double64>(result))
                return x == 0;
            return env.InexactIsSet || (ErrorIsExact(x) && Math.FusedMultiplyAdd(root, root, -x) == 0);
        }
        else
        {
            float x = AsSingle(a), root = MathF.Sqrt(x);
            result = Bits(root);
            if (!IsOrdinary<Single32>(result))
                return x == 0;
            return env.InexactIsSet || (double)root * root == x;
        }
    }

    /// <summary>addend + a * b, fused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMultiplyAdd<TFormat>(ulong addend, ulong a, ulong b, in FpEnvironment env, out ulong result)
        where TFormat : struct, IFormat
    {
        result = 0;
        if (!env.IsHostLike)
            return false;
        if (typeof(TFormat) == typeof(Double64))
        {
            if (!env.InexactIsSet) // an error term would take longer than the definition
                return false;
            result = Bits(Math.FusedMultiplyAdd(AsDouble(a), AsDouble(b), AsDouble(addend)));
            return IsOrdinary<Double64>(result);
        }
        else
        {
            float x = AsSingle(a), y = AsSingle(b), z = AsSingle(addend);
            float sum = MathF.FusedMultiplyAdd(x, y, z);
            result = Bits(sum);
            if (!IsOrdinary<Single32>(result))
                return false;
            if (env.InexactIsSet)
                return true;
            double product = (double)x * y, wide = product + z, bb = wide - product;
            return (product - (wide - bb)) + (z - bb) == 0 && wide == sum;
        }
    }

    /// <summary>a rounded to an integral value. Directions are the operation's own, and a value that stays keeps its bits.</summary>
    public static bool TryRoundToIntegral<TFormat>(ulong a, Rounding rounding, in FpEnvironment env, out ulong result)
        where TFormat : struct, IFormat
    {
        result = 0;
        if (env.FlushToZero || rounding > Rounding.Zero)
            return false;
        // Every single is a double, with the same integral values around it.
        double x = typeof(TFormat) == typeof(Double64) ? AsDouble(a) : AsSingle(a);
        if (double.IsNaN(x))
            return false;
        x = rounding switch
        {
            Rounding.TieEven => Math.Round(x, MidpointRounding.ToEven),
            Rounding.PositiveInfinity => Math.Ceiling(x),
            Rounding.NegativeInfinity => Math.Floor(x),
            _ => Math.Truncate(x),
        };
        result = typeof(TFormat) == typeof(Double64) ? Bits(x) : Bits((float)x);
        return true;
    }

    /// <summary>Finite, and larger in magnitude than the smallest normal number: no flag but Inexact can belong to it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsOrdinary<TFormat>(ulong bits)
        where TFormat : struct, IFormat
    {
        ulong first = Layout<TFormat>.MinNormal + 1;
        return (bits & ~Layout<TFormat>.Sign) - first < Layout<TFormat>.Infinity - first;
    }

    public static double AsDouble(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    public static float AsSingle(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    public static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    public static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>An error term of a value this large is a multiple of 2^-1010 or more: it cannot underflow to zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ErrorIsExact(double value) => Math.Abs(value) > 1e-270;
}
