namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD modified immediate (DDI0487 C4.1).</summary>
internal static class SimdModifiedImmediateEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD modified immediate");

    public static readonly Encoding MOVI_32 = Group.Add("MOVI (32-bit)", "0 Q:1 0 0111100000 abc:3 0 shift:2 0 01 defgh:5 Rd:5");
    public static readonly Encoding ORR_32 = Group.Add("ORR (vector, immediate, 32-bit)", "0 Q:1 0 0111100000 abc:3 0 shift:2 1 01 defgh:5 Rd:5");
    public static readonly Encoding MOVI_16 = Group.Add("MOVI (16-bit)", "0 Q:1 0 0111100000 abc:3 10 shift:1 0 01 defgh:5 Rd:5");
    public static readonly Encoding ORR_16 = Group.Add("ORR (vector, immediate, 16-bit)", "0 Q:1 0 0111100000 abc:3 10 shift:1 1 01 defgh:5 Rd:5");
    public static readonly Encoding MOVI_msl = Group.Add("MOVI (32-bit, shifting ones)", "0 Q:1 0 0111100000 abc:3 110 shift:1 01 defgh:5 Rd:5");
    public static readonly Encoding MOVI_8 = Group.Add("MOVI (8-bit)", "0 Q:1 0 0111100000 abc:3 1110 01 defgh:5 Rd:5");
    public static readonly Encoding FMOV_single = Group.Add("FMOV (vector, immediate, single-precision)", "0 Q:1 0 0111100000 abc:3 1111 01 defgh:5 Rd:5");
    public static readonly Encoding MVNI_32 = Group.Add("MVNI (32-bit)", "0 Q:1 1 0111100000 abc:3 0 shift:2 0 01 defgh:5 Rd:5");
    public static readonly Encoding BIC_32 = Group.Add("BIC (vector, immediate, 32-bit)", "0 Q:1 1 0111100000 abc:3 0 shift:2 1 01 defgh:5 Rd:5");
    public static readonly Encoding MVNI_16 = Group.Add("MVNI (16-bit)", "0 Q:1 1 0111100000 abc:3 10 shift:1 0 01 defgh:5 Rd:5");
    public static readonly Encoding BIC_16 = Group.Add("BIC (vector, immediate, 16-bit)", "0 Q:1 1 0111100000 abc:3 10 shift:1 1 01 defgh:5 Rd:5");
    public static readonly Encoding MVNI_msl = Group.Add("MVNI (32-bit, shifting ones)", "0 Q:1 1 0111100000 abc:3 110 shift:1 01 defgh:5 Rd:5");
    public static readonly Encoding MOVI_64 = Group.Add("MOVI (64-bit)", "0 Q:1 1 0111100000 abc:3 1110 01 defgh:5 Rd:5");
    public static readonly Encoding FMOV_double = Group.Add("FMOV (vector, immediate, double-precision)", "0 1 1 0111100000 abc:3 1111 01 defgh:5 Rd:5");
}
