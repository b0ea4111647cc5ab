namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD permute, extract and table lookup (DDI0487 C4.1).</summary>
internal static class SimdPermuteEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD permute, extract and table lookup");

    public static readonly Encoding UZP1 = Group.Add("UZP1", "0 Q:1 001110 size:2 0 Rm:5 0 001 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding TRN1 = Group.Add("TRN1", "0 Q:1 001110 size:2 0 Rm:5 0 010 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding ZIP1 = Group.Add("ZIP1", "0 Q:1 001110 size:2 0 Rm:5 0 011 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding UZP2 = Group.Add("UZP2", "0 Q:1 001110 size:2 0 Rm:5 0 101 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding TRN2 = Group.Add("TRN2", "0 Q:1 001110 size:2 0 Rm:5 0 110 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding ZIP2 = Group.Add("ZIP2", "0 Q:1 001110 size:2 0 Rm:5 0 111 10 Rn:5 Rd:5", SimdForms.Lanes);

    public static readonly Encoding EXT = Group.Add("EXT", "0 Q:1 101110 00 0 Rm:5 0 imm4:4 0 Rn:5 Rd:5", word => (word >> 30 & 1) != 0 || (word >> 14 & 1) == 0);
    public static readonly Encoding TBL = Group.Add("TBL", "0 Q:1 001110 00 0 Rm:5 0 len:2 0 00 Rn:5 Rd:5");
    public static readonly Encoding TBX = Group.Add("TBX", "0 Q:1 001110 00 0 Rm:5 0 len:2 1 00 Rn:5 Rd:5");
}
