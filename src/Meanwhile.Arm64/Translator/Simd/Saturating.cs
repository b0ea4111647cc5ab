using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Saturating addition, subtraction, negation and absolute values, vector and scalar (DDI0487 C4.1.96).</summary>
/// <remarks>Each computes the result that wraps around and the one that saturates: where they differ, FPSR.QC is to be set.</remarks>
internal static unsafe class Saturating
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeSameEncodings.SQADD, Traits.KeepsVectorCopies, &AddLanes);
        lines.Add(SimdThreeSameEncodings.UQADD, Traits.KeepsVectorCopies, &AddLanes);
        lines.Add(SimdThreeSameEncodings.SQSUB, Traits.KeepsVectorCopies, &SubtractLanes);
        lines.Add(SimdThreeSameEncodings.UQSUB, Traits.KeepsVectorCopies, &SubtractLanes);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.SQABS, Traits.KeepsVectorCopies, &Absolute);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.SQNEG, Traits.KeepsVectorCopies, &Negate);
        lines.Add(SimdScalarThreeSameEncodings.SQADD, Traits.KeepsVectorCopies, &AddLanes);
        lines.Add(SimdScalarThreeSameEncodings.UQADD, Traits.KeepsVectorCopies, &AddLanes);
        lines.Add(SimdScalarThreeSameEncodings.SQSUB, Traits.KeepsVectorCopies, &SubtractLanes);
        lines.Add(SimdScalarThreeSameEncodings.UQSUB, Traits.KeepsVectorCopies, &SubtractLanes);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQABS, Traits.KeepsVectorCopies, &Absolute);
        lines.Add(SimdScalarTwoRegisterMiscellaneousEncodings.SQNEG, Traits.KeepsVectorCopies, &Negate);
    }

    /// <summary>Loads what an instruction uses of a source: a lane, 64 or 128 bits. The rest is zero, and so becomes that of the result.</summary>
    public static void LoadSource(UnitEmitter e, uint word, int size, VectorRegister to, int n)
    {
        bool isScalar = (word >> 28 & 1) != 0;
        if (!isScalar)
        {
            e.LoadVector(Q(word) ? 16 : 8, to, n);
        }
        else if (size >= 2)
        {
            e.LoadVector(1 << size, to, n);
        }
        else
        {
            e.LoadVector(to, n);
            e.WithConstant(Pand, to, to, (1UL << (8 << size)) - 1, 0);
        }
    }

    /// <summary>XMM0 = XMM0 + XMM1 or XMM0 - XMM1; the lanes that do not fit are noted. Changes XMM2 to XMM5.</summary>
    public static void AddOrSubtract(UnitEmitter e, int size, bool unsigned, bool subtract)
    {
        Assembler a = e.A;
        a.Vector(subtract ? Subtract(size) : Add(size), Xmm2, Xmm0, Xmm1);
        if (size < 2)
        {
            VectorOp op = (subtract, unsigned) switch
            {
                (false, false) => size == 0 ? Paddsb : Paddsw,
                (false, true) => size == 0 ? Paddusb : Paddusw,
                (true, false) => size == 0 ? Psubsb : Psubsw,
                _ => size == 0 ? Psubusb : Psubusw,
            };
            a.Vector(op, Xmm0, Xmm0, Xmm1);
            a.Vector(Pxor, Xmm2, Xmm2, Xmm0);
        }
        else
        {
            Overflow(a, unsigned, subtract);
            Limit(e, size, unsigned, subtract);
            a.VectorBlend(size == 2 ? Blendvps : Blendvpd, Xmm0, Xmm2, Xmm5, Xmm3);
            a.Vector(Pxor, Xmm2, Xmm2, Xmm0);
        }
        e.SaturatedWhere(Xmm2);
    }

    /// <summary>The highest bits of XMM3: the carry, borrow or overflow of XMM2 = XMM0 +- XMM1. Changes XMM4.</summary>
    private static void Overflow(Assembler a, bool unsigned, bool subtract)
    {
        switch (subtract, unsigned)
        {
            case (false, false):
                // The sum's sign is neither's.
                a.Vector(Pxor, Xmm3, Xmm2, Xmm0);
                a.Vector(Pxor, Xmm4, Xmm2, Xmm1);
                a.Vector(Pand, Xmm3, Xmm3, Xmm4);
                break;
            case (true, false):
                // Signs differ, and the difference's is not the first's.
                a.Vector(Pxor, Xmm3, Xmm2, Xmm0);
                a.Vector(Pxor, Xmm4, Xmm0, Xmm1);
                a.Vector(Pand, Xmm3, Xmm3, Xmm4);
                break;
            case (false, true):
                // Both, or one without the sum.
                a.Vector(Por, Xmm3, Xmm0, Xmm1);
                a.Vector(Pandn, Xmm3, Xmm2, Xmm3);
                a.Vector(Pand, Xmm4, Xmm0, Xmm1);
                a.Vector(Por, Xmm3, Xmm3, Xmm4);
                break;
            default:
                // The second without the first, or the difference where they are equal.
                a.Vector(Pxor, Xmm3, Xmm0, Xmm1);
                a.Vector(Pandn, Xmm3, Xmm3, Xmm2);
                a.Vector(Pandn, Xmm4, Xmm0, Xmm1);
                a.Vector(Por, Xmm3, Xmm3, Xmm4);
                break;
        }
    }

    /// <summary>XMM5 = what the lanes become that do not fit; the first source, XMM0, has the sign of the signed limit. Changes XMM4.</summary>
    private static void Limit(UnitEmitter e, int size, bool unsigned, bool subtract)
    {
        if (unsigned)
        {
            ulong limit = subtract ? 0 : ulong.MaxValue;
            e.LoadConstant(Xmm5, limit, limit);
            return;
        }
        e.A.Vector(Pxor, Xmm4, Xmm4, Xmm4);
        e.A.Vector(CompareGreater(size), Xmm5, Xmm4, Xmm0);
        e.WithConstant(Pxor, Xmm5, Xmm5, Repeat(size, ulong.MaxValue >> (65 - (8 << size))));
    }

    private static void AddLanes(UnitEmitter e, uint word) => AddOrSubtract(e, word, subtract: false);

    private static void SubtractLanes(UnitEmitter e, uint word) => AddOrSubtract(e, word, subtract: true);

    private static void AddOrSubtract(UnitEmitter e, uint word, bool subtract)
    {
        LoadSource(e, word, Size(word), Xmm0, N(word));
        LoadSource(e, word, Size(word), Xmm1, M(word));
        AddOrSubtract(e, Size(word), U(word), subtract);
        e.StoreVector(D(word), Xmm0);
    }

    private static void Negate(UnitEmitter e, uint word)
    {
        LoadSource(e, word, Size(word), Xmm1, N(word));
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm0);
        e.A.Vector(Subtract(Size(word)), Xmm0, Xmm0, Xmm1);
        StoreUnlessMinimum(e, word, Size(word));
    }

    private static void Absolute(UnitEmitter e, uint word)
    {
        int size = Size(word);
        LoadSource(e, word, size, Xmm1, N(word));
        e.A.Vector(Pxor, Xmm2, Xmm2, Xmm2);
        e.A.Vector(CompareGreater(size), Xmm2, Xmm2, Xmm1);
        e.A.Vector(Pxor, Xmm0, Xmm1, Xmm2);
        e.A.Vector(Subtract(size), Xmm0, Xmm0, Xmm2);
        StoreUnlessMinimum(e, word, size);
    }

    private static void StoreUnlessMinimum(UnitEmitter e, uint word, int size)
    {
        LimitMinimum(e, size);
        e.StoreVector(D(word), Xmm0);
    }

    /// <summary>Lanes of XMM0 that are the most negative number stand for one more than the largest, which they become; it is noted. Changes XMM2.</summary>
    public static void LimitMinimum(UnitEmitter e, int size)
    {
        e.WithConstant(CompareEqual(size), Xmm2, Xmm0, Repeat(size, 1UL << ((8 << size) - 1)));
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm2);
        e.SaturatedWhere(Xmm2);
    }
}
