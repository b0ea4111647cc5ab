namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Load register (literal) (DDI0487 C4.1.66).</summary>
#pragma warning disable CS1591 // The manual's names of the instructions document themselves.
public static class LoadLiteralEncodings
{
    /// <summary>Load register (literal).</summary>
    public static readonly EncodingGroup Group = new("Load register (literal)");

    public static readonly Encoding LDR_lit = Group.Add("LDR (literal)", "0 sz:1 011 0 00 imm19:19 Rt:5");
    public static readonly Encoding LDRSW_lit = Group.Add("LDRSW (literal)", "10 011 0 00 imm19:19 Rt:5");
    public static readonly Encoding PRFM_lit = Group.Add("PRFM (literal)", "11 011 0 00 imm19:19 Rt:5");
    public static readonly Encoding LDR_fp_lit = Group.Add("LDR (literal, SIMD&FP)", "opc:2 011 1 00 imm19:19 Rt:5", word => word >> 30 != 3);
}
