using System.Globalization;
using Meanwhile.Cli.Bench.Guests;
using Spectre.Console;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>What <c>meanwhile bench migration real</c> prints on standard output.</summary>
internal static class RealMigrationReport
{
    private static readonly (string Title, Func<MigrationFigures, double?> Of, string Format)[] Columns =
    [
        ("stop, ms", figures => figures.StopMs, "F1"),
        ("until it runs, ms", figures => figures.CalculationStopMs, "F1"),
        ("longest gap, ms", figures => figures.LongestGapMs, "F1"),
        ("gap before, ms", figures => figures.LongestGapBeforeMs, "F1"),
        ("calculation", figures => figures.Calculation, "F2"),
        ("vCPU blocked, ms", figures => figures.BlockedMs, "F0"),
        ("pages/s", figures => figures.PagesPerSecond, "F0"),
        ("pages sent", figures => figures.PagesSent, "F0"),
        ("requests", figures => figures.Requests, "F0"),
        ("total, ms", figures => figures.TotalMs, "F0"),
        ("host wait before, %", figures => 100 * figures.HostWaitBefore, "F0"),
        ("host wait, %", figures => 100 * figures.HostWait, "F0"),
    ];

    /// <summary>Before the runs: which programs, and their whole command lines.</summary>
    public static void PrintSides(TextWriter output, IReadOnlyList<MigrationSide> sides)
    {
        foreach (MigrationSide side in sides)
        {
            output.WriteLine($"{side.Name}: {side.Description}");
            foreach (string command in Commands(side))
                output.WriteLine("  " + command);
        }
        output.WriteLine();
    }

    /// <summary>The commands of a side's source and destination, with names in place of their sockets.</summary>
    public static string[] Commands(MigrationSide side) =>
        [BenchSide.Quote(side.Command("SOURCE.sock", false)), BenchSide.Quote(side.Command("DESTINATION.sock", true))];

    /// <summary>A row for each bandwidth and side: medians, and ranges below them.</summary>
    public static void PrintTable(IAnsiConsole console, IReadOnlyList<MigrationSeries> all)
    {
        int rounds = all[0].Runs.Count;
        var table = new Table
        {
            Title = new TableTitle($"post-copy of a working guest; median of {rounds} round{(rounds == 1 ? "" : "s")}, least .. most"),
            Border = TableBorder.Rounded,
        };
        table.AddColumn("bandwidth");
        table.AddColumn("side");
        foreach ((string title, _, _) in Columns)
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (MigrationSeries series in all)
            table.AddRow([RealMigrationBench.Name(series.Bandwidth), Markup.Escape(series.Side.Name), .. Columns.Select(column => Cell(series.Runs, column.Of, column.Format))]);
        console.Write(table);
    }

    /// <summary>Ours against the peer, as it is required; nothing when one of the two is not there.</summary>
    public static void PrintRequirements(TextWriter output, IReadOnlyList<MigrationSeries> all)
    {
        foreach (MigrationComparison comparison in MigrationComparison.All(all))
        {
            output.WriteLine($"{RealMigrationBench.Name(comparison.Bandwidth)}, ours against the peer, medians:");
            foreach (MigrationRequirement requirement in comparison.Requirements)
                output.WriteLine($"  {(requirement.IsMet ? "met   " : "MISSED")} {requirement.Text}");
        }
    }

    /// <summary>Says when the guest's memory was wrong.</summary>
    /// <returns>It was right everywhere.</returns>
    public static bool CheckMemory(TextWriter output, IReadOnlyList<MigrationSeries> all)
    {
        MigrationSeries[] wrong = [.. all.Where(series => series.Runs.Any(figures => figures.Wrong > 0))];
        foreach (MigrationSeries series in wrong)
            output.WriteLine($"{RealMigrationBench.Name(series.Bandwidth)}, {series.Side.Name}: the guest's memory was wrong ({string.Join(", ", series.Runs.Select(figures => figures.Wrong))} values)");
        if (wrong.Length == 0)
            output.WriteLine("Every page of every guest was checked after it moved: none was wrong.");
        return wrong.Length == 0;
    }

    private static string Cell(List<MigrationFigures> runs, Func<MigrationFigures, double?> of, string format)
    {
        double[] values = [.. runs.Select(of).OfType<double>()];
        if (values.Length == 0)
            return "";
        string median = Number(Statistics.Median(values));
        return values.Length == 1 ? median : $"{median}\n{Number(values.Min())} .. {Number(values.Max())}";

        string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
