using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>Reversal of bits, and of bytes within halfwords and words; leading zeros and sign bits (DDI0487 C3.6.8).</summary>
internal static unsafe class BitReversal
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingRegisterEncodings.RBIT, Traits.None, &ReverseBits);
        lines.Add(DataProcessingRegisterEncodings.REV16, Traits.None, &ReverseInHalfwords);
        lines.Add(DataProcessingRegisterEncodings.REV32, Traits.None, &ReverseInWords);
        if (!lines.Features.Lzcnt)
            return;
        lines.Add(DataProcessingRegisterEncodings.CLZ, Traits.None, &LeadingZeros);
        lines.Add(DataProcessingRegisterEncodings.CLS, Traits.None, &LeadingSignBits);
    }

    /// <summary>Reverses the bits of each byte, then the bytes. With a CLZ after it, it counts trailing zeros: the architecture has no other way.</summary>
    private static void ReverseBits(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        int d = UnitEmitter.Target(word, 0), n = UnitEmitter.Source(word, 5);
        Assembler a = e.A;
        e.ClobberFlags();
        if (IsFollowedByCount(e, d, wide))
        {
            Register count = e.Destination(d);
            a.CountTrailingZeros(wide, count, e.Read(n, Register.Rax));
            e.Commit(d, count);
            e.FuseNext();
            return;
        }
        a.Mov(wide, Register.Rax, e.Read(n, Register.Rax));
        SwapBits(a, wide, 1, 0x5555_5555_5555_5555);
        SwapBits(a, wide, 2, 0x3333_3333_3333_3333);
        SwapBits(a, wide, 4, 0x0F0F_0F0F_0F0F_0F0F);
        a.ByteSwap(wide, Register.Rax);
        e.Commit(d, Register.Rax);
    }

    /// <summary>The next instruction is CLZ of the register that this one writes, into the same.</summary>
    private static bool IsFollowedByCount(UnitEmitter e, int d, bool wide) =>
        e.Features.Lzcnt && e.Features.Bmi1
        && e.TryNext(out uint next)
        && DataProcessingRegisterEncodings.CLZ.Matches(next)
        && next >> 31 != 0 == wide
        && UnitEmitter.Source(next, 5) == d
        && UnitEmitter.Target(next, 0) == d;

    /// <summary>RAX: groups of <paramref name="count"/> bits change places with their neighbours. Changes RCX and RDX.</summary>
    private static void SwapBits(Assembler a, bool wide, int count, ulong mask)
    {
        a.MovImmediate(Register.Rcx, wide ? mask : (uint)mask);
        a.Mov(wide, Register.Rdx, Register.Rax);
        a.ShiftImmediate(Shift.Shr, wide, Register.Rax, count);
        a.Alu(Arithmetic.And, wide, Register.Rdx, Register.Rcx);
        a.Alu(Arithmetic.And, wide, Register.Rax, Register.Rcx);
        a.ShiftImmediate(Shift.Shl, wide, Register.Rdx, count);
        a.Alu(Arithmetic.Or, wide, Register.Rax, Register.Rdx);
    }

    private static void ReverseInHalfwords(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        int d = UnitEmitter.Target(word, 0);
        Register source = e.Read(UnitEmitter.Source(word, 5), Register.Rax);
        Assembler a = e.A;
        e.ClobberFlags();
        a.Mov(wide, Register.Rax, source);
        if (wide)
        {
            SwapBits(a, true, 8, 0x00FF_00FF_00FF_00FF);
        }
        else
        {
            a.ByteSwap(false, Register.Rax);
            a.ShiftImmediate(Shift.Rol, false, Register.Rax, 16);
        }
        e.Commit(d, Register.Rax);
    }

    private static void ReverseInWords(UnitEmitter e, uint word)
    {
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        e.ClobberFlags();
        e.LoadTo(result, UnitEmitter.Source(word, 5));
        e.A.ByteSwap(true, result);
        e.A.ShiftImmediate(Shift.Rol, true, result, 32);
        e.Commit(d, result);
    }

    private static void LeadingZeros(UnitEmitter e, uint word)
    {
        if (e.IsFused)
            return;
        bool wide = word >> 31 != 0;
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        e.ClobberFlags();
        e.A.CountLeadingZeros(wide, result, e.Read(UnitEmitter.Source(word, 5), Register.Rax));
        e.Commit(d, result);
    }

    /// <summary>Bits after the sign that equal it: leading zeros of where neighbours differ, without the sign.</summary>
    private static void LeadingSignBits(UnitEmitter e, uint word)
    {
        bool wide = word >> 31 != 0;
        int d = UnitEmitter.Target(word, 0);
        Register source = e.Read(UnitEmitter.Source(word, 5), Register.Rcx);
        Assembler a = e.A;
        e.ClobberFlags();
        a.Mov(wide, Register.Rax, source);
        a.ShiftImmediate(Shift.Sar, wide, Register.Rax, 1);
        a.Alu(Arithmetic.Xor, wide, Register.Rax, source);
        a.CountLeadingZeros(wide, Register.Rax, Register.Rax);
        a.AluImmediate(Arithmetic.Sub, false, Register.Rax, 1);
        e.Commit(d, Register.Rax);
    }
}
