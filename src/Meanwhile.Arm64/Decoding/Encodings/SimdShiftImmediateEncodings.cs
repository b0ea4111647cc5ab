namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD shift by immediate, the integer lines (DDI0487 C4.1).</summary>
internal static class SimdShiftImmediateEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD shift by immediate");

    public static readonly Encoding SSHR = Group.Add("SSHR", "0 Q:1 0 011110 immh:4 immb:3 00000 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding USHR = Group.Add("USHR", "0 Q:1 1 011110 immh:4 immb:3 00000 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SSRA = Group.Add("SSRA", "0 Q:1 0 011110 immh:4 immb:3 00010 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding USRA = Group.Add("USRA", "0 Q:1 1 011110 immh:4 immb:3 00010 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SRSHR = Group.Add("SRSHR", "0 Q:1 0 011110 immh:4 immb:3 00100 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding URSHR = Group.Add("URSHR", "0 Q:1 1 011110 immh:4 immb:3 00100 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SRSRA = Group.Add("SRSRA", "0 Q:1 0 011110 immh:4 immb:3 00110 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding URSRA = Group.Add("URSRA", "0 Q:1 1 011110 immh:4 immb:3 00110 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SRI = Group.Add("SRI", "0 Q:1 1 011110 immh:4 immb:3 01000 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SHL = Group.Add("SHL", "0 Q:1 0 011110 immh:4 immb:3 01010 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SLI = Group.Add("SLI", "0 Q:1 1 011110 immh:4 immb:3 01010 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SQSHLU = Group.Add("SQSHLU", "0 Q:1 1 011110 immh:4 immb:3 01100 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SQSHL = Group.Add("SQSHL (immediate)", "0 Q:1 0 011110 immh:4 immb:3 01110 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding UQSHL = Group.Add("UQSHL (immediate)", "0 Q:1 1 011110 immh:4 immb:3 01110 1 Rn:5 Rd:5", Lanes);
    public static readonly Encoding SHRN = Group.Add("SHRN", "0 Q:1 0 011110 immh:4 immb:3 10000 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SQSHRUN = Group.Add("SQSHRUN", "0 Q:1 1 011110 immh:4 immb:3 10000 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding RSHRN = Group.Add("RSHRN", "0 Q:1 0 011110 immh:4 immb:3 10001 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SQRSHRUN = Group.Add("SQRSHRUN", "0 Q:1 1 011110 immh:4 immb:3 10001 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SQSHRN = Group.Add("SQSHRN", "0 Q:1 0 011110 immh:4 immb:3 10010 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding UQSHRN = Group.Add("UQSHRN", "0 Q:1 1 011110 immh:4 immb:3 10010 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SQRSHRN = Group.Add("SQRSHRN", "0 Q:1 0 011110 immh:4 immb:3 10011 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding UQRSHRN = Group.Add("UQRSHRN", "0 Q:1 1 011110 immh:4 immb:3 10011 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding SSHLL = Group.Add("SSHLL", "0 Q:1 0 011110 immh:4 immb:3 10100 1 Rn:5 Rd:5", Narrow);
    public static readonly Encoding USHLL = Group.Add("USHLL", "0 Q:1 1 011110 immh:4 immb:3 10100 1 Rn:5 Rd:5", Narrow);

    private static uint Immh(uint word) => word >> 19 & 15;

    // immh of zero is the modified immediate group; 64-bit lanes need a 128-bit vector.
    private static bool Lanes(uint word) => Immh(word) != 0 && (Immh(word) < 8 || (word >> 30 & 1) != 0);

    private static bool Narrow(uint word) => Immh(word) is > 0 and < 8;
}
