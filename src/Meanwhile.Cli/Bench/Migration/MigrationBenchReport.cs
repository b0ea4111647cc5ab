using System.Globalization;
using Meanwhile.Migration.Status;
using Spectre.Console;

namespace Meanwhile.Cli.Bench.Migration;

/// <summary>The tables of <c>meanwhile bench migration</c>: what is measured, and <c>info migrate</c>, each beside the series' own.</summary>
internal static class MigrationBenchReport
{
    /// <summary>All of them.</summary>
    public static void Print(IAnsiConsole console, MigrationBenchOptions options, IReadOnlyList<MigrationRun> runs)
    {
        MigrationRun off = runs.First(run => !run.AsyncPageFaults), on = runs.First(run => run.AsyncPageFaults);
        PrintFigures(console, options, off, on);
        PrintStatus(console, off, on);
        PrintRounds(console, runs);
    }

    private static void PrintFigures(IAnsiConsole console, MigrationBenchOptions options, MigrationRun off, MigrationRun on)
    {
        Table table = Make(
            $"{options.MemoryMiB} MiB guest, {options.Rounds} migrations by post-copy, {options.Bandwidth / 1_000_000} MB/s, {options.RoundTrip / 1000} µs round trip, virtual clock",
            "figure", "off", "on", "on / off", "series: off", "on", "on / off");
        SeriesMigration series = SeriesMigration.Published;
        Row("memory thread's time, ms", off.MemoryMs, on.MemoryMs, series.OffTimeMs, series.OnTimeMs);
        Row("calculation", off.Calculation, on.Calculation, series.OffCalculation, series.OnCalculation);
        Row("calculation / ms", off.Calculation / off.MemoryMs, on.Calculation / on.MemoryMs, series.OffCalculation / series.OffTimeMs, series.OnCalculation / series.OnTimeMs);
        Row("calculation / ms in post-copy", off.PostCopyCalculationPerMs, on.PostCopyCalculationPerMs);
        Row("vCPU stands still in post-copy, %", off.StandStillPercent, on.StandStillPercent);
        Row("downtime, ms", off.DowntimeMs, on.DowntimeMs, series.OffDowntimeMs, series.OnDowntimeMs);
        Row("total time of a migration, ms", off.TotalMs, on.TotalMs, series.OffTotalMs, series.OnTotalMs);
        console.Write(table);

        void Row(string name, double left, double right, double? seriesLeft = null, double? seriesRight = null) => table.AddRow(
            name, Number(left), Number(right), Ratio(left, right), seriesLeft is { } a ? Number(a) : "", seriesRight is { } b ? Number(b) : "",
            seriesLeft is { } c && seriesRight is { } d ? Ratio(c, d) : "");
    }

    private static void PrintStatus(IAnsiConsole console, MigrationRun off, MigrationRun on)
    {
        Table table = Make("info migrate, mean of the migrations", "field", "off", "on", "series: off", "on");
        foreach ((string name, Func<MigrationStatus, double> value, string seriesOff, string seriesOn) in SeriesMigration.Fields)
            table.AddRow(name, Number(off.Mean(value)), Number(on.Mean(value)), seriesOff, seriesOn);
        console.Write(table);
    }

    private static void PrintRounds(IAnsiConsole console, IReadOnlyList<MigrationRun> runs)
    {
        Table table = Make(
            "each migration", "async page faults", "total, ms", "downtime, ms", "post-copy, ms", "calculation / ms", "stands still, %", "requests", "notified", "waited");
        foreach (MigrationRun run in runs)
        {
            foreach (MigrationRound round in run.Rounds)
            {
                table.AddRow(
                    run.AsyncPageFaults ? "on" : "off", Number(round.Status.TotalTime / 1e6), Number((round.Status.Downtime ?? 0) / 1e6), Number(round.PostCopyMs),
                    Number(round.Calculation / round.PostCopyMs), Number(100 * round.StoodStillMs / round.PostCopyMs), Number(round.Status.PostCopyRequests),
                    Number(round.Notified), Number(round.Waited));
            }
        }
        console.Write(table);
    }

    private static Table Make(string title, params string[] columns)
    {
        var table = new Table { Title = new TableTitle(title), Border = TableBorder.Rounded };
        table.AddColumn(columns[0]);
        foreach (string column in columns[1..])
            table.AddColumn(new TableColumn(column).RightAligned());
        return table;
    }

    private static string Number(double value) => value.ToString(value < 1000 && value != Math.Floor(value) ? "N2" : "N0", CultureInfo.InvariantCulture);

    private static string Ratio(double left, double right) => left == 0 ? "" : "x" + (right / left).ToString("F2", CultureInfo.InvariantCulture);
}
