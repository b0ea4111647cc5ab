namespace Meanwhile.Arm64.Translator.X64;

/// <summary>
/// Floating-point instructions, in the form of <see cref="VectorOp"/>. Those named after an operation alone are of packed singles:
/// <see cref="FloatingPoint.FloatForm"/> makes them the other three.
/// </summary>
internal static class FloatOp
{
#pragma warning disable CS1591 // The architecture's names.
    public const VectorOp Add = (VectorOp)0x0_0_1_58;
    public const VectorOp Mul = (VectorOp)0x0_0_1_59;
    public const VectorOp Sub = (VectorOp)0x0_0_1_5C;
    public const VectorOp Min = (VectorOp)0x0_0_1_5D;
    public const VectorOp Div = (VectorOp)0x0_0_1_5E;
    public const VectorOp Max = (VectorOp)0x0_0_1_5F;
    public const VectorOp Sqrt = (VectorOp)0x0_0_1_51;
    public const VectorOp Cmp = (VectorOp)0x0_0_1_C2;

    // Of packed singles in their own encodings.
    public const VectorOp Ucomiss = (VectorOp)0x0_0_1_2E;
    public const VectorOp Ucomisd = (VectorOp)0x0_1_1_2E;
    public const VectorOp Movmskps = (VectorOp)0x0_0_1_50;
    public const VectorOp Movmskpd = (VectorOp)0x0_1_1_50;
    public const VectorOp Roundps = (VectorOp)0x0_1_3_08;
    public const VectorOp Roundpd = (VectorOp)0x0_1_3_09;
    public const VectorOp Roundss = (VectorOp)0x0_1_3_0A;
    public const VectorOp Roundsd = (VectorOp)0x0_1_3_0B;

    // Conversions
    public const VectorOp Cvtss2sd = (VectorOp)0x0_2_1_5A;
    public const VectorOp Cvtsd2ss = (VectorOp)0x0_3_1_5A;
    public const VectorOp Cvtps2pd = (VectorOp)0x0_0_1_5A;
    public const VectorOp Cvtpd2ps = (VectorOp)0x0_1_1_5A;
    public const VectorOp Cvtdq2ps = (VectorOp)0x0_0_1_5B;
    public const VectorOp Cvttps2dq = (VectorOp)0x0_2_1_5B;

    /// <summary>From and to 64-bit general-purpose registers.</summary>
    public const VectorOp Cvtsi2ss = (VectorOp)0x1_2_1_2A;
    public const VectorOp Cvtsi2sd = (VectorOp)0x1_3_1_2A;
    public const VectorOp Cvttss2si = (VectorOp)0x1_2_1_2C;
    public const VectorOp Cvttsd2si = (VectorOp)0x1_3_1_2C;

    /// <summary>Needs F16C.</summary>
    public const VectorOp Cvtph2ps = (VectorOp)0x0_1_2_13;

    // Fused, of packed singles: destination = +-(second * third) +- destination. Need FMA.
    public const VectorOp Fmadd231 = (VectorOp)0x0_1_2_B8;
    public const VectorOp Fmsub231 = (VectorOp)0x0_1_2_BA;
    public const VectorOp Fnmadd231 = (VectorOp)0x0_1_2_BC;
    public const VectorOp Fnmsub231 = (VectorOp)0x0_1_2_BE;
#pragma warning restore CS1591
}

/// <summary>The predicate of CMPPS and its like (SDM, CMPPD table): quiet, so that no operand sets a flag that matters.</summary>
internal enum FloatPredicate
{
    /// <summary>Equal, ordered.</summary>
    Equal = 0,

    /// <summary>Less, ordered.</summary>
    Less = 0x11,

    /// <summary>Less or equal, ordered.</summary>
    LessOrEqual = 0x12,

    /// <summary>Unordered.</summary>
    Unordered = 3,
}
