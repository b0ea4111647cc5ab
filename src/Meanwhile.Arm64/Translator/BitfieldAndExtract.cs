using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>UBFM, SBFM, BFM with all their aliases, and EXTR (DDI0487 C3.5.5 to C3.5.7).</summary>
internal static unsafe class BitfieldAndExtract
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingImmediateEncodings.UBFM, Traits.None, &Unsigned, lines.Features.Bmi2 ? &IsExtensionOrShift : &IsExtension);
        lines.Add(DataProcessingImmediateEncodings.SBFM, Traits.None, &Signed, &IsExtension);
        lines.Add(DataProcessingImmediateEncodings.BFM, Traits.None, &Insert);
        lines.Add(DataProcessingImmediateEncodings.EXTR, lines.Features.Bmi2 ? Traits.KeepsHostFlags : Traits.None, &Extract);
    }

    private static (bool Wide, int Size, int R, int S) Fields(uint word)
    {
        bool wide = word >> 31 != 0;
        return (wide, wide ? 64 : 32, (int)(word >> 16 & 63), (int)(word >> 10 & 63));
    }

    /// <summary>UXTB, UXTH, SXTB, SXTH, SXTW.</summary>
    private static bool IsExtension(uint word)
    {
        (bool wide, _, int r, int s) = Fields(word);
        return r == 0 && s is 7 or 15 or 31 && (s != 31 || wide);
    }

    /// <summary>Also LSL and LSR.</summary>
    private static bool IsExtensionOrShift(uint word)
    {
        (_, int size, int r, int s) = Fields(word);
        return IsExtension(word) || s == size - 1 || s + 1 == r;
    }

    private static void Unsigned(UnitEmitter e, uint word)
    {
        (bool wide, int size, int r, int s) = Fields(word);
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5);
        Register result = e.Destination(d);
        Assembler a = e.A;
        if (IsExtension(word))
        {
            a.ZeroExtend((s + 1) / 8, result, e.Read(n, Register.Rax));
        }
        else if (e.Features.Bmi2 && IsExtensionOrShift(word) && e.AreHostFlagsWanted())
        {
            bool left = s != size - 1;
            a.MovImmediate(Register.Rcx, (ulong)(left ? size - r : r));
            a.ShiftKeepingFlags(wide, left, result, e.Read(n, Register.Rax), Register.Rcx);
        }
        else
        {
            e.ClobberFlags();
            if (wide)
                e.LoadTo(result, n);
            else
                a.Mov(false, result, e.Read(n, Register.Rax));
            if (s >= r)
            {
                if (r != 0)
                    a.ShiftImmediate(Shift.Shr, wide, result, r);
                if (s != size - 1)
                    KeepLow(a, result, s - r + 1);
            }
            else
            {
                if (s + 1 != r)
                    KeepLow(a, result, s + 1);
                a.ShiftImmediate(Shift.Shl, wide, result, size - r);
            }
        }
        e.Commit(d, result);
    }

    /// <summary>Clears all but the low bits of a register; RCX may change.</summary>
    private static void KeepLow(Assembler a, Register r, int bits)
    {
        switch (bits)
        {
            case 8:
                a.ZeroExtend(1, r, r);
                break;
            case 16:
                a.ZeroExtend(2, r, r);
                break;
            case < 32:
                a.AluImmediate(Arithmetic.And, false, r, (int)((1U << bits) - 1));
                break;
            case 32:
                a.Mov(false, r, r);
                break;
            case < 64:
                a.ShiftImmediate(Shift.Shl, true, r, 64 - bits);
                a.ShiftImmediate(Shift.Shr, true, r, 64 - bits);
                break;
        }
    }

    private static void Signed(UnitEmitter e, uint word)
    {
        (bool wide, int size, int r, int s) = Fields(word);
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5);
        Register result = e.Destination(d);
        Assembler a = e.A;
        if (IsExtension(word))
        {
            a.SignExtend((s + 1) / 8, wide, result, e.Read(n, Register.Rax));
        }
        else
        {
            e.ClobberFlags();
            if (wide)
                e.LoadTo(result, n);
            else
                a.Mov(false, result, e.Read(n, Register.Rax));
            int left = size - 1 - s;
            if (left != 0)
                a.ShiftImmediate(Shift.Shl, wide, result, left);
            // Bit S is at the top now; it belongs at S - R, or at S + size - R.
            int right = s >= r ? left + r : r - 1 - s;
            if (right != 0)
                a.ShiftImmediate(Shift.Sar, wide, result, right);
        }
        e.Commit(d, result);
    }

    /// <summary>BFI (S below R) and BFXIL.</summary>
    private static void Insert(UnitEmitter e, uint word)
    {
        (bool wide, int size, int r, int s) = Fields(word);
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5);
        if (d == CpuState.Sink)
            return;
        Assembler a = e.A;
        e.ClobberFlags();
        e.LoadTo(Register.Rax, n);
        int width = s >= r ? s - r + 1 : s + 1, lsb = s >= r ? 0 : size - r;
        if (s >= r)
        {
            if (r != 0)
                a.ShiftImmediate(Shift.Shr, wide, Register.Rax, r);
        }
        else
        {
            a.ShiftImmediate(Shift.Shl, wide, Register.Rax, lsb);
        }
        ulong mask = (width == 64 ? ulong.MaxValue : (1UL << width) - 1) << lsb;
        a.MovImmediate(Register.Rcx, mask);
        a.Alu(Arithmetic.And, wide, Register.Rax, Register.Rcx);
        a.Not(wide, Register.Rcx);
        e.Alu(Arithmetic.And, wide, Register.Rcx, d);
        a.Alu(Arithmetic.Or, wide, Register.Rax, Register.Rcx);
        e.Commit(d, Register.Rax);
    }

    private static void Extract(UnitEmitter e, uint word)
    {
        (bool wide, int size, _, int lsb) = Fields(word);
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5), m = UnitEmitter.Source(word, 16);
        Assembler a = e.A;
        if (lsb != 0 && e.Features.Bmi2 && e.AreHostFlagsWanted())
        {
            // SHRD would change them.
            Register result = e.Destination(d);
            a.MovImmediate(Register.Rcx, (ulong)lsb);
            a.ShiftKeepingFlags(wide, left: false, Register.Rdx, e.Read(m, Register.Rdx), Register.Rcx);
            a.MovImmediate(Register.Rcx, (ulong)(size - lsb));
            a.ShiftKeepingFlags(wide, left: true, Register.Rcx, e.Read(n, Register.Rax), Register.Rcx);
            a.Lea(wide, result, new Memory(Register.Rdx, Register.Rcx, 0));
            e.Commit(d, result);
            return;
        }
        if (lsb != 0)
            e.ClobberFlags();
        if (wide)
            e.LoadTo(Register.Rax, m);
        else
            a.Mov(false, Register.Rax, e.Read(m, Register.Rax));
        if (lsb != 0)
            a.ShiftRightDouble(wide, Register.Rax, e.Read(n, Register.Rcx), lsb);
        e.Commit(d, Register.Rax);
    }
}
