using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD three same, vector and scalar.</summary>
internal static unsafe class ThreeSame
{
    public static void Register(Binders b)
    {
        b.Add(SimdThreeSameEncodings.SHADD, &Bind.BySign<HAdd>);
        b.Add(SimdThreeSameEncodings.UHADD, &Bind.BySign<HAdd>);
        b.Add(SimdThreeSameEncodings.SQADD, &Bind.BySign<Lanes<QAdd>>);
        b.Add(SimdThreeSameEncodings.UQADD, &Bind.BySign<Lanes<QAdd>>);
        b.Add(SimdThreeSameEncodings.SRHADD, &Bind.BySign<RHAdd>);
        b.Add(SimdThreeSameEncodings.URHADD, &Bind.BySign<RHAdd>);
        b.Add(SimdThreeSameEncodings.SHSUB, &Bind.BySign<HSub>);
        b.Add(SimdThreeSameEncodings.UHSUB, &Bind.BySign<HSub>);
        b.Add(SimdThreeSameEncodings.SQSUB, &Bind.BySign<Lanes<QSub>>);
        b.Add(SimdThreeSameEncodings.UQSUB, &Bind.BySign<Lanes<QSub>>);
        b.Add(SimdThreeSameEncodings.SSHL, &Bind.BySign<Lanes<RegisterShift>>);
        b.Add(SimdThreeSameEncodings.USHL, &Bind.BySign<Lanes<RegisterShift>>);
        b.Add(SimdThreeSameEncodings.SQSHL, &Bind.BySign<Lanes<RegisterShiftSaturating>>);
        b.Add(SimdThreeSameEncodings.UQSHL, &Bind.BySign<Lanes<RegisterShiftSaturating>>);
        b.Add(SimdThreeSameEncodings.SRSHL, &Bind.BySign<Lanes<RegisterShiftRounding>>);
        b.Add(SimdThreeSameEncodings.URSHL, &Bind.BySign<Lanes<RegisterShiftRounding>>);
        b.Add(SimdThreeSameEncodings.SQRSHL, &Bind.BySign<Lanes<RegisterShiftSaturatingRounding>>);
        b.Add(SimdThreeSameEncodings.UQRSHL, &Bind.BySign<Lanes<RegisterShiftSaturatingRounding>>);
        b.Add(SimdThreeSameEncodings.SMAX, &Bind.BySign<Max>);
        b.Add(SimdThreeSameEncodings.UMAX, &Bind.BySign<Max>);
        b.Add(SimdThreeSameEncodings.SMIN, &Bind.BySign<Min>);
        b.Add(SimdThreeSameEncodings.UMIN, &Bind.BySign<Min>);
        b.Add(SimdThreeSameEncodings.SABD, &Bind.BySign<Abd>);
        b.Add(SimdThreeSameEncodings.UABD, &Bind.BySign<Abd>);
        b.Add(SimdThreeSameEncodings.SABA, &Bind.BySign<Aba>);
        b.Add(SimdThreeSameEncodings.UABA, &Bind.BySign<Aba>);
        b.Add(SimdThreeSameEncodings.SMAXP, &Bind.PairsBySign<Max>);
        b.Add(SimdThreeSameEncodings.UMAXP, &Bind.PairsBySign<Max>);
        b.Add(SimdThreeSameEncodings.SMINP, &Bind.PairsBySign<Min>);
        b.Add(SimdThreeSameEncodings.UMINP, &Bind.PairsBySign<Min>);
        b.Add(SimdThreeSameEncodings.CMGT, &Bind.BySign<CmGt>);
        b.Add(SimdThreeSameEncodings.CMHI, &Bind.BySign<CmGt>);
        b.Add(SimdThreeSameEncodings.CMGE, &Bind.BySign<CmGe>);
        b.Add(SimdThreeSameEncodings.CMHS, &Bind.BySign<CmGe>);
        b.Add(SimdThreeSameEncodings.CMTST, &Bind.Unsigned<CmTst>);
        b.Add(SimdThreeSameEncodings.CMEQ, &Bind.Unsigned<CmEq>);
        b.Add(SimdThreeSameEncodings.ADD, &Bind.Unsigned<Add>);
        b.Add(SimdThreeSameEncodings.SUB, &Bind.Unsigned<Sub>);
        b.Add(SimdThreeSameEncodings.ADDP, &Bind.PairsBySign<Add>);
        b.Add(SimdThreeSameEncodings.MLA, &Bind.Unsigned<Mla>);
        b.Add(SimdThreeSameEncodings.MLS, &Bind.Unsigned<Mls>);
        b.Add(SimdThreeSameEncodings.MUL, &Bind.Unsigned<Mul>);
        b.Add(SimdThreeSameEncodings.PMUL, &Bind.Unsigned<PolynomialMul>);
        b.Add(SimdThreeSameEncodings.SQDMULH, &Bind.Signed<Lanes<QDMulH>>);
        b.Add(SimdThreeSameEncodings.SQRDMULH, &Bind.Signed<Lanes<QRDMulH>>);

        b.Add(SimdThreeSameEncodings.AND, &Bind.Bytes<And>);
        b.Add(SimdThreeSameEncodings.BIC, &Bind.Bytes<Bic>);
        b.Add(SimdThreeSameEncodings.ORR, &Bind.Bytes<Orr>);
        b.Add(SimdThreeSameEncodings.ORN, &Bind.Bytes<Orn>);
        b.Add(SimdThreeSameEncodings.EOR, &Bind.Bytes<Eor>);
        b.Add(SimdThreeSameEncodings.BSL, &Bind.Bytes<Bsl>);
        b.Add(SimdThreeSameEncodings.BIT, &Bind.Bytes<Bit>);
        b.Add(SimdThreeSameEncodings.BIF, &Bind.Bytes<Bif>);

        b.Add(SimdScalarThreeSameEncodings.SQADD, &Bind.ScalarBySign<Lanes<QAdd>>);
        b.Add(SimdScalarThreeSameEncodings.UQADD, &Bind.ScalarBySign<Lanes<QAdd>>);
        b.Add(SimdScalarThreeSameEncodings.SQSUB, &Bind.ScalarBySign<Lanes<QSub>>);
        b.Add(SimdScalarThreeSameEncodings.UQSUB, &Bind.ScalarBySign<Lanes<QSub>>);
        b.Add(SimdScalarThreeSameEncodings.SSHL, &Bind.ScalarBySign<Lanes<RegisterShift>>);
        b.Add(SimdScalarThreeSameEncodings.USHL, &Bind.ScalarBySign<Lanes<RegisterShift>>);
        b.Add(SimdScalarThreeSameEncodings.SQSHL, &Bind.ScalarBySign<Lanes<RegisterShiftSaturating>>);
        b.Add(SimdScalarThreeSameEncodings.UQSHL, &Bind.ScalarBySign<Lanes<RegisterShiftSaturating>>);
        b.Add(SimdScalarThreeSameEncodings.SRSHL, &Bind.ScalarBySign<Lanes<RegisterShiftRounding>>);
        b.Add(SimdScalarThreeSameEncodings.URSHL, &Bind.ScalarBySign<Lanes<RegisterShiftRounding>>);
        b.Add(SimdScalarThreeSameEncodings.SQRSHL, &Bind.ScalarBySign<Lanes<RegisterShiftSaturatingRounding>>);
        b.Add(SimdScalarThreeSameEncodings.UQRSHL, &Bind.ScalarBySign<Lanes<RegisterShiftSaturatingRounding>>);
        b.Add(SimdScalarThreeSameEncodings.CMGT, &Bind.ScalarBySign<CmGt>);
        b.Add(SimdScalarThreeSameEncodings.CMHI, &Bind.ScalarBySign<CmGt>);
        b.Add(SimdScalarThreeSameEncodings.CMGE, &Bind.ScalarBySign<CmGe>);
        b.Add(SimdScalarThreeSameEncodings.CMHS, &Bind.ScalarBySign<CmGe>);
        b.Add(SimdScalarThreeSameEncodings.CMTST, &Bind.ScalarUnsigned<CmTst>);
        b.Add(SimdScalarThreeSameEncodings.CMEQ, &Bind.ScalarUnsigned<CmEq>);
        b.Add(SimdScalarThreeSameEncodings.ADD, &Bind.ScalarUnsigned<Add>);
        b.Add(SimdScalarThreeSameEncodings.SUB, &Bind.ScalarUnsigned<Sub>);
        b.Add(SimdScalarThreeSameEncodings.SQDMULH, &Bind.ScalarSigned<Lanes<QDMulH>>);
        b.Add(SimdScalarThreeSameEncodings.SQRDMULH, &Bind.ScalarSigned<Lanes<QRDMulH>>);
    }
}
