namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD scalar x indexed element, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdScalarByElementEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD scalar x indexed element");

    public static readonly Encoding SQDMLAL = Group.Add("SQDMLAL (by element), scalar", "01 0 11111 size:2 L:1 M:1 Rm_low:4 0011 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMLSL = Group.Add("SQDMLSL (by element), scalar", "01 0 11111 size:2 L:1 M:1 Rm_low:4 0111 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMULL = Group.Add("SQDMULL (by element), scalar", "01 0 11111 size:2 L:1 M:1 Rm_low:4 1011 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMULH = Group.Add("SQDMULH (by element), scalar", "01 0 11111 size:2 L:1 M:1 Rm_low:4 1100 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQRDMULH = Group.Add("SQRDMULH (by element), scalar", "01 0 11111 size:2 L:1 M:1 Rm_low:4 1101 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
}
