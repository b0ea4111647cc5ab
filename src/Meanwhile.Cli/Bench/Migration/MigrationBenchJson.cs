using System.Text.Json.Serialization;

namespace Meanwhile.Cli.Bench.Migration;

/// <summary>The report of <c>meanwhile bench migration --json</c>.</summary>
internal sealed record MigrationBenchJson(string Clock, int MemoryMiB, long BandwidthBytesPerSecond, long RoundTripNs, int Percent, int Passes, IReadOnlyList<MigrationRun> Runs);

/// <summary>Serialisation made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MigrationBenchJson))]
internal sealed partial class MigrationBenchJsonContext : JsonSerializerContext;
