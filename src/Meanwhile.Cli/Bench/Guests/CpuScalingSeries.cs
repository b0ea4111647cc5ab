namespace Meanwhile.Cli.Bench.Guests;

/// <summary>One workload on one side, in all rounds.</summary>
/// <param name="side">The side's name.</param>
/// <param name="workload">Which.</param>
/// <param name="cpus">CPUs, and processes, of the runs with many.</param>
internal sealed class CpuScalingSeries(string side, Workload workload, int cpus)
{
    /// <summary>The side's name.</summary>
    public string Side { get; } = side;

    /// <summary>Which.</summary>
    public Workload Workload { get; } = workload;

    /// <summary>One process on one CPU, a round each.</summary>
    public List<WorkloadTime> One { get; } = [];

    /// <summary>A process on each CPU at once, a round each.</summary>
    public List<WorkloadTime> Many { get; } = [];

    /// <summary>Work a second of many against that of one, in each round: the number of CPUs when nothing is lost.</summary>
    public IReadOnlyList<double> Ratios => [.. One.Zip(Many, (one, many) => cpus * one.Seconds / many.Seconds)];

    /// <summary>
    /// The same by the CPU time that was used: what is lost because CPUs disturb each other, not because one was not there. It flatters by what a
    /// process does once, however many CPUs it has.
    /// </summary>
    public IReadOnlyList<double> CpuRatios => [.. One.Zip(Many, (one, many) => cpus * cpus * one.CpuSeconds / many.CpuSeconds)];
}
