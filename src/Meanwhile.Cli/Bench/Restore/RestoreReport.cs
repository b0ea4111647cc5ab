using System.Globalization;
using Spectre.Console;

namespace Meanwhile.Cli.Bench.Restore;

/// <summary>The tables of <c>meanwhile bench restore</c>.</summary>
internal static class RestoreReport
{
    /// <summary>Prints them.</summary>
    public static void Print(IAnsiConsole console, RestoreBenchJson report)
    {
        var table = new Table
        {
            Title = new TableTitle(
                $"{report.GuestMemoryMiB} MiB guest, {report.WorkingSetMiB} MiB read back, {report.LatencyUs} µs a read of the snapshot, {report.Clock} clock"),
            Border = TableBorder.Rounded,
        };
        table.AddColumn("restore");
        table.AddColumn("async page faults");
        string[] columns = ["first instruction", "first output", "working set", "total", "all pages there", "vCPU stands still", "calculation / ms", "notified", "waited"];
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (RestoreRun run in report.Runs)
        {
            table.AddRow(
                run.Mode == RestoreMode.Eager ? "eager" : "lazy", run.AsyncPageFaults ? "on" : "off", Milliseconds(run.FirstInstructionMs),
                Milliseconds(run.FirstOutputMs), Milliseconds(run.WorkingSetMs), Milliseconds(run.TotalMs),
                run.AllThereMs is { } allThere ? Milliseconds(allThere) : "later",
                $"{run.StandStillPercent.ToString("F1", CultureInfo.InvariantCulture)} %", Count((long)run.CalculationPerMs), Count(run.Notified), Count(run.Waited));
        }
        console.Write(table);
        foreach (SavedSnapshot snapshot in report.Snapshots)
        {
            console.WriteLine(
                $"snapshot with async page faults {(snapshot.AsyncPageFaults ? "on" : "off")}: {Count(snapshot.Bytes)} bytes, "
                + $"{Count(snapshot.StoredPages)} pages stored, {Count(snapshot.ZeroPages)} zero");
        }
    }

    private static string Milliseconds(double value) => value.ToString("N1", CultureInfo.InvariantCulture) + " ms";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
