using Meanwhile.Arm64.Translator.X64;
using Reductions = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpReductionEncodings;
using Scalar = Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;
using ThreeSame = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpThreeSameEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Minimum and maximum (DDI0487 C7.2). Without NaNs, which are the handler's, both kinds are the same.</summary>
internal static class FloatMinMax
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        lines.Add(Scalar.FMAX, FloatingPointTranslations.ByHost, &Maximum);
        lines.Add(Scalar.FMAXNM, FloatingPointTranslations.ByHost, &Maximum);
        lines.Add(ThreeSame.FMAX, FloatingPointTranslations.ByHost, &Maximum);
        lines.Add(ThreeSame.FMAXNM, FloatingPointTranslations.ByHost, &Maximum);
        lines.Add(Scalar.FMIN, FloatingPointTranslations.ByHost, &Minimum);
        lines.Add(Scalar.FMINNM, FloatingPointTranslations.ByHost, &Minimum);
        lines.Add(ThreeSame.FMIN, FloatingPointTranslations.ByHost, &Minimum);
        lines.Add(ThreeSame.FMINNM, FloatingPointTranslations.ByHost, &Minimum);
        lines.Add(ThreeSame.FMAXP, FloatingPointTranslations.ByHost, &MaximumOfPairs);
        lines.Add(ThreeSame.FMAXNMP, FloatingPointTranslations.ByHost, &MaximumOfPairs);
        lines.Add(ThreeSame.FMINP, FloatingPointTranslations.ByHost, &MinimumOfPairs);
        lines.Add(ThreeSame.FMINNMP, FloatingPointTranslations.ByHost, &MinimumOfPairs);
        lines.Add(Reductions.FMAXP_scalar, FloatingPointTranslations.ByHost, &MaximumOfPair);
        lines.Add(Reductions.FMAXNMP_scalar, FloatingPointTranslations.ByHost, &MaximumOfPair);
        lines.Add(Reductions.FMINP_scalar, FloatingPointTranslations.ByHost, &MinimumOfPair);
        lines.Add(Reductions.FMINNMP_scalar, FloatingPointTranslations.ByHost, &MinimumOfPair);
    }

    private static void Maximum(UnitEmitter e, uint word) => Elementwise(e, word, isMaximum: true, inPairs: false);

    private static void Minimum(UnitEmitter e, uint word) => Elementwise(e, word, isMaximum: false, inPairs: false);

    private static void MaximumOfPairs(UnitEmitter e, uint word) => Elementwise(e, word, isMaximum: true, inPairs: true);

    private static void MinimumOfPairs(UnitEmitter e, uint word) => Elementwise(e, word, isMaximum: false, inPairs: true);

    private static void MaximumOfPair(UnitEmitter e, uint word) => Pair(e, word, isMaximum: true);

    private static void MinimumOfPair(UnitEmitter e, uint word) => Pair(e, word, isMaximum: false);

    private static void Elementwise(UnitEmitter e, uint word, bool isMaximum, bool inPairs)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireDenormals();
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.LoadFloat(form, VectorRegister.Xmm2, (int)(word >> 16 & 31));
        if (inPairs)
            FloatArithmetic.MakePairs(e, form);
        Choose(e, form, word, isMaximum);
    }

    private static void Pair(UnitEmitter e, uint word, bool isMaximum)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireDenormals();
        FloatArithmetic.LoadPair(e, form, word);
        Choose(e, form, word, isMaximum);
    }

    /// <summary>
    /// MAXxx gives its second operand when both are zero. Both orders together have both zeros, whose signs AND makes the larger one and OR
    /// the smaller.
    /// </summary>
    private static void Choose(UnitEmitter e, FloatForm form, uint word, bool isMaximum)
    {
        VectorOp op = form.Op(isMaximum ? FloatOp.Max : FloatOp.Min);
        e.RequireOrdered(form, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.A.Vector(op, VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.A.Vector(op, VectorRegister.Xmm3, VectorRegister.Xmm2, VectorRegister.Xmm1);
        e.A.Vector(isMaximum ? VectorOp.Pand : VectorOp.Por, VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm3);
        e.StoreFloat(form, (int)(word & 31));
        e.EndFloat();
    }
}
