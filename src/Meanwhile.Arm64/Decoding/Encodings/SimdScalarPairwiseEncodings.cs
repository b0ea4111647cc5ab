namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD scalar pairwise, the integer line (DDI0487 C4.1).</summary>
internal static class SimdScalarPairwiseEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD scalar pairwise");

    public static readonly Encoding ADDP = Group.Add("ADDP (scalar)", "01 0 11110 11 11000 11011 10 Rn:5 Rd:5");
}
