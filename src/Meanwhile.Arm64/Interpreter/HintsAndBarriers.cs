using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>Hints (NOP, WFE, WFI, SEV, …) and barriers.</summary>
internal static unsafe class HintsAndBarriers
{
    private const ulong SctlrNtwi = 1UL << 16;
    private const ulong SctlrNtwe = 1UL << 18;

    public static void Register(Binders b)
    {
        b.Add(SystemEncodings.NOP, &BindNop);
        b.Add(SystemEncodings.YIELD, &BindYield);
        b.Add(SystemEncodings.HINT, &BindNop);
        b.Add(SystemEncodings.WFE, &BindWfe);
        b.Add(SystemEncodings.WFI, &BindWfi);
        b.Add(SystemEncodings.SEV, &BindSev);
        b.Add(SystemEncodings.SEVL, &BindSevl);
        b.Add(SystemEncodings.CLREX, &BindClrex);
        b.Add(SystemEncodings.DSB, &BindDsb);
        b.Add(SystemEncodings.DMB, &BindDmb);
        b.Add(SystemEncodings.ISB, &BindIsb);
        b.Add(SystemEncodings.SB, &BindNop);
    }

    private static void BindNop(Insn* i) => i->Handler = &Nop;

    private static void BindYield(Insn* i) => i->Handler = &Yield;

    private static void BindWfe(Insn* i) => i->Handler = &Wfe;

    private static void BindWfi(Insn* i) => i->Handler = &Wfi;

    private static void BindSev(Insn* i) => i->Handler = &Sev;

    private static void BindSevl(Insn* i) => i->Handler = &Sevl;

    private static void BindClrex(Insn* i) => i->Handler = &Clrex;

    private static void BindDsb(Insn* i) => i->Handler = &Dsb;

    /// <summary>
    /// CRm[1:0] says which accesses are ordered: 01 loads before all, 10 stores before stores, else all. The host orders all but a store
    /// before a later load by itself (x86-64 TSO).
    /// </summary>
    private static void BindDmb(Insn* i)
    {
        if ((i->Word >> 8 & 3) is 1 or 2)
            i->Handler = &Nop;
        else
            i->Handler = &Fence;
    }

    private static void BindIsb(Insn* i) => i->Handler = &Isb;

    private static int Nop(CpuState* s, Insn* i) => Status.Next;

    private static int Yield(CpuState* s, Insn* i)
    {
        Core.Of(s).YieldProcessor();
        return Status.Next;
    }

    private static int Fence(CpuState* s, Insn* i)
    {
        Interlocked.MemoryBarrier();
        return Status.Next;
    }

    private static int Dsb(CpuState* s, Insn* i)
    {
        Interlocked.MemoryBarrier();
        Core.Of(s).CompleteMaintenance();
        return Status.Next;
    }

    private static int Isb(CpuState* s, Insn* i)
    {
        s->Pc = s->CurrentPc(i) + 4;
        return Status.Branch;
    }

    private static int Clrex(CpuState* s, Insn* i)
    {
        s->ExclusiveSize = 0;
        return Status.Next;
    }

    private static int Sevl(CpuState* s, Insn* i)
    {
        s->EventRegister = 1;
        return Status.Next;
    }

    private static int Sev(CpuState* s, Insn* i)
    {
        s->EventRegister = 1;
        Core.Of(s).SendEvent();
        return Status.Next;
    }

    private static int Wfe(CpuState* s, Insn* i)
    {
        // Atomic, and before any later load of this PE: an event that another PE sends now is not lost, or what it was sent for is seen.
        if (Volatile.Read(ref s->EventRegister) != 0 && Interlocked.Exchange(ref s->EventRegister, 0) != 0)
            return Status.Next;
        return Wait(s, i, PendingKind.WaitForEvent, SctlrNtwe, 1);
    }

    private static int Wfi(CpuState* s, Insn* i) => Wait(s, i, PendingKind.WaitForInterrupt, SctlrNtwi, 0);

    /// <summary>Suspends unless an interrupt is pending, masked or not (D1.6.2); from EL0 only where SCTLR_EL1 permits it.</summary>
    private static int Wait(CpuState* s, Insn* i, PendingKind kind, ulong permission, uint instruction)
    {
        if (Volatile.Read(ref s->InterruptLines) != 0)
            return Status.Next;
        if (s->El == 0 && (s->System.SctlrEl1 & permission) == 0)
            return Raise.Exception(s, i, ExceptionClass.TrappedWf, 0x01E0_0000 | instruction);
        s->Pc = s->CurrentPc(i) + 4;
        s->Pending = new PendingEvent { Kind = kind, ReturnAddress = s->Pc };
        return Status.Leave;
    }
}
