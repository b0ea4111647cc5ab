using E = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpThreeSameEncodings;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>Three same, floating-point, vector and scalar (DDI0487 C7.2).</summary>
internal static unsafe class VectorFpThreeSame
{
    public static void Register(Binders b)
    {
        b.Add(E.FADD, &VectorFp.BindBinary<Add>);
        b.Add(E.FSUB, &VectorFp.BindBinary<Subtract>);
        b.Add(E.FABD, &VectorFp.BindBinary<AbsoluteDifference>);
        b.Add(E.FMUL, &VectorFp.BindBinary<Multiply>);
        b.Add(E.FMULX, &VectorFp.BindBinary<MultiplyExtended>);
        b.Add(E.FDIV, &VectorFp.BindBinary<Divide>);
        b.Add(E.FMLA, &VectorFp.BindTernary<MultiplyAdd>);
        b.Add(E.FMLS, &VectorFp.BindTernary<MultiplySubtract>);
        b.Add(E.FMAX, &VectorFp.BindBinary<Max>);
        b.Add(E.FMIN, &VectorFp.BindBinary<Min>);
        b.Add(E.FMAXNM, &VectorFp.BindBinary<MaxNumber>);
        b.Add(E.FMINNM, &VectorFp.BindBinary<MinNumber>);
        b.Add(E.FCMEQ, &VectorFp.BindBinary<EqualTo>);
        b.Add(E.FCMGE, &VectorFp.BindBinary<GreaterOrEqual>);
        b.Add(E.FCMGT, &VectorFp.BindBinary<GreaterThan>);
        b.Add(E.FACGE, &VectorFp.BindBinary<AbsoluteGreaterOrEqual>);
        b.Add(E.FACGT, &VectorFp.BindBinary<AbsoluteGreaterThan>);
        b.Add(E.FRECPS, &VectorFp.BindBinary<ReciprocalStep>);
        b.Add(E.FRSQRTS, &VectorFp.BindBinary<ReciprocalSquareRootStep>);

        b.Add(E.FADDP, &VectorFpPairwise.BindVector<Add>);
        b.Add(E.FMAXP, &VectorFpPairwise.BindVector<Max>);
        b.Add(E.FMINP, &VectorFpPairwise.BindVector<Min>);
        b.Add(E.FMAXNMP, &VectorFpPairwise.BindVector<MaxNumber>);
        b.Add(E.FMINNMP, &VectorFpPairwise.BindVector<MinNumber>);

        b.Add(E.FABD_scalar, &ScalarFp.BindBinary<AbsoluteDifference>);
        b.Add(E.FMULX_scalar, &ScalarFp.BindBinary<MultiplyExtended>);
        b.Add(E.FCMEQ_scalar, &ScalarFp.BindBinary<EqualTo>);
        b.Add(E.FCMGE_scalar, &ScalarFp.BindBinary<GreaterOrEqual>);
        b.Add(E.FCMGT_scalar, &ScalarFp.BindBinary<GreaterThan>);
        b.Add(E.FACGE_scalar, &ScalarFp.BindBinary<AbsoluteGreaterOrEqual>);
        b.Add(E.FACGT_scalar, &ScalarFp.BindBinary<AbsoluteGreaterThan>);
        b.Add(E.FRECPS_scalar, &ScalarFp.BindBinary<ReciprocalStep>);
        b.Add(E.FRSQRTS_scalar, &ScalarFp.BindBinary<ReciprocalSquareRootStep>);
    }
}
