using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Hypervisor;

/// <summary>Counters of one vCPU, written by its thread. Times are nanoseconds of the machine's clock.</summary>
public sealed class VcpuStatistics
{
    private readonly long[] exits = new long[(int)VcpuExitReason.MemoryFault + 1];

    /// <summary>Exits for one reason.</summary>
    public long Exits(VcpuExitReason reason) => exits[(int)reason];

    /// <summary>Memory faults that the vCPU waited for.</summary>
    public long SynchronousFaults { get; internal set; }

    /// <summary>Memory faults of which the guest was told, so that it could go on.</summary>
    public long AsynchronousFaults { get; internal set; }

    /// <summary>Time spent waiting for pages: steal time, as a guest would see it.</summary>
    public long FaultNanoseconds { get; internal set; }

    /// <summary>Time spent halted: in WFI, or in CPU_SUSPEND.</summary>
    public long HaltedNanoseconds { get; internal set; }

    internal void Count(VcpuExitReason reason) => exits[(int)reason]++;
}
