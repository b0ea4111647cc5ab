using System.Text.Json.Serialization;

namespace Meanwhile.Cli.Bench;

/// <summary>The report of <c>meanwhile bench memory --json</c>.</summary>
internal sealed record MemoryBenchJson(string Clock, int GuestMemoryMiB, int MemoryLimitMiB, long SwapLatencyUs, IReadOnlyList<MemoryRun> Runs);

/// <summary>Serialisation made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MemoryBenchJson))]
internal sealed partial class BenchJsonContext : JsonSerializerContext;
