namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD scalar two-register miscellaneous, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdScalarTwoRegisterMiscellaneousEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD scalar two-register miscellaneous");

    public static readonly Encoding SUQADD = Group.Add("SUQADD, scalar", "01 0 11110 size:2 10000 00011 10 Rn:5 Rd:5");
    public static readonly Encoding USQADD = Group.Add("USQADD, scalar", "01 1 11110 size:2 10000 00011 10 Rn:5 Rd:5");
    public static readonly Encoding SQABS = Group.Add("SQABS, scalar", "01 0 11110 size:2 10000 00111 10 Rn:5 Rd:5");
    public static readonly Encoding SQNEG = Group.Add("SQNEG, scalar", "01 1 11110 size:2 10000 00111 10 Rn:5 Rd:5");
    public static readonly Encoding CMGT_zero = Group.Add("CMGT (zero), scalar", "01 0 11110 size:2 10000 01000 10 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMGE_zero = Group.Add("CMGE (zero), scalar", "01 1 11110 size:2 10000 01000 10 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMEQ_zero = Group.Add("CMEQ (zero), scalar", "01 0 11110 size:2 10000 01001 10 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding CMLE_zero = Group.Add("CMLE (zero), scalar", "01 1 11110 size:2 10000 01001 10 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding ABS = Group.Add("ABS, scalar", "01 0 11110 size:2 10000 01011 10 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding NEG = Group.Add("NEG (vector), scalar", "01 1 11110 size:2 10000 01011 10 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding SQXTN = Group.Add("SQXTN, scalar", "01 0 11110 size:2 10000 10100 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UQXTN = Group.Add("UQXTN, scalar", "01 1 11110 size:2 10000 10100 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding CMLT_zero = Group.Add("CMLT (zero), scalar", "01 0 11110 size:2 10000 01010 10 Rn:5 Rd:5", SimdForms.D);
    public static readonly Encoding SQXTUN = Group.Add("SQXTUN, scalar", "01 1 11110 size:2 10000 10010 10 Rn:5 Rd:5", SimdForms.Up32);
}
