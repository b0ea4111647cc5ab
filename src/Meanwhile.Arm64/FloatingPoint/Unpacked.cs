using System.Numerics;

namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>What kind of datum a bit pattern is.</summary>
internal enum FpClass : byte
{
    Zero,
    Finite,
    Infinity,
    QuietNaN,
    SignallingNaN,
}

/// <summary>
/// An operand taken apart (FPUnpack, DDI0487 J1.3). A finite value is Significand / 2^63 * 2^Exponent with bit 63 of the significand set:
/// denormals are normalised here, and nothing after this needs to know about them.
/// </summary>
internal readonly struct Unpacked(FpClass kind, bool negative, int exponent, ulong significand)
{
    public readonly FpClass Class = kind;
    public readonly bool Negative = negative;
    public readonly int Exponent = exponent;
    public readonly ulong Significand = significand;

    public bool IsNaN => Class >= FpClass.QuietNaN;

    public bool IsInfinity => Class == FpClass.Infinity;

    public bool IsZero => Class == FpClass.Zero;

    /// <summary>Unpacks an arithmetic operand: FPCR.FZ turns denormals into zeros, which raises Input Denormal.</summary>
    public static Unpacked From<TFormat>(ulong bits, ref FpEnvironment env)
        where TFormat : struct, IFormat
    {
        bool negative = (bits & Layout<TFormat>.Sign) != 0;
        int exponent = (int)(bits >> TFormat.FractionBits) & Layout<TFormat>.ExponentMax;
        ulong fraction = bits & Layout<TFormat>.Fraction;
        if (exponent == 0)
        {
            if (fraction == 0)
                return new(FpClass.Zero, negative, 0, 0);
            if (env.FlushToZero && typeof(TFormat) != typeof(Half16)) // half precision has its own control, FEAT_FP16's FZ16
            {
                env.Raise(FpException.InputDenormal);
                return new(FpClass.Zero, negative, 0, 0);
            }
            int zeros = BitOperations.LeadingZeroCount(fraction);
            return new(FpClass.Finite, negative, Layout<TFormat>.MinExponent + 63 - TFormat.FractionBits - zeros, fraction << zeros);
        }
        if (exponent == Layout<TFormat>.ExponentMax && !(typeof(TFormat) == typeof(Half16) && env.AlternativeHalf))
        {
            if (fraction == 0)
                return new(FpClass.Infinity, negative, 0, 0);
            return new((fraction & Layout<TFormat>.Quiet) != 0 ? FpClass.QuietNaN : FpClass.SignallingNaN, negative, 0, 0);
        }
        ulong significand = (fraction | (1ul << TFormat.FractionBits)) << (63 - TFormat.FractionBits);
        return new(FpClass.Finite, negative, exponent - 1 + Layout<TFormat>.MinExponent, significand);
    }
}
