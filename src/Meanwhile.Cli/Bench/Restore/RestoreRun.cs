using System.Text.Json.Serialization;

namespace Meanwhile.Cli.Bench.Restore;

/// <summary>How a snapshot is restored in a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RestoreMode>))]
internal enum RestoreMode
{
    /// <summary>All pages first, then the guest.</summary>
    Eager,

    /// <summary>The guest first.</summary>
    Lazy,
}

/// <summary>The figures of one restored guest. Times are of the machine's clock.</summary>
internal sealed record RestoreRun
{
    /// <summary>How it was restored.</summary>
    public required RestoreMode Mode { get; init; }

    /// <summary>The guest was told of missing pages.</summary>
    public required bool AsyncPageFaults { get; init; }

    /// <summary>From the beginning of the restore to the guest's first instruction, in milliseconds.</summary>
    public required double FirstInstructionMs { get; init; }

    /// <summary>From the guest's first instruction to its program's answer to a line that was typed before, in milliseconds.</summary>
    public required double FirstOutputMs { get; init; }

    /// <summary>From the guest's first instruction until the program had read back its whole working set, in milliseconds.</summary>
    public required double WorkingSetMs { get; init; }

    /// <summary>From the beginning of the restore until then, in milliseconds.</summary>
    public double TotalMs => Math.Round(FirstInstructionMs + WorkingSetMs, 3);

    /// <summary>From the beginning of the restore until all pages of the file were in memory, in milliseconds; null: later than the end of the run.</summary>
    public required double? AllThereMs { get; init; }

    /// <summary>Part of the time to the working set that the vCPU stood still, waiting for a page.</summary>
    public required double StandStillPercent { get; init; }

    /// <summary>Steps of the program's other thread while it read.</summary>
    public required long Calculation { get; init; }

    /// <summary>The program's own time for reading, in milliseconds.</summary>
    public required double ReadMs { get; init; }

    /// <summary>Steps a millisecond.</summary>
    public double CalculationPerMs => Math.Round(Calculation / ReadMs, 3);

    /// <summary>Faults on pages that were not there of which the guest was told.</summary>
    public required long Notified { get; init; }

    /// <summary>Faults on pages that were not there for which the vCPU waited.</summary>
    public required long Waited { get; init; }
}

/// <summary>A snapshot that was made for the runs.</summary>
internal sealed record SavedSnapshot(bool AsyncPageFaults, long Bytes, long StoredPages, long ZeroPages);

/// <summary>The report of <c>meanwhile bench restore --json</c>.</summary>
internal sealed record RestoreBenchJson(
    string Clock, int GuestMemoryMiB, int WorkingSetMiB, long LatencyUs, IReadOnlyList<SavedSnapshot> Snapshots, IReadOnlyList<RestoreRun> Runs);

/// <summary>Serialisation made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(RestoreBenchJson))]
internal sealed partial class RestoreBenchJsonContext : JsonSerializerContext;
