using System.Globalization;
using System.Text.Json;
using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor.Qmp;
using Spectre.Console;

namespace Meanwhile.Cli.Commands;

/// <summary>Watches a migration over a machine's monitor, says how far it is, and at the end what it took.</summary>
/// <param name="connection">The machine's monitor.</param>
/// <param name="startsPostcopy">Move the guest as soon as that can be.</param>
internal sealed class MigrationProgress(QmpConnection connection, bool startsPostcopy)
{
    private const int Succeeded = 0;
    private const int Failed = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // Names and units as 'info migrate' has them.
    private static readonly (string Member, string Title, string Unit, int Shift)[] Rows =
    [
        ("total-time", "total time", "ms", 0), ("downtime", "downtime", "ms", 0), ("setup-time", "setup", "ms", 0),
    ];

    private static readonly (string Member, string Title, string Unit, int Shift)[] RamRows =
    [
        ("transferred", "transferred ram", "kbytes", 10), ("mbps", "throughput", "mbps", 0), ("remaining", "remaining ram", "kbytes", 10),
        ("total", "total ram", "kbytes", 10), ("duplicate", "duplicate", "pages", 0), ("normal", "normal", "pages", 0),
        ("normal-bytes", "normal bytes", "kbytes", 10), ("dirty-sync-count", "dirty sync count", "", 0), ("page-size", "page size", "kbytes", 10),
        ("multifd-bytes", "multifd bytes", "kbytes", 10), ("pages-per-second", "pages-per-second", "", 0),
        ("postcopy-requests", "postcopy request count", "", 0),
    ];

    private readonly ManualResetEventSlim cancelWanted = new();
    private bool hasStartedPostcopy;
    private bool hasCancelled;

    /// <summary>Waits for the end.</summary>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="QmpException">The machine's error.</exception>
    public int Watch()
    {
        using var signals = new TerminationSignals(cancelWanted.Set);
        JsonElement info = Progress.Show("connecting", step =>
        {
            string shown = "";
            while (true)
            {
                JsonElement now = connection.Execute("query-migrate");
                string status = Status(now);
                if (status is "completed" or "failed" or "cancelled" or "postcopy-paused")
                    return now;
                string line = Describe(status, now);
                if (line != shown)
                    step(shown = line);
                Steer(status);
                cancelWanted.Wait(Interval);
                if (cancelWanted.IsSet && hasCancelled)
                    Thread.Sleep(Interval);
            }
        });
        Print(info);
        return signals.ExitStatus ?? End(info);
    }

    private void Steer(string status)
    {
        if (cancelWanted.IsSet && !hasCancelled)
        {
            hasCancelled = true;
            connection.Execute("migrate_cancel");
        }
        if (!startsPostcopy || hasStartedPostcopy || status != "active")
            return;
        hasStartedPostcopy = true;
        connection.Execute("migrate-start-postcopy");
    }

    private static int End(JsonElement info)
    {
        string error = info.TryGetProperty("error-desc", out JsonElement text) ? $": {text.GetString()}" : "";
        switch (Status(info))
        {
            case "completed":
                return Succeeded;
            case "postcopy-paused":
                Console.Error.WriteLine(
                    $"meanwhile: the connection is lost{error}; the guest is on the destination and waits for its memory. "
                    + "Call migrate-recover there, then 'meanwhile migrate PATH URI --resume'");
                return Failed;
            case "cancelled":
                Console.Error.WriteLine("meanwhile: the migration was cancelled; the guest goes on here");
                return Failed;
            default:
                Console.Error.WriteLine($"meanwhile: the migration failed{error}");
                return Failed;
        }
    }

    // A line for each change: on a terminal every amount is one, elsewhere every tenth of all.
    private static string Describe(string status, JsonElement info)
    {
        if (!info.TryGetProperty("ram", out JsonElement ram))
            return status;
        double remaining = Number(ram, "remaining"), total = Math.Max(1, Number(ram, "total"));
        if (Console.IsErrorRedirected)
            return string.Create(CultureInfo.InvariantCulture, $"{status}, {10 * (10 - (int)Math.Ceiling(10 * remaining / total))} % sent");
        return string.Create(
            CultureInfo.InvariantCulture, $"{status}: {remaining / (1 << 20):F0} of {total / (1 << 20):F0} MiB remain, {Number(ram, "mbps"):F0} mbps");
    }

    private static void Print(JsonElement info)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("migration").AddColumn(new TableColumn(Markup.Escape(Status(info))).RightAligned());
        Add(table, info, Rows);
        if (info.TryGetProperty("ram", out JsonElement ram))
            Add(table, ram, RamRows);
        Progress.Output().Write(table);
    }

    private static void Add(Table table, JsonElement from, (string Member, string Title, string Unit, int Shift)[] rows)
    {
        foreach ((string member, string title, string unit, int shift) in rows)
        {
            if (!from.TryGetProperty(member, out _))
                continue;
            double value = Number(from, member) / (1 << shift);
            table.AddRow(title, value.ToString(member == "mbps" ? "N2" : "N0", CultureInfo.InvariantCulture) + (unit.Length > 0 ? " " + unit : ""));
        }
    }

    private static string Status(JsonElement info) => info.TryGetProperty("status", out JsonElement status) ? status.GetString() ?? "none" : "none";

    private static double Number(JsonElement from, string member) =>
        from.TryGetProperty(member, out JsonElement value) && value.TryGetDouble(out double number) ? number : 0;
}
