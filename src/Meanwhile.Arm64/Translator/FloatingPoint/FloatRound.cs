using Meanwhile.Arm64.FloatingPoint;
using Meanwhile.Arm64.Translator.X64;
using Scalar = Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;
using TwoRegister = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Rounding to integral values (FRINT*, DDI0487 C7.2). NaNs are the handler's.</summary>
internal static class FloatRound
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        lines.Add(Scalar.FRINTN, FloatingPointTranslations.ByHost, &ToNearest);
        lines.Add(TwoRegister.FRINTN, FloatingPointTranslations.ByHost, &ToNearest);
        lines.Add(Scalar.FRINTP, FloatingPointTranslations.ByHost, &Up);
        lines.Add(TwoRegister.FRINTP, FloatingPointTranslations.ByHost, &Up);
        lines.Add(Scalar.FRINTM, FloatingPointTranslations.ByHost, &Down);
        lines.Add(TwoRegister.FRINTM, FloatingPointTranslations.ByHost, &Down);
        lines.Add(Scalar.FRINTZ, FloatingPointTranslations.ByHost, &ToZero);
        lines.Add(TwoRegister.FRINTZ, FloatingPointTranslations.ByHost, &ToZero);
        lines.Add(Scalar.FRINTA, FloatingPointTranslations.ByHost, &TiesAway);
        lines.Add(TwoRegister.FRINTA, FloatingPointTranslations.ByHost, &TiesAway);
        lines.Add(Scalar.FRINTX, FloatingPointTranslations.ByHost, &AsControlled);
        lines.Add(TwoRegister.FRINTX, FloatingPointTranslations.ByHost, &AsControlled);
        lines.Add(Scalar.FRINTI, FloatingPointTranslations.ByHost, &AsControlled);
        lines.Add(TwoRegister.FRINTI, FloatingPointTranslations.ByHost, &AsControlled);
    }

    /// <summary>Rounds the elements of XMM0. Changes XMM3.</summary>
    public static void Round(UnitEmitter e, FloatForm form, Rounding rounding)
    {
        const int noInexact = 8; // Nor does anything look at the host's flag.
        int mode = noInexact | rounding switch
        {
            Rounding.TieEven => 0,
            Rounding.NegativeInfinity => 1,
            Rounding.PositiveInfinity => 2,
            _ => 3,
        };
        if (rounding == Rounding.TieAway)
        {
            // Truncates after adding the largest number below a half, with the same sign. A half would be too much for the number below it.
            e.WithSigns(VectorOp.Pand, VectorRegister.Xmm3, VectorRegister.Xmm0, form);
            e.WithConstant(VectorOp.Por, VectorRegister.Xmm3, VectorRegister.Xmm3, form, 0x3EFF_FFFF, 0x3FDF_FFFF_FFFF_FFFF);
            e.A.Vector(form.Op(FloatOp.Add), VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm3);
        }
        if (form.IsScalar)
            e.A.Vector(form.Round, VectorRegister.Xmm0, VectorRegister.Xmm0, VectorRegister.Xmm0, mode);
        else
            e.A.VectorUnary(form.Round, VectorRegister.Xmm0, VectorRegister.Xmm0, mode);
    }

    private static void ToNearest(UnitEmitter e, uint word) => Emit(e, word, Rounding.TieEven, controlled: false);

    private static void Up(UnitEmitter e, uint word) => Emit(e, word, Rounding.PositiveInfinity, controlled: false);

    private static void Down(UnitEmitter e, uint word) => Emit(e, word, Rounding.NegativeInfinity, controlled: false);

    private static void ToZero(UnitEmitter e, uint word) => Emit(e, word, Rounding.Zero, controlled: false);

    private static void TiesAway(UnitEmitter e, uint word) => Emit(e, word, Rounding.TieAway, controlled: false);

    /// <summary>FRINTI and FRINTX, which is inexact where it changes something.</summary>
    private static void AsControlled(UnitEmitter e, uint word) => Emit(e, word, Rounding.TieEven, controlled: true);

    private static void Emit(UnitEmitter e, uint word, Rounding rounding, bool controlled)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        if (controlled)
            e.RequireReady();
        else
            e.RequireDenormals();
        e.LoadFloat(form, VectorRegister.Xmm0, (int)(word >> 5 & 31));
        e.RequireOrdered(form, VectorRegister.Xmm0, VectorRegister.Xmm0);
        Round(e, form, rounding);
        e.StoreFloat(form, (int)(word & 31));
        e.EndFloat();
    }
}
