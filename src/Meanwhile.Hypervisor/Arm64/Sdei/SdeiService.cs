using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64.Sdei;

/// <summary>
/// The Software Delegated Exception Interface, version 1.0 (DEN0054), for private events: event 0, which software signals, and those the
/// monitor adds (page-not-present). Events that belong to interrupts are not offered.
/// </summary>
public sealed class SdeiService : ISmcccService, IVcpuEventSource
{
    /// <summary>The software signalled event (DEN0054 4.1.1).</summary>
    public const uint SoftwareSignalledEvent = 0;

    private const long Version = 1L << 48;
    private const ulong RoutingModeOnePe = 1;

    private readonly VirtualMachine machine;
    private readonly SdeiVcpu[] vcpus;

    /// <summary>The service of a machine's vCPUs; <see cref="Attach"/> connects it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="monitorEvents">Private events of the monitor's own, with their priorities.</param>
    /// <exception cref="ArgumentException">An event number is 0, named twice, or uses the reserved bits 29..24 or 31 (DEN0054 4.1).</exception>
    public SdeiService(VirtualMachine machine, IEnumerable<(uint Number, SdeiPriority Priority)> monitorEvents)
    {
        ArgumentNullException.ThrowIfNull(machine);
        this.machine = machine;
        var descriptions = new List<SdeiEventDescription> { new(SoftwareSignalledEvent, SdeiPriority.Normal, SoftwareSignalled: true) };
        foreach ((uint number, SdeiPriority priority) in monitorEvents)
        {
            if ((number & 0xBF00_0000) != 0 || descriptions.Exists(description => description.Number == number))
                throw new ArgumentException($"0x{number:x} is no SDEI event number of the monitor's own.", nameof(monitorEvents));
            descriptions.Add(new SdeiEventDescription(number, priority, SoftwareSignalled: false));
        }

        vcpus = [.. machine.Vcpus.Select(_ => new SdeiVcpu(descriptions))];
    }

    /// <summary>Answers the machine's calls and delivers its events. Before it runs; after the event sources that signal or take back events.</summary>
    public void Attach()
    {
        machine.Hypercalls.Add(this);
        machine.AddEventSource(this);
    }

    /// <summary>Whether an event signalled now would be delivered at once, and if not, why. On the vCPU's thread.</summary>
    public SdeiDeliverability DeliverabilityOf(Vcpu vcpu, uint number)
    {
        SdeiVcpu state = vcpus[vcpu.Index];
        if (state.Find(number) is not { Registered: true, Enabled: true })
            return SdeiDeliverability.NotEnabled;
        if (state.Masked)
            return SdeiDeliverability.Masked;
        return state.RunningEvent is null ? SdeiDeliverability.Deliverable : SdeiDeliverability.HandlerRunning;
    }

    /// <summary>Makes an event of the monitor's own pending: it is delivered before the vCPU enters the guest. Any thread.</summary>
    public void Signal(Vcpu vcpu, uint number)
    {
        vcpus[vcpu.Index].Find(number)?.Signal();
        vcpu.Wake();
    }

    /// <summary>The event was signalled and not delivered. On the vCPU's thread.</summary>
    public bool IsPending(Vcpu vcpu, uint number) => vcpus[vcpu.Index].Find(number) is { Pending: true };

    /// <summary>Takes a signal back; true when it had not been delivered. On the vCPU's thread.</summary>
    public bool Cancel(Vcpu vcpu, uint number) => vcpus[vcpu.Index].Find(number)?.TakeSignal() ?? false;

    /// <inheritdoc/>
    public string SectionName => "sdei";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public string Configuration =>
        "events " + string.Join(", ", vcpus[0].Events.Select(known => $"0x{known.Description.Number:x} {known.Description.Priority}"));

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        foreach (SdeiVcpu vcpu in vcpus)
            vcpu.Save(writer);
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        foreach (SdeiVcpu vcpu in vcpus)
            vcpu.Restore(reader);
    }

    /// <inheritdoc/>
    public bool Owns(uint functionId) => functionId is >= (uint)SdeiFunction.Version and <= 0xC400_003F;

    /// <inheritdoc/>
    public void Deliver(Vcpu vcpu)
    {
        SdeiVcpu state = vcpus[vcpu.Index];
        // One after the other, normal first: a critical event that comes with a normal one interrupts its first instruction.
        while (state.NextDeliverable() is { } next)
            state.Enter(next, vcpu.Engine);
    }

    /// <inheritdoc/>
    public bool IsPending(Vcpu vcpu) => vcpus[vcpu.Index].NextDeliverable() is not null;

    /// <inheritdoc/>
    public void Reset(Vcpu vcpu) => vcpus[vcpu.Index].Reset();

    /// <inheritdoc/>
    public void Handle(ref SmcccCall call)
    {
        SdeiVcpu state = vcpus[call.VcpuIndex];
        switch ((SdeiFunction)call.FunctionId)
        {
            case SdeiFunction.EventComplete or SdeiFunction.EventCompleteAndResume:
                Complete(state, ref call);
                return;
            case SdeiFunction.EventContext:
                call.SetResult(0, Context(state, call.Argument(1)));
                return;
            default:
                call.SetResult(0, Answer(state, call));
                return;
        }
    }

    private long Answer(SdeiVcpu state, SmcccCall call)
    {
        uint number = (uint)call.Argument(1);
        switch ((SdeiFunction)call.FunctionId)
        {
            case SdeiFunction.Version:
                return Version;
            case SdeiFunction.EventRegister:
                return Register(state.Find(number), call.Argument(2), call.Argument(3), call.Argument(4));
            case SdeiFunction.EventEnable:
                return SetEnabled(state.Find(number), enabled: true);
            case SdeiFunction.EventDisable:
                return SetEnabled(state.Find(number), enabled: false);
            case SdeiFunction.EventUnregister:
                return Unregister(state.Find(number));
            case SdeiFunction.EventStatus:
                return Status(state.Find(number));
            case SdeiFunction.EventGetInfo:
                return Information(state.Find(number), call.Argument(2));
            case SdeiFunction.EventRoutingSet:
                // 5.1.11: for shared events only, and there are none.
                return SdeiStatus.InvalidParameters;
            case SdeiFunction.PeMask:
                long wasUnmasked = state.Masked ? 0 : 1;
                state.Masked = true;
                return wasUnmasked;
            case SdeiFunction.PeUnmask:
                state.Masked = false;
                return SdeiStatus.Success;
            case SdeiFunction.EventSignal:
                return Signal(call.Argument(1), call.Argument(2));
            case SdeiFunction.Features:
                // 5.1.17: no slots for bound interrupts (0), no relative mode (1).
                return call.Argument(1) <= 1 ? 0 : SdeiStatus.InvalidParameters;
            case SdeiFunction.PrivateReset:
                return PrivateReset(state);
            case SdeiFunction.SharedReset:
                return SdeiStatus.Success;
            default:
                return SdeiStatus.NotSupported;
        }
    }

    private static long Register(SdeiEvent? registered, ulong entryPoint, ulong argument, ulong flags)
    {
        // 5.1.2: routing mode and affinity do not matter for a private event; relative mode is not offered.
        if (registered is null || (flags & ~RoutingModeOnePe) != 0)
            return SdeiStatus.InvalidParameters;
        if (registered.Registered || registered.Running)
            return SdeiStatus.Denied;
        registered.Register(entryPoint, argument);
        return SdeiStatus.Success;
    }

    private static long SetEnabled(SdeiEvent? changed, bool enabled)
    {
        if (changed is null)
            return SdeiStatus.InvalidParameters;
        if (!changed.Registered || changed.UnregisterPending)
            return SdeiStatus.Denied;
        changed.Enabled = enabled;
        return SdeiStatus.Success;
    }

    private static long Unregister(SdeiEvent? unregistered)
    {
        if (unregistered is null)
            return SdeiStatus.InvalidParameters;
        if (!unregistered.Registered)
            return SdeiStatus.Denied;
        if (unregistered.Running)
        {
            unregistered.UnregisterPending = true;
            unregistered.Enabled = false;
            return SdeiStatus.Pending;
        }

        unregistered.Unregister();
        return SdeiStatus.Success;
    }

    private static long Status(SdeiEvent? asked)
    {
        if (asked is null)
            return SdeiStatus.InvalidParameters;
        // 5.1.9: bit 0 registered, bit 1 enabled, bit 2 running.
        bool registered = asked.Registered && !asked.UnregisterPending;
        return (registered ? 1 : 0) | (asked.Enabled ? 2 : 0) | (asked.Running ? 4 : 0);
    }

    private static long Information(SdeiEvent? asked, ulong what)
    {
        if (asked is null)
            return SdeiStatus.InvalidParameters;
        // 5.1.10: type (0 = private), signalled by software, priority. Routing is for shared events.
        return what switch
        {
            0 => 0,
            1 => asked.Description.SoftwareSignalled ? 1 : 0,
            2 => (long)asked.Description.Priority,
            _ => SdeiStatus.InvalidParameters,
        };
    }

    private static long Context(SdeiVcpu state, ulong index)
    {
        if (state.RunningEvent is null)
            return SdeiStatus.Denied;
        return SdeiVcpu.IsSavedRegister(index) ? (long)state.InterruptedRegister((int)index) : SdeiStatus.InvalidParameters;
    }

    private static void Complete(SdeiVcpu state, ref SmcccCall call)
    {
        if (state.RunningEvent is null)
            call.SetResult(0, SdeiStatus.Denied);
        else if ((SdeiFunction)call.FunctionId == SdeiFunction.EventComplete)
            state.Complete(call.Engine);
        else
            state.CompleteAndResume(call.Engine, call.Argument(1));
    }

    private long Signal(ulong number, ulong targetAffinity)
    {
        if (number != SoftwareSignalledEvent)
            return SdeiStatus.InvalidParameters;
        foreach (Vcpu target in machine.Vcpus)
        {
            if ((target.Mpidr & Affinity.Mask) == targetAffinity)
            {
                Signal(target, SoftwareSignalledEvent);
                return SdeiStatus.Success;
            }
        }

        return SdeiStatus.InvalidParameters;
    }

    private static long PrivateReset(SdeiVcpu state)
    {
        long status = SdeiStatus.Success;
        foreach (SdeiEvent candidate in state.Events)
        {
            if (candidate.Registered && Unregister(candidate) == SdeiStatus.Pending)
                status = SdeiStatus.Pending;
        }

        return status;
    }
}
