using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using static Meanwhile.Arm64.Translator.X64.VectorOp;
using static Meanwhile.Arm64.Translator.X64.VectorRegister;

namespace Meanwhile.Arm64.Translator.Simd;

/// <summary>Bitwise operations, and immediates (DDI0487 C4.1.96: three same, two-register miscellaneous, modified immediate).</summary>
internal static unsafe class Bitwise
{
    public static void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Avx)
            return;
        lines.Add(SimdThreeSameEncodings.AND, VectorOnly, &And);
        lines.Add(SimdThreeSameEncodings.BIC, VectorOnly, &Bic);
        lines.Add(SimdThreeSameEncodings.ORR, VectorOnly, &Orr);
        lines.Add(SimdThreeSameEncodings.ORN, VectorOnly, &Orn);
        lines.Add(SimdThreeSameEncodings.EOR, VectorOnly, &Eor);
        lines.Add(SimdThreeSameEncodings.BSL, VectorOnly, &Bsl);
        lines.Add(SimdThreeSameEncodings.BIT, VectorOnly, &Bit);
        lines.Add(SimdThreeSameEncodings.BIF, VectorOnly, &Bif);
        lines.Add(SimdTwoRegisterMiscellaneousEncodings.NOT, VectorOnly, &Not);
    }

    /// <summary>Inverts <paramref name="x"/>; changes <paramref name="scratch"/>.</summary>
    public static void Invert(UnitEmitter e, VectorRegister x, VectorRegister scratch)
    {
        e.A.Vector(Pcmpeqd, scratch, scratch, scratch);
        e.A.Vector(Pxor, x, x, scratch);
    }

    private static void And(UnitEmitter e, uint word) => Simple(e, word, Pand);

    private static void Eor(UnitEmitter e, uint word) => Simple(e, word, Pxor);

    private static void Simple(UnitEmitter e, uint word, VectorOp op)
    {
        e.LoadVector(Xmm0, N(word));
        e.Vector(op, Xmm0, Xmm0, M(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>With equal sources it is MOV.</summary>
    private static void Orr(UnitEmitter e, uint word)
    {
        if (N(word) != M(word))
        {
            Simple(e, word, Por);
            return;
        }
        e.LoadVector(IsFull(word) ? 16 : 8, Xmm0, N(word));
        e.StoreVector(D(word), Xmm0);
    }

    private static void Bic(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, M(word));
        e.Vector(Pandn, Xmm0, Xmm0, N(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Orn(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, M(word));
        Invert(e, Xmm0, Xmm1);
        e.Vector(Por, Xmm0, Xmm0, N(word));
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    private static void Not(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm0, N(word));
        Invert(e, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Where D has ones, N; elsewhere M.</summary>
    private static void Bsl(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm1, M(word));
        e.Vector(Pxor, Xmm0, Xmm1, N(word));
        e.Vector(Pand, Xmm0, Xmm0, D(word));
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Where M has ones, N; elsewhere D.</summary>
    private static void Bit(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm1, D(word));
        e.Vector(Pxor, Xmm0, Xmm1, N(word));
        e.Vector(Pand, Xmm0, Xmm0, M(word));
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }

    /// <summary>Where M has ones, D; elsewhere N.</summary>
    private static void Bif(UnitEmitter e, uint word)
    {
        e.LoadVector(Xmm1, N(word));
        e.Vector(Pxor, Xmm0, Xmm1, D(word));
        e.Vector(Pand, Xmm0, Xmm0, M(word));
        e.A.Vector(Pxor, Xmm0, Xmm0, Xmm1);
        e.StoreVector(D(word), Xmm0, IsFull(word));
    }
}
