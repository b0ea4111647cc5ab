using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Decoding.Encodings.FloatingPointCompareEncodings;

namespace Meanwhile.Arm64.Translator.FloatingPoint;

/// <summary>Comparisons that set NZCV (DDI0487 C7.2.59 and its neighbours). NaNs are the handler's.</summary>
internal static class FloatCompare
{
    public static unsafe void AddTo(TranslationLines lines)
    {
        const Traits compare = FloatingPointTranslations.ByHost | Traits.WritesFlags;
        lines.Add(FCMP, compare, &Registers);
        lines.Add(FCMPE, compare, &Registers);
        lines.Add(FCMP_zero, compare, &WithZero);
        lines.Add(FCMPE_zero, compare, &WithZero);
        lines.Add(FCCMP, compare | Traits.ReadsFlags, &Conditionally);
        lines.Add(FCCMPE, compare | Traits.ReadsFlags, &Conditionally);
    }

    private static void Registers(UnitEmitter e, uint word)
    {
        e.BeginFloat();
        e.RequireDenormals();
        Compare(e, word);
        e.EndFloatCompare();
    }

    private static void WithZero(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.BeginFloat();
        e.RequireDenormals();
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.A.Vector(VectorOp.Pxor, VectorRegister.Xmm2, VectorRegister.Xmm2, VectorRegister.Xmm2);
        SetOrder(e, form);
        e.EndFloatCompare();
    }

    private static unsafe void Conditionally(UnitEmitter e, uint word)
    {
        uint condition = word >> 12 & 15;
        Assembler a = e.A;
        byte* otherwise = null;
        if (condition < 0b1110)
        {
            HostCondition holds = e.Condition(condition);
            otherwise = a.JumpForwardIf((HostCondition)((int)holds ^ 1));
        }
        e.BeginFloat();
        e.RequireDenormals();
        Compare(e, word);
        if (otherwise != null)
        {
            byte* done = a.JumpShort();
            a.Bind(otherwise);
            a.MovImmediate(Register.Rax, Conditional.HostForm(word & 15));
            e.RestoreFlagsFromRax();
            a.BindShort(done);
        }
        e.EndFloatCompare();
    }

    private static void Compare(UnitEmitter e, uint word)
    {
        FloatForm form = FloatForm.Of(word);
        e.LoadFloat(form, VectorRegister.Xmm1, (int)(word >> 5 & 31));
        e.LoadFloat(form, VectorRegister.Xmm2, (int)(word >> 16 & 31));
        SetOrder(e, form);
    }

    /// <summary>The host's flags as after subtracting numbers in the order of XMM1 and XMM2: less is N, equal ZC, greater C.</summary>
    private static void SetOrder(UnitEmitter e, FloatForm form)
    {
        e.RequireOrdered(form, VectorRegister.Xmm1, VectorRegister.Xmm2);
        e.A.Set(HostCondition.Above, Register.Rax);
        e.A.Set(HostCondition.Below, Register.Rcx);
        e.A.CompareByte(Register.Rax, Register.Rcx);
    }
}
