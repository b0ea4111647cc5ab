namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD three same, the integer and polynomial lines (DDI0487 C4.1).</summary>
internal static class SimdThreeSameEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD three same");

    public static readonly Encoding SHADD = Group.Add("SHADD", "0 Q:1 0 01110 size:2 1 Rm:5 00000 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UHADD = Group.Add("UHADD", "0 Q:1 1 01110 size:2 1 Rm:5 00000 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SQADD = Group.Add("SQADD", "0 Q:1 0 01110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding UQADD = Group.Add("UQADD", "0 Q:1 1 01110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SRHADD = Group.Add("SRHADD", "0 Q:1 0 01110 size:2 1 Rm:5 00010 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding URHADD = Group.Add("URHADD", "0 Q:1 1 01110 size:2 1 Rm:5 00010 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SHSUB = Group.Add("SHSUB", "0 Q:1 0 01110 size:2 1 Rm:5 00100 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UHSUB = Group.Add("UHSUB", "0 Q:1 1 01110 size:2 1 Rm:5 00100 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SQSUB = Group.Add("SQSUB", "0 Q:1 0 01110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding UQSUB = Group.Add("UQSUB", "0 Q:1 1 01110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SSHL = Group.Add("SSHL", "0 Q:1 0 01110 size:2 1 Rm:5 01000 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding USHL = Group.Add("USHL", "0 Q:1 1 01110 size:2 1 Rm:5 01000 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SQSHL = Group.Add("SQSHL (register)", "0 Q:1 0 01110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding UQSHL = Group.Add("UQSHL (register)", "0 Q:1 1 01110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SRSHL = Group.Add("SRSHL", "0 Q:1 0 01110 size:2 1 Rm:5 01010 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding URSHL = Group.Add("URSHL", "0 Q:1 1 01110 size:2 1 Rm:5 01010 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SQRSHL = Group.Add("SQRSHL", "0 Q:1 0 01110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding UQRSHL = Group.Add("UQRSHL", "0 Q:1 1 01110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SMAX = Group.Add("SMAX", "0 Q:1 0 01110 size:2 1 Rm:5 01100 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UMAX = Group.Add("UMAX", "0 Q:1 1 01110 size:2 1 Rm:5 01100 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SMIN = Group.Add("SMIN", "0 Q:1 0 01110 size:2 1 Rm:5 01101 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UMIN = Group.Add("UMIN", "0 Q:1 1 01110 size:2 1 Rm:5 01101 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SABD = Group.Add("SABD", "0 Q:1 0 01110 size:2 1 Rm:5 01110 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UABD = Group.Add("UABD", "0 Q:1 1 01110 size:2 1 Rm:5 01110 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SABA = Group.Add("SABA", "0 Q:1 0 01110 size:2 1 Rm:5 01111 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UABA = Group.Add("UABA", "0 Q:1 1 01110 size:2 1 Rm:5 01111 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SMAXP = Group.Add("SMAXP", "0 Q:1 0 01110 size:2 1 Rm:5 10100 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UMAXP = Group.Add("UMAXP", "0 Q:1 1 01110 size:2 1 Rm:5 10100 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SMINP = Group.Add("SMINP", "0 Q:1 0 01110 size:2 1 Rm:5 10101 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UMINP = Group.Add("UMINP", "0 Q:1 1 01110 size:2 1 Rm:5 10101 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding CMGT = Group.Add("CMGT (register)", "0 Q:1 0 01110 size:2 1 Rm:5 00110 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMHI = Group.Add("CMHI (register)", "0 Q:1 1 01110 size:2 1 Rm:5 00110 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMGE = Group.Add("CMGE (register)", "0 Q:1 0 01110 size:2 1 Rm:5 00111 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMHS = Group.Add("CMHS (register)", "0 Q:1 1 01110 size:2 1 Rm:5 00111 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding ADD = Group.Add("ADD (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 10000 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SUB = Group.Add("SUB (vector)", "0 Q:1 1 01110 size:2 1 Rm:5 10000 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMTST = Group.Add("CMTST", "0 Q:1 0 01110 size:2 1 Rm:5 10001 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMEQ = Group.Add("CMEQ (register)", "0 Q:1 1 01110 size:2 1 Rm:5 10001 1 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding MLA = Group.Add("MLA (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 10010 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding MLS = Group.Add("MLS (vector)", "0 Q:1 1 01110 size:2 1 Rm:5 10010 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding MUL = Group.Add("MUL (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 10011 1 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding PMUL = Group.Add("PMUL", "0 Q:1 1 01110 size:2 1 Rm:5 10011 1 Rn:5 Rd:5", SimdForms.B);
    public static readonly Encoding SQDMULH = Group.Add("SQDMULH (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQRDMULH = Group.Add("SQRDMULH (vector)", "0 Q:1 1 01110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding ADDP = Group.Add("ADDP (vector)", "0 Q:1 0 01110 size:2 1 Rm:5 10111 1 Rn:5 Rd:5", SimdForms.Lanes);

    public static readonly Encoding AND = Group.Add("AND (vector)", "0 Q:1 0 01110 00 1 Rm:5 00011 1 Rn:5 Rd:5");
    public static readonly Encoding BIC = Group.Add("BIC (vector, register)", "0 Q:1 0 01110 01 1 Rm:5 00011 1 Rn:5 Rd:5");
    public static readonly Encoding ORR = Group.Add("ORR (vector, register)", "0 Q:1 0 01110 10 1 Rm:5 00011 1 Rn:5 Rd:5");
    public static readonly Encoding ORN = Group.Add("ORN (vector)", "0 Q:1 0 01110 11 1 Rm:5 00011 1 Rn:5 Rd:5");
    public static readonly Encoding EOR = Group.Add("EOR (vector)", "0 Q:1 1 01110 00 1 Rm:5 00011 1 Rn:5 Rd:5");
    public static readonly Encoding BSL = Group.Add("BSL", "0 Q:1 1 01110 01 1 Rm:5 00011 1 Rn:5 Rd:5");
    public static readonly Encoding BIT = Group.Add("BIT", "0 Q:1 1 01110 10 1 Rm:5 00011 1 Rn:5 Rd:5");
    public static readonly Encoding BIF = Group.Add("BIF", "0 Q:1 1 01110 11 1 Rm:5 00011 1 Rn:5 Rd:5");
}
