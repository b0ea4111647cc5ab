using static Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;

namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Conversion between floating-point and integer or fixed-point numbers in general registers (DDI0487 C4.1.96).</summary>
public static class FloatingPointConversionEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Conversion between floating-point and integer");

    public static readonly Encoding FCVTNS = Integer("FCVTNS (scalar)", "00", "000");
    public static readonly Encoding FCVTNU = Integer("FCVTNU (scalar)", "00", "001");
    public static readonly Encoding SCVTF = Integer("SCVTF (scalar, integer)", "00", "010");
    public static readonly Encoding UCVTF = Integer("UCVTF (scalar, integer)", "00", "011");
    public static readonly Encoding FCVTAS = Integer("FCVTAS (scalar)", "00", "100");
    public static readonly Encoding FCVTAU = Integer("FCVTAU (scalar)", "00", "101");
    public static readonly Encoding FCVTPS = Integer("FCVTPS (scalar)", "01", "000");
    public static readonly Encoding FCVTPU = Integer("FCVTPU (scalar)", "01", "001");
    public static readonly Encoding FCVTMS = Integer("FCVTMS (scalar)", "10", "000");
    public static readonly Encoding FCVTMU = Integer("FCVTMU (scalar)", "10", "001");
    public static readonly Encoding FCVTZS = Integer("FCVTZS (scalar, integer)", "11", "000");
    public static readonly Encoding FCVTZU = Integer("FCVTZU (scalar, integer)", "11", "001");

    public static readonly Encoding FMOV_to_W = Group.Add("FMOV (general), single to 32-bit", "0 0 0 11110 00 1 00 110 000000 Rn:5 Rd:5");
    public static readonly Encoding FMOV_from_W = Group.Add("FMOV (general), 32-bit to single", "0 0 0 11110 00 1 00 111 000000 Rn:5 Rd:5");
    public static readonly Encoding FMOV_to_X = Group.Add("FMOV (general), double to 64-bit", "1 0 0 11110 01 1 00 110 000000 Rn:5 Rd:5");
    public static readonly Encoding FMOV_from_X = Group.Add("FMOV (general), 64-bit to double", "1 0 0 11110 01 1 00 111 000000 Rn:5 Rd:5");
    public static readonly Encoding FMOV_top_to_X = Group.Add(
        "FMOV (general), top half to 64-bit", "1 0 0 11110 10 1 01 110 000000 Rn:5 Rd:5");
    public static readonly Encoding FMOV_top_from_X = Group.Add(
        "FMOV (general), 64-bit to top half", "1 0 0 11110 10 1 01 111 000000 Rn:5 Rd:5");

    public static readonly Encoding SCVTF_fixed = Fixed("SCVTF (scalar, fixed-point)", "00", "010");
    public static readonly Encoding UCVTF_fixed = Fixed("UCVTF (scalar, fixed-point)", "00", "011");
    public static readonly Encoding FCVTZS_fixed = Fixed("FCVTZS (scalar, fixed-point)", "11", "000");
    public static readonly Encoding FCVTZU_fixed = Fixed("FCVTZU (scalar, fixed-point)", "11", "001");
#pragma warning restore CS1591

    private static Encoding Integer(string name, string rmode, string opcode)
        => Group.Add(name, $"sf:1 0 0 11110 ftype:2 1 {rmode} {opcode} 000000 Rn:5 Rd:5", SingleOrDouble);

    // 64 - scale fraction bits; a 32-bit register has no more than 32.
    private static Encoding Fixed(string name, string rmode, string opcode)
        => Group.Add(
            name,
            $"sf:1 0 0 11110 ftype:2 0 {rmode} {opcode} scale:6 Rn:5 Rd:5",
            w => SingleOrDouble(w) && ((w >> 31) != 0 || (w & (1u << 15)) != 0));
}
