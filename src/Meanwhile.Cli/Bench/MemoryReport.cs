using System.Globalization;
using Spectre.Console;

namespace Meanwhile.Cli.Bench;

/// <summary>The tables of <c>meanwhile bench memory</c>: ours, and the series' own beside it.</summary>
internal static class MemoryReport
{
    /// <summary>Every run, a row each.</summary>
    public static void PrintRuns(IAnsiConsole console, MemoryBenchOptions options, IReadOnlyList<MemoryRun> runs)
    {
        var table = new Table { Title = new TableTitle(Describe(options)), Border = TableBorder.Rounded };
        table.AddColumn("test");
        table.AddColumn("async page faults");
        foreach (string column in (string[])["time", "calculation", "calculation / ms", "vCPU stands still", "faults", "notified", "waited", "cancelled"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (MemoryRun run in runs)
        {
            table.AddRow(
                run.Test, run.AsyncPageFaults ? "on" : "off", Milliseconds(run.TimeMs), Count(run.Calculation), run.Calculation == 0 ? "" : Count((long)run.CalculationPerMs),
                $"{run.StandStillPercent.ToString("F1", CultureInfo.InvariantCulture)} %", Count(run.Faults), Count(run.Notified), Count(run.Waited), Count(run.Cancelled));
        }
        console.Write(table);
    }

    /// <summary>Each test with the feature on against off: ours and the series'.</summary>
    public static void PrintComparison(IAnsiConsole console, IReadOnlyList<MemoryRun> runs)
    {
        var table = new Table { Title = new TableTitle("on against off: ours, and the series' own on its hardware"), Border = TableBorder.Rounded };
        table.AddColumn("test");
        foreach (string column in (string[])["time off", "time on", "on / off", "calculation / ms", "series: time off", "time on", "on / off", "calculation / ms"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (IGrouping<string, MemoryRun> test in runs.GroupBy(run => run.Test))
        {
            MemoryRun? off = test.FirstOrDefault(run => !run.AsyncPageFaults);
            MemoryRun? on = test.FirstOrDefault(run => run.AsyncPageFaults);
            SeriesResult series = SeriesResult.Published.First(result => result.Test == test.Key);
            if (off is null || on is null)
                continue;
            table.AddRow(
                test.Key, Milliseconds(off.TimeMs), Milliseconds(on.TimeMs), Ratio(on.TimeMs / off.TimeMs),
                off.Calculation == 0 ? "" : Ratio(on.CalculationPerMs / off.CalculationPerMs),
                Milliseconds(series.Off.TimeMs), Milliseconds(series.On.TimeMs), Ratio(series.TimeRatio),
                series.CalculationRatio is { } ratio ? Ratio(ratio) : "");
        }
        console.Write(table);
    }

    private static string Describe(MemoryBenchOptions options) =>
        $"{options.GuestMemoryMiB} MiB guest, {options.MemoryLimitMiB} MiB resident, swap latency {options.SwapLatencyUs} µs, "
        + $"{options.Percent} % of available memory, {(options.VirtualClock ? "virtual" : "real")} clock, guest time";

    private static string Milliseconds(double value) => value.ToString("N0", CultureInfo.InvariantCulture) + " ms";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double value) => "x" + value.ToString("F2", CultureInfo.InvariantCulture);
}
