using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory.Host;

namespace Meanwhile.Hypervisor;

/// <content>The run loop; KVM's vcpu_run.</content>
public sealed partial class Vcpu
{
    /// <summary>Longest run without a look around, in instructions. Far below what a counter of an engine could overflow.</summary>
    private const long MostInstructions = 1L << 40;

    /// <summary>Instructions of a turn beside busy threads: some 0.3 ms.</summary>
    private const long TurnInstructions = 300_000;

    private readonly HaltPolling polling = new();

    /// <summary>Instructions retired when this thread gave way last.</summary>
    private long turnBegan;

    /// <summary>The PE waits for an interrupt; also while the machine is paused or stopped meanwhile, or has just been restored.</summary>
    private bool halted;

    /// <summary>Runs until the machine ends. On the vCPU's own thread.</summary>
    internal void RunLoop()
    {
        virtualClock?.EnterOwner();
        try
        {
            while (ProcessRequests())
            {
                if (PowerState != VcpuPowerState.On)
                {
                    WaitForPowerOn();
                    continue;
                }

                if (halted)
                {
                    Halt();
                    continue;
                }

                if (givesTimeAway)
                    GiveTimeAway();
                virtualClock?.RunDueEvents();
                if (rehearses)
                    Rehearse();
                machine.DeliverEvents(this);
                RunGuest();
            }
        }
        catch (Exception exception)
        {
            // A defect of the monitor or of the host ends this machine, not the process, which may have others.
            machine.End(new RunOutcome(RunOutcomeKind.Fault, exception.Message, exception));
        }
        finally
        {
            virtualClock?.LeaveOwner();
        }
    }

    private void RunGuest()
    {
        bool turns = machine.SharesProcessors;
        long budget = virtualClock?.BeginRun(MostInstructions) ?? (turns ? TurnInstructions : MostInstructions);
        if (budget == 0)
            return;
        if (!TryEnterGuest())
        {
            virtualClock?.EndRun();
            return;
        }

        VcpuExit exit;
        try
        {
            exit = Engine.Run(budget);
        }
        finally
        {
            virtualClock?.EndRun();
            LeaveGuest();
        }

        Statistics.Count(exit.Reason);
        HandleExit(exit);
        if (turns)
            GiveWay();
    }

    private void GiveWay()
    {
        // Exits may be many and short: a device's registers, byte after byte.
        long retired = Engine.InstructionsRetired;
        if (retired - turnBegan < TurnInstructions)
            return;
        turnBegan = retired;
        ThreadScheduling.GiveWay();
    }

    private bool TryEnterGuest()
    {
        lock (gate)
        {
            inGuest = requests == VcpuRequests.None;
            return inGuest;
        }
    }

    private void LeaveGuest()
    {
        Action[] pending;
        lock (gate)
        {
            inGuest = false;
            if (acknowledgements.Count == 0)
                return;
            pending = [.. acknowledgements];
            acknowledgements.Clear();
        }

        // The flush itself is a request, done before the next entry; no cached address is used before that.
        foreach (Action acknowledge in pending)
            acknowledge();
    }

    /// <summary>False when the machine ends.</summary>
    private bool ProcessRequests()
    {
        VcpuRequests taken;
        lock (gate)
        {
            taken = requests;
            requests = VcpuRequests.None;
        }

        if ((taken & VcpuRequests.FlushTlb) != 0)
            Engine.FlushTlb();
        givesTimeAway |= (taken & VcpuRequests.Throttle) != 0;
        rehearses |= (taken & VcpuRequests.Rehearse) != 0;
        while (machine.IsEnding || machine.StandsStill)
        {
            if (machine.IsEnding)
                return false;
            machine.Park(this);
        }

        return true;
    }

    /// <summary>Waits for a wake-up while the guest does not run; on the virtual clock time goes on to the next event. May return early.</summary>
    private void Idle()
    {
        if (virtualClock is not null && (virtualClock.RunDueEvents() || virtualClock.AdvanceToNextEvent()))
            return;
        // A wake-up during a pause has ended the sleep of that; its request is still there.
        if (!HasRequests)
            wakeup.WaitOne();
    }

    private bool IsRunnable => HasInterrupt || machine.HasPendingEvents(this);

    /// <summary>WFI, CPU_SUSPEND: until something is there to be delivered.</summary>
    private void Halt()
    {
        long start = machine.Clock.Now;
        halted = true;
        Poll(start);
        bool goesOn;
        while ((goesOn = ProcessRequests()) && !IsRunnable)
            Idle();
        // A machine that ended in between goes on waiting when it runs again.
        halted = !goesOn;
        long duration = machine.Clock.Now - start;
        Statistics.HaltedNanoseconds += duration;
        polling.Record(duration);
    }

    private void Poll(long start)
    {
        if (virtualClock is not null)
            return;
        // Yielding costs little while no other thread wants the processor.
        while (machine.Clock.Now - start < polling.Limit && !IsRunnable && !HasRequests)
            Thread.Yield();
    }

    private bool HasRequests
    {
        get
        {
            lock (gate)
                return requests != VcpuRequests.None;
        }
    }

    private void WaitForPowerOn()
    {
        while (ProcessRequests())
        {
            lock (gate)
            {
                if (PowerState == VcpuPowerState.OnPending)
                {
                    // DEN0022 6.4: EL1, MMU off, exceptions masked, context id in X0.
                    Engine.Reset();
                    Engine.SetRegister(VcpuRegister.Pc, entryPoint);
                    Engine.SetRegister(VcpuRegister.X0, entryContext);
                    PowerState = VcpuPowerState.On;
                    return;
                }
            }

            Idle();
        }
    }

    /// <summary>What a parked vCPU sleeps on: until <see cref="Wake"/>.</summary>
    internal void SleepWhileParked() => wakeup.WaitOne();
}
