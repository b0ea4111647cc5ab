using static Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpThreeSameEncodings;

namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>
/// The floating-point lines of "Advanced SIMD two-register miscellaneous" and its scalar twin, with the estimates on unsigned integers
/// (DDI0487 C4.1.96).
/// </summary>
public static class AdvancedSimdFpTwoRegisterEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Advanced SIMD two-register miscellaneous (floating-point)");

    public static readonly Encoding FCVTN = Group.Add("FCVTN, FCVTN2", "0 Q:1 0 01110 0 sz:1 10000 10110 10 Rn:5 Rd:5", null, "AdvSIMD");
    public static readonly Encoding FCVTL = Group.Add("FCVTL, FCVTL2", "0 Q:1 0 01110 0 sz:1 10000 10111 10 Rn:5 Rd:5", null, "AdvSIMD");
    public static readonly Encoding FCVTXN = Group.Add(
        "FCVTXN, FCVTXN2", "0 Q:1 1 01110 0 1 10000 10110 10 Rn:5 Rd:5", null, "AdvSIMD");
    public static readonly Encoding FCVTXN_scalar = Group.Add(
        "FCVTXN (scalar)", "01 1 11110 0 1 10000 10110 10 Rn:5 Rd:5", null, "AdvSIMD");

    public static readonly Encoding FRINTN = Vector("FRINTN (vector)", "0", "0", "11000");
    public static readonly Encoding FRINTM = Vector("FRINTM (vector)", "0", "0", "11001");
    public static readonly Encoding FRINTP = Vector("FRINTP (vector)", "0", "1", "11000");
    public static readonly Encoding FRINTZ = Vector("FRINTZ (vector)", "0", "1", "11001");
    public static readonly Encoding FRINTA = Vector("FRINTA (vector)", "1", "0", "11000");
    public static readonly Encoding FRINTX = Vector("FRINTX (vector)", "1", "0", "11001");
    public static readonly Encoding FRINTI = Vector("FRINTI (vector)", "1", "1", "11001");

    public static readonly Encoding FCVTNS = Vector("FCVTNS (vector)", "0", "0", "11010");
    public static readonly Encoding FCVTMS = Vector("FCVTMS (vector)", "0", "0", "11011");
    public static readonly Encoding FCVTAS = Vector("FCVTAS (vector)", "0", "0", "11100");
    public static readonly Encoding SCVTF = Vector("SCVTF (vector, integer)", "0", "0", "11101");
    public static readonly Encoding FCVTPS = Vector("FCVTPS (vector)", "0", "1", "11010");
    public static readonly Encoding FCVTZS = Vector("FCVTZS (vector, integer)", "0", "1", "11011");
    public static readonly Encoding FCVTNU = Vector("FCVTNU (vector)", "1", "0", "11010");
    public static readonly Encoding FCVTMU = Vector("FCVTMU (vector)", "1", "0", "11011");
    public static readonly Encoding FCVTAU = Vector("FCVTAU (vector)", "1", "0", "11100");
    public static readonly Encoding UCVTF = Vector("UCVTF (vector, integer)", "1", "0", "11101");
    public static readonly Encoding FCVTPU = Vector("FCVTPU (vector)", "1", "1", "11010");
    public static readonly Encoding FCVTZU = Vector("FCVTZU (vector, integer)", "1", "1", "11011");

    public static readonly Encoding FCMGT_zero = Vector("FCMGT (zero, vector)", "0", "1", "01100");
    public static readonly Encoding FCMEQ_zero = Vector("FCMEQ (zero, vector)", "0", "1", "01101");
    public static readonly Encoding FCMLT_zero = Vector("FCMLT (zero, vector)", "0", "1", "01110");
    public static readonly Encoding FCMGE_zero = Vector("FCMGE (zero, vector)", "1", "1", "01100");
    public static readonly Encoding FCMLE_zero = Vector("FCMLE (zero, vector)", "1", "1", "01101");
    public static readonly Encoding FABS = Vector("FABS (vector)", "0", "1", "01111");
    public static readonly Encoding FNEG = Vector("FNEG (vector)", "1", "1", "01111");
    public static readonly Encoding FSQRT = Vector("FSQRT (vector)", "1", "1", "11111");
    public static readonly Encoding FRECPE = Vector("FRECPE (vector)", "0", "1", "11101");
    public static readonly Encoding FRSQRTE = Vector("FRSQRTE (vector)", "1", "1", "11101");
    public static readonly Encoding URECPE = Group.Add("URECPE", "0 Q:1 0 01110 1 0 10000 11100 10 Rn:5 Rd:5", null, "AdvSIMD");
    public static readonly Encoding URSQRTE = Group.Add("URSQRTE", "0 Q:1 1 01110 1 0 10000 11100 10 Rn:5 Rd:5", null, "AdvSIMD");

    public static readonly Encoding FCVTNS_scalar = Scalar("FCVTNS (vector, scalar form)", "0", "0", "11010");
    public static readonly Encoding FCVTMS_scalar = Scalar("FCVTMS (vector, scalar form)", "0", "0", "11011");
    public static readonly Encoding FCVTAS_scalar = Scalar("FCVTAS (vector, scalar form)", "0", "0", "11100");
    public static readonly Encoding SCVTF_scalar = Scalar("SCVTF (vector, integer, scalar form)", "0", "0", "11101");
    public static readonly Encoding FCVTPS_scalar = Scalar("FCVTPS (vector, scalar form)", "0", "1", "11010");
    public static readonly Encoding FCVTZS_scalar = Scalar("FCVTZS (vector, integer, scalar form)", "0", "1", "11011");
    public static readonly Encoding FCVTNU_scalar = Scalar("FCVTNU (vector, scalar form)", "1", "0", "11010");
    public static readonly Encoding FCVTMU_scalar = Scalar("FCVTMU (vector, scalar form)", "1", "0", "11011");
    public static readonly Encoding FCVTAU_scalar = Scalar("FCVTAU (vector, scalar form)", "1", "0", "11100");
    public static readonly Encoding UCVTF_scalar = Scalar("UCVTF (vector, integer, scalar form)", "1", "0", "11101");
    public static readonly Encoding FCVTPU_scalar = Scalar("FCVTPU (vector, scalar form)", "1", "1", "11010");
    public static readonly Encoding FCVTZU_scalar = Scalar("FCVTZU (vector, integer, scalar form)", "1", "1", "11011");
    public static readonly Encoding FCMGT_zero_scalar = Scalar("FCMGT (zero, scalar)", "0", "1", "01100");
    public static readonly Encoding FCMEQ_zero_scalar = Scalar("FCMEQ (zero, scalar)", "0", "1", "01101");
    public static readonly Encoding FCMLT_zero_scalar = Scalar("FCMLT (zero, scalar)", "0", "1", "01110");
    public static readonly Encoding FCMGE_zero_scalar = Scalar("FCMGE (zero, scalar)", "1", "1", "01100");
    public static readonly Encoding FCMLE_zero_scalar = Scalar("FCMLE (zero, scalar)", "1", "1", "01101");
    public static readonly Encoding FRECPE_scalar = Scalar("FRECPE (scalar)", "0", "1", "11101");
    public static readonly Encoding FRECPX = Scalar("FRECPX", "0", "1", "11111");
    public static readonly Encoding FRSQRTE_scalar = Scalar("FRSQRTE (scalar)", "1", "1", "11101");
#pragma warning restore CS1591

    private static Encoding Vector(string name, string u, string a, string opcode)
        => Group.Add(name, $"0 Q:1 {u} 01110 {a} sz:1 10000 {opcode} 10 Rn:5 Rd:5", HasArrangement, "AdvSIMD");

    private static Encoding Scalar(string name, string u, string a, string opcode)
        => Group.Add(name, $"01 {u} 11110 {a} sz:1 10000 {opcode} 10 Rn:5 Rd:5", null, "AdvSIMD");
}
