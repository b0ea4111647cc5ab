using Meanwhile.Memory.Statistics;

namespace Meanwhile.Hypervisor.AsyncPageFaults;

/// <summary>What one vCPU's async page faults did so far. Times are nanoseconds of the machine's clock.</summary>
public sealed record AsyncPageFaultStatistics
{
    private readonly long[] decisions;

    internal AsyncPageFaultStatistics(long[] decisions) => this.decisions = decisions;

    /// <summary>Memory faults that were decided about.</summary>
    public long Faults => decisions.Sum();

    /// <summary>Faults of which the guest was told.</summary>
    public long Notified => Decided(AsyncPageFaultDecision.Notified);

    /// <summary>Faults that the vCPU waited for, whatever the reason.</summary>
    public long Waited => Faults - Notified - Decided(AsyncPageFaultDecision.ResidentAtOnce);

    /// <summary>Notifications taken back because the page was there before the guest had heard of it.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Page-ready notifications given to the guest, without those that wake all.</summary>
    public required long Ready { get; init; }

    /// <summary>Times that the guest was told to wake every waiter.</summary>
    public required long WakeAlls { get; init; }

    /// <summary>Outstanding faults forgotten because the guest disabled the feature or the vCPU was reset.</summary>
    public required long Dropped { get; init; }

    /// <summary>Faults that were none, of which the guest was told: they are in the counts of what followed.</summary>
    public required long Rehearsed { get; init; }

    /// <summary>Faults outstanding now.</summary>
    public required int Outstanding { get; init; }

    /// <summary>Most faults outstanding at once.</summary>
    public required int PeakOutstanding { get; init; }

    /// <summary>From a fault of which the guest was told until its page was there.</summary>
    public required LatencyHistogram PageLatency { get; init; }

    /// <summary>From a fault of which the guest was told until it was told page-ready.</summary>
    public required LatencyHistogram ReadyLatency { get; init; }

    /// <summary>Time that the vCPU stood still for pages: what the feature is there to avoid.</summary>
    public long StoodStillNanoseconds { get; init; }

    /// <summary>How many faults were decided so.</summary>
    public long Decided(AsyncPageFaultDecision decision) => decisions[(int)decision];
}
