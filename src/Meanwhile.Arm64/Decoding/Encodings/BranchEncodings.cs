namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>DDI0487 C4.1.93, the branches of Branches, Exception Generating and System instructions.</summary>
public static class BranchEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Branches");

    // Conditional branch (immediate)
    public static readonly Encoding B_cond = Group.Add("B.cond", "0101010 0 imm19:19 0 cond:4");

    // Unconditional branch (register)
    public static readonly Encoding BR = Group.Add("BR", "1101011 0000 11111 000000 Rn:5 00000");
    public static readonly Encoding BLR = Group.Add("BLR", "1101011 0001 11111 000000 Rn:5 00000");
    public static readonly Encoding RET = Group.Add("RET", "1101011 0010 11111 000000 Rn:5 00000");

    // Unconditional branch (immediate)
    public static readonly Encoding B = Group.Add("B", "0 00101 imm26:26");
    public static readonly Encoding BL = Group.Add("BL", "1 00101 imm26:26");

    // Compare and branch (immediate)
    public static readonly Encoding CBZ = Group.Add("CBZ", "sf:1 011010 0 imm19:19 Rt:5");
    public static readonly Encoding CBNZ = Group.Add("CBNZ", "sf:1 011010 1 imm19:19 Rt:5");

    // Test and branch (immediate)
    public static readonly Encoding TBZ = Group.Add("TBZ", "b5:1 011011 0 b40:5 imm14:14 Rt:5");
    public static readonly Encoding TBNZ = Group.Add("TBNZ", "b5:1 011011 1 b40:5 imm14:14 Rt:5");
#pragma warning restore CS1591
}
