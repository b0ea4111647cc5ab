using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD three different, vector and scalar.</summary>
internal static unsafe class ThreeDifferent
{
    public static void Register(Binders b)
    {
        b.Add(SimdThreeDifferentEncodings.SADDL, &Bind.Long<Add>);
        b.Add(SimdThreeDifferentEncodings.UADDL, &Bind.Long<Add>);
        b.Add(SimdThreeDifferentEncodings.SADDW, &Bind.Wide<Add>);
        b.Add(SimdThreeDifferentEncodings.UADDW, &Bind.Wide<Add>);
        b.Add(SimdThreeDifferentEncodings.SSUBL, &Bind.Long<Sub>);
        b.Add(SimdThreeDifferentEncodings.USUBL, &Bind.Long<Sub>);
        b.Add(SimdThreeDifferentEncodings.SSUBW, &Bind.Wide<Sub>);
        b.Add(SimdThreeDifferentEncodings.USUBW, &Bind.Wide<Sub>);
        b.Add(SimdThreeDifferentEncodings.ADDHN, &Bind.HighHalf<Add>);
        b.Add(SimdThreeDifferentEncodings.RADDHN, &Bind.HighHalf<AddRounding>);
        b.Add(SimdThreeDifferentEncodings.SUBHN, &Bind.HighHalf<Sub>);
        b.Add(SimdThreeDifferentEncodings.RSUBHN, &Bind.HighHalf<SubRounding>);
        b.Add(SimdThreeDifferentEncodings.SABAL, &Bind.Long<Aba>);
        b.Add(SimdThreeDifferentEncodings.UABAL, &Bind.Long<Aba>);
        b.Add(SimdThreeDifferentEncodings.SABDL, &Bind.Long<Abd>);
        b.Add(SimdThreeDifferentEncodings.UABDL, &Bind.Long<Abd>);
        b.Add(SimdThreeDifferentEncodings.SMLAL, &Bind.Long<Mla>);
        b.Add(SimdThreeDifferentEncodings.UMLAL, &Bind.Long<Mla>);
        b.Add(SimdThreeDifferentEncodings.SMLSL, &Bind.Long<Mls>);
        b.Add(SimdThreeDifferentEncodings.UMLSL, &Bind.Long<Mls>);
        b.Add(SimdThreeDifferentEncodings.SMULL, &Bind.Long<Mul>);
        b.Add(SimdThreeDifferentEncodings.UMULL, &Bind.Long<Mul>);
        b.Add(SimdThreeDifferentEncodings.SQDMLAL, &Bind.Long<Lanes<QDMla>>);
        b.Add(SimdThreeDifferentEncodings.SQDMLSL, &Bind.Long<Lanes<QDMls>>);
        b.Add(SimdThreeDifferentEncodings.SQDMULL, &Bind.Long<Lanes<QDMul>>);
        b.Add(SimdThreeDifferentEncodings.PMULL, &Bind.LongUnsigned<PolynomialMul>);
        b.Add(SimdThreeDifferentEncodings.PMULL_64, &PolynomialMulLong.Bind);

        b.Add(SimdScalarThreeDifferentEncodings.SQDMLAL, &Bind.ScalarLong<Lanes<QDMla>>);
        b.Add(SimdScalarThreeDifferentEncodings.SQDMLSL, &Bind.ScalarLong<Lanes<QDMls>>);
        b.Add(SimdScalarThreeDifferentEncodings.SQDMULL, &Bind.ScalarLong<Lanes<QDMul>>);
    }
}
