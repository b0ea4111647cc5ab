using E = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;
using S = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpShiftEncodings;

namespace Meanwhile.Arm64.Interpreter.FloatingPoint;

/// <summary>
/// Two-register miscellaneous, floating-point, and the fixed-point conversions of shift by immediate, vector and scalar (DDI0487 C7.2).
/// </summary>
internal static unsafe class VectorFpTwoRegister
{
    public static void Register(Binders b)
    {
        b.Add(E.FCVTL, &VectorFpPrecision.BindLong);
        b.Add(E.FCVTN, &VectorFpPrecision.BindNarrow);
        b.Add(E.FCVTXN, &VectorFpPrecision.BindNarrowToOdd);
        b.Add(E.FCVTXN_scalar, &VectorFpPrecision.BindScalarNarrowToOdd);

        b.Add(E.FRINTN, &RoundToIntegral.BindVector);
        b.Add(E.FRINTM, &RoundToIntegral.BindVector);
        b.Add(E.FRINTP, &RoundToIntegral.BindVector);
        b.Add(E.FRINTZ, &RoundToIntegral.BindVector);
        b.Add(E.FRINTA, &RoundToIntegral.BindVector);
        b.Add(E.FRINTX, &RoundToIntegral.BindVector);
        b.Add(E.FRINTI, &RoundToIntegral.BindVector);

        b.Add(E.FCVTNS, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTMS, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTPS, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTZS, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTAS, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.SCVTF, &VectorFpConversion.BindFrom<Signed32, Signed64>);
        b.Add(S.FCVTZS, &VectorFpConversion.BindToFixed<Signed32, Signed64>);
        b.Add(S.SCVTF, &VectorFpConversion.BindFromFixed<Signed32, Signed64>);
        b.Add(E.FCVTNU, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTMU, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTPU, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTZU, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTAU, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.UCVTF, &VectorFpConversion.BindFrom<Unsigned32, Unsigned64>);
        b.Add(S.FCVTZU, &VectorFpConversion.BindToFixed<Unsigned32, Unsigned64>);
        b.Add(S.UCVTF, &VectorFpConversion.BindFromFixed<Unsigned32, Unsigned64>);
        b.Add(E.FCVTNS_scalar, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTMS_scalar, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTPS_scalar, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTZS_scalar, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.FCVTAS_scalar, &VectorFpConversion.BindTo<Signed32, Signed64>);
        b.Add(E.SCVTF_scalar, &VectorFpConversion.BindFrom<Signed32, Signed64>);
        b.Add(S.FCVTZS_scalar, &VectorFpConversion.BindToFixed<Signed32, Signed64>);
        b.Add(S.SCVTF_scalar, &VectorFpConversion.BindFromFixed<Signed32, Signed64>);
        b.Add(E.FCVTNU_scalar, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTMU_scalar, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTPU_scalar, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTZU_scalar, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.FCVTAU_scalar, &VectorFpConversion.BindTo<Unsigned32, Unsigned64>);
        b.Add(E.UCVTF_scalar, &VectorFpConversion.BindFrom<Unsigned32, Unsigned64>);
        b.Add(S.FCVTZU_scalar, &VectorFpConversion.BindToFixed<Unsigned32, Unsigned64>);
        b.Add(S.UCVTF_scalar, &VectorFpConversion.BindFromFixed<Unsigned32, Unsigned64>);

        b.Add(E.FABS, &VectorFp.BindUnary<Abs>);
        b.Add(E.FNEG, &VectorFp.BindUnary<Negate>);
        b.Add(E.FSQRT, &VectorFp.BindUnary<SquareRoot>);
        b.Add(E.FRECPE, &VectorFp.BindUnary<ReciprocalEstimate>);
        b.Add(E.FRSQRTE, &VectorFp.BindUnary<ReciprocalSquareRootEstimate>);
        b.Add(E.URECPE, &VectorFp.BindUnary<UnsignedReciprocalEstimate>);
        b.Add(E.URSQRTE, &VectorFp.BindUnary<UnsignedReciprocalSquareRootEstimate>);
        b.Add(E.FCMEQ_zero, &VectorFp.BindUnary<EqualToZero>);
        b.Add(E.FCMGT_zero, &VectorFp.BindUnary<GreaterThanZero>);
        b.Add(E.FCMGE_zero, &VectorFp.BindUnary<GreaterOrEqualToZero>);
        b.Add(E.FCMLT_zero, &VectorFp.BindUnary<LessThanZero>);
        b.Add(E.FCMLE_zero, &VectorFp.BindUnary<LessOrEqualToZero>);

        b.Add(E.FCMEQ_zero_scalar, &ScalarFp.BindUnary<EqualToZero>);
        b.Add(E.FCMGT_zero_scalar, &ScalarFp.BindUnary<GreaterThanZero>);
        b.Add(E.FCMGE_zero_scalar, &ScalarFp.BindUnary<GreaterOrEqualToZero>);
        b.Add(E.FCMLT_zero_scalar, &ScalarFp.BindUnary<LessThanZero>);
        b.Add(E.FCMLE_zero_scalar, &ScalarFp.BindUnary<LessOrEqualToZero>);
        b.Add(E.FRECPE_scalar, &ScalarFp.BindUnary<ReciprocalEstimate>);
        b.Add(E.FRSQRTE_scalar, &ScalarFp.BindUnary<ReciprocalSquareRootEstimate>);
        b.Add(E.FRECPX, &ScalarFp.BindUnary<ReciprocalExponent>);
    }
}
