namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>The floating-point lines of "Advanced SIMD three same" and "Advanced SIMD scalar three same" (DDI0487 C4.1.96).</summary>
public static class AdvancedSimdFpThreeSameEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Advanced SIMD three same (floating-point)");

    public static readonly Encoding FMAXNM = Vector("FMAXNM (vector)", "0", "0", "11000");
    public static readonly Encoding FMLA = Vector("FMLA (vector)", "0", "0", "11001");
    public static readonly Encoding FADD = Vector("FADD (vector)", "0", "0", "11010");
    public static readonly Encoding FMULX = Vector("FMULX (vector)", "0", "0", "11011");
    public static readonly Encoding FCMEQ = Vector("FCMEQ (register, vector)", "0", "0", "11100");
    public static readonly Encoding FMAX = Vector("FMAX (vector)", "0", "0", "11110");
    public static readonly Encoding FRECPS = Vector("FRECPS (vector)", "0", "0", "11111");
    public static readonly Encoding FMINNM = Vector("FMINNM (vector)", "0", "1", "11000");
    public static readonly Encoding FMLS = Vector("FMLS (vector)", "0", "1", "11001");
    public static readonly Encoding FSUB = Vector("FSUB (vector)", "0", "1", "11010");
    public static readonly Encoding FMIN = Vector("FMIN (vector)", "0", "1", "11110");
    public static readonly Encoding FRSQRTS = Vector("FRSQRTS (vector)", "0", "1", "11111");
    public static readonly Encoding FMAXNMP = Vector("FMAXNMP (vector)", "1", "0", "11000");
    public static readonly Encoding FADDP = Vector("FADDP (vector)", "1", "0", "11010");
    public static readonly Encoding FMUL = Vector("FMUL (vector)", "1", "0", "11011");
    public static readonly Encoding FCMGE = Vector("FCMGE (register, vector)", "1", "0", "11100");
    public static readonly Encoding FACGE = Vector("FACGE (vector)", "1", "0", "11101");
    public static readonly Encoding FMAXP = Vector("FMAXP (vector)", "1", "0", "11110");
    public static readonly Encoding FDIV = Vector("FDIV (vector)", "1", "0", "11111");
    public static readonly Encoding FMINNMP = Vector("FMINNMP (vector)", "1", "1", "11000");
    public static readonly Encoding FABD = Vector("FABD (vector)", "1", "1", "11010");
    public static readonly Encoding FCMGT = Vector("FCMGT (register, vector)", "1", "1", "11100");
    public static readonly Encoding FACGT = Vector("FACGT (vector)", "1", "1", "11101");
    public static readonly Encoding FMINP = Vector("FMINP (vector)", "1", "1", "11110");

    public static readonly Encoding FMULX_scalar = Scalar("FMULX (scalar)", "0", "0", "11011");
    public static readonly Encoding FCMEQ_scalar = Scalar("FCMEQ (register, scalar)", "0", "0", "11100");
    public static readonly Encoding FRECPS_scalar = Scalar("FRECPS (scalar)", "0", "0", "11111");
    public static readonly Encoding FRSQRTS_scalar = Scalar("FRSQRTS (scalar)", "0", "1", "11111");
    public static readonly Encoding FCMGE_scalar = Scalar("FCMGE (register, scalar)", "1", "0", "11100");
    public static readonly Encoding FACGE_scalar = Scalar("FACGE (scalar)", "1", "0", "11101");
    public static readonly Encoding FABD_scalar = Scalar("FABD (scalar)", "1", "1", "11010");
    public static readonly Encoding FCMGT_scalar = Scalar("FCMGT (register, scalar)", "1", "1", "11100");
    public static readonly Encoding FACGT_scalar = Scalar("FACGT (scalar)", "1", "1", "11101");
#pragma warning restore CS1591

    private static Encoding Vector(string name, string u, string a, string opcode)
        => Group.Add(name, $"0 Q:1 {u} 01110 {a} sz:1 1 Rm:5 {opcode} 1 Rn:5 Rd:5", HasArrangement, "AdvSIMD");

    private static Encoding Scalar(string name, string u, string a, string opcode)
        => Group.Add(name, $"01 {u} 11110 {a} sz:1 1 Rm:5 {opcode} 1 Rn:5 Rd:5", null, "AdvSIMD");

    /// <summary>sz:Q = 10, a vector of one double, is reserved.</summary>
    internal static bool HasArrangement(uint w) => (w & (1u << 22)) == 0 || (w & (1u << 30)) != 0;
}
