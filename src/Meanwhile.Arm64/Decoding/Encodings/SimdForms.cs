namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Which values of Q (bit 30) and size (bits 23..22) an Advanced SIMD instruction has (DDI0487 C7.2).</summary>
internal static class SimdForms
{
    private static uint Size(uint word) => word >> 22 & 3;

    private static uint Q(uint word) => word >> 30 & 1;

    /// <summary>All vector arrangements: a 1D vector is reserved.</summary>
    public static bool Lanes(uint word) => Size(word) != 3 || Q(word) != 0;

    /// <summary>Lanes of 8, 16 or 32 bits.</summary>
    public static bool Up32(uint word) => Size(word) != 3;

    /// <summary>Lanes of 8 bits.</summary>
    public static bool B(uint word) => Size(word) == 0;

    /// <summary>Lanes of 8 or 16 bits.</summary>
    public static bool B_or_H(uint word) => Size(word) < 2;

    /// <summary>Lanes of 16 or 32 bits.</summary>
    public static bool H_or_S(uint word) => Size(word) is 1 or 2;

    /// <summary>Lanes of 64 bits.</summary>
    public static bool D(uint word) => Size(word) == 3;

    /// <summary>Across lanes: a vector of two lanes is reserved.</summary>
    public static bool Across(uint word) => Size(word) < 2 || (Size(word) == 2 && Q(word) != 0);
}
