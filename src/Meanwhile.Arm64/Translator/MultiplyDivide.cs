using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>Multiplication with addition, high halves, and division (DDI0487 C3.6.5).</summary>
internal static unsafe class MultiplyDivide
{
    public static void AddTo(TranslationLines lines)
    {
        // MULX leaves the flags alone: multiplications stand between the links of carry chains.
        Traits product = lines.Features.Bmi2 ? Traits.KeepsHostFlags : Traits.None;
        lines.Add(DataProcessingRegisterEncodings.MADD, product, &MultiplyAdd);
        lines.Add(DataProcessingRegisterEncodings.MSUB, product, &MultiplyAdd);
        lines.Add(DataProcessingRegisterEncodings.SMADDL, product, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.SMSUBL, product, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.UMADDL, product, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.UMSUBL, product, &MultiplyAddLong);
        lines.Add(DataProcessingRegisterEncodings.SMULH, Traits.None, &MultiplyHigh);
        lines.Add(DataProcessingRegisterEncodings.UMULH, product, &MultiplyHigh);
        lines.Add(DataProcessingRegisterEncodings.UDIV, Traits.None, &Divide);
        lines.Add(DataProcessingRegisterEncodings.SDIV, Traits.None, &Divide);
    }

    private static void MultiplyAdd(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        bool isProduct = UnitEmitter.Source(word, 10) == CpuState.Zr && !Subtracts(word);
        Register result = isProduct ? e.Destination(d) : Register.Rax;
        if (KeepsFlags(e))
        {
            MultiplyInto(e, wide, Register.Rcx, result, n, m);
        }
        else
        {
            e.ClobberFlags();
            if (d == m)
                (n, m) = (m, n);
            e.LoadTo(result, n);
            if (m == CpuState.Zr || e.TryHost(m, out _))
                e.A.Imul(wide, result, e.Read(m, Register.Rcx));
            else
                e.A.Imul(wide, result, Home(m));
        }
        if (isProduct)
            e.Commit(d, result);
        else
            Accumulate(e, word, wide);
    }

    private static void MultiplyAddLong(UnitEmitter e, uint word)
    {
        bool isUnsigned = (word >> 23 & 1) != 0;
        int n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        // The low half is the same for signed factors.
        if (KeepsFlags(e))
        {
            Extend(e, Register.Rdx, n, isUnsigned);
            Extend(e, Register.Rcx, m, isUnsigned);
            e.A.MultiplyKeepingFlags(true, Register.Rcx, Register.Rax, Register.Rcx);
        }
        else
        {
            e.ClobberFlags();
            Extend(e, Register.Rax, n, isUnsigned);
            Extend(e, Register.Rcx, m, isUnsigned);
            e.A.Imul(true, Register.Rax, Register.Rcx);
        }
        Accumulate(e, word, wide: true);
    }

    private static bool Subtracts(uint word) => (word >> 15 & 1) != 0;

    private static bool KeepsFlags(UnitEmitter e) => e.Features.Bmi2 && e.AreHostFlagsWanted();

    /// <summary>high:low = n * m, unsigned, by MULX. Changes RDX.</summary>
    private static void MultiplyInto(UnitEmitter e, bool wide, Register high, Register low, int n, int m)
    {
        // A factor that lives in memory is read by the multiplication itself.
        if (e.TryHost(m, out _) && !e.TryHost(n, out _))
            (n, m) = (m, n);
        e.LoadTo(Register.Rdx, n);
        if (m == CpuState.Zr || e.TryHost(m, out _))
            e.A.MultiplyKeepingFlags(wide, high, low, e.Read(m, Register.Rcx));
        else
            e.A.MultiplyKeepingFlags(wide, high, low, Home(m));
    }

    private static void Extend(UnitEmitter e, Register to, int slot, bool isUnsigned)
    {
        if (isUnsigned)
            e.A.Mov(false, to, e.Read(slot, to));
        else
            e.A.SignExtend(4, true, to, e.Read(slot, to));
    }

    /// <summary>Ra plus or minus RAX; the flags stay if they are wanted.</summary>
    private static void Accumulate(UnitEmitter e, uint word, bool wide)
    {
        int d = UnitEmitter.Target(word, 0), addend = UnitEmitter.Source(word, 10);
        Assembler a = e.A;
        if (KeepsFlags(e))
        {
            // -x is ~x + 1.
            if (Subtracts(word))
                a.Not(wide, Register.Rax);
            int one = Subtracts(word) ? 1 : 0;
            if (addend != CpuState.Zr)
                a.Lea(wide, Register.Rax, new Memory(Register.Rax, e.Read(addend, Register.Rcx), 0).Plus(one));
            else if (one != 0)
                a.Lea(wide, Register.Rax, new Memory(Register.Rax, one));
            e.Commit(d, Register.Rax);
            return;
        }
        if (Subtracts(word))
            a.Neg(wide, Register.Rax);
        if (addend != CpuState.Zr)
            e.Alu(Arithmetic.Add, wide, Register.Rax, addend);
        e.Commit(d, Register.Rax);
    }

    private static void MultiplyHigh(UnitEmitter e, uint word)
    {
        bool isUnsigned = (word >> 23 & 1) != 0;
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        if (isUnsigned && e.Features.Bmi2)
        {
            Register result = e.Destination(d);
            MultiplyInto(e, wide: true, result, result, n, m);
            e.Commit(d, result);
            return;
        }
        e.ClobberFlags();
        e.LoadTo(Register.Rax, n);
        e.A.MultiplyWide(!isUnsigned, e.Read(m, Register.Rcx));
        e.Commit(d, Register.Rdx);
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
