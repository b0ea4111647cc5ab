namespace Meanwhile.Cli.Bench.Guests;

/// <summary>One workload in all rounds, on all sides.</summary>
internal sealed class WorkloadSeries(Workload workload)
{
    /// <summary>Which.</summary>
    public Workload Workload { get; } = workload;

    /// <summary>Our runs, a round each.</summary>
    public List<WorkloadTime> Ours { get; } = [];

    /// <summary>The peer's runs, a round each; none without a peer.</summary>
    public List<WorkloadTime> Peer { get; } = [];

    /// <summary>The host's own runs, a round each; none when it was not asked, or the workload is a guest's alone.</summary>
    public List<WorkloadTime> Native { get; } = [];

    /// <summary>Our time over the peer's in each round: less than 1 is faster. Within a round the two run one right after the other.</summary>
    public IReadOnlyList<double> Ratios => [.. Ours.Zip(Peer, (ours, peer) => ours.Seconds / peer.Seconds)];

    /// <summary>The same of the CPU time that the two processes used: what else runs on the host has less part in it.</summary>
    public IReadOnlyList<double> CpuRatios => [.. Ours.Zip(Peer, (ours, peer) => ours.CpuSeconds / peer.CpuSeconds)];

    /// <summary>The median of the ratios, or null without a peer.</summary>
    public double? RatioMedian => Peer.Count == 0 ? null : Statistics.Median(Ratios);

    /// <summary>The median of our time over the host's own in each round, or null without.</summary>
    public double? RatioToNative => Native.Count == 0 ? null : Statistics.Median(Ours.Zip(Native, (ours, native) => ours.Seconds / native.Seconds));

    /// <summary>The same of the CPU time that was used, or null without; the host counts it in steps of 10 ms.</summary>
    public double? CpuRatioToNative => Native.Count == 0 ? null : Statistics.Median(Ours.Zip(Native, (ours, native) => ours.CpuSeconds / Math.Max(native.CpuSeconds, HostTime.CpuStep)));

    /// <summary>The runs of a side, by its name.</summary>
    public List<WorkloadTime> Of(BenchSide side) => side.Name switch
    {
        "ours" => Ours,
        "peer" => Peer,
        _ => Native,
    };
}
