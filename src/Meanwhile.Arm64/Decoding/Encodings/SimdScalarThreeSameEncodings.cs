namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD scalar three same, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdScalarThreeSameEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD scalar three same");

    public static readonly Encoding SQADD = Group.Add("SQADD, scalar", "01 0 11110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5");
    public static readonly Encoding UQADD = Group.Add("UQADD, scalar", "01 1 11110 size:2 1 Rm:5 00001 1 Rn:5 Rd:5");
    public static readonly Encoding SQSUB = Group.Add("SQSUB, scalar", "01 0 11110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5");
    public static readonly Encoding UQSUB = Group.Add("UQSUB, scalar", "01 1 11110 size:2 1 Rm:5 00101 1 Rn:5 Rd:5");
    public static readonly Encoding SSHL = Group.Add("SSHL, scalar", "01 0 11110 size:2 1 Rm:5 01000 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding USHL = Group.Add("USHL, scalar", "01 1 11110 size:2 1 Rm:5 01000 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding SQSHL = Group.Add("SQSHL (register), scalar", "01 0 11110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5");
    public static readonly Encoding UQSHL = Group.Add("UQSHL (register), scalar", "01 1 11110 size:2 1 Rm:5 01001 1 Rn:5 Rd:5");
    public static readonly Encoding SRSHL = Group.Add("SRSHL, scalar", "01 0 11110 size:2 1 Rm:5 01010 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding URSHL = Group.Add("URSHL, scalar", "01 1 11110 size:2 1 Rm:5 01010 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding SQRSHL = Group.Add("SQRSHL, scalar", "01 0 11110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5");
    public static readonly Encoding UQRSHL = Group.Add("UQRSHL, scalar", "01 1 11110 size:2 1 Rm:5 01011 1 Rn:5 Rd:5");
    public static readonly Encoding CMGT = Group.Add("CMGT (register), scalar", "01 0 11110 size:2 1 Rm:5 00110 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMHI = Group.Add("CMHI (register), scalar", "01 1 11110 size:2 1 Rm:5 00110 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMGE = Group.Add("CMGE (register), scalar", "01 0 11110 size:2 1 Rm:5 00111 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMHS = Group.Add("CMHS (register), scalar", "01 1 11110 size:2 1 Rm:5 00111 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding ADD = Group.Add("ADD (vector), scalar", "01 0 11110 size:2 1 Rm:5 10000 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding SUB = Group.Add("SUB (vector), scalar", "01 1 11110 size:2 1 Rm:5 10000 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMTST = Group.Add("CMTST, scalar", "01 0 11110 size:2 1 Rm:5 10001 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMEQ = Group.Add("CMEQ (register), scalar", "01 1 11110 size:2 1 Rm:5 10001 1 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding SQDMULH = Group.Add("SQDMULH (vector), scalar", "01 0 11110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5", SimdForms.H_or_S);
    public static readonly Encoding SQRDMULH = Group.Add("SQRDMULH (vector), scalar", "01 1 11110 size:2 1 Rm:5 10110 1 Rn:5 Rd:5", SimdForms.H_or_S);
}
