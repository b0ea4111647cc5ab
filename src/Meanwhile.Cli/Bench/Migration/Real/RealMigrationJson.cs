using System.Text.Json.Serialization;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>The report of <c>meanwhile bench migration real --json</c>.</summary>
/// <param name="Clock">"real".</param>
/// <param name="GuestMemoryMiB">Guest RAM.</param>
/// <param name="WorkMemoryMiB">What of it the guest's program goes through.</param>
/// <param name="Order">"scattered" or "sequential".</param>
/// <param name="Series">Each side at each bandwidth.</param>
/// <param name="Comparisons">What our side must reach against the peer, and whether it does.</param>
internal sealed record RealMigrationJson(
    string Clock, int GuestMemoryMiB, int WorkMemoryMiB, string Order, IReadOnlyList<RealMigrationSeriesJson> Series, IReadOnlyList<MigrationComparison> Comparisons)
{
    /// <summary>The report of these runs.</summary>
    public static RealMigrationJson Of(MovingGuest guest, IReadOnlyList<MigrationSeries> all) => new(
        "real",
        guest.MemoryMiB,
        guest.WorkMiB,
        guest.IsScattered ? "scattered" : "sequential",
        [.. all.Select(series => new RealMigrationSeriesJson(series.Side.Name, series.Side.Description, RealMigrationReport.Commands(series.Side), series.Bandwidth, series.Runs))],
        [.. MigrationComparison.All(all)]);
}

/// <summary>One side's migrations at one bandwidth.</summary>
/// <param name="Side">Whose.</param>
/// <param name="Program">Program and version.</param>
/// <param name="Commands">Of its source and its destination.</param>
/// <param name="Bandwidth">Bytes per second; 0: no limit.</param>
/// <param name="Rounds">Every figure of each round.</param>
internal sealed record RealMigrationSeriesJson(string Side, string Program, IReadOnlyList<string> Commands, long Bandwidth, IReadOnlyList<MigrationFigures> Rounds);

/// <summary>Serialisation made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RealMigrationJson))]
internal sealed partial class RealMigrationJsonContext : JsonSerializerContext;
