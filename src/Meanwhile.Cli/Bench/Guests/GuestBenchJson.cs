using System.Text.Json.Serialization;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>The report of <c>meanwhile bench guest --json</c>. Times are seconds on the host's clock.</summary>
/// <param name="Peer">The peer's version, or null when there was none.</param>
/// <param name="Ours">Our engine.</param>
/// <param name="OursCommands">Our command line for each kind of boot.</param>
/// <param name="PeerCommands">The peer's.</param>
/// <param name="Native">The host's processor, or null when it was not measured itself.</param>
/// <param name="NativeCommands">The command lines for that.</param>
/// <param name="Workloads">A row each.</param>
/// <param name="GeometricMean">Of the ratios' medians; null without a peer.</param>
/// <param name="OursOwnBytes">Memory of the host that our process had at the end of each boot beside guest RAM and the code cache.</param>
internal sealed record GuestBenchJson(
    string? Peer,
    string Ours,
    IReadOnlyList<string> OursCommands,
    IReadOnlyList<string> PeerCommands,
    string? Native,
    IReadOnlyList<string> NativeCommands,
    IReadOnlyList<WorkloadJson> Workloads,
    double? GeometricMean,
    IReadOnlyList<long> OursOwnBytes)
{
    /// <summary>The report of these runs.</summary>
    public static GuestBenchJson Of(IReadOnlyList<BootPlan> plans, BenchSides sides, IReadOnlyList<WorkloadSeries> series, IReadOnlyList<long> ownBytes)
    {
        return new GuestBenchJson(
            sides.Peer?.Description,
            sides.Ours.Description,
            Commands(sides.Ours),
            Commands(sides.Peer),
            sides.Native?.Description,
            Commands(sides.Native),
            [.. series.Select(WorkloadJson.Of)],
            Rounded(GuestBenchReport.GeometricMean(series)),
            ownBytes);

        string[] Commands(BenchSide? side) =>
            side is null ? [] : [.. plans.Where(plan => sides.Runs(side, plan)).Select(plan => BenchSide.Quote(side.Command(plan)))];
    }

    internal static double? Rounded(double? value) => value is { } number ? Math.Round(number, 4) : null;
}

/// <summary>
/// One workload: its times in order of the rounds (on the host's clock, of the host's CPUs, on the guest's own clock), and our time over the
/// peer's and over the host's own on the host's clock.
/// </summary>
internal sealed record WorkloadJson(
    string Name,
    IReadOnlyList<double> OursSeconds,
    IReadOnlyList<double> PeerSeconds,
    IReadOnlyList<double> NativeSeconds,
    IReadOnlyList<double> OursCpuSeconds,
    IReadOnlyList<double> PeerCpuSeconds,
    IReadOnlyList<double> NativeCpuSeconds,
    IReadOnlyList<double> OursGuestSeconds,
    IReadOnlyList<double> PeerGuestSeconds,
    double? RatioMedian,
    double? RatioMinimum,
    double? RatioMaximum,
    double? RatioToNative,
    double? CpuRatioToNative)
{
    /// <summary>The row of a series.</summary>
    public static WorkloadJson Of(WorkloadSeries series) => new(
        series.Workload.Name,
        Seconds(series.Ours),
        Seconds(series.Peer),
        Seconds(series.Native),
        CpuSeconds(series.Ours),
        CpuSeconds(series.Peer),
        CpuSeconds(series.Native),
        GuestSeconds(series.Ours),
        GuestSeconds(series.Peer),
        GuestBenchJson.Rounded(series.RatioMedian),
        series.Peer.Count == 0 ? null : GuestBenchJson.Rounded(series.Ratios.Min()),
        series.Peer.Count == 0 ? null : GuestBenchJson.Rounded(series.Ratios.Max()),
        GuestBenchJson.Rounded(series.RatioToNative),
        GuestBenchJson.Rounded(series.CpuRatioToNative));

    private static double[] Seconds(IEnumerable<WorkloadTime> times) => [.. times.Select(time => Math.Round(time.Seconds, 4))];

    private static double[] CpuSeconds(IEnumerable<WorkloadTime> times) => [.. times.Select(time => Math.Round(time.CpuSeconds, 2))];

    private static double[] GuestSeconds(IEnumerable<WorkloadTime> times) =>
        [.. times.Where(time => time.GuestSeconds is not null).Select(time => Math.Round(time.GuestSeconds!.Value, 2))];
}

/// <summary>Serialisation made at build time: no reflection. Command lines stay readable: the file is for no web page.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(GuestBenchJson))]
internal sealed partial class GuestBenchJsonContext : JsonSerializerContext;
