using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Multiplication, of lanes and by one element, with and without accumulation, of integers and polynomials (DDI0487 C4.1.96).</summary>
internal static unsafe class Multiplication
{
    private enum Accumulation
    {
        None,
        Add,
        Subtract,
    }

    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeSameEncodings.MUL, VectorOnly, &Multiply);
        lines.Add(SimdThreeSameEncodings.MLA, VectorOnly, &MultiplyAdd);
        lines.Add(SimdThreeSameEncodings.MLS, VectorOnly, &MultiplySubtract);
        lines.Add(SimdThreeSameEncodings.PMUL, VectorOnly, &MultiplyPolynomials);
        lines.Add(SimdThreeDifferentEncodings.SMULL, VectorOnly, &MultiplyLong);
        lines.Add(SimdThreeDifferentEncodings.UMULL, VectorOnly, &MultiplyLong);
        lines.Add(SimdThreeDifferentEncodings.SMLAL, VectorOnly, &MultiplyAddLong);
        lines.Add(SimdThreeDifferentEncodings.UMLAL, VectorOnly, &MultiplyAddLong);
        lines.Add(SimdThreeDifferentEncodings.SMLSL, VectorOnly, &MultiplySubtractLong);
        lines.Add(SimdThreeDifferentEncodings.UMLSL, VectorOnly, &MultiplySubtractLong);
        lines.Add(SimdThreeDifferentEncodings.PMULL, VectorOnly, &MultiplyPolynomialsLong);
        if (lines.Features.Pclmulqdq)
            lines.Add(SimdThreeDifferentEncodings.PMULL_64, VectorOnly, &MultiplyPolynomials64);
        if (!lines.Features.Avx2)
            return;
        lines.Add(SimdByElementEncodings.MUL, VectorOnly, &MultiplyByElement);
        lines.Add(SimdByElementEncodings.MLA, VectorOnly, &MultiplyAddByElement);
        lines.Add(SimdByElementEncodings.MLS, VectorOnly, &MultiplySubtractByElement);
        lines.Add(SimdByElementEncodings.SMULL, VectorOnly, &MultiplyLongByElement);
        lines.Add(SimdByElementEncodings.UMULL, VectorOnly, &MultiplyLongByElement);
        lines.Add(SimdByElementEncodings.SMLAL, VectorOnly, &MultiplyAddLongByElement);
        lines.Add(SimdByElementEncodings.UMLAL, VectorOnly, &MultiplyAddLongByElement);
        lines.Add(SimdByElementEncodings.SMLSL, VectorOnly, &MultiplySubtractLongByElement);
        lines.Add(SimdByElementEncodings.UMLSL, VectorOnly, &MultiplySubtractLongByElement);
    }

    private static void Multiply(UnitEmitter e, uint word) => Same(e, word, Accumulation.None);

    private static void MultiplyAdd(UnitEmitter e, uint word) => Same(e, word, Accumulation.Add);

    private static void MultiplySubtract(UnitEmitter e, uint word) => Same(e, word, Accumulation.Subtract);

    private static void MultiplyByElement(UnitEmitter e, uint word) => SameByElement(e, word, Accumulation.None);

    private static void MultiplyAddByElement(UnitEmitter e, uint word) => SameByElement(e, word, Accumulation.Add);

    private static void MultiplySubtractByElement(UnitEmitter e, uint word) => SameByElement(e, word, Accumulation.Subtract);

    private static void MultiplyLong(UnitEmitter e, uint word) => Long(e, word, Accumulation.None);

    private static void MultiplyAddLong(UnitEmitter e, uint word) => Long(e, word, Accumulation.Add);

    private static void MultiplySubtractLong(UnitEmitter e, uint word) => Long(e, word, Accumulation.Subtract);

    private static void MultiplyLongByElement(UnitEmitter e, uint word) => LongByElement(e, word, Accumulation.None);

    private static void MultiplyAddLongByElement(UnitEmitter e, uint word) => LongByElement(e, word, Accumulation.Add);

    private static void MultiplySubtractLongByElement(UnitEmitter e, uint word) => LongByElement(e, word, Accumulation.Subtract);

    private static void Same(UnitEmitter e, uint word, Accumulation accumulation)
    {
        e.LoadVector(Xmm0, N(word));
        e.LoadVector(Xmm1, M(word));
        Product(e, Size(word));
        Store(e, word, Size(word), accumulation, IsFull(word));
    }

    private static void SameByElement(UnitEmitter e, uint word, Accumulation accumulation)
    {
        e.LoadVector(Xmm0, N(word));
        LoadElement(e, word);
        Product(e, Size(word));
        Store(e, word, Size(word), accumulation, IsFull(word));
    }

    private static void Long(UnitEmitter e, uint word, Accumulation accumulation)
    {
        Widening.LoadWidened(e, word, Xmm0, N(word));
        Widening.LoadWidened(e, word, Xmm1, M(word));
        LongProduct(e, word);
        Store(e, word, Size(word) + 1, accumulation, full: true);
    }

    private static void LongByElement(UnitEmitter e, uint word, Accumulation accumulation)
    {
        Widening.LoadWidened(e, word, Xmm0, N(word));
        LoadElement(e, word);
        e.A.VectorUnary(Widen(Size(word), U(word)), Xmm1, Xmm1);
        LongProduct(e, word);
        Store(e, word, Size(word) + 1, accumulation, full: true);
    }

    /// <summary>The element in all lanes of XMM1. Its number is H:L:M for 16 bits, which leave M no fifth bit of a register, or H:L for 32.</summary>
    public static void LoadElement(UnitEmitter e, uint word)
    {
        int size = Size(word);
        int h = (int)(word >> 11 & 1), l = (int)(word >> 21 & 1), m = (int)(word >> 20 & 1);
        int register = size == 1 ? M(word) & 15 : M(word);
        int element = size == 1 ? h << 2 | l << 1 | m : h << 1 | l;
        e.A.VectorUnary(Broadcast(size), Xmm1, Vector(register).Plus(element << size));
    }

    /// <summary>XMM0 = the low halves of the products of XMM0 and XMM1. Bytes are multiplied in two turns: even ones, and odd ones in the high halves.</summary>
    private static void Product(UnitEmitter e, int size)
    {
        Assembler a = e.A;
        if (size > 0)
        {
            a.Vector(size == 1 ? Pmullw : Pmulld, Xmm0, Xmm0, Xmm1);
            return;
        }
        e.LoadConstant(Xmm3, Repeat(1, 0x00FF), Repeat(1, 0x00FF));
        a.Vector(Pmullw, Xmm2, Xmm0, Xmm1);
        a.Vector(Pand, Xmm2, Xmm2, Xmm3);
        a.VectorShiftImmediate(VectorShift.Psrlw, Xmm0, Xmm0, 8);
        a.Vector(Pandn, Xmm1, Xmm3, Xmm1);
        a.Vector(Pmullw, Xmm0, Xmm0, Xmm1);
        a.Vector(Por, Xmm0, Xmm0, Xmm2);
    }

    /// <summary>XMM0 = the products of XMM0 and XMM1, whose lanes have been widened.</summary>
    private static void LongProduct(UnitEmitter e, uint word) =>
        e.A.Vector(BySize(Size(word), Pmullw, Pmulld, U(word) ? Pmuludq : Pmuldq), Xmm0, Xmm0, Xmm1);

    private static void Store(UnitEmitter e, uint word, int size, Accumulation accumulation, bool full)
    {
        if (accumulation == Accumulation.Add)
        {
            e.Vector(Add(size), Xmm0, Xmm0, D(word));
        }
        else if (accumulation == Accumulation.Subtract)
        {
            e.LoadVector(Xmm1, D(word));
            e.A.Vector(Subtract(size), Xmm0, Xmm1, Xmm0);
        }
        e.StoreVector(D(word), Xmm0, full);
    }

    /// <summary>For each bit of N: where it is set, M shifted to it.</summary>
    private static void MultiplyPolynomials(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        e.LoadVector(Xmm1, N(word));
        e.LoadVector(Xmm2, M(word));
        a.Vector(Pxor, Xmm0, Xmm0, Xmm0);
        a.Vector(Pxor, Xmm4, Xmm4, Xmm4);
        for (int bit = 0; bit < 8; bit++)
        {
            // The bit as its byte's sign; what comes from the byte below is underneath.
            a.VectorShiftImmediate(VectorShift.Psllw, Xmm3, Xmm1, 7 - bit);
            a.Vector(Pcmpgtb, Xmm3, Xmm4, Xmm3);
            a.Vector(Pand, Xmm3, Xmm3, Xmm2);
            a.Vector(Pxor, Xmm0, Xmm0, Xmm3);
            a.Vector(Paddb, Xmm2, Xmm2, Xmm2);
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void MultiplyPolynomialsLong(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        a.VectorUnary(Pmovzxbw, Xmm1, Widening.Half(word, N(word)));
        a.VectorUnary(Pmovzxbw, Xmm2, Widening.Half(word, M(word)));
        a.Vector(Pxor, Xmm0, Xmm0, Xmm0);
        for (int bit = 0; bit < 8; bit++)
        {
            a.VectorShiftImmediate(VectorShift.Psllw, Xmm3, Xmm1, 15 - bit);
            a.VectorShiftImmediate(VectorShift.Psraw, Xmm3, Xmm3, 15);
            a.Vector(Pand, Xmm3, Xmm3, Xmm2);
            a.Vector(Pxor, Xmm0, Xmm0, Xmm3);
            a.Vector(Paddw, Xmm2, Xmm2, Xmm2);
        }
        e.StoreVector(D(word), Xmm0);
    }

    private static void MultiplyPolynomials64(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        e.Vector(Pclmulqdq, Xmm0, Xmm0, M(word), Q(word) ? 0x11 : 0x00);
        e.StoreVector(D(word), Xmm0);
    }
}
