using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>MOVZ, MOVN, MOVK, ADR and ADRP (DDI0487 C3.5.3, C3.5.4).</summary>
internal static unsafe class MoveWideAndAddress
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(DataProcessingImmediateEncodings.MOVZ, Traits.KeepsHostFlags, &MoveZeroOrNot);
        lines.Add(DataProcessingImmediateEncodings.MOVN, Traits.KeepsHostFlags, &MoveZeroOrNot);
        lines.Add(DataProcessingImmediateEncodings.MOVK, Traits.None, &MoveKeep);
        lines.Add(DataProcessingImmediateEncodings.ADR, Traits.KeepsHostFlags, &Address);
        lines.Add(DataProcessingImmediateEncodings.ADRP, Traits.KeepsHostFlags, &PageAddress);
    }

    private static int HalfwordShift(uint word) => (int)(word >> 21 & 3) * 16;

    private static ulong Constant(uint word)
    {
        ulong value = (ulong)(word >> 5 & 0xFFFF) << HalfwordShift(word);
        if ((word >> 30 & 1) == 0)
            value = ~value;
        return word >> 31 != 0 ? value : (uint)value;
    }

    private static void MoveZeroOrNot(UnitEmitter e, uint word)
    {
        int d = UnitEmitter.Target(word, 0);
        ulong value = Constant(word);
        // A MOVK to come makes a larger constant of it.
        e.RememberConstant(d, value);
        if (!e.NextCompletesConstant(d))
            Set(e, d, value);
    }

    private static void MoveKeep(UnitEmitter e, uint word)
    {
        int d = UnitEmitter.Target(word, 0), shift = HalfwordShift(word);
        ulong part = (ulong)(word >> 5 & 0xFFFF) << shift, mask = 0xFFFFUL << shift;
        if (e.TryConstant(d, out ulong known))
        {
            known = (known & ~mask) | part;
            if (word >> 31 == 0)
                known = (uint)known;
            e.RememberConstant(d, known);
            if (!e.NextCompletesConstant(d))
                Set(e, d, known);
            return;
        }
        e.ClobberFlags();
        Assembler a = e.A;
        e.LoadTo(Register.Rax, d);
        a.MovImmediate(Register.Rcx, word >> 31 != 0 ? ~mask : (uint)~mask);
        a.Alu(Arithmetic.And, true, Register.Rax, Register.Rcx);
        a.MovImmediate(Register.Rcx, part);
        a.Alu(Arithmetic.Or, true, Register.Rax, Register.Rcx);
        e.Commit(d, Register.Rax);
    }

    private static void Set(UnitEmitter e, int d, ulong value)
    {
        if (d == CpuState.Sink)
            return;
        if (!e.TryHost(d, out _) && (ulong)(int)value == value)
        {
            e.A.StoreImmediate(8, Home(d), (int)value);
            return;
        }
        Register result = e.Destination(d);
        e.A.MovImmediate(result, value);
        e.Commit(d, result);
    }

    private static long Offset(uint word) => (int)(word << 8) >> 13 << 2 | (int)(word >> 29 & 3);

    private static void Address(UnitEmitter e, uint word) => LoadAddress(e, word, e.PageOffset + Offset(word));

    private static void PageAddress(UnitEmitter e, uint word) => LoadAddress(e, word, Offset(word) << 12);

    private static void LoadAddress(UnitEmitter e, uint word, long offset)
    {
        int d = UnitEmitter.Target(word, 0);
        Register result = e.Destination(d);
        Assembler a = e.A;
        a.Load(8, result, Field(CodePageVa));
        if (offset == (int)offset)
        {
            if (offset != 0)
                a.Lea(true, result, new Memory(result, (int)offset));
        }
        else
        {
            a.MovImmediate(Register.Rcx, (ulong)offset);
            a.Lea(true, result, new Memory(result, Register.Rcx, 0));
        }
        e.Commit(d, result);
    }
}
