using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Hypervisor;

/// <summary>Counters of one vCPU, written by its thread. Times are nanoseconds of the machine's clock.</summary>
public sealed class VcpuStatistics
{
    private readonly long[] exits = new long[(int)VcpuExitReason.MemoryFault + 1];

    // In one word, so that any thread may look: FaultNanoseconds, or during a wait that less the wait's beginning, less 1: nobody has waited for longer than the clock runs.
    private long faultTime;

    /// <summary>Exits for one reason.</summary>
    public long Exits(VcpuExitReason reason) => exits[(int)reason];

    /// <summary>Memory faults that the vCPU waited for.</summary>
    public long SynchronousFaults { get; internal set; }

    /// <summary>Memory faults of which the guest was told, so that it could go on.</summary>
    public long AsynchronousFaults { get; internal set; }

    /// <summary>Time spent waiting for pages: steal time, as a guest would see it. A wait counts when it is over.</summary>
    public long FaultNanoseconds { get; private set; }

    /// <summary><see cref="FaultNanoseconds"/>, and what has passed of a wait that is not over. Any thread.</summary>
    /// <param name="now">The machine's clock.</param>
    public long FaultNanosecondsUntil(long now)
    {
        long waited = Volatile.Read(ref faultTime);
        return waited >= 0 ? waited : Math.Max(0, now + waited + 1);
    }

    internal void BeginFaultWait(long now) => Volatile.Write(ref faultTime, FaultNanoseconds - now - 1);

    internal void EndFaultWait(long now)
    {
        FaultNanoseconds = Volatile.Read(ref faultTime) + 1 + now;
        Volatile.Write(ref faultTime, FaultNanoseconds);
    }

    /// <summary>Time spent halted: in WFI, or in CPU_SUSPEND.</summary>
    public long HaltedNanoseconds { get; internal set; }

    internal void Count(VcpuExitReason reason) => exits[(int)reason]++;
}
