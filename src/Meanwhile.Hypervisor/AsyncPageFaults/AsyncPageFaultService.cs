using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.AsyncPageFaults;

/// <summary>The async page faults of a machine: a queue for each vCPU, between the run loops and guest RAM.</summary>
public sealed class AsyncPageFaultService : IMemoryFaultHandler, IVcpuEventSource
{
    private readonly IAsyncPageFaultArchitecture[] architectures;
    private readonly AsyncPageFaultQueue[] queues;

    /// <summary>Makes the queues. Nothing happens before <see cref="Attach"/>.</summary>
    /// <param name="machine">The machine, with its vCPUs.</param>
    /// <param name="architectureOf">How a vCPU's guest is told.</param>
    /// <param name="slots">Most outstanding faults of one vCPU.</param>
    public AsyncPageFaultService(
        VirtualMachine machine, Func<Vcpu, IAsyncPageFaultArchitecture> architectureOf, int slots = AsyncPageFaultQueue.DefaultSlots)
    {
        architectures = [.. machine.Vcpus.Select(architectureOf)];
        queues = [.. machine.Vcpus.Select(vcpu =>
            new AsyncPageFaultQueue(vcpu.Index, architectures[vcpu.Index], machine.Ram.Request, machine.Clock, vcpu.Wake, slots))];
    }

    /// <summary>
    /// Connects the service to the machine, before it runs. Its events are delivered in the order of attaching: before those that it arms,
    /// so that a page that came at once takes its event back.
    /// </summary>
    public void Attach(VirtualMachine machine)
    {
        machine.FaultHandler = this;
        machine.AddEventSource(this);
    }

    /// <summary>A vCPU's queue.</summary>
    public AsyncPageFaultQueue Queue(Vcpu vcpu) => queues[vcpu.Index];

    /// <summary>A vCPU's counters, with the time that it stood still.</summary>
    public AsyncPageFaultStatistics Statistics(Vcpu vcpu) =>
        Queue(vcpu).Statistics() with { StoodStillNanoseconds = vcpu.Statistics.FaultNanoseconds };

    /// <inheritdoc/>
    public bool TryHandleAsynchronously(Vcpu vcpu, in VcpuExit exit, long pageIndex) => Queue(vcpu).TryHandleAsynchronously(exit, pageIndex);

    /// <inheritdoc/>
    public bool TryRehearse(Vcpu vcpu) => Queue(vcpu).TryRehearse();

    /// <inheritdoc/>
    public string SectionName => "async-pf";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public string Configuration => $"{queues[0].Slots} slots, {architectures[0].Configuration}";

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        for (int index = 0; index < queues.Length; index++)
        {
            queues[index].Save(writer);
            architectures[index].Save(writer);
        }
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        for (int index = 0; index < queues.Length; index++)
        {
            queues[index].Restore(reader);
            architectures[index].Restore(reader);
        }
    }

    /// <inheritdoc/>
    public void Deliver(Vcpu vcpu) => Queue(vcpu).BeforeGuestEntry();

    /// <inheritdoc/>
    public bool IsPending(Vcpu vcpu) => Queue(vcpu).HasCompletedWork;

    /// <inheritdoc/>
    public void Reset(Vcpu vcpu)
    {
        Queue(vcpu).Clear();
        architectures[vcpu.Index].Reset();
    }
}
