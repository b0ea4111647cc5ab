using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>Logical operations: immediate and shifted register (DDI0487 C3.5.2, C3.6.4).</summary>
internal static unsafe class Logical
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingImmediateEncodings.AND_imm, Traits.None, &Immediate);
        lines.Add(DataProcessingImmediateEncodings.ORR_imm, Traits.None, &Immediate, &IsMove);
        lines.Add(DataProcessingImmediateEncodings.EOR_imm, Traits.None, &Immediate);
        lines.Add(DataProcessingImmediateEncodings.ANDS_imm, Traits.WritesFlags, &Immediate);
        lines.Add(DataProcessingRegisterEncodings.AND_shift, Traits.None, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.BIC_shift, Traits.None, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.ORR_shift, Traits.None, &ShiftedRegister, &IsPlainMove);
        lines.Add(DataProcessingRegisterEncodings.ORN_shift, Traits.None, &ShiftedRegister, &IsPlainMove);
        lines.Add(DataProcessingRegisterEncodings.EOR_shift, Traits.None, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.EON_shift, Traits.None, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.ANDS_shift, Traits.WritesFlags, &ShiftedRegister);
        lines.Add(DataProcessingRegisterEncodings.BICS_shift, Traits.WritesFlags, &ShiftedRegister);
    }

    private static Arithmetic Operation(uint word) => (word >> 29 & 3) switch
    {
        0b01 => Arithmetic.Or,
        0b10 => Arithmetic.Xor,
        _ => Arithmetic.And,
    };

    private static bool SetsFlags(uint word) => (word >> 29 & 3) == 3;

    private static bool IsMove(uint word) => UnitEmitter.Source(word, 5) == CpuState.Zr;

    private static bool IsPlainMove(uint word) => IsMove(word) && (word >> 10 & 63) == 0;

    private static void Immediate(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        BitMask.TryDecode(word >> 22 & 1, word >> 16 & 63, word >> 10 & 63, out ulong mask);
        int n = UnitEmitter.Source(word, 5);
        int d = SetsFlags(word) ? UnitEmitter.Target(word, 0) : UnitEmitter.OrSp(word, 0);
        Arithmetic op = Operation(word);
        Assembler a = e.A;
        if (op == Arithmetic.Or && n == CpuState.Zr)
        {
            Register constant = e.Destination(d);
            a.MovImmediate(constant, wide ? mask : (uint)mask);
            e.Commit(d, constant);
            return;
        }
        bool fits = !wide || (ulong)(int)mask == mask;
        if (!fits)
            a.MovImmediate(Register.Rcx, mask);
        if (d == CpuState.Sink && SetsFlags(word))
        {
            Register tested = e.Read(n, Register.Rax);
            if (fits)
                a.TestImmediate(wide, tested, (int)mask);
            else
                a.Test(true, tested, Register.Rcx);
        }
        else
        {
            Register result = e.Destination(d);
            e.LoadTo(result, n);
            if (fits)
                a.AluImmediate(op, wide, result, (int)mask);
            else
                a.Alu(op, true, result, Register.Rcx);
            e.Commit(d, result);
        }
        Finish(e, word, OfResult(wide, d, fits ? new FlagSource(FlagSourceKind.And, wide, n, FlagSource.Constant, (int)mask) : default));
    }

    private static void ShiftedRegister(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0, inverts = (word >> 21 & 1) != 0;
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        int type = (int)(word >> 22 & 3), amount = (int)(word >> 10 & 63);
        Arithmetic op = Operation(word);
        Assembler a = e.A;
        if (op == Arithmetic.Or && n == CpuState.Zr)
        {
            Move(e, wide, inverts, d, m, type, amount);
            return;
        }
        if (amount != 0 || inverts)
        {
            e.LoadShifted(Register.Rcx, m, wide, type, amount);
            if (inverts)
                a.Not(wide, Register.Rcx);
            if (d == CpuState.Sink && SetsFlags(word))
            {
                a.Test(wide, e.Read(n, Register.Rax), Register.Rcx);
            }
            else
            {
                Register result = e.Destination(d);
                e.LoadTo(result, n);
                a.Alu(op, wide, result, Register.Rcx);
                e.Commit(d, result);
            }
        }
        else if (d == CpuState.Sink && SetsFlags(word))
        {
            a.Test(wide, e.Read(n, Register.Rax), e.Read(m, Register.Rcx));
        }
        else
        {
            if (d == m)
                (n, m) = (m, n);
            Register result = e.Destination(d);
            e.LoadTo(result, n);
            e.Alu(op, wide, result, m);
            e.Commit(d, result);
        }
        Finish(e, word, OfResult(wide, d, amount == 0 && !inverts ? new FlagSource(FlagSourceKind.And, wide, n, m) : default));
    }

    /// <summary>What the flags are computed from: the result, or without one <paramref name="test"/>.</summary>
    private static FlagSource OfResult(bool wide, int d, FlagSource test) =>
        d == CpuState.Sink ? test : new FlagSource(FlagSourceKind.Result, wide, d, FlagSource.Constant);

    /// <summary>MOV and MVN, which are ORR and ORN with XZR.</summary>
    private static void Move(UnitEmitter e, bool wide, bool inverts, int d, int m, int type, int amount)
    {
        Register result = e.Destination(d);
        if (amount != 0)
            e.LoadShifted(result, m, wide, type, amount);
        else if (wide && !inverts && result == Register.Rax)
            result = e.Read(m, result);
        else if (wide || m == CpuState.Zr)
            e.LoadTo(result, m);
        else
            e.A.Mov(false, result, e.Read(m, Register.Rax));
        if (inverts)
            e.A.Not(wide, result);
        e.Commit(d, result);
    }

    private static void Finish(UnitEmitter e, uint word, FlagSource source)
    {
        // C and V are clear, as CF and OF are.
        if (SetsFlags(word))
            e.SetFlags(FlagsForm.Addition, source);
        else
            e.ClobberFlags();
    }
}
