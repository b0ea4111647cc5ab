using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator.FloatingPoint;
using Meanwhile.Arm64.Translator.X64;
using static Meanwhile.Arm64.Translator.HostLayout;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// System registers that are plain fields of the state, interrupt masks, hints and barriers; and which instructions end a path, though their
/// handlers execute them.
/// </summary>
internal static unsafe class SystemMoves
{
    private static readonly uint StackPointer0 = SystemRegister.Key(3, 0, 4, 1, 0);
    private static readonly uint InterruptMasks = SystemRegister.Key(3, 3, 4, 2, 1);

    public static void AddTo(TranslationLines lines)
    {
        lines.Add(SystemEncodings.MRS, Traits.Handler, &Read);
        lines.Add(SystemEncodings.MSR_reg, Traits.Handler, &Write);
        lines.Add(SystemEncodings.MSR_DAIFSet, Traits.Handler, &SetMasks);
        lines.Add(SystemEncodings.MSR_DAIFClr, Traits.Handler, &ClearMasks);
        lines.Add(SystemEncodings.NOP, Traits.KeepsHostFlags, &Nothing);
        lines.Add(SystemEncodings.HINT, Traits.KeepsHostFlags, &Nothing);
        lines.Add(SystemEncodings.SB, Traits.KeepsHostFlags, &Nothing);
        lines.Add(SystemEncodings.SEVL, Traits.KeepsHostFlags, &SetEvent);
        lines.Add(SystemEncodings.WFE, Traits.MayLeave, &WaitForEvent);
        lines.Add(SystemEncodings.CLREX, Traits.KeepsHostFlags, &ClearExclusive);
        lines.Add(SystemEncodings.DMB, Traits.KeepsHostFlags, &DataMemoryBarrier);
        lines.Add(SystemEncodings.DSB, Traits.MayLeave, &DataSynchronizationBarrier);
        lines.Add(SystemEncodings.ISB, Traits.MayLeave, &InstructionBarrier);
        lines.Add(ExceptionEncodings.SVC, Traits.Handler | Traits.EndsPath, null);
        lines.Add(ExceptionEncodings.HVC, Traits.Handler | Traits.EndsPath, null);
        lines.Add(ExceptionEncodings.SMC, Traits.Handler | Traits.EndsPath, null);
        lines.Add(ExceptionEncodings.BRK, Traits.Handler | Traits.EndsPath, null);
        lines.Add(ExceptionEncodings.HLT, Traits.Handler | Traits.EndsPath, null);
        lines.Add(ExceptionEncodings.ERET, Traits.Handler | Traits.EndsPath, null);
    }

    private static bool IsEl1(UnitEmitter e) => (e.Mode & UnitMode.El1) != 0;

    private static void Read(UnitEmitter e, uint word)
    {
        uint key = word >> 5 & 0xFFFF;
        int d = UnitEmitter.Target(word, 0);
        SystemRegisterEntry? entry = SystemRegisterTable.Find(key);
        if (entry is not null && (entry.Field & (IsEl1(e) ? FieldAccess.ReadAtEl1 : FieldAccess.ReadAtEl0)) != 0)
        {
            Register result = e.Destination(d);
            e.A.Load(8, result, Field((int)entry.Operand - Bias));
            e.Commit(d, result);
        }
        else if (key == StackPointer0 && IsEl1(e))
        {
            e.BeginAccess();
            e.A.TestByte(Field(SpSel), 1);
            e.SlowPathIf(HostCondition.Equal);
            Register result = e.Destination(d);
            e.A.Load(8, result, Field(SpEl0));
            e.Commit(d, result);
            e.EndAccess();
        }
        else if (key == InterruptMasks && IsEl1(e))
        {
            Register result = e.Destination(d);
            e.A.Load(1, result, Field(Daif));
            e.ClobberFlags();
            e.A.ShiftImmediate(Shift.Shl, false, result, 6);
            e.Commit(d, result);
        }
        else if (entry is not null && IsEl1(e) && (entry.Field & FieldAccess.ConstantAtEl1) != 0)
        {
            Register result = e.Destination(d);
            e.A.MovImmediate(result, entry.Operand);
            e.Commit(d, result);
        }
        else if (!PstateMoves.TryRead(e, key, d) && !CacheMaintenance.TryRead(e, key, d) && !FloatingPointRegisters.TryRead(e, key, d))
        {
            e.CallHandler();
        }
    }

    private static void Write(UnitEmitter e, uint word)
    {
        uint key = word >> 5 & 0xFFFF;
        int source = UnitEmitter.Source(word, 0);
        SystemRegisterEntry? entry = SystemRegisterTable.Find(key);
        FieldAccess write = IsEl1(e) ? FieldAccess.WriteAtEl1 : FieldAccess.WriteAtEl0;
        if (entry is not null && (entry.Field & write) != 0)
        {
            e.A.Store(8, Field((int)entry.Operand - Bias), Masked(e, source, entry.Writable));
        }
        else if (key == StackPointer0 && IsEl1(e))
        {
            e.BeginAccess();
            e.A.TestByte(Field(SpSel), 1);
            e.SlowPathIf(HostCondition.Equal);
            e.A.Store(8, Field(SpEl0), e.Read(source, Register.Rax));
            e.EndAccess();
        }
        else if (key == InterruptMasks && IsEl1(e))
        {
            e.BeginAccess();
            RefuseWhileInterrupted(e);
            e.LoadTo(Register.Rax, source);
            e.A.ShiftImmediate(Shift.Shr, false, Register.Rax, 6);
            e.A.AluImmediate(Arithmetic.And, false, Register.Rax, 15);
            e.A.Store(1, Field(Daif), Register.Rax);
            e.EndAccess();
        }
        else if (!PstateMoves.TryWrite(e, key, source) && !FloatingPointRegisters.TryWrite(e, key, source))
        {
            e.CallHandler();
        }
    }

    /// <summary>A register with the bits of a slot's value that can be written.</summary>
    private static Register Masked(UnitEmitter e, int source, ulong writable)
    {
        if (writable == ulong.MaxValue)
            return e.Read(source, Register.Rax);
        if (writable == uint.MaxValue)
        {
            e.A.Mov(false, Register.Rax, e.Read(source, Register.Rax));
            return Register.Rax;
        }
        e.A.MovImmediate(Register.Rcx, writable);
        e.ClobberFlags();
        e.LoadTo(Register.Rax, source);
        e.A.Alu(Arithmetic.And, true, Register.Rax, Register.Rcx);
        return Register.Rax;
    }

    /// <summary>Something may have to be taken at once: the handler knows.</summary>
    private static void RefuseWhileInterrupted(UnitEmitter e)
    {
        e.A.AluImmediate(Arithmetic.Cmp, false, Field(InterruptLines), 0);
        e.SlowPathIf(HostCondition.NotEqual);
    }

    private static void SetMasks(UnitEmitter e, uint word)
    {
        if (!IsEl1(e))
        {
            e.CallHandler();
            return;
        }
        e.ClobberFlags();
        e.A.OrByte(Field(Daif), (byte)(word >> 8 & 15));
    }

    private static void ClearMasks(UnitEmitter e, uint word)
    {
        if (!IsEl1(e))
        {
            e.CallHandler();
            return;
        }
        e.BeginAccess();
        RefuseWhileInterrupted(e);
        e.A.AndByte(Field(Daif), (byte)~(word >> 8 & 15));
        e.EndAccess();
    }

    private static void Nothing(UnitEmitter e, uint word)
    {
    }

    private static void SetEvent(UnitEmitter e, uint word) => e.A.StoreImmediate(1, Field(EventRegister), 1);

    /// <summary>An event that has come is taken, atomically, for another PE may be sending the next; without one the handler waits.</summary>
    private static void WaitForEvent(UnitEmitter e, uint word)
    {
        e.BeginAccess();
        e.A.CompareByte(Field(EventRegister), 0);
        e.SlowPathIf(HostCondition.Equal);
        e.A.Zero(Register.Rax);
        e.A.Exchange(1, Field(EventRegister), Register.Rax);
        e.A.TestByte(Register.Rax, 1);
        e.SlowPathIf(HostCondition.Equal);
        e.EndAccess();
    }

    private static void ClearExclusive(UnitEmitter e, uint word) => e.A.StoreImmediate(1, Field(ExclusiveSize), 0);

    /// <summary>CRm[1:0]: 01 orders loads before all, 10 stores before stores; the host does that by itself.</summary>
    private static void DataMemoryBarrier(UnitEmitter e, uint word)
    {
        if ((word >> 8 & 3) is not (1 or 2))
            e.A.Fence();
    }

    /// <summary>A barrier for memory, unless maintenance was asked for that other PEs may not have done.</summary>
    private static void DataSynchronizationBarrier(UnitEmitter e, uint word)
    {
        e.BeginAccess();
        e.A.Fence();
        e.A.CompareByte(Field(BroadcastSinceBarrier), 0);
        e.SlowPathIf(HostCondition.NotEqual);
        e.EndAccess();
    }

    /// <summary>
    /// Execution is synchronous as it is; but when translations have changed, what follows is to be fetched anew.
    /// </summary>
    private static void InstructionBarrier(UnitEmitter e, uint word)
    {
        e.BeginAccess();
        e.A.MovImmediate(Register.Rax, JumpCache.NoKey);
        e.A.Alu(Arithmetic.Cmp, true, Register.Rax, Field(JumpKey));
        e.SlowPathIf(HostCondition.Equal);
        e.EndAccess();
    }
}
