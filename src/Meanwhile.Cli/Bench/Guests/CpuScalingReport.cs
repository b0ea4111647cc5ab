using System.Globalization;
using Spectre.Console;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>What <c>meanwhile bench cpus</c> prints on standard output.</summary>
internal static class CpuScalingReport
{
    /// <summary>A row for each workload and side.</summary>
    public static void PrintTable(IAnsiConsole console, IReadOnlyList<CpuScalingSeries> series, int cpus)
    {
        int rounds = series[0].One.Count;
        var table = new Table
        {
            Title = new TableTitle($"seconds on the host's clock, median of {rounds} round{(rounds == 1 ? "" : "s")}"),
            Border = TableBorder.Rounded,
        };
        table.AddColumn("workload");
        table.AddColumn("");
        foreach (string column in (string[])["1 on 1 CPU, s", $"{cpus} on {cpus} CPUs, s", $"work a second, {cpus} / 1", "min .. max", "by CPU time"])
            table.AddColumn(new TableColumn(column).RightAligned());
        foreach (CpuScalingSeries row in series)
        {
            table.AddRow(
                row.Workload.Name,
                row.Side,
                Number(Statistics.Median(row.One.Select(time => time.Seconds))),
                Number(Statistics.Median(row.Many.Select(time => time.Seconds))),
                Number(Statistics.Median(row.Ratios)),
                $"{Number(row.Ratios.Min())} .. {Number(row.Ratios.Max())}",
                Number(Statistics.Median(row.CpuRatios)));
        }
        console.Write(table);
    }

    private static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
