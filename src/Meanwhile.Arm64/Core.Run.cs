namespace Meanwhile.Arm64;

public sealed unsafe partial class Core
{
    /// <summary>InstructionsRetired when the last synchronous exception was taken; see <see cref="EnterException"/>.</summary>
    private long lastExceptionAt = -1;

    /// <summary>Runs guest instructions until something must be handled outside, and at most <paramref name="maxInstructions"/> of them, exactly.</summary>
    /// <returns>Why it stopped. <see cref="RunResult.Event"/> tells the details.</returns>
    /// <remarks>
    /// An instruction counts when it completes; SVC, HVC, SMC, WFI and WFE complete. One that faults or exits for MMIO or a stage-2 fault counts
    /// when it runs again and completes. Interrupts are taken on entry and at the ends of blocks.
    /// </remarks>
    public RunResult Run(long maxInstructions)
    {
        BeginRun();
        RunResult result = RunUntilExit(maxInstructions);
        EndRun();
        return result;
    }

    private RunResult RunUntilExit(long maxInstructions)
    {
        CpuState* s = State;
        long limit = s->InstructionsRetired + Math.Clamp(maxInstructions, 0, long.MaxValue - s->InstructionsRetired);
        if (mmio.Count != 0 && mmio.Pc != s->Pc)
            mmio.Clear();
        if (mmio.Count == 0)
        {
            if ((s->Attention & (int)Attention.Kick) == 0)
                AttendToInterrupts();
        }
        else if (limit > s->InstructionsRetired && (s->Attention & (int)Attention.Kick) == 0)
        {
            // The devices have done their part of this instruction: nothing may come between.
            mmio.Replay();
            if (ExecuteOne() != Stop.Event)
                mmio.Clear();
            else if (HandleEvent() is PendingEvent again)
                return new RunResult(RunReason.Exit, again);
        }

        while (true)
        {
            if ((s->Attention & (int)Attention.Kick) != 0)
            {
                Interlocked.And(ref s->Attention, ~(int)Attention.Kick);
                return new RunResult(RunReason.Kicked, default);
            }
            if (s->InstructionsRetired >= limit)
                return new RunResult(RunReason.BudgetSpent, default);
            if ((s->Attention & (int)Attention.Interrupt) != 0)
                AttendToInterrupts();
            Stop stop = stepControl != 0 ? ExecuteOne() : IsTranslating ? ExecuteTranslated(translated!, limit) : ExecuteBlocks(limit);
            if (stop == Stop.Event && HandleEvent() is PendingEvent exit)
                return new RunResult(RunReason.Exit, exit);
        }
    }

    /// <summary>
    /// Completes the MMIO exit that the last <see cref="Run"/> made: for a read, with the data the device gave. The access is not made
    /// again when the instruction runs again; an instruction with several accesses (LDP, vector loads) exits once for each.
    /// </summary>
    /// <exception cref="InvalidOperationException">The last run did not exit for MMIO.</exception>
    public void CompleteMmio(ulong data) => mmio.Complete(data);

    /// <summary>Units do not look at MDSCR_EL1.SS, which makes changes of the interrupt masks matter for software step.</summary>
    private bool IsTranslating => translated is not null && (State->System.MdscrEl1 & 1) == 0;

    /// <summary>One instruction, fetched anew: for software step, which is noticed by the fetch, and after MMIO.</summary>
    private Stop ExecuteOne()
    {
        CpuState* s = State;
        long before = s->InstructionsRetired;
        InvalidateFetchPage();
        Interpreter.Insn* i = FindInsn();
        if (i is null)
            return Stop.Event;
        Stop stop = ExecuteSome(i, 1);
        // DDI0487 D2.10.3: the step is done when the instruction completes, before an exception that it was for (SVC) is taken.
        if (stepControl != 0 && s->InstructionsRetired != before)
            s->Ss = 0;
        return stop;
    }

    /// <summary>Takes the pending exception, or returns the event that the caller of <see cref="Run"/> must handle.</summary>
    private PendingEvent? HandleEvent()
    {
        CpuState* s = State;
        PendingEvent e = s->Pending;
        s->Pending.Kind = PendingKind.None;
        switch (e.Kind)
        {
            case PendingKind.Exception:
                EnterException(e);
                return null;
            case PendingKind.Mmio:
                mmio.Wait(s->Pc);
                return e;
            case PendingKind.StageTwoFault:
                return e;
            default:
                mmio.Clear();
                return e;
        }
    }

    private void EnterException(in PendingEvent e)
    {
        CpuState* s = State;
        mmio.Clear();
        // A vector that itself cannot be fetched is an endless chain of exceptions without an instruction. Each link but the first counts
        // as one, so that budgets end and virtual time passes.
        if (s->InstructionsRetired == lastExceptionAt)
            s->InstructionsRetired++;
        lastExceptionAt = s->InstructionsRetired;
        TakeException(e);
        InvalidateFetchPage();
    }

    private void AttendToInterrupts()
    {
        // Cleared before the lines are looked at: a change after that sets it again.
        Interlocked.And(ref State->Attention, ~(int)Attention.Interrupt);
        PerformRequests();
        if (State->InterruptLines != 0 && TryTakeInterrupt())
            InvalidateFetchPage();
    }
}

/// <summary>Why a <see cref="Core.Run"/> ended.</summary>
public enum RunReason
{
    /// <summary>The instruction budget is spent.</summary>
    BudgetSpent,

    /// <summary><see cref="Core.Kick"/> was called.</summary>
    Kicked,

    /// <summary><see cref="RunResult.Event"/> holds an exit (never an exception: those are taken inside).</summary>
    Exit,
}

/// <summary>What a <see cref="Core.Run"/> returns.</summary>
public readonly record struct RunResult(RunReason Reason, PendingEvent Event);
