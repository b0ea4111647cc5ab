namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Advanced SIMD copy, vector and scalar (DDI0487 C4.1).</summary>
internal static class SimdCopyEncodings
{
    public static readonly EncodingGroup Group = new("Advanced SIMD copy");

    public static readonly Encoding DUP_elt = Group.Add("DUP (element)", "0 Q:1 0 01110000 imm5:5 0 0000 1 Rn:5 Rd:5", Vector);
    public static readonly Encoding DUP_elt_scalar = Group.Add("DUP (element), scalar", "01 0 11110000 imm5:5 0 0000 1 Rn:5 Rd:5", Element);
    public static readonly Encoding DUP_gen = Group.Add("DUP (general)", "0 Q:1 0 01110000 imm5:5 0 0001 1 Rn:5 Rd:5", Vector);
    public static readonly Encoding SMOV = Group.Add("SMOV", "0 Q:1 0 01110000 imm5:5 0 0101 1 Rn:5 Rd:5", SignExtended);
    public static readonly Encoding UMOV = Group.Add("UMOV", "0 Q:1 0 01110000 imm5:5 0 0111 1 Rn:5 Rd:5", ZeroExtended);
    public static readonly Encoding INS_gen = Group.Add("INS (general)", "0 1 0 01110000 imm5:5 0 0011 1 Rn:5 Rd:5", Element);
    public static readonly Encoding INS_elt = Group.Add("INS (element)", "0 1 1 01110000 imm5:5 0 imm4:4 1 Rn:5 Rd:5", Element);

    private static uint Imm5(uint word) => word >> 16 & 31;

    private static bool Element(uint word) => (Imm5(word) & 15) != 0;

    // 64-bit lanes need a 128-bit vector.
    private static bool Vector(uint word) => Element(word) && ((Imm5(word) & 7) != 0 || (word >> 30 & 1) != 0);

    // SMOV sign-extends: the element is narrower than the destination.
    private static bool SignExtended(uint word) => (Imm5(word) & 3) != 0 || ((Imm5(word) & 7) != 0 && (word >> 30 & 1) != 0);

    // UMOV: Q is set for 64-bit elements and only for them.
    private static bool ZeroExtended(uint word) => (word >> 30 & 1) == 0 ? (Imm5(word) & 7) != 0 : (Imm5(word) & 15) == 8;
}
