using System.Globalization;
using Spectre.Console;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>What <c>meanwhile bench guest</c> prints on standard output.</summary>
internal static class GuestBenchReport
{
    // A guest's clock that is off by more than this, and by more than a few of its 10 ms steps, is worth a word.
    private const double ClockTolerance = 0.02;
    private const double ClockStep = 0.03;

    /// <summary>Before the runs: which programs, and their whole command lines.</summary>
    public static void PrintSides(TextWriter output, IReadOnlyList<BootPlan> plans, BenchSide ours, BenchSide? peer)
    {
        foreach (BenchSide side in peer is null ? [ours] : (BenchSide[])[ours, peer])
        {
            output.WriteLine($"{side.Name}: {side.Description}");
            foreach (BootPlan plan in plans)
                output.WriteLine("  " + BenchSide.Quote(side.Command(plan)));
        }
        if (peer is null)
            output.WriteLine("peer: none, so there are no ratios");
        output.WriteLine();
    }

    /// <summary>A row for each workload, and the mean.</summary>
    public static void PrintTable(IAnsiConsole console, IReadOnlyList<WorkloadSeries> series, BenchSide ours, BenchSide? peer)
    {
        int rounds = series[0].Ours.Count;
        var table = new Table
        {
            Title = new TableTitle(Markup.Escape($"host seconds, median of {rounds} round{(rounds == 1 ? "" : "s")}; ours: {ours.Description}{(peer is null ? "" : $"; peer: {peer.Description}")}")),
            Border = TableBorder.Rounded,
        };
        table.AddColumn("workload");
        table.AddColumn("");
        table.AddColumn(new TableColumn("ours").RightAligned());
        if (peer is not null)
        {
            foreach (string column in (string[])["peer", "ours / peer", "min .. max", "CPU time, ours / peer"])
                table.AddColumn(new TableColumn(column).RightAligned());
        }
        foreach (WorkloadSeries row in series)
        {
            string[] cells = [row.Workload.Name, row.Workload.Title, Seconds(row.Ours)];
            if (row.RatioMedian is { } median)
                cells = [.. cells, Seconds(row.Peer), Ratio(median), $"{Ratio(row.Ratios.Min())} .. {Ratio(row.Ratios.Max())}", Ratio(Statistics.Median(row.CpuRatios))];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }
        if (peer is not null)
            table.AddRow("geometric mean", "", "", "", Ratio(GeometricMean(series)!.Value), "", Ratio(Statistics.GeometricMean(series.Select(row => Statistics.Median(row.CpuRatios)))));
        console.Write(table);
    }

    /// <summary>What a reader should know besides: the sides' start, cores that differ, guests' clocks that go wrong.</summary>
    public static void PrintNotes(TextWriter output, GuestBench bench, IReadOnlyList<WorkloadSeries> series)
    {
        string peerStart = bench.PeerStartSeconds.Count == 0 ? "" : $", peer {Number(Statistics.Median(bench.PeerStartSeconds))} s";
        output.WriteLine($"From the start of the process to init (median, all boots): ours {Number(Statistics.Median(bench.OurStartSeconds))} s{peerStart}.");
        if (bench.PeerFeatures.Length > 0)
            output.WriteLine(CompareFeatures(bench.OurFeatures, bench.PeerFeatures));
        foreach (WorkloadSeries row in series)
        {
            foreach ((string side, WorkloadTime time) in row.Ours.Select(time => ("ours", time)).Concat(row.Peer.Select(time => ("peer", time))))
            {
                if (time.GuestSeconds is { } guest && Math.Abs(guest - time.Seconds) > ClockStep + ClockTolerance * time.Seconds)
                    output.WriteLine($"Guest's clock, {side}, {row.Workload.Name}: {Number(guest)} s where the host's has {Number(time.Seconds)} s.");
            }
        }
    }

    /// <summary>The mean of the workloads' ratios, or null without a peer.</summary>
    public static double? GeometricMean(IReadOnlyList<WorkloadSeries> series) =>
        series.Any(row => row.RatioMedian is null) ? null : Statistics.GeometricMean(series.Select(row => row.RatioMedian!.Value));

    /// <summary>Says in what the cores differ, as their guests see them.</summary>
    internal static string CompareFeatures(string ours, string peer)
    {
        string[] mine = ours.Split(' '), other = peer.Split(' ');
        string[] onlyOurs = [.. mine.Except(other)], onlyPeer = [.. other.Except(mine)];
        string both = $"Core features of both: {string.Join(' ', mine.Intersect(other))}";
        return $"{both}; of ours alone: {Or(onlyOurs)}; of the peer's alone: {Or(onlyPeer)}.";

        static string Or(string[] names) => names.Length == 0 ? "none" : string.Join(' ', names);
    }

    private static string Seconds(IEnumerable<WorkloadTime> times) => Number(Statistics.Median(times.Select(time => time.Seconds)));

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
