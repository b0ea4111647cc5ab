namespace Meanwhile.Arm64.FloatingPoint;

/// <summary>An IEEE 754 binary interchange format. Values of every format travel as the low bits of a <see cref="ulong"/>.</summary>
/// <remarks>
/// Implemented by empty structs, so that a method generic over a format is compiled once for each with the widths as constants.
/// </remarks>
internal interface IFormat
{
    /// <summary>Width of the fraction field (the precision without the hidden bit).</summary>
    static abstract int FractionBits { get; }

    /// <summary>Width of the exponent field.</summary>
    static abstract int ExponentBits { get; }
}

/// <summary>binary16. Its use is conversion only: arithmetic on it is FEAT_FP16.</summary>
internal readonly struct Half16 : IFormat
{
    public static int FractionBits => 10;

    public static int ExponentBits => 5;
}

/// <summary>binary32.</summary>
internal readonly struct Single32 : IFormat
{
    public static int FractionBits => 23;

    public static int ExponentBits => 8;
}

/// <summary>binary64.</summary>
internal readonly struct Double64 : IFormat
{
    public static int FractionBits => 52;

    public static int ExponentBits => 11;
}

/// <summary>Constants of a format that follow from its two widths.</summary>
internal static class Layout<TFormat>
    where TFormat : struct, IFormat
{
    /// <summary>Width of the whole format.</summary>
    public static int Bits => 1 + TFormat.ExponentBits + TFormat.FractionBits;

    /// <summary>Every bit of the format.</summary>
    public static ulong Mask => ulong.MaxValue >> (64 - Bits);

    /// <summary>The sign bit.</summary>
    public static ulong Sign => 1ul << (Bits - 1);

    /// <summary>The fraction field.</summary>
    public static ulong Fraction => (1ul << TFormat.FractionBits) - 1;

    /// <summary>The most significant fraction bit: set in quiet NaNs.</summary>
    public static ulong Quiet => 1ul << (TFormat.FractionBits - 1);

    /// <summary>The largest biased exponent: infinities and NaNs.</summary>
    public static int ExponentMax => (1 << TFormat.ExponentBits) - 1;

    /// <summary>Unbiased exponent of the smallest normal number.</summary>
    public static int MinExponent => 2 - (1 << (TFormat.ExponentBits - 1));

    /// <summary>Positive infinity.</summary>
    public static ulong Infinity => (ulong)ExponentMax << TFormat.FractionBits;

    /// <summary>The largest finite number.</summary>
    public static ulong MaxNormal => Infinity - 1;

    /// <summary>The smallest positive normal number.</summary>
    public static ulong MinNormal => 1ul << TFormat.FractionBits;

    /// <summary>The default NaN: positive, quiet, no payload (FPDefaultNaN).</summary>
    public static ulong DefaultNaN => Infinity | Quiet;

    /// <summary>The sign bit when <paramref name="negative"/>, else nothing: a zero of that sign.</summary>
    public static ulong SignOf(bool negative) => negative ? Sign : 0;
}
