namespace Meanwhile.Cli.Bench;

/// <summary>The figures of one run of a memory test. Times are guest time.</summary>
internal sealed record MemoryRun
{
    /// <summary>The series' number of the test.</summary>
    public required string Test { get; init; }

    /// <summary>The feature was on.</summary>
    public required bool AsyncPageFaults { get; init; }

    /// <summary>The memory thread's time, in milliseconds.</summary>
    public required double TimeMs { get; init; }

    /// <summary>Steps the calculating thread did in that time; 0 without one.</summary>
    public required long Calculation { get; init; }

    /// <summary>Steps a millisecond.</summary>
    public double CalculationPerMs => Math.Round(Calculation / TimeMs, 3);

    /// <summary>Part of the test's time that the vCPU stood still, waiting for a page.</summary>
    public required double StandStillPercent { get; init; }

    /// <summary>Stage-2 faults on pages that were not resident.</summary>
    public required long Faults { get; init; }

    /// <summary>Of those: the guest was told.</summary>
    public required long Notified { get; init; }

    /// <summary>Of those: the vCPU waited.</summary>
    public required long Waited { get; init; }

    /// <summary>Notifications taken back because the page came first.</summary>
    public required long Cancelled { get; init; }
}
