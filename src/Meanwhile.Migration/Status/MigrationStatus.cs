namespace Meanwhile.Migration.Status;

/// <summary>A migration as query-migrate shows it. Times in nanoseconds, sizes in bytes; QEMU's name for each in parentheses.</summary>
public sealed record MigrationStatus
{
    /// <summary>Where it is (status).</summary>
    public required MigrationPhase Phase { get; init; }

    /// <summary>What went wrong, for the user (error-desc); null when nothing did.</summary>
    public string? Error { get; init; }

    /// <summary>Since it began (total-time).</summary>
    public long TotalTime { get; init; }

    /// <summary>That the guest stood still at the switch-over (downtime); null before.</summary>
    public long? Downtime { get; init; }

    /// <summary>That a switch-over now would take (expected-downtime).</summary>
    public long ExpectedDowntime { get; init; }

    /// <summary>From the beginning to the first page (setup-time).</summary>
    public long SetupTime { get; init; }

    /// <summary>Bytes on the wire, all channels (ram.transferred).</summary>
    public long Transferred { get; init; }

    /// <summary>Bytes of PAGES frames before the switch-over (ram.precopy-bytes).</summary>
    public long PreCopyBytes { get; init; }

    /// <summary>Bytes of PAGES frames while the guest stood still (ram.downtime-bytes).</summary>
    public long DowntimeBytes { get; init; }

    /// <summary>Bytes of PAGES frames after the switch-over (ram.postcopy-bytes).</summary>
    public long PostCopyBytes { get; init; }

    /// <summary>Megabits a second since the first page (ram.mbps).</summary>
    public double Throughput { get; init; }

    /// <summary>Bytes of pages still to be sent (ram.remaining).</summary>
    public long Remaining { get; init; }

    /// <summary>Bytes of guest RAM (ram.total).</summary>
    public long Total { get; init; }

    /// <summary>Zero pages sent (ram.duplicate).</summary>
    public long Duplicate { get; init; }

    /// <summary>Pages that need not be sent (ram.skipped). There are none here; the field is QEMU's.</summary>
    public long Skipped { get; init; }

    /// <summary>Pages sent with content (ram.normal).</summary>
    public long Normal { get; init; }

    /// <summary>Bytes of pages sent with content, before compression (ram.normal-bytes).</summary>
    public long NormalBytes => Normal * PageSize;

    /// <summary>How often the dirty log was collected (ram.dirty-sync-count).</summary>
    public long DirtySyncCount { get; init; }

    /// <summary>Pages a second that the guest wrote in the last round (ram.dirty-pages-rate).</summary>
    public long DirtyPagesRate { get; init; }

    /// <summary>Bytes of a page (ram.page-size).</summary>
    public int PageSize { get; init; } = Wire.Protocol.PageSize;

    /// <summary>Bytes on bulk connections beyond the main one (ram.multifd-bytes). There are none; the field is QEMU's.</summary>
    public long MultifdBytes { get; init; }

    /// <summary>Pages a second since the first page (ram.pages-per-second).</summary>
    public long PagesPerSecond { get; init; }

    /// <summary>Pages that the destination asked for (ram.postcopy-requests).</summary>
    public long PostCopyRequests { get; init; }

    /// <summary>Pages that arrived when they were there already, on the destination.</summary>
    public long Duplicates { get; init; }

    /// <summary>That each vCPU stood still for missing pages (postcopy-vcpu-blocktime), on the destination; null on the source.</summary>
    public IReadOnlyList<long>? VcpuBlockTime { get; init; }

    /// <summary>Percent that is taken from the guest's vCPUs (cpu-throttle-percentage).</summary>
    public int ThrottlePercent { get; init; }

    /// <summary>How often the link was lost and recovered.</summary>
    public int Recoveries { get; init; }
}
