using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>DDI0487 C4.1.92, Data Processing - Immediate.</summary>
public static class DataProcessingImmediateEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Data Processing - Immediate");

    // PC-rel. addressing
    public static readonly Encoding ADR = Group.Add("ADR", "0 immlo:2 10000 immhi:19 Rd:5");
    public static readonly Encoding ADRP = Group.Add("ADRP", "1 immlo:2 10000 immhi:19 Rd:5");

    // Add/subtract (immediate)
    public static readonly Encoding ADD_imm = Group.Add("ADD (immediate)", "sf:1 0 0 100010 sh:1 imm12:12 Rn:5 Rd:5");
    public static readonly Encoding ADDS_imm = Group.Add("ADDS (immediate)", "sf:1 0 1 100010 sh:1 imm12:12 Rn:5 Rd:5");
    public static readonly Encoding SUB_imm = Group.Add("SUB (immediate)", "sf:1 1 0 100010 sh:1 imm12:12 Rn:5 Rd:5");
    public static readonly Encoding SUBS_imm = Group.Add("SUBS (immediate)", "sf:1 1 1 100010 sh:1 imm12:12 Rn:5 Rd:5");

    // Logical (immediate)
    public static readonly Encoding AND_imm = Group.Add("AND (immediate)", "sf:1 00 100100 N:1 immr:6 imms:6 Rn:5 Rd:5", IsBitMask);
    public static readonly Encoding ORR_imm = Group.Add("ORR (immediate)", "sf:1 01 100100 N:1 immr:6 imms:6 Rn:5 Rd:5", IsBitMask);
    public static readonly Encoding EOR_imm = Group.Add("EOR (immediate)", "sf:1 10 100100 N:1 immr:6 imms:6 Rn:5 Rd:5", IsBitMask);
    public static readonly Encoding ANDS_imm = Group.Add("ANDS (immediate)", "sf:1 11 100100 N:1 immr:6 imms:6 Rn:5 Rd:5", IsBitMask);

    // Move wide (immediate)
    public static readonly Encoding MOVN = Group.Add("MOVN", "sf:1 00 100101 hw:2 imm16:16 Rd:5", HalfwordFits);
    public static readonly Encoding MOVZ = Group.Add("MOVZ", "sf:1 10 100101 hw:2 imm16:16 Rd:5", HalfwordFits);
    public static readonly Encoding MOVK = Group.Add("MOVK", "sf:1 11 100101 hw:2 imm16:16 Rd:5", HalfwordFits);

    // Bitfield
    public static readonly Encoding SBFM = Group.Add("SBFM", "sf:1 00 100110 N:1 immr:6 imms:6 Rn:5 Rd:5", BitfieldFits);
    public static readonly Encoding BFM = Group.Add("BFM", "sf:1 01 100110 N:1 immr:6 imms:6 Rn:5 Rd:5", BitfieldFits);
    public static readonly Encoding UBFM = Group.Add("UBFM", "sf:1 10 100110 N:1 immr:6 imms:6 Rn:5 Rd:5", BitfieldFits);

    // Extract
    public static readonly Encoding EXTR = Group.Add("EXTR", "sf:1 00 100111 N:1 0 Rm:5 imms:6 Rn:5 Rd:5", w => N(w) == Sf(w) && (Sf(w) == 1 || Imms(w) < 32));
#pragma warning restore CS1591

    private static uint Sf(uint w) => w >> 31;

    private static uint N(uint w) => (w >> 22) & 1;

    private static uint Immr(uint w) => (w >> 16) & 0x3F;

    private static uint Imms(uint w) => (w >> 10) & 0x3F;

    /// <summary>DecodeBitMasks has a value: N is 0 for 32 bits, the element has 2 to 64 bits and is not all ones.</summary>
    private static bool IsBitMask(uint w) => (Sf(w) == 1 || N(w) == 0) && BitMask.TryDecode(N(w), Immr(w), Imms(w), out _);

    private static bool HalfwordFits(uint w) => Sf(w) == 1 || (w & (1 << 22)) == 0;

    private static bool BitfieldFits(uint w) => N(w) == Sf(w) && (Sf(w) == 1 || (Immr(w) < 32 && Imms(w) < 32));
}
