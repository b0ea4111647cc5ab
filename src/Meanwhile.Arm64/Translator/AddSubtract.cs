using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>Add and subtract: immediate, shifted register, extended register, with carry (DDI0487 C3.5.1, C3.6.1 to C3.6.3).</summary>
internal static unsafe class AddSubtract
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingImmediateEncodings.ADD_imm, Traits.KeepsHostFlags, &Immediate);
        lines.Add(DataProcessingImmediateEncodings.SUB_imm, Traits.KeepsHostFlags, &Immediate);
        lines.Add(DataProcessingImmediateEncodings.ADDS_imm, Traits.WritesFlags, &Immediate);
        lines.Add(DataProcessingImmediateEncodings.SUBS_imm, Traits.WritesFlags, &Immediate);
        lines.Add(DataProcessingRegisterEncodings.ADD_shift, Traits.None, &ShiftedRegister, &IsAddress);
        lines.Add(DataProcessingRegisterEncodings.SUB_shift, Traits.None, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.ADDS_shift, Traits.WritesFlags, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.SUBS_shift, Traits.WritesFlags, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.ADD_ext, Traits.None, &ExtendedRegister);
        lines.Add(DataProcessingRegisterEncodings.SUB_ext, Traits.None, &ExtendedRegister);
        lines.Add(DataProcessingRegisterEncodings.ADDS_ext, Traits.WritesFlags, &ExtendedRegister);
        lines.Add(DataProcessingRegisterEncodings.SUBS_ext, Traits.WritesFlags, &ExtendedRegister);
        lines.Add(DataProcessingRegisterEncodings.ADC, Traits.ReadsFlags, &WithCarry);
        lines.Add(DataProcessingRegisterEncodings.SBC, Traits.ReadsFlags, &WithCarry);
        lines.Add(DataProcessingRegisterEncodings.ADCS, Traits.ReadsFlags | Traits.WritesFlags, &WithCarry);
        lines.Add(DataProcessingRegisterEncodings.SBCS, Traits.ReadsFlags | Traits.WritesFlags, &WithCarry);
    }

    private static bool IsWide(uint word) => word >> 31 != 0;

    private static bool Subtracts(uint word) => (word >> 30 & 1) != 0;

    private static bool SetsFlags(uint word) => (word >> 29 & 1) != 0;

    private static void Immediate(UnitEmitter e, uint word)
    {
        bool wide = IsWide(word), subtracts = Subtracts(word);
        int value = (int)(word >> 10 & 0xFFF) << ((word >> 22 & 1) != 0 ? 12 : 0);
        int n = UnitEmitter.OrSp(word, 5);
        Assembler a = e.A;
        if (!SetsFlags(word))
        {
            int to = UnitEmitter.OrSp(word, 0);
            Register result = e.Destination(to), source = e.Read(n, Register.Rax);
            if (value != 0)
                a.Lea(wide, result, new Memory(source, subtracts ? -value : value));
            else if (wide)
                result = source;
            else
                a.Mov(false, result, source);
            e.Commit(to, result);
            return;
        }
        int d = UnitEmitter.Target(word, 0);
        if (d == CpuState.Sink && subtracts)
        {
            e.CompareImmediate(wide, n, value);
        }
        else
        {
            Register result = e.Destination(d);
            e.LoadTo(result, n);
            a.AluImmediate(subtracts ? Arithmetic.Sub : Arithmetic.Add, wide, result, value);
            e.Commit(d, result);
        }
        e.SetFlags(subtracts ? FlagsForm.Subtraction : FlagsForm.Addition, FlagSource.OfSum(subtracts, wide, d, n, FlagSource.Constant, value));
    }

    /// <summary>LEA can add so.</summary>
    private static bool IsAddress(uint word)
    {
        uint amount = word >> 10 & 63, type = word >> 22 & 3;
        return (amount == 0 || (type == 0 && amount <= 3)) && UnitEmitter.Source(word, 5) != CpuState.Zr && UnitEmitter.Source(word, 16) != CpuState.Zr;
    }

    private static void ShiftedRegister(UnitEmitter e, uint word)
    {
        bool wide = IsWide(word), subtracts = Subtracts(word), setsFlags = SetsFlags(word);
        int amount = (int)(word >> 10 & 63), type = (int)(word >> 22 & 3);
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        Assembler a = e.A;
        if (!setsFlags && !subtracts && IsAddress(word) && ((wide && d != n) || e.AreHostFlagsWanted()))
        {
            Register result = e.Destination(d), left = e.Read(n, Register.Rax), right = e.Read(m, Register.Rcx);
            a.Lea(wide, result, new Memory(left, right, amount));
            e.Commit(d, result);
            return;
        }
        if (amount != 0)
        {
            e.LoadShifted(Register.Rcx, m, wide, type, amount);
            Combine(e, wide, subtracts, setsFlags, d, n);
            return;
        }
        Arithmetic op = subtracts ? Arithmetic.Sub : Arithmetic.Add;
        var source = FlagSource.OfSum(subtracts, wide, d, n, m);
        if (d == CpuState.Sink && subtracts && setsFlags)
        {
            Register left = e.Read(n, Register.Rax);
            e.Alu(Arithmetic.Cmp, wide, left, m);
        }
        else
        {
            Register result = e.Destination(d);
            if (d == m && d != n)
            {
                if (subtracts)
                    result = Register.Rax;
                else
                    (n, m) = (m, n);
            }
            e.LoadTo(result, n);
            e.Alu(op, wide, result, m);
            e.Commit(d, result);
        }
        Finish(e, subtracts, setsFlags, source);
    }

    private static void ExtendedRegister(UnitEmitter e, uint word)
    {
        bool setsFlags = SetsFlags(word);
        int d = setsFlags ? UnitEmitter.Target(word, 0) : UnitEmitter.OrSp(word, 0);
        e.LoadExtended(Register.Rcx, UnitEmitter.Source(word, 16), word >> 13 & 7, (int)(word >> 10 & 7));
        Combine(e, IsWide(word), Subtracts(word), setsFlags, d, UnitEmitter.OrSp(word, 5));
    }

    /// <summary>d = n op RCX.</summary>
    private static void Combine(UnitEmitter e, bool wide, bool subtracts, bool setsFlags, int d, int n)
    {
        if (d == CpuState.Sink && subtracts && setsFlags)
        {
            e.A.Alu(Arithmetic.Cmp, wide, e.Read(n, Register.Rax), Register.Rcx);
        }
        else
        {
            Register result = e.Destination(d);
            e.LoadTo(result, n);
            e.A.Alu(subtracts ? Arithmetic.Sub : Arithmetic.Add, wide, result, Register.Rcx);
            e.Commit(d, result);
        }
        Finish(e, subtracts, setsFlags);
    }

    private static void WithCarry(UnitEmitter e, uint word)
    {
        bool wide = IsWide(word), subtracts = Subtracts(word);
        int d = UnitEmitter.Target(word, 0);
        int n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        Register result = e.Destination(d);
        if (d == m && d != n)
        {
            if (subtracts)
                result = Register.Rax;
            else
                (n, m) = (m, n);
        }
        e.LoadCarry(complement: subtracts);
        e.LoadTo(result, n);
        e.Alu(subtracts ? Arithmetic.Sbb : Arithmetic.Adc, wide, result, m);
        e.Commit(d, result);
        Finish(e, subtracts, SetsFlags(word));
    }

    private static void Finish(UnitEmitter e, bool subtracts, bool setsFlags, FlagSource source = default)
    {
        if (setsFlags)
            e.SetFlags(subtracts ? FlagsForm.Subtraction : FlagsForm.Addition, source);
        else
            e.ClobberFlags();
    }
}
