namespace Meanwhile.Cli.Bench;

/// <summary>
/// A row of the tables in the cover letter of "Support Asynchronous Page Fault" (v2): one vCPU, a 4096 MB guest on real hardware, memory
/// limited by a cgroup. Shown beside our own rows.
/// </summary>
/// <param name="Test">Its number here: 1 memory only, 2 with calculation, and the row.</param>
/// <param name="Off">Time in milliseconds and calculations without the feature.</param>
/// <param name="On">The same with it.</param>
internal sealed record SeriesResult(string Test, (long TimeMs, long Calculation) Off, (long TimeMs, long Calculation) On)
{
    /// <summary>The published rows.</summary>
    public static IReadOnlyList<SeriesResult> Published { get; } =
    [
        new("1.1", (39_477, 0), (38_367, 0)),
        new("1.2", (51_272, 0), (49_760, 0)),
        new("2.1", (81_442, 7_155_198_892), (171_335, 22_391_255_613)),
        new("2.2", (122_002, 11_438_214_429), (191_126, 24_984_499_197)),
    ];

    /// <summary>Time with the feature over time without.</summary>
    public double TimeRatio => (double)On.TimeMs / Off.TimeMs;

    /// <summary>Calculations per millisecond with the feature over those without; null in memory-only tests.</summary>
    public double? CalculationRatio =>
        Off.Calculation == 0 ? null : (double)On.Calculation / On.TimeMs / ((double)Off.Calculation / Off.TimeMs);
}
