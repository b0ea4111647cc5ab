namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Exception generation and return (DDI0487 C4.1.93: "Exception generation", "Unconditional branch (register)").</summary>
public static class ExceptionEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Exception generation");

    public static readonly Encoding SVC = Group.Add("SVC", "11010100 000 imm16:16 000 01");
    public static readonly Encoding HVC = Group.Add("HVC", "11010100 000 imm16:16 000 10");
    public static readonly Encoding SMC = Group.Add("SMC", "11010100 000 imm16:16 000 11");
    public static readonly Encoding BRK = Group.Add("BRK", "11010100 001 imm16:16 000 00");
    public static readonly Encoding HLT = Group.Add("HLT", "11010100 010 imm16:16 000 00");
    public static readonly Encoding ERET = Group.Add("ERET", "1101011 0100 11111 000000 11111 00000");
#pragma warning restore CS1591
}
