namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD across lanes, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdAcrossLanesEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD across lanes");

    public static readonly Encoding SADDLV = Group.Add("SADDLV", "0 Q:1 0 01110 size:2 11000 00011 10 Rn:5 Rd:5", SimdForms.Across);
    public static readonly Encoding UADDLV = Group.Add("UADDLV", "0 Q:1 1 01110 size:2 11000 00011 10 Rn:5 Rd:5", SimdForms.Across);
    public static readonly Encoding SMAXV = Group.Add("SMAXV", "0 Q:1 0 01110 size:2 11000 01010 10 Rn:5 Rd:5", SimdForms.Across);
    public static readonly Encoding UMAXV = Group.Add("UMAXV", "0 Q:1 1 01110 size:2 11000 01010 10 Rn:5 Rd:5", SimdForms.Across);
    public static readonly Encoding SMINV = Group.Add("SMINV", "0 Q:1 0 01110 size:2 11000 11010 10 Rn:5 Rd:5", SimdForms.Across);
    public static readonly Encoding UMINV = Group.Add("UMINV", "0 Q:1 1 01110 size:2 11000 11010 10 Rn:5 Rd:5", SimdForms.Across);
    public static readonly Encoding ADDV = Group.Add("ADDV", "0 Q:1 0 01110 size:2 11000 11011 10 Rn:5 Rd:5", SimdForms.Across);
}
