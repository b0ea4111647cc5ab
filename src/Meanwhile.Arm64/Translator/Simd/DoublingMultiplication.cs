using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Saturating doubling multiplication, of lanes and by one element, vector and scalar (DDI0487 C4.1.96: SQDMULH, SQDMULL and their kin).</summary>
/// <remarks>Twice a product does not fit only where both factors are the most negative number: it wraps around to that of the result.</remarks>
internal static unsafe class DoublingMultiplication
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeSameEncodings.SQDMULH, Traits.KeepsVectorCopies, &HighHalf);
        lines.Add(SimdThreeSameEncodings.SQRDMULH, Traits.KeepsVectorCopies, &HighHalfRounding);
        lines.Add(SimdScalarThreeSameEncodings.SQDMULH, Traits.KeepsVectorCopies, &HighHalf);
        lines.Add(SimdScalarThreeSameEncodings.SQRDMULH, Traits.KeepsVectorCopies, &HighHalfRounding);
        lines.Add(SimdThreeDifferentEncodings.SQDMULL, Traits.KeepsVectorCopies, &Long);
        lines.Add(SimdThreeDifferentEncodings.SQDMLAL, Traits.KeepsVectorCopies, &LongAdd);
        lines.Add(SimdThreeDifferentEncodings.SQDMLSL, Traits.KeepsVectorCopies, &LongSubtract);
        if (!lines.Features.Avx2)
            return;
        lines.Add(SimdByElementEncodings.SQDMULH, Traits.KeepsVectorCopies, &HighHalfByElement);
        lines.Add(SimdByElementEncodings.SQRDMULH, Traits.KeepsVectorCopies, &HighHalfRoundingByElement);
        lines.Add(SimdScalarByElementEncodings.SQDMULH, Traits.KeepsVectorCopies, &HighHalfByElement);
        lines.Add(SimdScalarByElementEncodings.SQRDMULH, Traits.KeepsVectorCopies, &HighHalfRoundingByElement);
        lines.Add(SimdByElementEncodings.SQDMULL, Traits.KeepsVectorCopies, &LongByElement);
        lines.Add(SimdByElementEncodings.SQDMLAL, Traits.KeepsVectorCopies, &LongAddByElement);
        lines.Add(SimdByElementEncodings.SQDMLSL, Traits.KeepsVectorCopies, &LongSubtractByElement);
    }

    private static void HighHalf(UnitEmitter e, uint word) => High(e, word, rounds: false, byElement: false);

    private static void HighHalfRounding(UnitEmitter e, uint word) => High(e, word, rounds: true, byElement: false);

    private static void HighHalfByElement(UnitEmitter e, uint word) => High(e, word, rounds: false, byElement: true);

    private static void HighHalfRoundingByElement(UnitEmitter e, uint word) => High(e, word, rounds: true, byElement: true);

    private static void High(UnitEmitter e, uint word, bool rounds, bool byElement)
    {
        int size = Size(word);
        // What is zero in N stays zero, whatever M has there.
        Saturating.LoadSource(e, word, size, Xmm0, N(word));
        if (byElement)
            Multiplication.LoadElement(e, word);
        else
            e.LoadVector(Xmm1, M(word));
        if (size == 1)
            HighHalfwords(e.A, rounds);
        else
            HighWords(e, rounds);
        Saturating.LimitMinimum(e, size);
        e.StoreVector(D(word), Xmm0);
    }

    private static void HighHalfwords(Assembler a, bool rounds)
    {
        if (rounds)
        {
            a.Vector(Pmulhrsw, Xmm0, Xmm0, Xmm1);
            return;
        }
        a.Vector(Pmullw, Xmm2, Xmm0, Xmm1);
        a.Vector(Pmulhw, Xmm0, Xmm0, Xmm1);
        a.VectorShiftImmediate(VectorShift.Psrlw, Xmm2, Xmm2, 15);
        a.Vector(Paddw, Xmm0, Xmm0, Xmm0);
        a.Vector(Por, Xmm0, Xmm0, Xmm2);
    }

    /// <summary>The even lanes' products and the odd ones', doubled: their upper halves.</summary>
    private static void HighWords(UnitEmitter e, bool rounds)
    {
        Assembler a = e.A;
        a.VectorShiftImmediate(VectorShift.Psrlq, Xmm2, Xmm0, 32);
        a.VectorShiftImmediate(VectorShift.Psrlq, Xmm3, Xmm1, 32);
        a.Vector(Pmuldq, Xmm0, Xmm0, Xmm1);
        a.Vector(Pmuldq, Xmm2, Xmm2, Xmm3);
        a.Vector(Paddq, Xmm0, Xmm0, Xmm0);
        a.Vector(Paddq, Xmm2, Xmm2, Xmm2);
        if (rounds)
        {
            e.WithConstant(Paddq, Xmm0, Xmm0, 1UL << 31);
            e.WithConstant(Paddq, Xmm2, Xmm2, 1UL << 31);
        }
        a.VectorShiftImmediate(VectorShift.Psrlq, Xmm0, Xmm0, 32);
        a.Vector(Pblendw, Xmm0, Xmm0, Xmm2, 0b1100_1100);
    }

    private static void Long(UnitEmitter e, uint word)
    {
        LoadBoth(e, word);
        DoubledProduct(e, word);
        e.StoreVector(D(word), Xmm0);
    }

    private static void LongAdd(UnitEmitter e, uint word)
    {
        LoadBoth(e, word);
        Accumulate(e, word, subtract: false);
    }

    private static void LongSubtract(UnitEmitter e, uint word)
    {
        LoadBoth(e, word);
        Accumulate(e, word, subtract: true);
    }

    private static void LongByElement(UnitEmitter e, uint word)
    {
        LoadBothByElement(e, word);
        DoubledProduct(e, word);
        e.StoreVector(D(word), Xmm0);
    }

    private static void LongAddByElement(UnitEmitter e, uint word)
    {
        LoadBothByElement(e, word);
        Accumulate(e, word, subtract: false);
    }

    private static void LongSubtractByElement(UnitEmitter e, uint word)
    {
        LoadBothByElement(e, word);
        Accumulate(e, word, subtract: true);
    }

    private static void LoadBoth(UnitEmitter e, uint word)
    {
        Widening.LoadWidened(e, word, Xmm0, N(word));
        Widening.LoadWidened(e, word, Xmm1, M(word));
    }

    private static void LoadBothByElement(UnitEmitter e, uint word)
    {
        Widening.LoadWidened(e, word, Xmm0, N(word));
        Multiplication.LoadElement(e, word);
        e.A.VectorUnary(Widen(Size(word), unsigned: false), Xmm1, Xmm1);
    }

    private static void DoubledProduct(UnitEmitter e, uint word)
    {
        int size = Size(word);
        e.A.Vector(size == 1 ? Pmulld : Pmuldq, Xmm0, Xmm0, Xmm1);
        e.A.Vector(Add(size + 1), Xmm0, Xmm0, Xmm0);
        Saturating.LimitMinimum(e, size + 1);
    }

    /// <summary>The addition saturates as well.</summary>
    private static void Accumulate(UnitEmitter e, uint word, bool subtract)
    {
        DoubledProduct(e, word);
        e.A.VectorUnary(Movdqa, Xmm1, Xmm0);
        e.LoadVector(Xmm0, D(word));
        Saturating.AddOrSubtract(e, Size(word) + 1, unsigned: false, subtract);
        e.StoreVector(D(word), Xmm0);
    }
}
