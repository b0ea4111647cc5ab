using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using Elements = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpByElementEncodings;
using Reductions = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpReductionEncodings;
using Scalar = Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;
using ThreeSame = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpThreeSameEncodings;
using TwoRegister = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Sums, differences, products, quotients and square roots, of scalars, vectors, and by element (DDI0487 C7.2).</summary>
internal static class FloatArithmetic
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        lines.Add(Scalar.FADD, FloatingPointTranslations.ByHost, &Add);
        lines.Add(ThreeSame.FADD, FloatingPointTranslations.ByHost, &Add);
        lines.Add(Scalar.FSUB, FloatingPointTranslations.ByHost, &Subtract);
        lines.Add(ThreeSame.FSUB, FloatingPointTranslations.ByHost, &Subtract);
        lines.Add(ThreeSame.FABD, FloatingPointTranslations.ByHost, &AbsoluteDifference);
        lines.Add(ThreeSame.FABD_scalar, FloatingPointTranslations.ByHost, &AbsoluteDifference);
        lines.Add(Scalar.FMUL, FloatingPointTranslations.ByHost, &Multiply);
        lines.Add(ThreeSame.FMUL, FloatingPointTranslations.ByHost, &Multiply);
        // They differ from FMUL in zero times infinity only, which is not ordinary.
        lines.Add(ThreeSame.FMULX, FloatingPointTranslations.ByHost, &Multiply);
        lines.Add(ThreeSame.FMULX_scalar, FloatingPointTranslations.ByHost, &Multiply);
        lines.Add(Elements.FMUL, FloatingPointTranslations.ByHost, &MultiplyByElement);
        lines.Add(Elements.FMUL_scalar, FloatingPointTranslations.ByHost, &MultiplyByElement);
        lines.Add(Elements.FMULX, FloatingPointTranslations.ByHost, &MultiplyByElement);
        lines.Add(Elements.FMULX_scalar, FloatingPointTranslations.ByHost, &MultiplyByElement);
        lines.Add(Scalar.FNMUL, FloatingPointTranslations.ByHost, &MultiplyNegate);
        lines.Add(Scalar.FDIV, FloatingPointTranslations.ByHost, &Divide);
        lines.Add(ThreeSame.FDIV, FloatingPointTranslations.ByHost, &Divide);
        lines.Add(Scalar.FSQRT, FloatingPointTranslations.ByHost, &SquareRoot);
        lines.Add(TwoRegister.FSQRT, FloatingPointTranslations.ByHost, &SquareRoot);
        lines.Add(ThreeSame.FADDP, FloatingPointTranslations.ByHost, &AddPairs);
        lines.Add(Reductions.FADDP_scalar, FloatingPointTranslations.ByHost, &AddPair);
    }

    /// <summary>Elements of the second operand for an instruction by element: the chosen one, in all places of XMM2.</summary>
    public static void LoadElement(UnitEmitter e, FloatForm form, uint word)
    {
        int h = (int)(word >> 11 & 1), l = (int)(word >> 21 & 1), m = (int)(word >> 16 & 31);
        int index = form.IsDouble ? h : (h << 1) | l;
        if (form.IsScalar)
            e.A.LoadVector(form.Size, VectorRegister.Xmm2, Vector(m).Plus(index * form.Size));
        else
            e.VectorUnary(VectorOp.Pshufd, VectorRegister.Xmm2, m, form.IsDouble ? (index == 0 ? 0x44 : 0xEE) : index * 0x55);
    }

    private static void Add(UnitEmitter e, uint word) => Binary(e, word, FloatOp.Add, ExactZeros.All);

    private static void Subtract(UnitEmitter e, uint word) => Binary(e, word, FloatOp.Sub, ExactZeros.All);

    private static void AbsoluteDifference(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        BeginBinary(e, form, word);
        e.A.Vector(form.Op(FloatOp.Sub), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.RequireOrdinary(form, ExactZeros.All);
        e.ClearSigns(VectorRegister.Xmm0, VectorRegister.Xmm0, form);
        End(e, form, word);
    }

    private static void Multiply(UnitEmitter e, uint word) => Binary(e, word, FloatOp.Mul, ExactZeros.OfZeroFactor);

    private static void MultiplyNegate(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        BeginBinary(e, form, word);
        e.A.Vector(form.Op(FloatOp.Mul), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.RequireOrdinary(form, ExactZeros.OfZeroFactor);
        e.WithSigns(VectorOp.Pxor, VectorRegister.Xmm0, VectorRegister.Xmm0, form);
        End(e, form, word);
    }

    private static void MultiplyByElement(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireReady();
        LoadElement(e, form, word);
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.A.Vector(form.Op(FloatOp.Mul), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.RequireOrdinary(form, ExactZeros.OfZeroFactor);
        End(e, form, word);
    }

    private static void Divide(UnitEmitter e, uint word) => Binary(e, word, FloatOp.Div, ExactZeros.OfZeroOperand);

    private static void SquareRoot(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireReady();
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        if (form.IsScalar)
            e.A.Vector(form.Op(FloatOp.Sqrt), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm1);
        else
            e.A.VectorUnary(form.Op(FloatOp.Sqrt), VectorRegister.Xmm0, VectorRegister.Xmm1);
        e.RequireOrdinary(form, ExactZeros.All);
        End(e, form, word);
    }

    private static void AddPairs(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        BeginBinary(e, form, word);
        MakePairs(e, form);
        e.A.Vector(form.Op(FloatOp.Add), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.RequireOrdinary(form, ExactZeros.All);
        End(e, form, word);
    }

    private static void AddPair(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireReady();
        LoadPair(e, form, word);
        e.A.Vector(form.Op(FloatOp.Add), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.RequireOrdinary(form, ExactZeros.All);
        End(e, form, word);
    }

    /// <summary>XMM1 and XMM2 from Vn and Vm to the even and the odd elements of both. Changes XMM3.</summary>
    public static void MakePairs(UnitEmitter e, FloatForm form)
    {
        const VectorRegister n = VectorRegister.Xmm1, m = VectorRegister.Xmm2, both = VectorRegister.Xmm3;
        const int even = 0b10_00_10_00, odd = 0b11_01_11_01;
        if (form.IsDouble)
        {
            e.A.Vector(VectorOp.Punpcklqdq, both, n, m);
            e.A.Vector(VectorOp.Punpckhqdq, m, n, m);
            e.A.VectorUnary(VectorOp.Movdqa, n, both);
            return;
        }
        if (form.IsFull)
        {
            e.A.Vector(VectorOp.Shufps, both, n, m, even);
            e.A.Vector(VectorOp.Shufps, m, n, m, odd);
            e.A.VectorUnary(VectorOp.Movdqa, n, both);
            return;
        }
        e.A.Vector(VectorOp.Punpcklqdq, both, n, m);
        e.A.Vector(VectorOp.Shufps, n, both, both, even);
        e.A.Vector(VectorOp.Shufps, m, both, both, odd);
    }

    /// <summary>The two elements of a scalar pairwise instruction.</summary>
    public static void LoadPair(UnitEmitter e, FloatForm form, uint word)
    {
        int n = (int)(word >> 5 & 31);
        e.A.LoadVector(form.Size, VectorRegister.Xmm1, Vector(n));
        e.A.LoadVector(form.Size, VectorRegister.Xmm2, Vector(n).Plus(form.Size));
    }

    private static void Binary(UnitEmitter e, uint word, VectorOp op, ExactZeros zeros)
    {
        FloatForm form = FloatForm.Of(word);
        BeginBinary(e, form, word);
        e.A.Vector(form.Op(op), VectorRegister.Xmm0, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.RequireOrdinary(form, zeros);
        End(e, form, word);
    }

    private static void BeginBinary(UnitEmitter e, FloatForm form, uint word)
    {
        e.BeginFloat();
        e.RequireReady();
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.LoadFloat(form, VectorRegister.Xmm2, (int)(word >> 16 & 31));
    }

    private static void End(UnitEmitter e, FloatForm form, uint word)
    {
        e.StoreFloat(form, (int)(word & 31));
        e.EndFloat();
    }
}
