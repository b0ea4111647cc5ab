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
    public static void PrintSides(TextWriter output, IReadOnlyList<BootPlan> plans, BenchSides sides)
    {
        foreach (BenchSide side in sides.All)
        {
            output.WriteLine($"{side.Name}: {side.Description}");
            foreach (BootPlan plan in plans.Where(plan => sides.Runs(side, plan)))
                output.WriteLine("  " + BenchSide.Quote(side.Command(plan)));
        }
        if (sides.Peer is null)
            output.WriteLine("peer: none, so there are no ratios to it");
        output.WriteLine();
    }

    /// <summary>A row for each workload, and the mean.</summary>
    public static void PrintTable(IAnsiConsole console, IReadOnlyList<WorkloadSeries> series, BenchSides sides)
    {
        int rounds = series[0].Ours.Count;
        string names = string.Join("; ", sides.All.Select(side => $"{side.Name}: {side.Description}"));
        var table = new Table
        {
            Title = new TableTitle(Markup.Escape($"seconds on the host's clock, median of {rounds} round{(rounds == 1 ? "" : "s")}; {names}")),
            Border = TableBorder.Rounded,
        };
        table.AddColumn("workload");
        table.AddColumn("");
        string[] columns =
        [
            "ours, s",
            .. sides.Peer is null ? [] : (string[])["peer, s", "ours / peer", "min .. max", "CPU time, ours / peer"],
            .. sides.Native is null ? [] : (string[])["native, s", "ours / native", "CPU time, ours / native"],
        ];
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (WorkloadSeries row in series)
            table.AddRow([.. Cells(row, sides).Select(Markup.Escape)]);
        if (sides.Peer is not null)
            table.AddRow("geometric mean", "", "", "", Ratio(GeometricMean(series)!.Value), "", Ratio(Statistics.GeometricMean(series.Select(row => Statistics.Median(row.CpuRatios)))));
        console.Write(table);
    }

    private static IEnumerable<string> Cells(WorkloadSeries row, BenchSides sides)
    {
        string[] peer = [], native = [];
        if (row.RatioMedian is { } median)
            peer = [Seconds(row.Peer), Ratio(median), $"{Ratio(row.Ratios.Min())} .. {Ratio(row.Ratios.Max())}", Ratio(Statistics.Median(row.CpuRatios))];
        if (row.RatioToNative is { } toNative)
            native = [Seconds(row.Native), Ratio(toNative), Ratio(row.CpuRatioToNative!.Value)];
        else if (sides.Native is not null)
            native = ["", "", ""];
        return [row.Workload.Name, row.Workload.Title, Seconds(row.Ours), .. peer, .. native];
    }

    /// <summary>What a reader should know besides: the sides' start, cores that differ, guests' clocks that go wrong.</summary>
    public static void PrintNotes(TextWriter output, GuestBench bench, IReadOnlyList<WorkloadSeries> series)
    {
        string peerStart = bench.PeerStartSeconds.Count == 0 ? "" : $", peer {Number(Statistics.Median(bench.PeerStartSeconds))} s";
        output.WriteLine($"From the start of the process to init (median, all boots): ours {Number(Statistics.Median(bench.OurStartSeconds))} s{peerStart}.");
        if (bench.OurOwnBytes.Count > 0)
            output.WriteLine($"Memory of the host beside guest RAM and the code cache, ours (most, all boots): {Number(bench.OurOwnBytes.Max() / (double)(1 << 20))} MiB.");
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
