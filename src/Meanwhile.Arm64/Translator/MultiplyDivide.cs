using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>Multiplication with addition, high halves, and division (DDI0487 C3.6.5).</summary>
internal static unsafe class MultiplyDivide
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingRegisterEncodings.MADD, Traits.None, &MultiplyAdd);
        lines.Add(DataProcessingRegisterEncodings.MSUB, Traits.None, &MultiplyAdd);
        lines.Add(DataProcessingRegisterEncodings.SMADDL, Traits.None, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.SMSUBL, Traits.None, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.UMADDL, Traits.None, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.UMSUBL, Traits.None, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.SMULH, Traits.None, &MultiplyHigh);
        lines.Add(DataProcessingRegisterEncodings.UMULH, Traits.None, &MultiplyHigh);
        lines.Add(DataProcessingRegisterEncodings.UDIV, Traits.None, &Divide);
        lines.Add(DataProcessingRegisterEncodings.SDIV, Traits.None, &Divide);
    }

    private static void MultiplyAdd(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        int m = UnitEmitter.Source(word, 16);
        e.ClobberFlags();
        e.LoadTo(Register.Rax, UnitEmitter.Source(word, 5));
        e.A.Imul(wide, Register.Rax, e.Read(m, Register.Rcx));
        Accumulate(e, word, wide);
    }

    private static void MultiplyAddLong(UnitEmitter e, uint word)
    {
        bool isUnsigned = (word >> 23 & 1) != 0;
        e.ClobberFlags();
        Extend(e, Register.Rax, UnitEmitter.Source(word, 5), isUnsigned);
        Extend(e, Register.Rcx, UnitEmitter.Source(word, 16), isUnsigned);
        e.A.Imul(true, Register.Rax, Register.Rcx);
        Accumulate(e, word, wide: true);
    }

    private static void Extend(UnitEmitter e, Register to, int slot, bool isUnsigned)
    {
        if (isUnsigned)
            e.A.Mov(false, to, e.Read(slot, to));
        else
            e.A.SignExtend(4, true, to, e.Read(slot, to));
    }

    /// <summary>Ra plus or minus RAX.</summary>
    private static void Accumulate(UnitEmitter e, uint word, bool wide)
    {
        int d = UnitEmitter.Target(word, 0), addend = UnitEmitter.Source(word, 10);
        bool subtracts = (word >> 15 & 1) != 0;
        if (!subtracts)
        {
            if (addend != CpuState.Zr)
                e.Alu(Arithmetic.Add, wide, Register.Rax, addend);
        }
        else
        {
            e.A.Neg(wide, Register.Rax);
            if (addend != CpuState.Zr)
                e.Alu(Arithmetic.Add, wide, Register.Rax, addend);
        }
        e.Commit(d, Register.Rax);
    }

    private static void MultiplyHigh(UnitEmitter e, uint word)
    {
        bool isUnsigned = (word >> 23 & 1) != 0;
        e.ClobberFlags();
        e.LoadTo(Register.Rax, UnitEmitter.Source(word, 5));
        e.A.MultiplyWide(!isUnsigned, e.Read(UnitEmitter.Source(word, 16), Register.Rcx));
        e.Commit(UnitEmitter.Target(word, 0), Register.Rdx);
    }

    /// <summary>Division by zero gives 0, and the smallest number by -1 itself: the host would trap at both.</summary>
    private static void Divide(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0, signed = (word >> 10 & 1) != 0;
        int d = UnitEmitter.Target(word, 0);
        Assembler a = e.A;
        e.ClobberFlags();
        a.Mov(wide, Register.Rcx, e.Read(UnitEmitter.Source(word, 16), Register.Rcx));
        a.Mov(wide, Register.Rax, e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        if (signed)
        {
            // Divisors 0 and -1 are those that are at most 0 after one is added, unsigned.
            a.Lea(wide, Register.Rdx, new Memory(Register.Rcx, 1));
            a.AluImmediate(Arithmetic.Cmp, wide, Register.Rdx, 1);
            byte* ordinary = a.JumpShortIf(HostCondition.Above);
            // n * divisor is 0, or -n.
            a.Imul(wide, Register.Rax, Register.Rcx);
            byte* done = a.JumpShort();
            a.BindShort(ordinary);
            a.SignIntoRdx(wide);
            a.Divide(wide, signed: true, Register.Rcx);
            a.BindShort(done);
        }
        else
        {
            a.Zero(Register.Rdx);
            a.Test(wide, Register.Rcx, Register.Rcx);
            byte* ordinary = a.JumpShortIf(HostCondition.NotEqual);
            a.Zero(Register.Rax);
            byte* done = a.JumpShort();
            a.BindShort(ordinary);
            a.Divide(wide, signed: false, Register.Rcx);
            a.BindShort(done);
        }
        e.Commit(d, Register.Rax);
    }
}
