using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>Shifts by a register, and byte reversal (DDI0487 C3.6.6, C3.6.8).</summary>
internal static unsafe class ShiftsAndBits
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingRegisterEncodings.LSLV, Traits.None, &Variable);
        lines.Add(DataProcessingRegisterEncodings.LSRV, Traits.None, &Variable);
        lines.Add(DataProcessingRegisterEncodings.ASRV, Traits.None, &Variable);
        lines.Add(DataProcessingRegisterEncodings.RORV, Traits.None, &Variable);
        lines.Add(DataProcessingRegisterEncodings.REV_32, Traits.None, &Reverse);
        lines.Add(DataProcessingRegisterEncodings.REV_64, Traits.None, &Reverse);
    }

    /// <summary>The host counts modulo the operand size, as the guest does.</summary>
    private static void Variable(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        int d = UnitEmitter.Target(word, 0);
        Shift op = (word >> 10 & 3) switch { 0 => Shift.Shl, 1 => Shift.Shr, 2 => Shift.Sar, _ => Shift.Ror };
        e.ClobberFlags();
        e.LoadTo(Register.Rcx, UnitEmitter.Source(word, 16));
        // A 32-bit move: a count of 0 need not clear the upper half.
        e.A.Mov(wide, Register.Rax, e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        e.A.ShiftByCl(op, wide, Register.Rax);
        e.Commit(d, Register.Rax);
    }

    private static void Reverse(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        e.A.Mov(wide, result, e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        e.A.ByteSwap(wide, result);
        e.Commit(d, result);
    }
}
