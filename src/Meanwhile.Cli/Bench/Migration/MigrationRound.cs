using Meanwhile.Migration.Status;

namespace Meanwhile.Cli.Bench.Migration;

/// <summary>One migration by post-copy. Times are the journey's: guest time, and the time that the guest stood still in between.</summary>
internal sealed record MigrationRound
{
    /// <summary>What <c>info migrate</c> shows on the source.</summary>
    public required MigrationStatus Status { get; init; }

    /// <summary>From the guest's first instruction on the destination until its last page was there, in milliseconds.</summary>
    public required double PostCopyMs { get; init; }

    /// <summary>Steps of the calculating thread in that time.</summary>
    public required long Calculation { get; init; }

    /// <summary>Of that time, the part that the vCPU stood still for a missing page, in milliseconds.</summary>
    public required double StoodStillMs { get; init; }

    /// <summary>Faults on missing pages that the guest was told of.</summary>
    public required long Notified { get; init; }

    /// <summary>Faults on missing pages that the vCPU waited for.</summary>
    public required long Waited { get; init; }
}

/// <summary>All migrations of one guest.</summary>
internal sealed record MigrationRun
{
    /// <summary>The feature was on.</summary>
    public required bool AsyncPageFaults { get; init; }

    /// <summary>The migrations, in order.</summary>
    public required IReadOnlyList<MigrationRound> Rounds { get; init; }

    /// <summary>The memory thread's time, in milliseconds of guest time.</summary>
    public required double MemoryMs { get; init; }

    /// <summary>Steps of the calculating thread in that time.</summary>
    public required long Calculation { get; init; }

    /// <summary>Steps a millisecond while pages were missing.</summary>
    public double PostCopyCalculationPerMs => Math.Round(Rounds.Sum(round => round.Calculation) / Rounds.Sum(round => round.PostCopyMs), 3);

    /// <summary>Part of the time that pages were missing in which the vCPU stood still, in percent.</summary>
    public double StandStillPercent => Math.Round(100 * Rounds.Sum(round => round.StoodStillMs) / Rounds.Sum(round => round.PostCopyMs), 3);

    /// <summary>Mean of the rounds' downtimes, in milliseconds.</summary>
    public double DowntimeMs => Mean(status => (status.Downtime ?? 0) / 1e6);

    /// <summary>Mean of the rounds' total times, in milliseconds.</summary>
    public double TotalMs => Mean(status => status.TotalTime / 1e6);

    /// <summary>Mean over the rounds.</summary>
    public double Mean(Func<MigrationStatus, double> value) => Math.Round(Rounds.Average(round => value(round.Status)), 3);
}
