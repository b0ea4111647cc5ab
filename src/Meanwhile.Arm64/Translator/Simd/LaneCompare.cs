using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Comparisons of lanes, with a register or zero (DDI0487 C4.1.96: three same, two-register miscellaneous, and their scalar forms).</summary>
internal static unsafe class LaneCompare
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeSameEncodings.CMEQ, VectorOnly, &Equal);
        lines.Add(SimdThreeSameEncodings.CMTST, VectorOnly, &Test);
        lines.Add(SimdThreeSameEncodings.CMGT, VectorOnly, &Greater);
        lines.Add(SimdThreeSameEncodings.CMGE, VectorOnly, &GreaterOrEqual);
        lines.Add(SimdThreeSameEncodings.CMHI, VectorOnly, &Higher);
        lines.Add(SimdThreeSameEncodings.CMHS, VectorOnly, &GreaterOrEqual);
        lines.Add(SimdScalarThreeSameEncodings.CMEQ, VectorOnly, &Equal);
        lines.Add(SimdScalarThreeSameEncodings.CMTST, VectorOnly, &Test);
        lines.Add(SimdScalarThreeSameEncodings.CMGT, VectorOnly, &Greater);
        lines.Add(SimdScalarThreeSameEncodings.CMGE, VectorOnly, &GreaterOrEqual);
        lines.Add(SimdScalarThreeSameEncodings.CMHI, VectorOnly, &Higher);
        lines.Add(SimdScalarThreeSameEncodings.CMHS, VectorOnly, &GreaterOrEqual);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CMEQ_zero, VectorOnly, &EqualZero);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CMGT_zero, VectorOnly, &GreaterZero);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CMGE_zero, VectorOnly, &GreaterOrEqualZero);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CMLE_zero, VectorOnly, &LessOrEqualZero);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.CMLT_zero, VectorOnly, &LessZero);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMEQ_zero, VectorOnly, &EqualZero);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMGT_zero, VectorOnly, &GreaterZero);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMGE_zero, VectorOnly, &GreaterOrEqualZero);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMLE_zero, VectorOnly, &LessOrEqualZero);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.CMLT_zero, VectorOnly, &LessZero);
    }

    private static void Equal(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.Vector(CompareEqual(Size(word)), Xmm0, Xmm0, M(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Test(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        if (N(word) != M(word))
            e.Vector(Pand, Xmm0, Xmm0, M(word));
        e.A.Vector(Pxor, Xmm1, Xmm1, Xmm1);
        e.A.Vector(CompareEqual(Size(word)), Xmm0, Xmm0, Xmm1);
        Bitwise.Invert(e, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Greater(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.Vector(CompareGreater(Size(word)), Xmm0, Xmm0, M(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Signed or unsigned. The greater of both is N; for 64 bits, which have no maximum, M is not greater.</summary>
    private static void GreaterOrEqual(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.LoadVector(Xmm1, N(word));
        if (size < 3)
        {
            e.Vector(Maximum(size, U(word)), Xmm0, Xmm1, M(word));
            e.A.Vector(CompareEqual(size), Xmm0, Xmm0, Xmm1);
        }
        else
        {
            e.LoadVector(Xmm0, M(word));
            if (U(word))
                FlipSigns(e, Xmm0, Xmm1);
            e.A.Vector(Pcmpgtq, Xmm0, Xmm0, Xmm1);
            Bitwise.Invert(e, Xmm0, Xmm1);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Unsigned. The lesser of both is not N; for 64 bits a signed comparison of what lies 2^63 lower.</summary>
    private static void Higher(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.LoadVector(Xmm1, N(word));
        if (size < 3)
        {
            e.Vector(Minimum(size, true), Xmm0, Xmm1, M(word));
            e.A.Vector(CompareEqual(size), Xmm0, Xmm0, Xmm1);
            Bitwise.Invert(e, Xmm0, Xmm1);
        }
        else
        {
            e.LoadVector(Xmm0, M(word));
            FlipSigns(e, Xmm0, Xmm1);
            e.A.Vector(Pcmpgtq, Xmm0, Xmm1, Xmm0);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void FlipSigns(UnitEmitter e, VectorRegister a, VectorRegister b)
    {
        e.LoadConstant(Xmm2, 1UL << 63, 1UL << 63);
        e.A.Vector(Pxor, a, a, Xmm2);
        e.A.Vector(Pxor, b, b, Xmm2);
    }

    private static void EqualZero(UnitEmitter e, uint word)
    {
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm0);
        e.Vector(CompareEqual(Size(word)), Xmm0, Xmm0, N(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void GreaterZero(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.A.Vector(Pxor, Xmm1, Xmm1, Xmm1);
        e.A.Vector(CompareGreater(Size(word)), Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Greater than -1.</summary>
    private static void GreaterOrEqualZero(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.A.Vector(Pcmpeqd, Xmm1, Xmm1, Xmm1);
        e.A.Vector(CompareGreater(Size(word)), Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void LessZero(UnitEmitter e, uint word)
    {
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm0);
        e.Vector(CompareGreater(Size(word)), Xmm0, Xmm0, N(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>1 is greater.</summary>
    private static void LessOrEqualZero(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.LoadConstant(Xmm0, Repeat(size, 1), Repeat(size, 1));
        e.Vector(CompareGreater(size), Xmm0, Xmm0, N(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }
}
