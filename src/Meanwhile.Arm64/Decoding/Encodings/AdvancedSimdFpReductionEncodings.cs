namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>The floating-point lines of "Advanced SIMD across lanes" and of "Advanced SIMD scalar pairwise" (DDI0487 C4.1.96).</summary>
public static class AdvancedSimdFpReductionEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Advanced SIMD across lanes and scalar pairwise (floating-point)");

    public static readonly Encoding FMAXNMV = Across("FMAXNMV", "0", "01100");
    public static readonly Encoding FMINNMV = Across("FMINNMV", "1", "01100");
    public static readonly Encoding FMAXV = Across("FMAXV", "0", "01111");
    public static readonly Encoding FMINV = Across("FMINV", "1", "01111");

    public static readonly Encoding FMAXNMP_scalar = Pair("FMAXNMP (scalar)", "0", "01100");
    public static readonly Encoding FADDP_scalar = Pair("FADDP (scalar)", "0", "01101");
    public static readonly Encoding FMAXP_scalar = Pair("FMAXP (scalar)", "0", "01111");
    public static readonly Encoding FMINNMP_scalar = Pair("FMINNMP (scalar)", "1", "01100");
    public static readonly Encoding FMINP_scalar = Pair("FMINP (scalar)", "1", "01111");
#pragma warning restore CS1591

    // Four singles are the only arrangement.
    private static Encoding Across(string name, string a, string opcode)
        => Group.Add(name, $"0 1 1 01110 {a} 0 11000 {opcode} 10 Rn:5 Rd:5", null, "AdvSIMD");

    private static Encoding Pair(string name, string a, string opcode)
        => Group.Add(name, $"01 1 11110 {a} sz:1 11000 {opcode} 10 Rn:5 Rd:5", null, "AdvSIMD");
}
