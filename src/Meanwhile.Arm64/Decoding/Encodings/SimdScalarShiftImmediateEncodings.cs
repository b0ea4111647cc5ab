namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD scalar shift by immediate, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdScalarShiftImmediateEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD scalar shift by immediate");

    public static readonly Encoding SSHR = Group.Add("SSHR, scalar", "01 0 111110 immh:4 immb:3 00000 1 Rn:5 Rd:5", D);
    public static readonly Encoding USHR = Group.Add("USHR, scalar", "01 1 111110 immh:4 immb:3 00000 1 Rn:5 Rd:5", D);
    public static readonly Encoding SSRA = Group.Add("SSRA, scalar", "01 0 111110 immh:4 immb:3 00010 1 Rn:5 Rd:5", D);
    public static readonly Encoding USRA = Group.Add("USRA, scalar", "01 1 111110 immh:4 immb:3 00010 1 Rn:5 Rd:5", D);
    public static readonly Encoding SRSHR = Group.Add("SRSHR, scalar", "01 0 111110 immh:4 immb:3 00100 1 Rn:5 Rd:5", D);
    public static readonly Encoding URSHR = Group.Add("URSHR, scalar", "01 1 111110 immh:4 immb:3 00100 1 Rn:5 Rd:5", D);
    public static readonly Encoding SRSRA = Group.Add("SRSRA, scalar", "01 0 111110 immh:4 immb:3 00110 1 Rn:5 Rd:5", D);
    public static readonly Encoding URSRA = Group.Add("URSRA, scalar", "01 1 111110 immh:4 immb:3 00110 1 Rn:5 Rd:5", D);
    public static readonly Encoding SRI = Group.Add("SRI, scalar", "01 1 111110 immh:4 immb:3 01000 1 Rn:5 Rd:5", D);
    public static readonly Encoding SHL = Group.Add("SHL, scalar", "01 0 111110 immh:4 immb:3 01010 1 Rn:5 Rd:5", D);
    public static readonly Encoding SLI = Group.Add("SLI, scalar", "01 1 111110 immh:4 immb:3 01010 1 Rn:5 Rd:5", D);
    public static readonly Encoding SQSHLU = Group.Add("SQSHLU, scalar", "01 1 111110 immh:4 immb:3 01100 1 Rn:5 Rd:5", Any);
    public static readonly Encoding SQSHL = Group.Add("SQSHL (immediate), scalar", "01 0 111110 immh:4 immb:3 01110 1 Rn:5 Rd:5", Any);
    public static readonly Encoding UQSHL = Group.Add("UQSHL (immediate), scalar", "01 1 111110 immh:4 immb:3 01110 1 Rn:5 Rd:5", Any);
    public static readonly Encoding SQSHRUN = Group.Add("SQSHRUN, scalar", "01 1 111110 immh:4 immb:3 10000 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SQRSHRUN = Group.Add("SQRSHRUN, scalar", "01 1 111110 immh:4 immb:3 10001 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SQSHRN = Group.Add("SQSHRN, scalar", "01 0 111110 immh:4 immb:3 10010 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding UQSHRN = Group.Add("UQSHRN, scalar", "01 1 111110 immh:4 immb:3 10010 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SQRSHRN = Group.Add("SQRSHRN, scalar", "01 0 111110 immh:4 immb:3 10011 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding UQRSHRN = Group.Add("UQRSHRN, scalar", "01 1 111110 immh:4 immb:3 10011 1 Rn:5 Rd:5", Narrow);

    private static uint Immh(uint word) => word >> 19 & 15;

    private static bool Any(uint word) => Immh(word) != 0;

    private static bool D(uint word) => Immh(word) >= 8;

    private static bool Narrow(uint word) => Immh(word) is > 0 and < 8;
}
