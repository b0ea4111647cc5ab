using Meanwhile.Arm64;

namespace Meanwhile.Cli.Bench.Migration;

/// <summary>What a migration benchmark runs with.</summary>
internal sealed record MigrationBenchOptions
{
    /// <summary>Guest RAM in MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>Bytes a second of the link, in each direction.</summary>
    public required long Bandwidth { get; init; }

    /// <summary>Nanoseconds there and back.</summary>
    public required long RoundTrip { get; init; }

    /// <summary>Migrations.</summary>
    public required int Rounds { get; init; }

    /// <summary>Times that the memory thread writes every page.</summary>
    public required int Passes { get; init; }

    /// <summary>Part of the guest's available memory that the memory thread uses, in percent.</summary>
    public required int Percent { get; init; }

    /// <summary>What executes the guest's instructions.</summary>
    public required ExecutionEngine Engine { get; init; }
}
