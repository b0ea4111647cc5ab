namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>The fixed-point conversions of "Advanced SIMD shift by immediate" and its scalar twin (DDI0487 C4.1.96).</summary>
public static class AdvancedSimdFpShiftEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Advanced SIMD shift by immediate (floating-point)");

    public static readonly Encoding SCVTF = Vector("SCVTF (vector, fixed-point)", "0", "11100");
    public static readonly Encoding FCVTZS = Vector("FCVTZS (vector, fixed-point)", "0", "11111");
    public static readonly Encoding UCVTF = Vector("UCVTF (vector, fixed-point)", "1", "11100");
    public static readonly Encoding FCVTZU = Vector("FCVTZU (vector, fixed-point)", "1", "11111");

    public static readonly Encoding SCVTF_scalar = Scalar("SCVTF (vector, fixed-point, scalar form)", "0", "11100");
    public static readonly Encoding FCVTZS_scalar = Scalar("FCVTZS (vector, fixed-point, scalar form)", "0", "11111");
    public static readonly Encoding UCVTF_scalar = Scalar("UCVTF (vector, fixed-point, scalar form)", "1", "11100");
    public static readonly Encoding FCVTZU_scalar = Scalar("FCVTZU (vector, fixed-point, scalar form)", "1", "11111");
#pragma warning restore CS1591

    private static Encoding Vector(string name, string u, string opcode)
        => Group.Add(
            name,
            $"0 Q:1 {u} 011110 immh:4 immb:3 {opcode} 1 Rn:5 Rd:5",
            w => HasElement(w) && (!IsDouble(w) || (w & (1u << 30)) != 0),
            "AdvSIMD");

    private static Encoding Scalar(string name, string u, string opcode)
        => Group.Add(name, $"01 {u} 111110 immh:4 immb:3 {opcode} 1 Rn:5 Rd:5", HasElement, "AdvSIMD");

    // immh 1xxx is doubles, 01xx singles; 001x is FEAT_FP16, 0001 reserved, 0000 another group.
    private static bool HasElement(uint w) => (w & (3u << 21)) != 0;

    private static bool IsDouble(uint w) => (w & (1u << 22)) != 0;
}
