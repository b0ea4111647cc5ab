using Meanwhile.Arm64.Translator.X64;
using Elements = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpByElementEncodings;
using Scalar = Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;
using ThreeSame = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpThreeSameEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Fused multiply-add and the Newton steps built on it (DDI0487 C7.2), by FMA.</summary>
internal static class FloatMultiplyAdd
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        if (!lines.Features.Fma)
            return;
        lines.Add(Scalar.FMADD, FloatingPointTranslations.ByHost, &FourOperands);
        lines.Add(Scalar.FMSUB, FloatingPointTranslations.ByHost, &FourOperands);
        lines.Add(Scalar.FNMADD, FloatingPointTranslations.ByHost, &FourOperands);
        lines.Add(Scalar.FNMSUB, FloatingPointTranslations.ByHost, &FourOperands);
        lines.Add(ThreeSame.FMLA, FloatingPointTranslations.ByHost, &Accumulate);
        lines.Add(ThreeSame.FMLS, FloatingPointTranslations.ByHost, &Accumulate);
        lines.Add(Elements.FMLA, FloatingPointTranslations.ByHost, &AccumulateByElement);
        lines.Add(Elements.FMLS, FloatingPointTranslations.ByHost, &AccumulateByElement);
        lines.Add(Elements.FMLA_scalar, FloatingPointTranslations.ByHost, &AccumulateByElement);
        lines.Add(Elements.FMLS_scalar, FloatingPointTranslations.ByHost, &AccumulateByElement);
        lines.Add(ThreeSame.FRECPS, FloatingPointTranslations.ByHost, &ReciprocalStep);
        lines.Add(ThreeSame.FRECPS_scalar, FloatingPointTranslations.ByHost, &ReciprocalStep);
        lines.Add(ThreeSame.FRSQRTS, FloatingPointTranslations.ByHost, &RootStep);
        lines.Add(ThreeSame.FRSQRTS_scalar, FloatingPointTranslations.ByHost, &RootStep);
    }

    /// <summary>o1 negates the addend, and the product where it differs from o0: FNMADD is -Ra - Rn * Rm.</summary>
    private static void FourOperands(UnitEmitter e, uint word)
    {
        bool negatesAddend = (word >> 21 & 1) != 0, o0 = (word >> 15 & 1) != 0;
        VectorOp op = (negatesAddend, o0) switch
        {
            (false, false) => FloatOp.Fmadd231,
            (false, true) => FloatOp.Fnmadd231,
            (true, false) => FloatOp.Fnmsub231,
            (true, true) => FloatOp.Fmsub231,
        };
        FloatForm form = FloatForm.Of(word);
        Begin(e, form, word, (int)(word >> 10 & 31));
        e.LoadFloat(form, VectorRegister.Xmm2, (int)(word >> 16 & 31));
        End(e, form, word, op);
    }

    private static void Accumulate(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        Begin(e, form, word, (int)(word & 31));
        e.LoadFloat(form, VectorRegister.Xmm2, (int)(word >> 16 & 31));
        End(e, form, word, (word >> 23 & 1) != 0 ? FloatOp.Fnmadd231 : FloatOp.Fmadd231);
    }

    private static void AccumulateByElement(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        Begin(e, form, word, (int)(word & 31));
        FloatArithmetic.LoadElement(e, form, word);
        End(e, form, word, (word >> 14 & 1) != 0 ? FloatOp.Fnmadd231 : FloatOp.Fmadd231);
    }

    /// <summary>2 - Rn * Rm.</summary>
    private static void ReciprocalStep(UnitEmitter e, uint word) => Step(e, word, 0x4000_0000, 1UL << 62, halves: false);

    /// <summary>(3 - Rn * Rm) / 2: halving an ordinary number is exact.</summary>
    private static void RootStep(UnitEmitter e, uint word) => Step(e, word, 0x4040_0000, 0x4008_0000_0000_0000, halves: true);

    private static void Step(UnitEmitter e, uint word, uint single, ulong wide, bool halves)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireReady();
        e.WithConstant(VectorOp.Movdqu, VectorRegister.Xmm0, VectorRegister.Xmm0, form, single, wide);
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.LoadFloat(form, VectorRegister.Xmm2, (int)(word >> 16 & 31));
        e.A.Vector(form.Fused(FloatOp.Fnmadd231), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        // A product that is not the constant differs from it by far more than the smallest number.
        e.RequireOrdinary(form, ExactZeros.All);
        if (halves)
            e.WithConstant(form.Op(FloatOp.Mul), VectorRegister.Xmm0, VectorRegister.Xmm0, form, 0x3F00_0000, 0x3FE0_0000_0000_0000);
        e.StoreFloat(form, (int)(word & 31));
        e.EndFloat();
    }

    private static void Begin(UnitEmitter e, FloatForm form, uint word, int addend)
    {
        e.BeginFloat();
        e.RequireReady();
        e.LoadFloat(form, VectorRegister.Xmm0, addend);
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
    }

    /// <summary>With a zero factor the sum is the addend, exactly.</summary>
    private static void End(UnitEmitter e, FloatForm form, uint word, VectorOp op)
    {
        e.A.Vector(form.Fused(op), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.RequireOrdinary(form, ExactZeros.OfZeroFactor);
        e.StoreFloat(form, (int)(word & 31));
        e.EndFloat();
    }
}
