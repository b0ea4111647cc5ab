using Meanwhile.Migration.Status;

namespace Meanwhile.Cli.Bench.Migration;

/// <summary>
/// The third test in the cover letter of "Support Asynchronous Page Fault" (v2): 5 rounds of post-copy migration of a 4096 MB guest with one vCPU on real
/// hardware. Shown beside our own.
/// </summary>
internal sealed record SeriesMigration
{
    /// <summary>The published figures.</summary>
    public static SeriesMigration Published { get; } = new();

    /// <summary>The fields of <c>info migrate</c>: ours, and the series' without and with the feature; empty: not published.</summary>
    public static IReadOnlyList<(string Name, Func<MigrationStatus, double> Value, string Off, string On)> Fields { get; } =
    [
        ("total time, ms", status => status.TotalTime / 1e6, "9,576", "10,461"),
        ("downtime, ms", status => (status.Downtime ?? 0) / 1e6, "78", "44"),
        ("setup, ms", status => status.SetupTime / 1e6, "62", "47"),
        ("transferred RAM, kB", status => status.Transferred / 1024.0, "889,007", "1,206,436"),
        ("throughput, Mb/s", status => status.Throughput, "765.53", "949.08"),
        ("remaining RAM, kB", status => status.Remaining / 1024.0, "", ""),
        ("total RAM, kB", status => status.Total / 1024.0, "4,325,952", "4,325,952"),
        ("duplicate, pages", status => status.Duplicate, "861,559", "823,954"),
        ("skipped, pages", status => status.Skipped, "", ""),
        ("normal, pages", status => status.Normal, "219,929", "299,214"),
        ("normal bytes, kB", status => status.NormalBytes / 1024.0, "879,716", "1,196,856"),
        ("dirty sync count", status => status.DirtySyncCount, "2", "2"),
        ("page size, bytes", status => status.PageSize, "", ""),
        ("multifd bytes, kB", status => status.MultifdBytes / 1024.0, "", ""),
        ("pages per second", status => status.PagesPerSecond, "33,684", "72,400"),
        ("post-copy requests", status => status.PostCopyRequests, "121", "75"),
        ("post-copy block time of vCPU 0, ms", status => (status.VcpuBlockTime?[0] ?? 0) / 1e6, "", ""),
    ];

    /// <summary>Time without the feature, in milliseconds.</summary>
    public double OffTimeMs => 240_635;

    /// <summary>Time with it.</summary>
    public double OnTimeMs => 658_955;

    /// <summary>Calculation without it.</summary>
    public double OffCalculation => 19_722_999_876;

    /// <summary>Calculation with it.</summary>
    public double OnCalculation => 89_242_030_748;

    /// <summary>Downtime without it, in milliseconds.</summary>
    public double OffDowntimeMs => 78;

    /// <summary>Downtime with it.</summary>
    public double OnDowntimeMs => 44;

    /// <summary>Total time without it, in milliseconds.</summary>
    public double OffTotalMs => 9_576;

    /// <summary>Total time with it.</summary>
    public double OnTotalMs => 10_461;
}
