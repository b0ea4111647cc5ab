using Meanwhile.Memory.Host;

namespace Meanwhile.Hypervisor;

/// <content>Running, pausing, ending.</content>
public sealed partial class VirtualMachine
{
    private readonly object stateGate = new();
    private RunOutcome? outcome;
    private volatile bool paused;
    private volatile bool held;
    private bool running;
    private int active;
    private int parked;

    /// <summary>The machine is in <see cref="Run"/>.</summary>
    public bool IsRunning
    {
        get
        {
            lock (stateGate)
                return running;
        }
    }

    /// <summary>The machine is paused, or will begin so.</summary>
    public bool IsPaused => paused;

    /// <summary>The run under way, or the next one, ends or has just ended: the guest asked for it, the host, or something failed.</summary>
    public bool IsEnding => Volatile.Read(ref outcome) is not null;

    /// <summary>
    /// Runs the guest until it ends or <see cref="Stop"/> is called. On the virtual clock the calling thread is the vCPU; on the real clock
    /// each vCPU has a thread of its own.
    /// </summary>
    /// <exception cref="InvalidOperationException">It runs already, or cannot; see <see cref="MakeUnusable"/>.</exception>
    public RunOutcome Run()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ThrowIfUnusable();
        lock (stateGate)
        {
            if (running)
                throw new InvalidOperationException("The machine runs already.");
            running = true;
            active = Vcpus.Count;
            parked = 0;
        }

        if (Clock.IsVirtual)
        {
            RunVcpu(Vcpus[0]);
        }
        else
        {
            Thread[] threads = new Thread[Vcpus.Count];
            for (int index = 0; index < threads.Length; index++)
            {
                Vcpu vcpu = Vcpus[index];
                threads[index] = new Thread(() => RunVcpuOnItsThread(vcpu)) { IsBackground = true, Name = $"vcpu{index}" };
                threads[index].Start();
            }

            foreach (Thread thread in threads)
                thread.Join();
        }

        lock (stateGate)
        {
            running = false;
            RunOutcome result = outcome ?? throw new InvalidOperationException("The vCPUs ended without an outcome.");
            outcome = null;
            Monitor.PulseAll(stateGate);
            return result;
        }
    }

    /// <summary>Ends the run under way, or the next one at once, with <see cref="RunOutcomeKind.Stopped"/>. Any thread.</summary>
    public void Stop() => End(new RunOutcome(RunOutcomeKind.Stopped));

    /// <summary>
    /// Ends the run under way, or the next one at once, with <see cref="RunOutcomeKind.Fault"/>: a thread of the monitor threw. To be called on that
    /// thread, which the outcome's message names.
    /// </summary>
    public void Fail(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        End(new RunOutcome(
            RunOutcomeKind.Fault, $"the monitor's thread '{Thread.CurrentThread.Name ?? "unnamed"}' failed: {exception.Message}", exception));
    }

    /// <summary>
    /// Holds all vCPUs between two instructions and returns when they are. Any thread; on a vCPU's own thread (an event of the virtual
    /// clock) it returns at once and the pause begins when that event is done. Devices and the clock go on.
    /// </summary>
    public void Pause()
    {
        lock (stateGate)
        {
            paused = true;
            AwaitParked();
        }
    }

    /// <summary>Lets the vCPUs go on. Any thread.</summary>
    public void Resume()
    {
        paused = false;
        WakeAll();
    }

    /// <summary>The vCPUs do not run: <see cref="Pause"/>, <see cref="Hold"/>, or both, each until it is undone itself.</summary>
    public bool StandsStill => paused || held;

    // Under the lock. On a vCPU's own thread it parks when what it is at is done.
    private void AwaitParked()
    {
        foreach (Vcpu vcpu in Vcpus)
            vcpu.MakeRequest(VcpuRequests.MachineState);
        if (currentVcpu is not null)
            return;
        while (running && StandsStill && parked < active)
            Monitor.Wait(stateGate);
    }

    private void WakeAll()
    {
        foreach (Vcpu vcpu in Vcpus)
            vcpu.Wake();
    }

    /// <summary>The first outcome wins.</summary>
    internal void End(RunOutcome result)
    {
        lock (stateGate)
        {
            if (outcome is null)
                Volatile.Write(ref outcome, result);
            Monitor.PulseAll(stateGate);
        }

        foreach (Vcpu vcpu in Vcpus)
            vcpu.MakeRequest(VcpuRequests.MachineState);
    }

    /// <summary>A vCPU's thread waits here while the machine is paused.</summary>
    internal void Park(Vcpu vcpu)
    {
        lock (stateGate)
        {
            parked++;
            Monitor.PulseAll(stateGate);
        }

        while (StandsStill && !IsEnding)
            vcpu.SleepWhileParked();
        lock (stateGate)
            parked--;
    }

    [ThreadStatic]
    private static Vcpu? currentVcpu;

    /// <summary>
    /// Busy threads of this process work for the guest: on the real clock its vCPUs give way to them every fraction of a millisecond, so that they never wait for each other
    /// until the kernel's next tick. On an engine that counts instructions. Any thread.
    /// </summary>
    public bool SharesProcessors
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value && !Clock.IsVirtual);
    }

    private void RunVcpuOnItsThread(Vcpu vcpu)
    {
        // After a wait for a page or an interrupt the guest goes on at once, not when another thread's slice is over.
        ThreadScheduling.MakeUrgent();
        RunVcpu(vcpu);
    }

    private void RunVcpu(Vcpu vcpu)
    {
        currentVcpu = vcpu;
        try
        {
            vcpu.RunLoop();
        }
        finally
        {
            currentVcpu = null;
            lock (stateGate)
            {
                active--;
                Monitor.PulseAll(stateGate);
            }
        }
    }

    private void ThrowIfRunning()
    {
        if (IsRunning)
            throw new InvalidOperationException("The machine runs.");
    }
}
