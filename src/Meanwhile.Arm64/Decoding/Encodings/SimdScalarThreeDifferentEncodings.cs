namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD scalar three different (DDI0487 C4.1).</summary>
internal static class SimdScalarThreeDifferentEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD scalar three different");

    public static readonly Encoding SQDMLAL = Group.Add("SQDMLAL (vector), scalar", "01 0 11110 size:2 1 Rm:5 1001 00 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMLSL = Group.Add("SQDMLSL (vector), scalar", "01 0 11110 size:2 1 Rm:5 1011 00 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMULL = Group.Add("SQDMULL (vector), scalar", "01 0 11110 size:2 1 Rm:5 1101 00 Rn:5 Rd:5", SimdForms.H_or_S);
}
