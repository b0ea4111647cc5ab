using Meanwhile.Arm64.Translator.X64;
using ThreeSame = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpThreeSameEncodings;
using TwoRegister = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Comparisons that make masks (DDI0487 C7.2). NaNs are the handler's: it knows which are invalid.</summary>
internal static class FloatVectorCompare
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        lines.Add(ThreeSame.FCMEQ, FloatingPointTranslations.ByHost, &Equal);
        lines.Add(ThreeSame.FCMEQ_scalar, FloatingPointTranslations.ByHost, &Equal);
        lines.Add(ThreeSame.FCMGE, FloatingPointTranslations.ByHost, &GreaterOrEqual);
        lines.Add(ThreeSame.FCMGE_scalar, FloatingPointTranslations.ByHost, &GreaterOrEqual);
        lines.Add(ThreeSame.FCMGT, FloatingPointTranslations.ByHost, &Greater);
        lines.Add(ThreeSame.FCMGT_scalar, FloatingPointTranslations.ByHost, &Greater);
        lines.Add(ThreeSame.FACGE, FloatingPointTranslations.ByHost, &AbsoluteGreaterOrEqual);
        lines.Add(ThreeSame.FACGE_scalar, FloatingPointTranslations.ByHost, &AbsoluteGreaterOrEqual);
        lines.Add(ThreeSame.FACGT, FloatingPointTranslations.ByHost, &AbsoluteGreater);
        lines.Add(ThreeSame.FACGT_scalar, FloatingPointTranslations.ByHost, &AbsoluteGreater);
        lines.Add(TwoRegister.FCMEQ_zero, FloatingPointTranslations.ByHost, &EqualToZero);
        lines.Add(TwoRegister.FCMEQ_zero_scalar, FloatingPointTranslations.ByHost, &EqualToZero);
        lines.Add(TwoRegister.FCMGE_zero, FloatingPointTranslations.ByHost, &NotBelowZero);
        lines.Add(TwoRegister.FCMGE_zero_scalar, FloatingPointTranslations.ByHost, &NotBelowZero);
        lines.Add(TwoRegister.FCMGT_zero, FloatingPointTranslations.ByHost, &AboveZero);
        lines.Add(TwoRegister.FCMGT_zero_scalar, FloatingPointTranslations.ByHost, &AboveZero);
        lines.Add(TwoRegister.FCMLE_zero, FloatingPointTranslations.ByHost, &NotAboveZero);
        lines.Add(TwoRegister.FCMLE_zero_scalar, FloatingPointTranslations.ByHost, &NotAboveZero);
        lines.Add(TwoRegister.FCMLT_zero, FloatingPointTranslations.ByHost, &BelowZero);
        lines.Add(TwoRegister.FCMLT_zero_scalar, FloatingPointTranslations.ByHost, &BelowZero);
    }

    private static void Equal(UnitEmitter e, uint word) => WithRegister(e, word, FloatPredicate.Equal, absolute: false);

    private static void GreaterOrEqual(UnitEmitter e, uint word) => WithRegister(e, word, FloatPredicate.LessOrEqual, absolute: false);

    private static void Greater(UnitEmitter e, uint word) => WithRegister(e, word, FloatPredicate.Less, absolute: false);

    private static void AbsoluteGreaterOrEqual(UnitEmitter e, uint word) => WithRegister(e, word, FloatPredicate.LessOrEqual, absolute: true);

    private static void AbsoluteGreater(UnitEmitter e, uint word) => WithRegister(e, word, FloatPredicate.Less, absolute: true);

    private static void EqualToZero(UnitEmitter e, uint word) => WithZero(e, word, FloatPredicate.Equal, zeroFirst: true);

    private static void NotBelowZero(UnitEmitter e, uint word) => WithZero(e, word, FloatPredicate.LessOrEqual, zeroFirst: true);

    private static void AboveZero(UnitEmitter e, uint word) => WithZero(e, word, FloatPredicate.Less, zeroFirst: true);

    private static void NotAboveZero(UnitEmitter e, uint word) => WithZero(e, word, FloatPredicate.LessOrEqual, zeroFirst: false);

    private static void BelowZero(UnitEmitter e, uint word) => WithZero(e, word, FloatPredicate.Less, zeroFirst: false);

    /// <summary>Vm against Vn: what is greater of the guest's is less of the host's.</summary>
    private static void WithRegister(UnitEmitter e, uint word, FloatPredicate predicate, bool absolute)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireDenormals();
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.LoadFloat(form, VectorRegister.Xmm2, (int)(word >> 16 & 31));
        e.RequireOrdered(form, VectorRegister.Xmm1, VectorRegister.Xmm2);
        if (absolute)
        {
            e.ClearSigns(VectorRegister.Xmm1, VectorRegister.Xmm1, form);
            e.ClearSigns(VectorRegister.Xmm2, VectorRegister.Xmm2, form);
        }
        End(e, form, word, VectorRegister.Xmm2, VectorRegister.Xmm1, predicate);
    }

    private static void WithZero(UnitEmitter e, uint word, FloatPredicate predicate, bool zeroFirst)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireDenormals();
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.A.Vector(VectorOp.Pxor, VectorRegister.Xmm2, VectorRegister.Xmm2, VectorRegister.Xmm2);
        e.RequireOrdered(form, VectorRegister.Xmm1, VectorRegister.Xmm2);
        End(
            e,
            form,
            word,
            zeroFirst ? VectorRegister.Xmm2 : VectorRegister.Xmm1,
            zeroFirst ? VectorRegister.Xmm1 : VectorRegister.Xmm2,
            predicate);
    }

    /// <summary>The operands of scalars have zeros above the element, which the mask takes over.</summary>
    private static void End(UnitEmitter e, FloatForm form, uint word, VectorRegister a, VectorRegister b, FloatPredicate predicate)
    {
        e.A.Vector(form.Op(FloatOp.Cmp), VectorRegister.Xmm0, a, b, (int)predicate);
        e.StoreFloat(form, (int)(word & 31));
        e.EndFloat();
    }
}
