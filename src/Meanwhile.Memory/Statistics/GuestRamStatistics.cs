namespace Meanwhile.Memory.Statistics;

/// <summary>What <see cref="GuestRam"/> did so far; counts are pages unless they say otherwise.</summary>
public sealed record GuestRamStatistics
{
    /// <summary>Pages of RAM.</summary>
    public required long Pages { get; init; }

    /// <summary>Most pages that may have host memory at once; <see cref="Pages"/> without a limit.</summary>
    public required long Limit { get; init; }

    /// <summary>Pages that have host memory now: resident, or on their way in or out.</summary>
    public required long Resident { get; init; }

    /// <summary>Most pages that had host memory at once.</summary>
    public required long PeakResident { get; init; }

    /// <summary>Pages that hold nothing but zeros and have no memory anywhere.</summary>
    public required long Untouched { get; init; }

    /// <summary>Pages whose content is only in a page source.</summary>
    public required long Absent { get; init; }

    /// <summary>Pages pinned now, counted once for each pin.</summary>
    public required long Pinned { get; init; }

    /// <summary>Pages that devices may be writing: each has pins, and has had one for writing since it had none.</summary>
    public required long WritePinned { get; init; }

    /// <summary>Pages read from a page source.</summary>
    public required long Reads { get; init; }

    /// <summary>Pages written to the page store.</summary>
    public required long Writes { get; init; }

    /// <summary>Write operations: clusters of pages.</summary>
    public required long WriteOperations { get; init; }

    /// <summary>Pages dropped without writing because their content was known elsewhere.</summary>
    public required long DroppedClean { get; init; }

    /// <summary>Written pages that were found all zero and dropped without writing.</summary>
    public required long ZeroPages { get; init; }

    /// <summary>Pages whose read was started because a neighbour was wanted.</summary>
    public required long Prefetched { get; init; }

    /// <summary>Pages whose content was forgotten because the guest zeroed all of it while it was elsewhere.</summary>
    public required long Overwritten { get; init; }

    /// <summary>Pages that were wanted again while they were on their way out, and stayed.</summary>
    public required long Rescued { get; init; }

    /// <summary>Rounds of reclaim, each with one invalidation of every listener.</summary>
    public required long ReclaimRounds { get; init; }

    /// <summary>Times that a request had to wait for a free frame.</summary>
    public required long WaitsForFrames { get; init; }

    /// <summary>Read and write operations in flight now.</summary>
    public required long InFlight { get; init; }

    /// <summary>Most operations in flight at once.</summary>
    public required long PeakInFlight { get; init; }

    /// <summary>From handing a read to the page source until its completion.</summary>
    public required LatencyHistogram ReadLatency { get; init; }

    /// <summary>From handing a write to the page store until its completion.</summary>
    public required LatencyHistogram WriteLatency { get; init; }
}
