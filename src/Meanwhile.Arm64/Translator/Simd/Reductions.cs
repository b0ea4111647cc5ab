using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Operations on neighbouring lanes of two sources, and across all lanes of one (DDI0487 C4.1.96).</summary>
internal static unsafe class Reductions
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeSameEncodings.ADDP, VectorOnly, &AddPairs);
        lines.Add(SimdThreeSameEncodings.SMAXP, VectorOnly, &MaximumOfPairs);
        lines.Add(SimdThreeSameEncodings.UMAXP, VectorOnly, &MaximumOfPairs);
        lines.Add(SimdThreeSameEncodings.SMINP, VectorOnly, &MinimumOfPairs);
        lines.Add(SimdThreeSameEncodings.UMINP, VectorOnly, &MinimumOfPairs);
        lines.Add(SimdScalarPairwiseEncodings.ADDP, VectorOnly, &AddPair);
        lines.Add(SimdAcrossLanesEncodings.ADDV, VectorOnly, &AddAcross);
        lines.Add(SimdAcrossLanesEncodings.SADDLV, VectorOnly, &AddLongAcross);
        lines.Add(SimdAcrossLanesEncodings.UADDLV, VectorOnly, &AddLongAcross);
        lines.Add(SimdAcrossLanesEncodings.SMAXV, VectorOnly, &MaximumAcross);
        lines.Add(SimdAcrossLanesEncodings.UMAXV, VectorOnly, &MaximumAcross);
        lines.Add(SimdAcrossLanesEncodings.SMINV, VectorOnly, &MinimumAcross);
        lines.Add(SimdAcrossLanesEncodings.UMINV, VectorOnly, &MinimumAcross);
    }

    private static void AddPairs(UnitEmitter e, uint word) => Pairs(e, word, Add(Size(word)));

    private static void MaximumOfPairs(UnitEmitter e, uint word) => Pairs(e, word, Maximum(Size(word), U(word)));

    private static void MinimumOfPairs(UnitEmitter e, uint word) => Pairs(e, word, Minimum(Size(word), U(word)));

    private static void Pairs(UnitEmitter e, uint word, VectorOp op)
    {
        Permute.SeparateSources(e, word, Xmm0, Xmm1);
        e.A.Vector(op, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void AddPair(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.A.VectorUnary(Pshufd, Xmm1, Xmm0, 0b11_10_11_10);
        e.A.Vector(Paddq, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, full: false);
    }

    private static void MaximumAcross(UnitEmitter e, uint word) => Across(e, word, Maximum(Size(word), U(word)));

    private static void MinimumAcross(UnitEmitter e, uint word) => Across(e, word, Minimum(Size(word), U(word)));

    private static void Across(UnitEmitter e, uint word, VectorOp op)
    {
        e.LoadVector(Xmm0, N(word));
        Fold(e, op, Size(word), Q(word));
        StoreLowest(e, word, Size(word));
    }

    private static void AddAcross(UnitEmitter e, uint word)
    {
        int size = Size(word);
        if (size > 0)
        {
            Across(e, word, Add(size));
            return;
        }
        SumOfBytes(e, word);
        StoreLowest(e, word, 0);
    }

    /// <summary>The sum of unsigned bytes, in 64 bits of XMM0: what PSADBW is for.</summary>
    private static void SumOfBytes(UnitEmitter e, uint word)
    {
        e.LoadVector(Q(word) ? 16 : 8, Xmm0, N(word));
        e.A.Vector(Pxor, Xmm1, Xmm1, Xmm1);
        e.A.Vector(Psadbw, Xmm0, Xmm0, Xmm1);
        if (Q(word))
            Fold(e, Paddq, 3, full: true);
    }

    private static void AddLongAcross(UnitEmitter e, uint word)
    {
        int size = Size(word);
        if (size == 0 && U(word))
        {
            SumOfBytes(e, word);
        }
        else
        {
            e.LoadVector(Xmm0, N(word));
            Widening.AddNeighbours(e, size, U(word), Xmm0, Xmm1);
            Fold(e, Add(size + 1), size + 1, Q(word));
        }
        StoreLowest(e, word, size + 1);
    }

    /// <summary>Combines the lanes of XMM0, or of its low half, into the lowest one; changes XMM1.</summary>
    private static void Fold(UnitEmitter e, VectorOp op, int size, bool full)
    {
        if (full)
        {
            e.A.VectorUnary(Pshufd, Xmm1, Xmm0, 0b11_10_11_10);
            e.A.Vector(op, Xmm0, Xmm0, Xmm1);
        }
        for (int bits = 32; bits >= 8 << size; bits /= 2)
        {
            e.A.VectorShiftImmediate(VectorShift.Psrlq, Xmm1, Xmm0, bits);
            e.A.Vector(op, Xmm0, Xmm0, Xmm1);
        }
    }

    /// <summary>Writes the lowest lane of XMM0, and zero above it.</summary>
    private static void StoreLowest(UnitEmitter e, uint word, int size)
    {
        if (size < 3)
            e.WithConstant(Pand, Xmm0, Xmm0, (1UL << (8 << size)) - 1, 0);
        e.StoreVector(D(word), Xmm0, full: size < 3);
    }
}
