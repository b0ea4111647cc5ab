using static Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;

namespace Meanwhile.Arm64.Decoding.Encodings;

/// <summary>Scalar floating-point compare, conditional compare, conditional select and immediate (DDI0487 C4.1.96).</summary>
public static class FloatingPointCompareEncodings
{
#pragma warning disable CS1591 // The manual's names.
    public static readonly EncodingGroup Group = new("Floating-point compare, select and immediate");

    // Rm of the forms with zero should be zero; like other implementations, this one ignores it.
    public static readonly Encoding FCMP = Group.Add("FCMP", "0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 00000", SingleOrDouble);
    public static readonly Encoding FCMP_zero = Group.Add("FCMP (zero)", "0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 01000", SingleOrDouble);
    public static readonly Encoding FCMPE = Group.Add("FCMPE", "0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 10000", SingleOrDouble);
    public static readonly Encoding FCMPE_zero = Group.Add(
        "FCMPE (zero)", "0 0 0 11110 ftype:2 1 Rm:5 00 1000 Rn:5 11000", SingleOrDouble);
    public static readonly Encoding FCCMP = Group.Add("FCCMP", "0 0 0 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 0 nzcv:4", SingleOrDouble);
    public static readonly Encoding FCCMPE = Group.Add("FCCMPE", "0 0 0 11110 ftype:2 1 Rm:5 cond:4 01 Rn:5 1 nzcv:4", SingleOrDouble);
    public static readonly Encoding FCSEL = Group.Add("FCSEL", "0 0 0 11110 ftype:2 1 Rm:5 cond:4 11 Rn:5 Rd:5", SingleOrDouble);
    public static readonly Encoding FMOV_imm = Group.Add(
        "FMOV (scalar, immediate)", "0 0 0 11110 ftype:2 1 imm8:8 100 00000 Rd:5", SingleOrDouble);
#pragma warning restore CS1591
}
