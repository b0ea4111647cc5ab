using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>Conditional select and conditional compare (DDI0487 C3.6.9, C3.6.10).</summary>
internal static unsafe class Conditional
{
    private const uint Always = 0b1110;

    public static void AddTo(TranslationLines lines)
    {
        const Traits select = Traits.ReadsFlags | Traits.KeepsHostFlags;
        lines.Add(DataProcessingRegisterEncodings.CSEL, select, &Select);
        lines.Add(DataProcessingRegisterEncodings.CSINC, select, &Select);
        lines.Add(DataProcessingRegisterEncodings.CSINV, select, &Select);
        lines.Add(DataProcessingRegisterEncodings.CSNEG, select, &Select);
        const Traits compare = Traits.ReadsFlags | Traits.WritesFlags;
        lines.Add(DataProcessingRegisterEncodings.CCMN_reg, compare, &Compare);
        lines.Add(DataProcessingRegisterEncodings.CCMP_reg, compare, &Compare);
        lines.Add(DataProcessingRegisterEncodings.CCMN_imm, compare, &Compare);
        lines.Add(DataProcessingRegisterEncodings.CCMP_imm, compare, &Compare);
    }

    private static void Select(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0, inverts = (word >> 30 & 1) != 0, increments = (word >> 10 & 1) != 0;
        uint condition = word >> 12 & 15;
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        Assembler a = e.A;
        if (condition >= Always)
        {
            a.Mov(wide, Register.Rax, e.Read(n, Register.Rax));
            e.Commit(d, Register.Rax);
            return;
        }
        HostCondition holds = e.Condition(condition);
        HostCondition fails = (HostCondition)((int)holds ^ 1);
        if (n == CpuState.Zr && m == CpuState.Zr && increments != inverts)
        {
            // CSET and CSETM.
            a.Set(fails, Register.Rax);
            a.ZeroExtend(1, Register.Rax, Register.Rax);
            if (inverts)
            {
                // 0 or 1 to 0 or -1 without touching the flags.
                a.Not(wide, Register.Rax);
                a.Lea(wide, Register.Rax, new Memory(Register.Rax, 1));
            }
            e.Commit(d, Register.Rax);
            return;
        }
        a.Mov(wide, Register.Rax, e.Read(m, Register.Rax));
        if (inverts)
            a.Not(wide, Register.Rax);
        if (increments)
            a.Lea(wide, Register.Rax, new Memory(Register.Rax, 1));
        if (n != CpuState.Zr && !e.TryHost(n, out _))
            a.MoveIf(holds, wide, Register.Rax, Home(n));
        else
            a.MoveIf(holds, wide, Register.Rax, e.Read(n, Register.Rcx));
        e.Commit(d, Register.Rax);
    }

    private static void Compare(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0, subtracts = (word >> 30 & 1) != 0;
        uint condition = word >> 12 & 15;
        int n = UnitEmitter.Source(word, 5);
        Assembler a = e.A;
        byte* otherwise = null;
        if (condition < Always)
            otherwise = a.JumpShortIf((HostCondition)((int)e.Condition(condition) ^ 1));
        e.LoadTo(Register.Rax, n);
        Arithmetic op = subtracts ? Arithmetic.Cmp : Arithmetic.Add;
        if ((word >> 11 & 1) != 0)
            a.AluImmediate(op, wide, Register.Rax, (int)(word >> 16 & 31));
        else
            e.Alu(op, wide, Register.Rax, UnitEmitter.Source(word, 16));
        if (!subtracts)
            a.ComplementCarry();
        if (otherwise != null)
        {
            byte* done = a.JumpShort();
            a.BindShort(otherwise);
            a.MovImmediate(Register.Rax, HostForm(word & 15));
            e.RestoreFlagsFromRax();
            a.BindShort(done);
        }
        e.SetFlags(FlagsForm.Subtraction);
    }

    /// <summary>NZCV as in <see cref="CpuState.HostFlags"/>.</summary>
    internal static uint HostForm(uint nzcv) => (nzcv >> 2) << 14 | (~nzcv >> 1 & 1) << 8 | (nzcv & 1);
}
