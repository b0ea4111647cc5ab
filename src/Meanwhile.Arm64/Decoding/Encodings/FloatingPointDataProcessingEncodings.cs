namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>
/// Scalar floating-point data-processing with 1, 2 and 3 sources (DDI0487 C4.1.96). Half precision arithmetic is FEAT_FP16, not here.
/// </summary>
public static class FloatingPointDataProcessingEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Floating-point data-processing");

    // 1 source
    public static readonly Encoding FMOV_reg = One("FMOV (register)", "000000");
    public static readonly Encoding FABS = One("FABS (scalar)", "000001");
    public static readonly Encoding FNEG = One("FNEG (scalar)", "000010");
    public static readonly Encoding FSQRT = One("FSQRT (scalar)", "000011");
    public static readonly Encoding FCVT = Group.Add(
        "FCVT", "0 0 0 11110 ftype:2 1 0001 opc:2 10000 Rn:5 Rd:5", w => FType(w) != 2 && Opc(w) != 2 && FType(w) != Opc(w));
    public static readonly Encoding FRINTN = One("FRINTN (scalar)", "001000");
    public static readonly Encoding FRINTP = One("FRINTP (scalar)", "001001");
    public static readonly Encoding FRINTM = One("FRINTM (scalar)", "001010");
    public static readonly Encoding FRINTZ = One("FRINTZ (scalar)", "001011");
    public static readonly Encoding FRINTA = One("FRINTA (scalar)", "001100");
    public static readonly Encoding FRINTX = One("FRINTX (scalar)", "001110");
    public static readonly Encoding FRINTI = One("FRINTI (scalar)", "001111");

    // 2 source
    public static readonly Encoding FMUL = Two("FMUL (scalar)", "0000");
    public static readonly Encoding FDIV = Two("FDIV (scalar)", "0001");
    public static readonly Encoding FADD = Two("FADD (scalar)", "0010");
    public static readonly Encoding FSUB = Two("FSUB (scalar)", "0011");
    public static readonly Encoding FMAX = Two("FMAX (scalar)", "0100");
    public static readonly Encoding FMIN = Two("FMIN (scalar)", "0101");
    public static readonly Encoding FMAXNM = Two("FMAXNM (scalar)", "0110");
    public static readonly Encoding FMINNM = Two("FMINNM (scalar)", "0111");
    public static readonly Encoding FNMUL = Two("FNMUL (scalar)", "1000");

    // 3 source
    public static readonly Encoding FMADD = Three("FMADD", "0", "0");
    public static readonly Encoding FMSUB = Three("FMSUB", "0", "1");
    public static readonly Encoding FNMADD = Three("FNMADD", "1", "0");
    public static readonly Encoding FNMSUB = Three("FNMSUB", "1", "1");
#pragma warning restore CS1591

    private static Encoding One(string name, string opcode)
        => Group.Add(name, $"0 0 0 11110 ftype:2 1 {opcode} 10000 Rn:5 Rd:5", SingleOrDouble);

    private static Encoding Two(string name, string opcode)
        => Group.Add(name, $"0 0 0 11110 ftype:2 1 Rm:5 {opcode} 10 Rn:5 Rd:5", SingleOrDouble);

    private static Encoding Three(string name, string o1, string o0)
        => Group.Add(name, $"0 0 0 11111 ftype:2 {o1} Rm:5 {o0} Ra:5 Rn:5 Rd:5", SingleOrDouble);

    private static uint FType(uint w) => (w >> 22) & 3;

    private static uint Opc(uint w) => (w >> 15) & 3;

    /// <summary>ftype 00 is single precision, 01 double; 11 is half precision and 10 unallocated.</summary>
    internal static bool SingleOrDouble(uint w) => FType(w) < 2;
}
