using Meanwhile.Arm64.Exceptions;

namespace Meanwhile.Arm64;

/// <content>Software Step exceptions (DDI0487 D2.10).</content>
public sealed unsafe partial class Core
{
    private const ulong MdscrSs = 1UL << 0;
    private const ulong MdscrKde = 1UL << 13;

    /// <summary>OSLSR_EL1: OS lock implemented (OSLM = 0b10), and locked by reset.</summary>
    private const ulong OslsrReset = 1UL << 3 | OslsrLocked;
    private const ulong OslsrLocked = 1UL << 1;

    /// <summary>
    /// 1 while software step is active at the current EL: the run loop executes one instruction at a time and translates each fetch
    /// anew, which is where the pending step is raised.
    /// </summary>
    private byte stepControl;

    /// <summary>Writes MDSCR_EL1.</summary>
    internal void WriteMdscr(ulong value)
    {
        State->System.MdscrEl1 = value;
        UpdateStepControl();
        InvalidateFetchPage();
    }

    /// <summary>Writes OSLAR_EL1: locks or unlocks the OS lock, which disables debug exceptions while locked.</summary>
    internal void WriteOslar(ulong value)
    {
        State->System.OslsrEl1 = (State->System.OslsrEl1 & ~OslsrLocked) | (value & 1) << 1;
        UpdateStepControl();
        InvalidateFetchPage();
    }

    private void UpdateStepControl()
    {
        stepControl = 0;
        if (!StepRequested || !IsDebugEnabledAt(State->El, State->Daif))
            return;
        stepControl = 1;
        // Leaves the block loop, which does not look at this flag.
        Interlocked.Or(ref State->Attention, (int)Attention.Interrupt);
    }

    private bool StepRequested => (State->System.MdscrEl1 & MdscrSs) != 0;

    /// <summary>AArch64.GenerateDebugExceptionsFrom for a debug target of EL1.</summary>
    private bool IsDebugEnabledAt(int el, int daif) =>
        (State->System.OslsrEl1 & OslsrLocked) == 0
        && (el == 0 || ((State->System.MdscrEl1 & MdscrKde) != 0 && (daif & MaskD) == 0));

    /// <summary>DebugExceptionReturnSS: ERET restores SS only when it enables stepping, from disabled here to enabled there.</summary>
    private bool IsStepRestored(ulong spsr) =>
        StepRequested && !IsDebugEnabledAt(State->El, State->Daif) && IsDebugEnabledAt((int)(spsr >> 2 & 1), (int)(spsr >> 6 & 0xF));

    /// <summary>Raises the pending step before the instruction at <paramref name="va"/> is fetched, if there is one.</summary>
    private bool IsStepPending(ulong va)
    {
        if (State->Ss != 0)
            return false;
        // IFSC is the debug event's; ISV = 0: EX says nothing.
        RaiseBeforeFetch(va, State->El == 0 ? ExceptionClass.SoftwareStepLower : ExceptionClass.SoftwareStepSame, Mmu.FaultStatus.Debug);
        return true;
    }

    /// <summary>PSTATE.D changed while MDSCR_EL1.SS is set.</summary>
    internal void MaskChangedWhileStepping()
    {
        UpdateStepControl();
        InvalidateFetchPage();
    }
}
