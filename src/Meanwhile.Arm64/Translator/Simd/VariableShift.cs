using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>USHL and SSHL: each lane has its own count, a signed byte, and goes right when it is negative (DDI0487 C4.1.96: three same). AVX2.</summary>
/// <remarks>The host's counts are unsigned, and shift everything out when they are too large, as negative ones are.</remarks>
internal static unsafe class VariableShift
{
    /// <summary>Lanes of 8 and 16 bits, which the host cannot shift so, are the handler's.</summary>
    private const Traits HandlerOrVectorOnly = Traits.Handler | Traits.KeepsVectorCopies;

    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx2)
            return;
        lines.Add(SimdThreeSameEncodings.USHL, HandlerOrVectorOnly, &ShiftLanes);
        lines.Add(SimdThreeSameEncodings.SSHL, HandlerOrVectorOnly, &ShiftLanes);
        lines.Add(SimdScalarThreeSameEncodings.USHL, VectorOnly, &ShiftLanes);
        lines.Add(SimdScalarThreeSameEncodings.SSHL, VectorOnly, &ShiftLanes);
    }

    private static void ShiftLanes(UnitEmitter e, uint word)
    {
        switch (Size(word))
        {
            case 2:
                Words(e, word);
                break;
            case 3:
                Doublewords(e, word);
                break;
            default:
                e.CallHandler();
                return;
        }
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Words(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        e.LoadVector(Xmm0, N(word));
        e.LoadVector(Xmm1, M(word));
        a.VectorShiftImmediate(VectorShift.Pslld, Xmm1, Xmm1, 24);
        a.VectorShiftImmediate(VectorShift.Psrad, Xmm1, Xmm1, 24);
        a.Vector(Pxor, Xmm2, Xmm2, Xmm2);
        a.Vector(Psubd, Xmm2, Xmm2, Xmm1);
        a.Vector(Psllvd, Xmm3, Xmm0, Xmm1);
        if (U(word))
        {
            a.Vector(Psrlvd, Xmm0, Xmm0, Xmm2);
            a.Vector(Por, Xmm0, Xmm0, Xmm3);
            return;
        }
        // Too far to the right leaves the sign: what goes left is chosen instead by its count.
        a.Vector(Psravd, Xmm0, Xmm0, Xmm2);
        a.VectorShiftImmediate(VectorShift.Psrad, Xmm1, Xmm1, 31);
        a.VectorBlend(Pblendvb, Xmm0, Xmm3, Xmm0, Xmm1);
    }

    private static void Doublewords(UnitEmitter e, uint word)
    {
        Assembler a = e.A;
        e.LoadVector(Xmm0, N(word));
        e.LoadVector(Xmm1, M(word));
        // The byte's sign, extended.
        e.WithConstant(Pand, Xmm1, Xmm1, 0xFF);
        e.WithConstant(Pxor, Xmm1, Xmm1, 0x80);
        e.WithConstant(Psubq, Xmm1, Xmm1, 0x80);
        a.Vector(Pxor, Xmm4, Xmm4, Xmm4);
        a.Vector(Psubq, Xmm2, Xmm4, Xmm1);
        a.Vector(Psllvq, Xmm3, Xmm0, Xmm1);
        if (U(word))
        {
            a.Vector(Psrlvq, Xmm0, Xmm0, Xmm2);
            a.Vector(Por, Xmm0, Xmm0, Xmm3);
            return;
        }
        // Negative lanes inverted, before and after.
        a.Vector(Pcmpgtq, Xmm5, Xmm4, Xmm0);
        a.Vector(Pxor, Xmm0, Xmm0, Xmm5);
        a.Vector(Psrlvq, Xmm0, Xmm0, Xmm2);
        a.Vector(Pxor, Xmm0, Xmm0, Xmm5);
        a.Vector(Pcmpgtq, Xmm1, Xmm4, Xmm1);
        a.VectorBlend(Pblendvb, Xmm0, Xmm3, Xmm0, Xmm1);
    }
}
