namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>DDI0487 C4.1.95, Data Processing - Register.</summary>
public static class DataProcessingRegisterEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Data Processing - Register");

    // Data-processing (2 source)
    public static readonly Encoding UDIV = Group.Add("UDIV", "sf:1 0 0 11010110 Rm:5 000010 Rn:5 Rd:5");
    public static readonly Encoding SDIV = Group.Add("SDIV", "sf:1 0 0 11010110 Rm:5 000011 Rn:5 Rd:5");
    public static readonly Encoding LSLV = Group.Add("LSLV", "sf:1 0 0 11010110 Rm:5 001000 Rn:5 Rd:5");
    public static readonly Encoding LSRV = Group.Add("LSRV", "sf:1 0 0 11010110 Rm:5 001001 Rn:5 Rd:5");
    public static readonly Encoding ASRV = Group.Add("ASRV", "sf:1 0 0 11010110 Rm:5 001010 Rn:5 Rd:5");
    public static readonly Encoding RORV = Group.Add("RORV", "sf:1 0 0 11010110 Rm:5 001011 Rn:5 Rd:5");
    public static readonly Encoding CRC32 = Group.Add("CRC32B, CRC32H, CRC32W, CRC32X", "sf:1 0 0 11010110 Rm:5 010 0 sz:2 Rn:5 Rd:5", CrcSizeFits, "FEAT_CRC32");
    public static readonly Encoding CRC32C = Group.Add("CRC32CB, CRC32CH, CRC32CW, CRC32CX", "sf:1 0 0 11010110 Rm:5 010 1 sz:2 Rn:5 Rd:5", CrcSizeFits, "FEAT_CRC32");

    // Data-processing (1 source)
    public static readonly Encoding RBIT = Group.Add("RBIT", "sf:1 1 0 11010110 00000 000000 Rn:5 Rd:5");
    public static readonly Encoding REV16 = Group.Add("REV16", "sf:1 1 0 11010110 00000 000001 Rn:5 Rd:5");
    public static readonly Encoding REV_32 = Group.Add("REV (32-bit)", "0 1 0 11010110 00000 000010 Rn:5 Rd:5");
    public static readonly Encoding REV32 = Group.Add("REV32", "1 1 0 11010110 00000 000010 Rn:5 Rd:5");
    public static readonly Encoding REV_64 = Group.Add("REV (64-bit)", "1 1 0 11010110 00000 000011 Rn:5 Rd:5");
    public static readonly Encoding CLZ = Group.Add("CLZ", "sf:1 1 0 11010110 00000 000100 Rn:5 Rd:5");
    public static readonly Encoding CLS = Group.Add("CLS", "sf:1 1 0 11010110 00000 000101 Rn:5 Rd:5");

    // Logical (shifted register)
    public static readonly Encoding AND_shift = Group.Add("AND (shifted register)", "sf:1 00 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);
    public static readonly Encoding BIC_shift = Group.Add("BIC (shifted register)", "sf:1 00 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);
    public static readonly Encoding ORR_shift = Group.Add("ORR (shifted register)", "sf:1 01 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);
    public static readonly Encoding ORN_shift = Group.Add("ORN (shifted register)", "sf:1 01 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);
    public static readonly Encoding EOR_shift = Group.Add("EOR (shifted register)", "sf:1 10 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);
    public static readonly Encoding EON_shift = Group.Add("EON (shifted register)", "sf:1 10 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);
    public static readonly Encoding ANDS_shift = Group.Add("ANDS (shifted register)", "sf:1 11 01010 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);
    public static readonly Encoding BICS_shift = Group.Add("BICS (shifted register)", "sf:1 11 01010 shift:2 1 Rm:5 imm6:6 Rn:5 Rd:5", AmountFits);

    // Add/subtract (shifted register)
    public static readonly Encoding ADD_shift = Group.Add("ADD (shifted register)", "sf:1 0 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", ArithmeticShiftFits);
    public static readonly Encoding ADDS_shift = Group.Add("ADDS (shifted register)", "sf:1 0 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", ArithmeticShiftFits);
    public static readonly Encoding SUB_shift = Group.Add("SUB (shifted register)", "sf:1 1 0 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", ArithmeticShiftFits);
    public static readonly Encoding SUBS_shift = Group.Add("SUBS (shifted register)", "sf:1 1 1 01011 shift:2 0 Rm:5 imm6:6 Rn:5 Rd:5", ArithmeticShiftFits);

    // Add/subtract (extended register)
    public static readonly Encoding ADD_ext = Group.Add("ADD (extended register)", "sf:1 0 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", ExtendShiftFits);
    public static readonly Encoding ADDS_ext = Group.Add("ADDS (extended register)", "sf:1 0 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", ExtendShiftFits);
    public static readonly Encoding SUB_ext = Group.Add("SUB (extended register)", "sf:1 1 0 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", ExtendShiftFits);
    public static readonly Encoding SUBS_ext = Group.Add("SUBS (extended register)", "sf:1 1 1 01011 00 1 Rm:5 option:3 imm3:3 Rn:5 Rd:5", ExtendShiftFits);

    // Add/subtract (with carry)
    public static readonly Encoding ADC = Group.Add("ADC", "sf:1 0 0 11010000 Rm:5 000000 Rn:5 Rd:5");
    public static readonly Encoding ADCS = Group.Add("ADCS", "sf:1 0 1 11010000 Rm:5 000000 Rn:5 Rd:5");
    public static readonly Encoding SBC = Group.Add("SBC", "sf:1 1 0 11010000 Rm:5 000000 Rn:5 Rd:5");
    public static readonly Encoding SBCS = Group.Add("SBCS", "sf:1 1 1 11010000 Rm:5 000000 Rn:5 Rd:5");

    // Conditional compare (register, immediate)
    public static readonly Encoding CCMN_reg = Group.Add("CCMN (register)", "sf:1 0 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4");
    public static readonly Encoding CCMP_reg = Group.Add("CCMP (register)", "sf:1 1 1 11010010 Rm:5 cond:4 00 Rn:5 0 nzcv:4");
    public static readonly Encoding CCMN_imm = Group.Add("CCMN (immediate)", "sf:1 0 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4");
    public static readonly Encoding CCMP_imm = Group.Add("CCMP (immediate)", "sf:1 1 1 11010010 imm5:5 cond:4 10 Rn:5 0 nzcv:4");

    // Conditional select
    public static readonly Encoding CSEL = Group.Add("CSEL", "sf:1 0 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5");
    public static readonly Encoding CSINC = Group.Add("CSINC", "sf:1 0 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5");
    public static readonly Encoding CSINV = Group.Add("CSINV", "sf:1 1 0 11010100 Rm:5 cond:4 00 Rn:5 Rd:5");
    public static readonly Encoding CSNEG = Group.Add("CSNEG", "sf:1 1 0 11010100 Rm:5 cond:4 01 Rn:5 Rd:5");

    // Data-processing (3 source)
    public static readonly Encoding MADD = Group.Add("MADD", "sf:1 00 11011 000 Rm:5 0 Ra:5 Rn:5 Rd:5");
    public static readonly Encoding MSUB = Group.Add("MSUB", "sf:1 00 11011 000 Rm:5 1 Ra:5 Rn:5 Rd:5");
    public static readonly Encoding SMADDL = Group.Add("SMADDL", "1 00 11011 001 Rm:5 0 Ra:5 Rn:5 Rd:5");
    public static readonly Encoding SMSUBL = Group.Add("SMSUBL", "1 00 11011 001 Rm:5 1 Ra:5 Rn:5 Rd:5");
    public static readonly Encoding SMULH = Group.Add("SMULH", "1 00 11011 010 Rm:5 0 Ra:5 Rn:5 Rd:5");
    public static readonly Encoding UMADDL = Group.Add("UMADDL", "1 00 11011 101 Rm:5 0 Ra:5 Rn:5 Rd:5");
    public static readonly Encoding UMSUBL = Group.Add("UMSUBL", "1 00 11011 101 Rm:5 1 Ra:5 Rn:5 Rd:5");
    public static readonly Encoding UMULH = Group.Add("UMULH", "1 00 11011 110 Rm:5 0 Ra:5 Rn:5 Rd:5");
#pragma warning restore CS1591

    /// <summary>CRC32X takes a 64-bit operand and is the only form with sf set.</summary>
    private static bool CrcSizeFits(uint w) => (((w >> 10) & 3) == 3) == (w >> 31 == 1);

    /// <summary>32-bit forms shift by 0 to 31.</summary>
    private static bool AmountFits(uint w) => w >> 31 == 1 || (w & (1 << 15)) == 0;

    /// <summary>Arithmetic has no ROR.</summary>
    private static bool ArithmeticShiftFits(uint w) => ((w >> 22) & 3) != 3 && AmountFits(w);

    /// <summary>The left shift after the extension is 0 to 4.</summary>
    private static bool ExtendShiftFits(uint w) => ((w >> 10) & 7) <= 4;
}
