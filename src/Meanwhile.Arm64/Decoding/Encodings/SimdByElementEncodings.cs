namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD vector x indexed element, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdByElementEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD vector x indexed element");

    public static readonly Encoding SMLAL = Group.Add("SMLAL (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 0010 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding UMLAL = Group.Add("UMLAL (by element)", "0 Q:1 1 01111 size:2 L:1 M:1 Rm_low:4 0010 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMLAL = Group.Add("SQDMLAL (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 0011 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SMLSL = Group.Add("SMLSL (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 0110 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding UMLSL = Group.Add("UMLSL (by element)", "0 Q:1 1 01111 size:2 L:1 M:1 Rm_low:4 0110 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMLSL = Group.Add("SQDMLSL (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 0111 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding MUL = Group.Add("MUL (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 1000 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SMULL = Group.Add("SMULL (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 1010 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding UMULL = Group.Add("UMULL (by element)", "0 Q:1 1 01111 size:2 L:1 M:1 Rm_low:4 1010 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMULL = Group.Add("SQDMULL (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 1011 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMULH = Group.Add("SQDMULH (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 1100 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQRDMULH = Group.Add("SQRDMULH (by element)", "0 Q:1 0 01111 size:2 L:1 M:1 Rm_low:4 1101 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding MLA = Group.Add("MLA (by element)", "0 Q:1 1 01111 size:2 L:1 M:1 Rm_low:4 0000 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding MLS = Group.Add("MLS (by element)", "0 Q:1 1 01111 size:2 L:1 M:1 Rm_low:4 0100 H:1 0 Rn:5 Rd:5", SimdForms.H_or_S);
}
