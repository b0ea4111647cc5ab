using System.Globalization;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>What is measured of one side: one process on one CPU, and as many processes as CPUs.</summary>
/// <param name="One">How the former is run.</param>
/// <param name="Many">How the latter is run.</param>
internal sealed record CpuScalingSide(BenchSide One, BenchSide Many)
{
    /// <summary>The side's name.</summary>
    public string Name => One.Name;
}

/// <summary>
/// How much more work several CPUs do than one: independent processes, one on each, against one on one. What else the host does meets all
/// alike: the runs take turns, and their order turns around with each round.
/// </summary>
internal sealed class CpuScaling(BootPlan plan, IReadOnlyList<CpuScalingSide> sides, int cpus, int rounds, Action<string> progress)
{
    private readonly Dictionary<(CpuScalingSide Side, string Workload), CpuScalingSeries> series = (
        from side in sides
        from workload in plan.Workloads
        select new CpuScalingSeries(side.Name, workload, cpus)).ToDictionary(row => (sides.Single(side => side.Name == row.Side), row.Workload.Name));

    /// <summary>Runs everything.</summary>
    /// <returns>A row for each workload and side.</returns>
    /// <exception cref="UserError">A run failed, or a process came to another result than the one that ran alone.</exception>
    public IReadOnlyList<CpuScalingSeries> Run()
    {
        (CpuScalingSide Side, bool IsMany)[] turns = [.. sides.SelectMany(side => ((CpuScalingSide, bool)[])[(side, false), (side, true)])];
        for (int round = 1; round <= rounds; round++)
        {
            foreach ((CpuScalingSide side, bool isMany) in round % 2 == 1 ? turns : turns.Reverse())
                Run(round, side, isMany);
            foreach (CpuScalingSeries row in series.Values)
                Compare(row);
        }
        return [.. plan.Workloads.SelectMany(workload => sides.Select(side => series[(side, workload.Name)]))];
    }

    private void Run(int round, CpuScalingSide side, bool isMany)
    {
        string where = $"round {round} of {rounds}, {side.Name}, {(isMany ? $"{cpus} processes on {cpus} CPUs" : "1 process on 1 CPU")}";
        BootPlan processes = plan with { Processes = isMany ? cpus : 1 };
        GuestBootResult result = GuestBoot.Run(
            (isMany ? side.Many : side.One).Command(processes),
            plan.Workloads,
            time => progress(string.Create(CultureInfo.InvariantCulture, $"{where}: {time.Name} {time.Seconds:F2} s")));
        foreach (WorkloadTime time in result.Times)
        {
            if (series.TryGetValue((side, time.Name), out CpuScalingSeries? row))
                (isMany ? row.Many : row.One).Add(time);
        }
    }

    private void Compare(CpuScalingSeries row)
    {
        string expected = string.Concat(Enumerable.Repeat(row.One[^1].Output, cpus));
        if (row.Many[^1].Output != expected)
            throw new UserError($"workload {row.Workload.Name}, {row.Side}: {cpus} processes at once came to other results than one. One:\n{row.One[^1].Output}{cpus} at once:\n{row.Many[^1].Output}");
    }
}
