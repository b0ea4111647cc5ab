using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Lane-wise addition, subtraction, comparison, minimum and maximum, differences and negation (DDI0487 C4.1.96: three same and others).</summary>
internal static unsafe class LaneArithmetic
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeSameEncodings.ADD, VectorOnly, &AddLanes);
        lines.Add(SimdThreeSameEncodings.SUB, VectorOnly, &SubtractLanes);
        lines.Add(SimdThreeSameEncodings.SMAX, VectorOnly, &Maximum);
        lines.Add(SimdThreeSameEncodings.UMAX, VectorOnly, &Maximum);
        lines.Add(SimdThreeSameEncodings.SMIN, VectorOnly, &Minimum);
        lines.Add(SimdThreeSameEncodings.UMIN, VectorOnly, &Minimum);
        lines.Add(SimdThreeSameEncodings.SABD, VectorOnly, &Difference);
        lines.Add(SimdThreeSameEncodings.UABD, VectorOnly, &Difference);
        lines.Add(SimdThreeSameEncodings.SABA, VectorOnly, &DifferenceAccumulate);
        lines.Add(SimdThreeSameEncodings.UABA, VectorOnly, &DifferenceAccumulate);
        lines.Add(SimdThreeSameEncodings.SHADD, VectorOnly, &HalveSum);
        lines.Add(SimdThreeSameEncodings.UHADD, VectorOnly, &HalveSum);
        lines.Add(SimdThreeSameEncodings.SRHADD, VectorOnly, &HalveSumRounding);
        lines.Add(SimdThreeSameEncodings.URHADD, VectorOnly, &HalveSumRounding);
        lines.Add(SimdThreeSameEncodings.SHSUB, VectorOnly, &HalveDifference);
        lines.Add(SimdThreeSameEncodings.UHSUB, VectorOnly, &HalveDifference);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.ABS, VectorOnly, &Absolute);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.NEG, VectorOnly, &Negate);
        lines.Add(SimdScalarThreeSameEncodings.ADD, VectorOnly, &AddLanes);
        lines.Add(SimdScalarThreeSameEncodings.SUB, VectorOnly, &SubtractLanes);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.ABS, VectorOnly, &Absolute);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.NEG, VectorOnly, &Negate);
    }

    /// <summary>The absolute difference of lanes of 8, 16 or 32 bits in <paramref name="n"/> and <paramref name="m"/>, into n; changes the scratch register.</summary>
    public static void AbsoluteDifference(UnitEmitter e, int size, bool unsigned, VectorRegister n, VectorRegister m, VectorRegister scratch)
    {
        e.A.Vector(Arrangement.Maximum(size, unsigned), scratch, n, m);
        e.A.Vector(Arrangement.Minimum(size, unsigned), n, n, m);
        e.A.Vector(Subtract(size), n, scratch, n);
    }

    private static void AddLanes(UnitEmitter e, uint word) => Simple(e, word, Arrangement.Add(Size(word)));

    private static void SubtractLanes(UnitEmitter e, uint word) => Simple(e, word, Subtract(Size(word)));

    private static void Maximum(UnitEmitter e, uint word) => Simple(e, word, Arrangement.Maximum(Size(word), U(word)));

    private static void Minimum(UnitEmitter e, uint word) => Simple(e, word, Arrangement.Minimum(Size(word), U(word)));

    private static void Simple(UnitEmitter e, uint word, VectorOp op)
    {
        e.LoadVector(Xmm0, N(word));
        e.Vector(op, Xmm0, Xmm0, M(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Difference(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.LoadVector(Xmm1, M(word));
        AbsoluteDifference(e, Size(word), U(word), Xmm0, Xmm1, Xmm2);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void DifferenceAccumulate(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.LoadVector(Xmm1, M(word));
        AbsoluteDifference(e, Size(word), U(word), Xmm0, Xmm1, Xmm2);
        e.Vector(Arrangement.Add(Size(word)), Xmm0, Xmm0, D(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>N in XMM1, and half of what differs between N and M in XMM0: sums and differences are made of it without a carry.</summary>
    private static void HalveWhatDiffers(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm1, N(word));
        e.Vector(Pxor, Xmm0, Xmm1, M(word));
        LaneShift.Right(e, Size(word), U(word), Xmm0, 1, Xmm2);
    }

    /// <summary>What both have, and half of what differs.</summary>
    private static void HalveSum(UnitEmitter e, uint word)
    {
        HalveWhatDiffers(e, word);
        e.Vector(Pand, Xmm1, Xmm1, M(word));
        e.A.Vector(Arrangement.Add(Size(word)), Xmm0, Xmm1, Xmm0);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>What any has, less half of what differs.</summary>
    private static void HalveSumRounding(UnitEmitter e, uint word)
    {
        int size = Size(word);
        if (size < 2 && U(word))
        {
            Simple(e, word, size == 0 ? Pavgb : Pavgw);
            return;
        }
        HalveWhatDiffers(e, word);
        e.Vector(Por, Xmm1, Xmm1, M(word));
        e.A.Vector(Subtract(size), Xmm0, Xmm1, Xmm0);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Half of what differs, less what M has and N has not.</summary>
    private static void HalveDifference(UnitEmitter e, uint word)
    {
        HalveWhatDiffers(e, word);
        e.Vector(Pandn, Xmm1, Xmm1, M(word));
        e.A.Vector(Subtract(Size(word)), Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Negate(UnitEmitter e, uint word)
    {
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm0);
        e.Vector(Subtract(Size(word)), Xmm0, Xmm0, N(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Absolute(UnitEmitter e, uint word)
    {
        int size = Size(word);
        if (size < 3)
        {
            e.VectorUnary(BySize(size, Pabsb, Pabsw, Pabsd), Xmm0, N(word));
        }
        else
        {
            e.LoadVector(Xmm0, N(word));
            e.A.Vector(Pxor, Xmm1, Xmm1, Xmm1);
            e.A.Vector(Pcmpgtq, Xmm1, Xmm1, Xmm0);
            e.A.Vector(Pxor, Xmm0, Xmm0, Xmm1);
            e.A.Vector(Psubq, Xmm0, Xmm0, Xmm1);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }
}
