namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Hints, barriers, PSTATE, system instructions and system register moves (DDI0487 C4.1.93).</summary>
public static class SystemEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("System");

    // Hints
    public static readonly Encoding NOP = Group.Add("NOP", "1101010100 0 00 011 0010 0000 000 11111");
    public static readonly Encoding YIELD = Group.Add("YIELD", "1101010100 0 00 011 0010 0000 001 11111");
    public static readonly Encoding WFE = Group.Add("WFE", "1101010100 0 00 011 0010 0000 010 11111");
    public static readonly Encoding WFI = Group.Add("WFI", "1101010100 0 00 011 0010 0000 011 11111");
    public static readonly Encoding SEV = Group.Add("SEV", "1101010100 0 00 011 0010 0000 100 11111");
    public static readonly Encoding SEVL = Group.Add("SEVL", "1101010100 0 00 011 0010 0000 101 11111");

    /// <summary>The rest of the hint space, which executes as NOP here: ESB, CSDB, BTI, PACIASP, DGH, …</summary>
    public static readonly Encoding HINT = Group.Add("HINT", "1101010100 0 00 011 0010 CRm:4 op2:3 11111", w => (w >> 5 & 0x7F) > 5);

    // Barriers
    public static readonly Encoding CLREX = Group.Add("CLREX", "1101010100 0 00 011 0011 CRm:4 010 11111");
    public static readonly Encoding DSB = Group.Add("DSB", "1101010100 0 00 011 0011 CRm:4 100 11111");
    public static readonly Encoding DMB = Group.Add("DMB", "1101010100 0 00 011 0011 CRm:4 101 11111");
    public static readonly Encoding ISB = Group.Add("ISB", "1101010100 0 00 011 0011 CRm:4 110 11111");
    public static readonly Encoding SB = Group.Add("SB", "1101010100 0 00 011 0011 0000 111 11111", feature: "FEAT_SB");

    // PSTATE
    public static readonly Encoding MSR_UAO = Group.Add("MSR (immediate) UAO", "1101010100 0 00 000 0100 CRm:4 011 11111", feature: "FEAT_UAO");
    public static readonly Encoding MSR_PAN = Group.Add("MSR (immediate) PAN", "1101010100 0 00 000 0100 CRm:4 100 11111", feature: "FEAT_PAN");
    public static readonly Encoding MSR_SPSel = Group.Add("MSR (immediate) SPSel", "1101010100 0 00 000 0100 CRm:4 101 11111");
    public static readonly Encoding MSR_DAIFSet = Group.Add("MSR (immediate) DAIFSet", "1101010100 0 00 011 0100 CRm:4 110 11111");
    public static readonly Encoding MSR_DAIFClr = Group.Add("MSR (immediate) DAIFClr", "1101010100 0 00 011 0100 CRm:4 111 11111");

    // Instruction cache
    public static readonly Encoding IC_IALLUIS = Group.Add("IC IALLUIS", "1101010100 0 01 000 0111 0001 000 Rt:5");
    public static readonly Encoding IC_IALLU = Group.Add("IC IALLU", "1101010100 0 01 000 0111 0101 000 Rt:5");
    public static readonly Encoding IC_IVAU = Group.Add("IC IVAU", "1101010100 0 01 011 0111 0101 001 Rt:5");

    // Data cache
    public static readonly Encoding DC_IVAC = Group.Add("DC IVAC", "1101010100 0 01 000 0111 0110 001 Rt:5");
    public static readonly Encoding DC_ISW = Group.Add("DC ISW", "1101010100 0 01 000 0111 0110 010 Rt:5");
    public static readonly Encoding DC_CSW = Group.Add("DC CSW", "1101010100 0 01 000 0111 1010 010 Rt:5");
    public static readonly Encoding DC_CISW = Group.Add("DC CISW", "1101010100 0 01 000 0111 1110 010 Rt:5");
    public static readonly Encoding DC_ZVA = Group.Add("DC ZVA", "1101010100 0 01 011 0111 0100 001 Rt:5");
    public static readonly Encoding DC_CVAC = Group.Add("DC CVAC", "1101010100 0 01 011 0111 1010 001 Rt:5");
    public static readonly Encoding DC_CVAU = Group.Add("DC CVAU", "1101010100 0 01 011 0111 1011 001 Rt:5");
    public static readonly Encoding DC_CVAP = Group.Add("DC CVAP", "1101010100 0 01 011 0111 1100 001 Rt:5", feature: "FEAT_DPB");
    public static readonly Encoding DC_CIVAC = Group.Add("DC CIVAC", "1101010100 0 01 011 0111 1110 001 Rt:5");

    // Address translation
    public static readonly Encoding AT_S1E1R = Group.Add("AT S1E1R", "1101010100 0 01 000 0111 1000 000 Rt:5");
    public static readonly Encoding AT_S1E1W = Group.Add("AT S1E1W", "1101010100 0 01 000 0111 1000 001 Rt:5");
    public static readonly Encoding AT_S1E0R = Group.Add("AT S1E0R", "1101010100 0 01 000 0111 1000 010 Rt:5");
    public static readonly Encoding AT_S1E0W = Group.Add("AT S1E0W", "1101010100 0 01 000 0111 1000 011 Rt:5");
    public static readonly Encoding AT_S1E1RP = Group.Add("AT S1E1RP", "1101010100 0 01 000 0111 1001 000 Rt:5", feature: "FEAT_PAN2");
    public static readonly Encoding AT_S1E1WP = Group.Add("AT S1E1WP", "1101010100 0 01 000 0111 1001 001 Rt:5", feature: "FEAT_PAN2");

    // TLB maintenance
    public static readonly Encoding TLBI_VMALLE1IS = Group.Add("TLBI VMALLE1IS", "1101010100 0 01 000 1000 0011 000 Rt:5");
    public static readonly Encoding TLBI_VAE1IS = Group.Add("TLBI VAE1IS", "1101010100 0 01 000 1000 0011 001 Rt:5");
    public static readonly Encoding TLBI_ASIDE1IS = Group.Add("TLBI ASIDE1IS", "1101010100 0 01 000 1000 0011 010 Rt:5");
    public static readonly Encoding TLBI_VAAE1IS = Group.Add("TLBI VAAE1IS", "1101010100 0 01 000 1000 0011 011 Rt:5");
    public static readonly Encoding TLBI_VALE1IS = Group.Add("TLBI VALE1IS", "1101010100 0 01 000 1000 0011 101 Rt:5");
    public static readonly Encoding TLBI_VAALE1IS = Group.Add("TLBI VAALE1IS", "1101010100 0 01 000 1000 0011 111 Rt:5");
    public static readonly Encoding TLBI_VMALLE1 = Group.Add("TLBI VMALLE1", "1101010100 0 01 000 1000 0111 000 Rt:5");
    public static readonly Encoding TLBI_VAE1 = Group.Add("TLBI VAE1", "1101010100 0 01 000 1000 0111 001 Rt:5");
    public static readonly Encoding TLBI_ASIDE1 = Group.Add("TLBI ASIDE1", "1101010100 0 01 000 1000 0111 010 Rt:5");
    public static readonly Encoding TLBI_VAAE1 = Group.Add("TLBI VAAE1", "1101010100 0 01 000 1000 0111 011 Rt:5");
    public static readonly Encoding TLBI_VALE1 = Group.Add("TLBI VALE1", "1101010100 0 01 000 1000 0111 101 Rt:5");
    public static readonly Encoding TLBI_VAALE1 = Group.Add("TLBI VAALE1", "1101010100 0 01 000 1000 0111 111 Rt:5");

    // System register moves: which registers exist is SystemRegisters.SystemRegisterTable's to say.
    public static readonly Encoding MSR_reg = Group.Add("MSR (register)", "1101010100 0 1 o0:1 op1:3 CRn:4 CRm:4 op2:3 Rt:5");
    public static readonly Encoding MRS = Group.Add("MRS", "1101010100 1 1 o0:1 op1:3 CRn:4 CRm:4 op2:3 Rt:5");
#pragma warning restore CS1591
}
