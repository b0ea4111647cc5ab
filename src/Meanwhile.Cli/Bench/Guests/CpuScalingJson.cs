using System.Text.Json.Serialization;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>The report of <c>meanwhile bench cpus --json</c>. Times are seconds on the host's clock.</summary>
/// <param name="Cpus">CPUs, and processes at once.</param>
/// <param name="Ours">Our engine.</param>
/// <param name="Native">The host's processor, or null when it was not measured itself.</param>
/// <param name="Workloads">A row for each workload and side.</param>
internal sealed record CpuScalingJson(int Cpus, string Ours, string? Native, IReadOnlyList<CpuScalingRowJson> Workloads);

/// <summary>
/// One workload on one side, in order of the rounds: one process on one CPU, a process on each CPU at once, and how much more work a second
/// that is, by the host's clock and by CPU time.
/// </summary>
internal sealed record CpuScalingRowJson(
    string Name,
    string Side,
    IReadOnlyList<double> OneSeconds,
    IReadOnlyList<double> ManySeconds,
    IReadOnlyList<double> OneCpuSeconds,
    IReadOnlyList<double> ManyCpuSeconds,
    double RatioMedian,
    double RatioMinimum,
    double RatioMaximum,
    double CpuRatioMedian)
{
    /// <summary>The row of a series.</summary>
    public static CpuScalingRowJson Of(CpuScalingSeries series) => new(
        series.Workload.Name,
        series.Side,
        [.. series.One.Select(time => Rounded(time.Seconds))],
        [.. series.Many.Select(time => Rounded(time.Seconds))],
        [.. series.One.Select(time => Rounded(time.CpuSeconds))],
        [.. series.Many.Select(time => Rounded(time.CpuSeconds))],
        Rounded(Statistics.Median(series.Ratios)),
        Rounded(series.Ratios.Min()),
        Rounded(series.Ratios.Max()),
        Rounded(Statistics.Median(series.CpuRatios)));

    private static double Rounded(double value) => Math.Round(value, 4);
}

/// <summary>Serialisation made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CpuScalingJson))]
internal sealed partial class CpuScalingJsonContext : JsonSerializerContext;
