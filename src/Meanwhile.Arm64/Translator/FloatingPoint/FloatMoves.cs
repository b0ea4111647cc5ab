using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;
using static Meanwhile.Arm64.Translator.Simd.Arrangement;
using Compare = Meanwhile.Arm64.Decoding.Encodings.FloatingPointCompareEncodings;
using Scalar = Meanwhile.Arm64.Decoding.Encodings.FloatingPointDataProcessingEncodings;
using Vectors = Meanwhile.Arm64.Decoding.Encodings.AdvancedSimdFpTwoRegisterEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Moves within the V registers, signs and selection: nothing of FPCR or FPSR matters to them (DDI0487 C7.2).</summary>
internal static class FloatMoves
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        lines.Add(Scalar.FMOV_reg, VectorOnly, &Move);
        lines.Add(Compare.FMOV_imm, VectorOnly, &Immediate);
        lines.Add(Compare.FCSEL, Traits.ReadsFlags | VectorOnly, &Select);
        lines.Add(Scalar.FABS, VectorOnly, &Absolute);
        lines.Add(Vectors.FABS, VectorOnly, &Absolute);
        lines.Add(Scalar.FNEG, VectorOnly, &Negate);
        lines.Add(Vectors.FNEG, VectorOnly, &Negate);
    }

    private static void Move(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.LoadFloat(form, VectorRegister.Xmm0, N(word));
        e.StoreFloat(form, D(word));
    }

    /// <summary>VFPExpandImm: a sign, three bits of exponent around 1.0 and four of fraction.</summary>
    private static void Immediate(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        ulong imm8 = word >> 13 & 0xFF, low = imm8 & 0x3F;
        bool below = (imm8 & 0x40) != 0;
        ulong bits = form.IsDouble
            ? (imm8 >> 7) << 63 | (below ? 0x3FCUL : 0x400) << 52 | low << 48
            : (imm8 >> 7) << 31 | (below ? 0x7CUL : 0x80) << 23 | low << 19;
        e.LoadConstant(VectorRegister.Xmm0, bits, 0);
        e.StoreFloat(form, D(word));
    }

    private static void Select(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        uint condition = word >> 12 & 15;
        if (condition >= 0b1110)
        {
            Move(e, word);
            return;
        }
        HostCondition holds = e.Condition(condition);
        e.A.Load(form.Size, Register.Rax, Vector(M(word)));
        e.A.MoveIf(holds, form.IsDouble, Register.Rax, Vector(N(word)));
        e.A.VectorUnary(VectorOp.MovqFromGeneral, VectorRegister.Xmm0, Register.Rax);
        e.StoreVector(D(word), VectorRegister.Xmm0);
    }

    private static void Absolute(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.LoadFloat(form, VectorRegister.Xmm0, N(word));
        e.ClearSigns(VectorRegister.Xmm0, VectorRegister.Xmm0, form);
        e.StoreFloat(form, D(word));
    }

    private static void Negate(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.LoadFloat(form, VectorRegister.Xmm0, N(word));
        e.WithSigns(VectorOp.Pxor, VectorRegister.Xmm0, VectorRegister.Xmm0, form);
        e.StoreFloat(form, D(word));
    }
}
