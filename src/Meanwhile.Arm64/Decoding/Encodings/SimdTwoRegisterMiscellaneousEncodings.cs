namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD two-register miscellaneous, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdTwoRegisterMiscellaneousEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD two-register miscellaneous");

    public static readonly Encoding REV64 = Group.Add("REV64", "0 Q:1 0 01110 size:2 10000 00000 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding REV32 = Group.Add("REV32 (vector)", "0 Q:1 1 01110 size:2 10000 00000 10 Rn:5 Rd:5", SimdForms.B_or_H);
    public static readonly Encoding REV16 = Group.Add("REV16 (vector)", "0 Q:1 0 01110 size:2 10000 00001 10 Rn:5 Rd:5", SimdForms.B);
    public static readonly Encoding SADDLP = Group.Add("SADDLP", "0 Q:1 0 01110 size:2 10000 00010 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UADDLP = Group.Add("UADDLP", "0 Q:1 1 01110 size:2 10000 00010 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SUQADD = Group.Add("SUQADD", "0 Q:1 0 01110 size:2 10000 00011 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding USQADD = Group.Add("USQADD", "0 Q:1 1 01110 size:2 10000 00011 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CLS = Group.Add("CLS (vector)", "0 Q:1 0 01110 size:2 10000 00100 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding CLZ = Group.Add("CLZ (vector)", "0 Q:1 1 01110 size:2 10000 00100 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SADALP = Group.Add("SADALP", "0 Q:1 0 01110 size:2 10000 00110 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UADALP = Group.Add("UADALP", "0 Q:1 1 01110 size:2 10000 00110 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SQABS = Group.Add("SQABS", "0 Q:1 0 01110 size:2 10000 00111 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SQNEG = Group.Add("SQNEG", "0 Q:1 1 01110 size:2 10000 00111 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMGT_zero = Group.Add("CMGT (zero)", "0 Q:1 0 01110 size:2 10000 01000 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMGE_zero = Group.Add("CMGE (zero)", "0 Q:1 1 01110 size:2 10000 01000 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMEQ_zero = Group.Add("CMEQ (zero)", "0 Q:1 0 01110 size:2 10000 01001 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding CMLE_zero = Group.Add("CMLE (zero)", "0 Q:1 1 01110 size:2 10000 01001 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding ABS = Group.Add("ABS", "0 Q:1 0 01110 size:2 10000 01011 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding NEG = Group.Add("NEG (vector)", "0 Q:1 1 01110 size:2 10000 01011 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding XTN = Group.Add("XTN", "0 Q:1 0 01110 size:2 10000 10010 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SQXTUN = Group.Add("SQXTUN", "0 Q:1 1 01110 size:2 10000 10010 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding SQXTN = Group.Add("SQXTN", "0 Q:1 0 01110 size:2 10000 10100 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding UQXTN = Group.Add("UQXTN", "0 Q:1 1 01110 size:2 10000 10100 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding CMLT_zero = Group.Add("CMLT (zero)", "0 Q:1 0 01110 size:2 10000 01010 10 Rn:5 Rd:5", SimdForms.Lanes);
    public static readonly Encoding SHLL = Group.Add("SHLL", "0 Q:1 1 01110 size:2 10000 10011 10 Rn:5 Rd:5", SimdForms.Up32);
    public static readonly Encoding CNT = Group.Add("CNT", "0 Q:1 0 01110 00 10000 00101 10 Rn:5 Rd:5");
    public static readonly Encoding NOT = Group.Add("NOT", "0 Q:1 1 01110 00 10000 00101 10 Rn:5 Rd:5");
    public static readonly Encoding RBIT = Group.Add("RBIT (vector)", "0 Q:1 1 01110 01 10000 00101 10 Rn:5 Rd:5");
}
