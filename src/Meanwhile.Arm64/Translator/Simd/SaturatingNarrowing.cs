using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Saturating narrowing, with and without a shift to the right, vector and scalar (DDI0487 C4.1.96: SQXTN and SQSHRN, and their kin).</summary>
internal static unsafe class SaturatingNarrowing
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.SQXTN, Traits.KeepsVectorCopies, &Extract);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.UQXTN, Traits.KeepsVectorCopies, &Extract);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.SQXTUN, Traits.KeepsVectorCopies, &ExtractUnsigned);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQXTN, Traits.KeepsVectorCopies, &Extract);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.UQXTN, Traits.KeepsVectorCopies, &Extract);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQXTUN, Traits.KeepsVectorCopies, &ExtractUnsigned);
        lines.Add(SimdShiftImmediateEncodings.SQSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdShiftImmediateEncodings.UQSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdShiftImmediateEncodings.SQRSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdShiftImmediateEncodings.UQRSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdShiftImmediateEncodings.SQSHRUN, Traits.KeepsVectorCopies, &ShiftUnsigned);
        lines.Add(SimdShiftImmediateEncodings.SQRSHRUN, Traits.KeepsVectorCopies, &ShiftUnsigned);
        lines.Add(SimdScalarShiftImmediateEncodings.SQSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdScalarShiftImmediateEncodings.UQSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdScalarShiftImmediateEncodings.SQRSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdScalarShiftImmediateEncodings.UQRSHRN, Traits.KeepsVectorCopies, &Shift);
        lines.Add(SimdScalarShiftImmediateEncodings.SQSHRUN, Traits.KeepsVectorCopies, &ShiftUnsigned);
        lines.Add(SimdScalarShiftImmediateEncodings.SQRSHRUN, Traits.KeepsVectorCopies, &ShiftUnsigned);
    }

    private static void Extract(UnitEmitter e, uint word)
    {
        LoadLanes(e, word, Size(word));
        Narrow(e, word, Size(word), fromUnsigned: U(word), toUnsigned: U(word));
    }

    private static void ExtractUnsigned(UnitEmitter e, uint word)
    {
        LoadLanes(e, word, Size(word));
        Narrow(e, word, Size(word), fromUnsigned: false, toUnsigned: true);
    }

    private static void Shift(UnitEmitter e, uint word)
    {
        LoadShifted(e, word, U(word));
        Narrow(e, word, LaneShift.SizeOf(word), fromUnsigned: U(word), toUnsigned: U(word));
    }

    private static void ShiftUnsigned(UnitEmitter e, uint word)
    {
        LoadShifted(e, word, unsigned: false);
        Narrow(e, word, LaneShift.SizeOf(word), fromUnsigned: false, toUnsigned: true);
    }

    /// <summary>N into XMM0, all of it even when Q is not set; of a scalar one lane, of twice the size.</summary>
    private static void LoadLanes(UnitEmitter e, uint word, int size) => Saturating.LoadSource(e, word | 1u << 30, size + 1, Xmm0, N(word));

    private static void LoadShifted(UnitEmitter e, uint word, bool unsigned)
    {
        int size = LaneShift.SizeOf(word), count = LaneShift.RightBy(word);
        LoadLanes(e, word, size);
        if ((word >> 11 & 1) != 0)
            LaneShift.RightRounding(e, size + 1, unsigned, Xmm0, count, Xmm2, Xmm1);
        else
            LaneShift.Right(e, size + 1, unsigned, Xmm0, count, Xmm2);
    }

    /// <summary>Clamps lanes of twice that size to the range of narrow ones; where that changes any it is noted.</summary>
    private static void Narrow(UnitEmitter e, uint word, int size, bool fromUnsigned, bool toUnsigned)
    {
        e.A.VectorUnary(Movdqa, Xmm1, Xmm0);
        if (size == 2)
            ClampDoublewords(e, fromUnsigned, toUnsigned);
        else
            Clamp(e, size, fromUnsigned, toUnsigned);
        e.A.Vector(Pxor, Xmm1, Xmm1, Xmm0);
        e.SaturatedWhere(Xmm1);
        Narrowing.StoreNarrowed(e, word, size, Xmm0);
    }

    private static void Clamp(UnitEmitter e, int size, bool fromUnsigned, bool toUnsigned)
    {
        int bits = 8 << size;
        ulong greatest = toUnsigned ? (1UL << bits) - 1 : (1UL << (bits - 1)) - 1;
        ulong least = toUnsigned ? 0 : ulong.MaxValue << (bits - 1);
        e.WithConstant(Minimum(size + 1, fromUnsigned), Xmm0, Xmm0, Repeat(size + 1, greatest));
        if (!fromUnsigned)
            e.WithConstant(Maximum(size + 1, unsigned: false), Xmm0, Xmm0, Repeat(size + 1, least));
    }

    private static void ClampDoublewords(UnitEmitter e, bool fromUnsigned, bool toUnsigned)
    {
        Assembler a = e.A;
        if (!fromUnsigned && !toUnsigned)
        {
            e.LoadConstant(Xmm3, int.MaxValue, int.MaxValue);
            a.Vector(Pcmpgtq, Xmm2, Xmm0, Xmm3);
            a.VectorBlend(Blendvpd, Xmm0, Xmm0, Xmm3, Xmm2);
            ulong least = unchecked((ulong)(long)int.MinValue);
            e.LoadConstant(Xmm3, least, least);
            a.Vector(Pcmpgtq, Xmm2, Xmm3, Xmm0);
            a.VectorBlend(Blendvpd, Xmm0, Xmm0, Xmm3, Xmm2);
            return;
        }
        a.Vector(Pxor, Xmm3, Xmm3, Xmm3);
        if (!fromUnsigned)
        {
            // What is negative becomes zero.
            a.VectorBlend(Blendvpd, Xmm0, Xmm0, Xmm3, Xmm0);
        }
        // What has anything in its upper half becomes the greatest.
        a.VectorShiftImmediate(VectorShift.Psrlq, Xmm2, Xmm0, 32);
        a.Vector(Pcmpeqq, Xmm2, Xmm2, Xmm3);
        e.LoadConstant(Xmm3, uint.MaxValue, uint.MaxValue);
        a.VectorBlend(Blendvpd, Xmm0, Xmm3, Xmm0, Xmm2);
    }
}
