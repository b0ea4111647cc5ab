using Meanwhile.Arm64;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor;

/// <summary>PSCI's view of a vCPU (DEN0022 5.7.2), with AFFINITY_INFO's values.</summary>
public enum VcpuPowerState
{
    /// <summary>Runs.</summary>
    On = 0,

    /// <summary>Waits for CPU_ON.</summary>
    Off = 1,

    /// <summary>CPU_ON was called; its thread has not come to it.</summary>
    OnPending = 2,
}

/// <summary>
/// A virtual CPU: an engine and the loop around it. Its thread owns it; what other threads want is a request
/// (<see cref="VcpuRequests"/>) that the loop sees before it enters the guest again, in the manner of KVM.
/// </summary>
public sealed partial class Vcpu : IInvalidationListener
{
    private readonly VirtualMachine machine;
    private readonly VirtualClock? virtualClock;
    private readonly Lock gate = new();
    private readonly AutoResetEvent wakeup = new(false);
    private readonly List<Action> acknowledgements = [];
    private VcpuRequests requests;
    private bool inGuest;
    private bool disposed;
    private int interruptLines;
    private ulong entryPoint;
    private ulong entryContext;

    internal Vcpu(VirtualMachine machine, int index, ulong mpidr, IVcpuEngine engine)
    {
        this.machine = machine;
        virtualClock = machine.Clock as VirtualClock;
        Index = index;
        Mpidr = mpidr;
        Engine = engine;
        PowerState = index == 0 ? VcpuPowerState.On : VcpuPowerState.Off;
    }

    /// <summary>Number of the vCPU, from 0.</summary>
    public int Index { get; }

    /// <summary>MPIDR_EL1: bit 31 and the affinity.</summary>
    public ulong Mpidr { get; }

    /// <summary>What executes its instructions. Of the vCPU's thread while the machine runs.</summary>
    public IVcpuEngine Engine { get; }

    /// <summary>Counters.</summary>
    public VcpuStatistics Statistics { get; } = new();

    /// <summary>PSCI power state.</summary>
    public VcpuPowerState PowerState { get; private set; }

    /// <summary>An interrupt is signalled to the PE, masked there or not: what ends a WFI (DDI0487 D1.6.2).</summary>
    public bool HasInterrupt => Volatile.Read(ref interruptLines) != 0;

    /// <summary>Makes the vCPU look again: ends a run of guest instructions soon, and a wait. Any thread.</summary>
    public void Wake()
    {
        lock (gate)
        {
            // One that has looked already but is not in the guest yet looks again before it goes there.
            requests |= VcpuRequests.Look;
            if (inGuest)
                Engine.Kick();
        }

        wakeup.Set();
    }

    /// <summary>Ends a WFI that waits: for who has sent the vCPU elsewhere by its registers. With the machine stopped.</summary>
    public void EndHalt() => halted = false;

    /// <inheritdoc/>
    public void RequestInvalidation(Action acknowledge)
    {
        ArgumentNullException.ThrowIfNull(acknowledge);
        lock (gate)
        {
            requests |= VcpuRequests.FlushTlb;
            if (inGuest)
            {
                acknowledgements.Add(acknowledge);
                Engine.Kick();
                return;
            }
        }

        // Outside the guest nothing is used through a cached address, and the request is seen before the guest is entered again.
        acknowledge();
    }

    /// <summary>PSCI CPU_ON: false when the vCPU is not off; <paramref name="state"/> is what it was.</summary>
    internal bool TryPowerOn(ulong entry, ulong context, out VcpuPowerState state)
    {
        lock (gate)
        {
            state = PowerState;
            if (state != VcpuPowerState.Off)
                return false;
            entryPoint = entry;
            entryContext = context;
            PowerState = VcpuPowerState.OnPending;
        }

        wakeup.Set();
        return true;
    }

    /// <summary>PSCI CPU_OFF. On the vCPU's thread.</summary>
    internal void PowerOff()
    {
        // First: who sees the vCPU off may switch it on, or use again the memory that it shared with the monitor.
        machine.ResetPowerDomain(this);
        lock (gate)
            PowerState = VcpuPowerState.Off;
    }

    /// <summary>Input from the interrupt controller. Any thread, with its lock held.</summary>
    internal void SetInterruptLine(InterruptLine line, bool asserted)
    {
        if (asserted)
            Interlocked.Or(ref interruptLines, (int)line);
        else
            Interlocked.And(ref interruptLines, ~(int)line);
        lock (gate)
        {
            // A timer's event can come after the end.
            if (!disposed)
                Engine.SetInterruptLine(line, asserted);
        }

        if (asserted)
            wakeup.Set();
    }

    internal void MakeRequest(VcpuRequests request)
    {
        lock (gate)
            requests |= request;
        Wake();
    }

    /// <summary>Reset state, as after power-on. With the machine stopped.</summary>
    internal void Reset()
    {
        Engine.Reset();
        Engine.FlushTlb();
        PowerState = Index == 0 ? VcpuPowerState.On : VcpuPowerState.Off;
        haltAfterCall = false;
        halted = false;
        machine.ResetEventSources(this);
    }

    // The wake-up event is left to its finalizer: late events of other threads may still set it.
    internal void Dispose()
    {
        lock (gate)
            disposed = true;
        Engine.Dispose();
    }
}

/// <summary>Work for a vCPU's loop; KVM_REQ_*.</summary>
[Flags]
internal enum VcpuRequests
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Forget cached translations and host addresses.</summary>
    FlushTlb = 1,

    /// <summary>The machine pauses or ends: look at its state.</summary>
    MachineState = 2,

    /// <summary>Look at the event sources again.</summary>
    Look = 4,

    /// <summary>Give some time away (<see cref="VirtualMachine.Throttle"/>).</summary>
    Throttle = 8,

    /// <summary>Tell the guest of a fault that was none (<see cref="IMemoryFaultHandler.TryRehearse"/>).</summary>
    Rehearse = 16,
}
