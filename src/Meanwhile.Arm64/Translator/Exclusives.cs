using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Load- and store-exclusive (DDI0487 C4.1.66), with the monitor of <see cref="Interpreter.ExclusiveMonitor"/>: a mark is the physical address and
/// the value that was read, and the store is a compare and exchange.
/// </summary>
/// <remarks>The host's loads are acquires and its locked instructions full barriers, so the ordered forms are the same.</remarks>
internal static unsafe class Exclusives
{
    public static void AddTo(TranslationLines lines)
    {
        lines.Add(LoadStoreExclusiveEncodings.LDXR, Traits.MayLeave, &Load);
        lines.Add(LoadStoreExclusiveEncodings.LDAXR, Traits.MayLeave, &Load);
        lines.Add(LoadStoreExclusiveEncodings.STXR, Traits.MayLeave, &Store);
        lines.Add(LoadStoreExclusiveEncodings.STLXR, Traits.MayLeave, &Store);
        lines.Add(LoadStoreExclusiveEncodings.LDXP, Traits.MayLeave, &LoadPair);
        lines.Add(LoadStoreExclusiveEncodings.LDAXP, Traits.MayLeave, &LoadPair);
        lines.Add(LoadStoreExclusiveEncodings.STXP, Traits.MayLeave, &StorePair);
        lines.Add(LoadStoreExclusiveEncodings.STLXP, Traits.MayLeave, &StorePair);
    }

    private static void Load(UnitEmitter e, uint word)
    {
        int size = 1 << (int)(word >> 30);
        BeginLoad(e, word, size);
        e.A.Load(size, Register.Rdx, new Memory(Register.Rcx));
        e.A.Store(8, Field(ExclusiveLow), Register.Rdx);
        e.A.StoreImmediate(8, Field(ExclusiveHigh), 0);
        e.Commit(UnitEmitter.Target(word, 0), Register.Rdx);
        e.EndAccess();
    }

    /// <summary>Of words: one access of 8 bytes. Of doublewords: two, which are one only once the matching store has compared both.</summary>
    private static void LoadPair(UnitEmitter e, uint word)
    {
        bool wide = (word >> 30 & 1) != 0;
        int first = UnitEmitter.Target(word, 0), second = UnitEmitter.Target(word, 10);
        BeginLoad(e, word, wide ? 16 : 8);
        e.A.Load(8, Register.Rdx, new Memory(Register.Rcx));
        e.A.Store(8, Field(ExclusiveLow), Register.Rdx);
        if (wide)
        {
            e.A.Load(8, Register.Rax, new Memory(Register.Rcx, 8));
            e.A.Store(8, Field(ExclusiveHigh), Register.Rax);
            e.Commit(first, Register.Rdx);
            e.Commit(second, Register.Rax);
        }
        else
        {
            e.A.StoreImmediate(8, Field(ExclusiveHigh), 0);
            e.A.Mov(false, Register.Rax, Register.Rdx);
            e.A.ShiftImmediate(Shift.Shr, true, Register.Rdx, 32);
            e.Commit(first, Register.Rax);
            e.Commit(second, Register.Rdx);
        }
        e.EndAccess();
    }

    /// <summary>RCX is where to read; address and size are marked.</summary>
    private static void BeginLoad(UnitEmitter e, uint word, int size)
    {
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.CheckAlignment(size);
        e.LookUpForReadWithPhysical();
        e.A.Store(8, Field(ExclusiveAddress), Register.Rax);
        e.A.StoreImmediate(1, Field(ExclusiveSize), size);
    }

    private static void Store(UnitEmitter e, uint word)
    {
        int size = 1 << (int)(word >> 30);
        (nint open, nint elsewhere) = BeginStore(e, word, size);
        e.A.Load(8, Register.Rax, Field(ExclusiveLow));
        Register value = e.Read(UnitEmitter.Source(word, 0), Register.Rdx);
        e.A.Lock();
        e.A.CompareExchange(size, new Memory(Register.Rcx), value);
        EndStore(e, word, open, elsewhere);
    }

    private static void StorePair(UnitEmitter e, uint word)
    {
        bool wide = (word >> 30 & 1) != 0;
        int first = UnitEmitter.Source(word, 0), second = UnitEmitter.Source(word, 10);
        (nint open, nint elsewhere) = BeginStore(e, word, wide ? 16 : 8);
        Assembler a = e.A;
        if (wide)
        {
            e.CompareExchange16(
                () =>
                {
                    a.Load(8, Register.Rax, Field(ExclusiveLow));
                    a.Load(8, Register.Rdx, Field(ExclusiveHigh));
                },
                first,
                second);
        }
        else
        {
            // second:first in RDX.
            e.LoadTo(Register.Rdx, first);
            a.ShiftImmediate(Shift.Shl, true, Register.Rdx, 32);
            a.ShiftRightDouble(true, Register.Rdx, e.Read(second, Register.Rax), 32);
            a.Load(8, Register.Rax, Field(ExclusiveLow));
            a.Lock();
            a.CompareExchange(8, new Memory(Register.Rcx), Register.Rdx);
        }
        EndStore(e, word, open, elsewhere);
    }

    /// <summary>RCX is where to write. Jumps that are taken, with ZF clear, when the monitor does not pass; alignment is checked in any case.</summary>
    private static (nint Open, nint Elsewhere) BeginStore(UnitEmitter e, uint word, int size)
    {
        Assembler a = e.A;
        e.BeginAccess();
        e.AddressWithOffset(UnitEmitter.OrSp(word, 5), 0);
        e.CheckAlignment(size);
        a.CompareByte(Field(ExclusiveSize), (byte)size);
        nint open = (nint)a.JumpForwardIf(HostCondition.NotEqual);
        e.LookUpForAtomicWithPhysical();
        a.Alu(Arithmetic.Cmp, true, Register.Rax, Field(ExclusiveAddress));
        nint elsewhere = (nint)a.JumpForwardIf(HostCondition.NotEqual);
        return (open, elsewhere);
    }

    /// <summary>Status from ZF: 0 when it was stored. The monitor is open.</summary>
    private static void EndStore(UnitEmitter e, uint word, nint open, nint elsewhere)
    {
        Assembler a = e.A;
        a.Bind((byte*)open);
        a.Bind((byte*)elsewhere);
        a.Set(HostCondition.NotEqual, Register.Rax);
        a.StoreImmediate(1, Field(ExclusiveSize), 0);
        e.CommitExtended(1, UnitEmitter.Target(word, 16), Register.Rax);
        e.EndAccess();
    }
}
