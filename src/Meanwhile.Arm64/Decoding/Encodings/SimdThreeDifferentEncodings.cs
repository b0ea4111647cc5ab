namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD three different (DDI0487 C4.1).</summary>
internal static class SimdThreeDifferentEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD three different");

    public static readonly Encoding SADDL = Group.Add("SADDL", "0 Q:1 0 01110 size:2 1 Rm:5 0000 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UADDL = Group.Add("UADDL", "0 Q:1 1 01110 size:2 1 Rm:5 0000 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SADDW = Group.Add("SADDW", "0 Q:1 0 01110 size:2 1 Rm:5 0001 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UADDW = Group.Add("UADDW", "0 Q:1 1 01110 size:2 1 Rm:5 0001 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SSUBL = Group.Add("SSUBL", "0 Q:1 0 01110 size:2 1 Rm:5 0010 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding USUBL = Group.Add("USUBL", "0 Q:1 1 01110 size:2 1 Rm:5 0010 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SSUBW = Group.Add("SSUBW", "0 Q:1 0 01110 size:2 1 Rm:5 0011 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding USUBW = Group.Add("USUBW", "0 Q:1 1 01110 size:2 1 Rm:5 0011 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding ADDHN = Group.Add("ADDHN", "0 Q:1 0 01110 size:2 1 Rm:5 0100 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding RADDHN = Group.Add("RADDHN", "0 Q:1 1 01110 size:2 1 Rm:5 0100 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SABAL = Group.Add("SABAL", "0 Q:1 0 01110 size:2 1 Rm:5 0101 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UABAL = Group.Add("UABAL", "0 Q:1 1 01110 size:2 1 Rm:5 0101 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SUBHN = Group.Add("SUBHN", "0 Q:1 0 01110 size:2 1 Rm:5 0110 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding RSUBHN = Group.Add("RSUBHN", "0 Q:1 1 01110 size:2 1 Rm:5 0110 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SABDL = Group.Add("SABDL", "0 Q:1 0 01110 size:2 1 Rm:5 0111 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UABDL = Group.Add("UABDL", "0 Q:1 1 01110 size:2 1 Rm:5 0111 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SMLAL = Group.Add("SMLAL (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 1000 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UMLAL = Group.Add("UMLAL (vector)", "0 Q:1 1 01110 size:2 1 Rm:5 1000 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SMLSL = Group.Add("SMLSL (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 1010 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UMLSL = Group.Add("UMLSL (vector)", "0 Q:1 1 01110 size:2 1 Rm:5 1010 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SMULL = Group.Add("SMULL (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 1100 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UMULL = Group.Add("UMULL (vector)", "0 Q:1 1 01110 size:2 1 Rm:5 1100 00 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SQDMLAL = Group.Add("SQDMLAL (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 1001 00 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMLSL = Group.Add("SQDMLSL (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 1011 00 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQDMULL = Group.Add("SQDMULL (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 1101 00 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding PMULL = Group.Add("PMULL", "0 Q:1 0 01110 00 1 Rm:5 1110 00 Rn:5 Rd:5");
    public static readonly Encoding PMULL_64 = Group.Add("PMULL (1Q)", "0 Q:1 0 01110 11 1 Rm:5 1110 00 Rn:5 Rd:5", feature: "FEAT_PMULL");
}
