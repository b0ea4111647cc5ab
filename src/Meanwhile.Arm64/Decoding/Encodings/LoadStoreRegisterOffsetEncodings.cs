namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Load/store register with a register offset (DDI0487 C4.1.66).</summary>
#pragma warning disable CS1591 // The manual's names of the instructions document themselves.
public static class LoadStoreRegisterOffsetEncodings
{
    /// <summary>Load/store register (register offset).</summary>
    public static readonly EncodingGroup Group = new("Load/store register (register offset)");

    public static readonly Encoding STRB_reg = Group.Add("STRB (register)", "00 111 0 00 00 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDRB_reg = Group.Add("LDRB (register)", "00 111 0 00 01 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDRSB_reg = Group.Add("LDRSB (register)", "00 111 0 00 1 opc0:1 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding STRH_reg = Group.Add("STRH (register)", "01 111 0 00 00 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDRH_reg = Group.Add("LDRH (register)", "01 111 0 00 01 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDRSH_reg = Group.Add("LDRSH (register)", "01 111 0 00 1 opc0:1 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding STR_reg = Group.Add("STR (register)", "1 sz:1 111 0 00 00 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDR_reg = Group.Add("LDR (register)", "1 sz:1 111 0 00 01 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDRSW_reg = Group.Add("LDRSW (register)", "10 111 0 00 10 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding PRFM_reg = Group.Add("PRFM (register)", "11 111 0 00 10 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding STR_fp_reg = Group.Add("STR (register, SIMD&FP)", "size:2 111 1 00 00 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDR_fp_reg = Group.Add("LDR (register, SIMD&FP)", "size:2 111 1 00 01 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding STR_q_reg = Group.Add("STR (register, SIMD&FP, 128-bit)", "00 111 1 00 10 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);
    public static readonly Encoding LDR_q_reg = Group.Add("LDR (register, SIMD&FP, 128-bit)", "00 111 1 00 11 1 Rm:5 option:3 S:1 10 Rn:5 Rt:5", ExtendIsAllocated);

    /// <summary>option is UXTW, LSL, SXTW or SXTX: offsets are 32 or 64 bits wide.</summary>
    private static bool ExtendIsAllocated(uint word) => (word >> 14 & 1) != 0;
}
