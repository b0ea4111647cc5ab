using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Interpreter.Simd;

/// <summary>Advanced SIMD vector x indexed element, vector and scalar.</summary>
internal static unsafe class IndexedElement
{
    public static void Register(Binders b)
    {
        b.Add(SimdByElementEncodings.MLA, &Bind.ByElement<Mla>);
        b.Add(SimdByElementEncodings.MLS, &Bind.ByElement<Mls>);
        b.Add(SimdByElementEncodings.MUL, &Bind.ByElement<Mul>);
        b.Add(SimdByElementEncodings.SQDMULH, &Bind.ByElement<Lanes<QDMulH>>);
        b.Add(SimdByElementEncodings.SQRDMULH, &Bind.ByElement<Lanes<QRDMulH>>);
        b.Add(SimdByElementEncodings.SMLAL, &Bind.LongByElement<Mla>);
        b.Add(SimdByElementEncodings.UMLAL, &Bind.LongByElement<Mla>);
        b.Add(SimdByElementEncodings.SMLSL, &Bind.LongByElement<Mls>);
        b.Add(SimdByElementEncodings.UMLSL, &Bind.LongByElement<Mls>);
        b.Add(SimdByElementEncodings.SMULL, &Bind.LongByElement<Mul>);
        b.Add(SimdByElementEncodings.UMULL, &Bind.LongByElement<Mul>);
        b.Add(SimdByElementEncodings.SQDMLAL, &Bind.LongByElement<Lanes<QDMla>>);
        b.Add(SimdByElementEncodings.SQDMLSL, &Bind.LongByElement<Lanes<QDMls>>);
        b.Add(SimdByElementEncodings.SQDMULL, &Bind.LongByElement<Lanes<QDMul>>);

        b.Add(SimdScalarByElementEncodings.SQDMULH, &Bind.ScalarByElement<Lanes<QDMulH>>);
        b.Add(SimdScalarByElementEncodings.SQRDMULH, &Bind.ScalarByElement<Lanes<QRDMulH>>);
        b.Add(SimdScalarByElementEncodings.SQDMLAL, &Bind.ScalarLongByElement<Lanes<QDMla>>);
        b.Add(SimdScalarByElementEncodings.SQDMLSL, &Bind.ScalarLongByElement<Lanes<QDMls>>);
        b.Add(SimdScalarByElementEncodings.SQDMULL, &Bind.ScalarLongByElement<Lanes<QDMul>>);
    }
}
