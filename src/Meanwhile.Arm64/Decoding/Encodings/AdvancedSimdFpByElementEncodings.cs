namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>The floating-point lines of "Advanced SIMD vector x indexed element" and its scalar twin (DDI0487 C4.1.96).</summary>
public static class AdvancedSimdFpByElementEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Advanced SIMD vector x indexed element (floating-point)");

    public static readonly Encoding FMLA = Vector("FMLA (by element)", "0", "0001");
    public static readonly Encoding FMLS = Vector("FMLS (by element)", "0", "0101");
    public static readonly Encoding FMUL = Vector("FMUL (by element)", "0", "1001");
    public static readonly Encoding FMULX = Vector("FMULX (by element)", "1", "1001");

    public static readonly Encoding FMLA_scalar = Scalar("FMLA (by element, scalar)", "0", "0001");
    public static readonly Encoding FMLS_scalar = Scalar("FMLS (by element, scalar)", "0", "0101");
    public static readonly Encoding FMUL_scalar = Scalar("FMUL (by element, scalar)", "0", "1001");
    public static readonly Encoding FMULX_scalar = Scalar("FMULX (by element, scalar)", "1", "1001");
#pragma warning restore CS1591

    private static Encoding Vector(string name, string u, string opcode)
        => Group.Add(
            name,
            $"0 Q:1 {u} 01111 1 sz:1 L:1 Rm:5 {opcode} H:1 0 Rn:5 Rd:5",
            w => HasIndex(w) && AdvancedSimdFpThreeSameEncodings.HasArrangement(w),
            "AdvSIMD");

    private static Encoding Scalar(string name, string u, string opcode)
        => Group.Add(name, $"01 {u} 11111 1 sz:1 L:1 Rm:5 {opcode} H:1 0 Rn:5 Rd:5", HasIndex, "AdvSIMD");

    // The index is H:L for singles and H for doubles, whose L must be zero.
    private static bool HasIndex(uint w) => (w & (3u << 21)) != 3u << 21;
}
