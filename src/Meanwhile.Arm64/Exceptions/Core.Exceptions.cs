using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64;

/// <content>Exception entry and return, and asynchronous exceptions (DDI0487 D1.3).</content>
public sealed unsafe partial class Core
{
    private const ulong SctlrSpan = 1UL << 23;
    private const ulong VectorSynchronous = 0x000;
    private const ulong VectorIrq = 0x080;
    private const ulong VectorFiq = 0x100;
    private const ulong VectorSError = 0x180;

    /// <summary>Bits of <see cref="CpuState.Daif"/>.</summary>
    private const int MaskF = 1, MaskI = 2, MaskA = 4, MaskD = 8;

    /// <summary>Takes a synchronous exception to EL1.</summary>
    internal void TakeException(in PendingEvent e)
    {
        State->System.EsrEl1 = e.Syndrome;
        switch ((ExceptionClass)(e.Syndrome >> 26 & 0x3F))
        {
            case ExceptionClass.InstructionAbortLower:
            case ExceptionClass.InstructionAbortSame:
            case ExceptionClass.DataAbortLower:
            case ExceptionClass.DataAbortSame:
            case ExceptionClass.PcAlignment:
            case ExceptionClass.WatchpointLower:
            case ExceptionClass.WatchpointSame:
                State->System.FarEl1 = e.VirtualAddress;
                break;
        }
        EnterVector(VectorSynchronous, e.ReturnAddress);
    }

    /// <summary>Takes the interrupt of highest priority that is asserted and not masked, if there is one. PC is the next instruction.</summary>
    internal bool TryTakeInterrupt()
    {
        CpuState* s = State;
        int lines = Volatile.Read(ref s->InterruptLines);
        if ((lines & (int)InterruptLine.SError) != 0 && (s->Daif & MaskA) == 0)
        {
            // IDS = 0 and ISS 0: no RAS extension, an SError of unknown cause.
            s->System.EsrEl1 = (ulong)ExceptionClass.SError << 26 | 1u << 25;
            EnterVector(VectorSError, s->Pc);
            return true;
        }
        if ((lines & (int)InterruptLine.Fiq) != 0 && (s->Daif & MaskF) == 0)
        {
            EnterVector(VectorFiq, s->Pc);
            return true;
        }
        if ((lines & (int)InterruptLine.Irq) != 0 && (s->Daif & MaskI) == 0)
        {
            EnterVector(VectorIrq, s->Pc);
            return true;
        }
        return false;
    }

    /// <summary>
    /// Ends an MMIO exit for which there is no device: a synchronous external abort on the access, taken to EL1.
    /// </summary>
    /// <param name="access">The event of the exit.</param>
    public void InjectExternalAbort(in PendingEvent access)
    {
        ExceptionClass ec = State->El == 0 ? ExceptionClass.DataAbortLower : ExceptionClass.DataAbortSame;
        uint iss = (uint)Mmu.FaultStatus.ExternalAbort | (access.Access == AccessKind.Write ? 1u << 6 : 0);
        TakeException(new PendingEvent
        {
            Kind = PendingKind.Exception,
            Syndrome = (ulong)ec << 26 | 1u << 25 | iss,
            VirtualAddress = access.VirtualAddress,
            ReturnAddress = State->Pc,
        });
    }

    /// <summary>AArch64.TakeException to EL1: saves state, masks everything, goes to the vector (D1.3.1).</summary>
    private void EnterVector(ulong vector, ulong returnAddress)
    {
        CpuState* s = State;
        s->System.SpsrEl1 = GetPstate();
        s->System.ElrEl1 = returnAddress;
        vector += s->El == 0 ? 0x400u : s->SpSel != 0 ? 0x200u : 0;
        if ((s->System.SctlrEl1 & SctlrSpan) == 0)
            s->Pan = 1;
        s->Uao = 0;
        s->Ss = 0;
        s->Il = 0;
        s->Daif = MaskD | MaskA | MaskI | MaskF;
        s->Pc = (s->System.VbarEl1 & ~0x7FFUL) + vector;
        SwitchLevel(1, 1);
    }

    /// <summary>ERET at EL1 (C6.2.119, AArch64.ExceptionReturn).</summary>
    internal void ReturnFromException()
    {
        CpuState* s = State;
        ulong spsr = s->System.SpsrEl1;
        s->Pc = s->System.ElrEl1;
        s->ExclusiveSize = 0;
        s->EventRegister = 1;
        s->Ss = (byte)(IsStepRestored(spsr) ? spsr >> 21 & 1 : 0);
        s->Nzcv = (uint)spsr & 0xF000_0000;
        s->Daif = (byte)(spsr >> 6 & 0xF);
        s->Pan = (byte)(spsr >> 22 & 1);
        if (IsIllegalReturn(spsr))
        {
            // EL and SP stay; the next instruction takes an Illegal Execution State exception.
            s->Il = 1;
            SwitchLevel(s->El, s->SpSel);
        }
        else
        {
            s->Il = (byte)(spsr >> 20 & 1);
            s->Uao = (byte)(spsr >> 23 & 1);
            SwitchLevel((byte)(spsr >> 2 & 3), (byte)(spsr & 1));
        }
        ReconsiderInterrupts();
    }

    /// <summary>Illegal exception return (D1.3.4): AArch32, an EL that is not implemented or higher, reserved M bits.</summary>
    private static bool IsIllegalReturn(ulong spsr) => (spsr & 0x1F) is not (0b00000 or 0b00100 or 0b00101);

    /// <summary>PSTATE in the format of SPSR_EL1 (C5.2.19).</summary>
    public ulong GetPstate()
    {
        CpuState* s = State;
        ulong mode = s->El == 0 ? 0 : 4u | s->SpSel;
        return s->Nzcv | (ulong)s->Uao << 23 | (ulong)s->Pan << 22 | (ulong)s->Ss << 21 | (ulong)s->Il << 20 | (ulong)s->Daif << 6 | mode;
    }

    /// <summary>Whether <see cref="SetPstate"/> takes a value: its mode is one that this PE has.</summary>
    public static bool IsPstate(ulong value) => !IsIllegalReturn(value);

    /// <summary>Sets PSTATE from the format of SPSR_EL1, between runs. A mode this PE does not have is refused.</summary>
    /// <exception cref="ArgumentOutOfRangeException">M[4:0] is not EL0t, EL1t or EL1h.</exception>
    public void SetPstate(ulong value)
    {
        if (IsIllegalReturn(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "Not EL0t, EL1t or EL1h");
        CpuState* s = State;
        s->Nzcv = (uint)value & 0xF000_0000;
        s->Uao = (byte)(value >> 23 & 1);
        s->Pan = (byte)(value >> 22 & 1);
        s->Ss = (byte)(value >> 21 & 1);
        s->Il = (byte)(value >> 20 & 1);
        s->Daif = (byte)(value >> 6 & 0xF);
        // As ERET does: what runs next must not pass a store-exclusive on a mark made in another context.
        s->ExclusiveSize = 0;
        SwitchLevel((byte)(value >> 2 & 3), (byte)(value & 1));
        ReconsiderInterrupts();
    }

    /// <summary>
    /// The reset state of the manual where it has one: EL1h, everything masked, MMU off. PC and general registers are zero; the MPIDR
    /// given at construction stays.
    /// </summary>
    public void Reset()
    {
        CpuState* s = State;
        ulong mpidr = s->System.MpidrEl1;
        for (int n = 0; n < 34; n++)
            s->X[n] = 0;
        for (int n = 0; n < 64; n++)
            s->V[n] = 0;
        s->Pc = 0;
        s->Nzcv = s->Fpcr = s->Fpsr = 0;
        s->El = 1;
        s->SpSel = 1;
        s->Daif = MaskD | MaskA | MaskI | MaskF;
        s->Pan = s->Uao = s->Ss = s->Il = s->ExclusiveSize = s->EventRegister = 0;
        s->SpEl0 = s->SpEl1 = 0;
        s->Pending = default;
        s->System = default;
        s->System.MpidrEl1 = mpidr | 1u << 31;
        s->System.MidrEl1 = SystemRegisters.IdRegisters.Midr;
        s->System.SctlrEl1 = SctlrReset;
        s->System.OslsrEl1 = OslsrReset;
        upperRangeUsesAsid = false;
        // What was in memory, and which access was under way, before the reset is of no meaning after it: a loader does no IC IVAU.
        // At once, as no block is running: what is translated ahead after it (TranslateAhead) is not to be forgotten at the first run.
        mmio.Clear();
        FlushCode();
        RefreshRegime();
    }

    /// <summary>Sets EL and SPSel, moving the stack pointers between their slots, and all that depends on the level.</summary>
    private void SwitchLevel(byte el, byte spSel)
    {
        CpuState* s = State;
        SelectStackPointer(el == 0 ? (byte)0 : spSel);
        s->El = el;
        UpdateSpAlignment();
        SelectDataTlb();
        UpdateStepControl();
        InvalidateFetchPage();
    }

    /// <summary>Writes PSTATE.SP: slot 31 becomes the other stack pointer. EL0's is SP_EL0.</summary>
    internal void SelectStackPointer(byte spSel)
    {
        CpuState* s = State;
        if (s->SpSel == spSel)
            return;
        if (spSel != 0)
        {
            s->SpEl0 = s->X[CpuState.Sp];
            s->X[CpuState.Sp] = s->SpEl1;
        }
        else
        {
            s->SpEl1 = s->X[CpuState.Sp];
            s->X[CpuState.Sp] = s->SpEl0;
        }
        s->SpSel = spSel;
    }

    /// <summary>After interrupts may have been unmasked: look at the lines at the next block boundary.</summary>
    internal void ReconsiderInterrupts()
    {
        if (Volatile.Read(ref State->InterruptLines) != 0)
            Interlocked.Or(ref State->Attention, (int)Attention.Interrupt);
    }
}
