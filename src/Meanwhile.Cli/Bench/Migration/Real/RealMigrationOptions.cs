namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>What <c>meanwhile bench migration real</c> is asked for, as given.</summary>
internal sealed record RealMigrationOptions
{
    /// <summary>Migrations of each side at each bandwidth.</summary>
    public required int Rounds { get; init; }

    /// <summary>MB (10^6 bytes) per second; 0: no limit.</summary>
    public required IReadOnlyList<int> Bandwidths { get; init; }

    /// <summary>Guest RAM.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>The guest's program takes pages far from each other, not one after the other.</summary>
    public required bool IsScattered { get; init; }

    /// <summary>Our engine.</summary>
    public required string Engine { get; init; }

    /// <summary>Path of the QEMU to compare with.</summary>
    public string? Peer { get; init; }

    /// <summary>Compare with the one that is fetched.</summary>
    public bool FetchPeer { get; init; }

    /// <summary>Measure ours only.</summary>
    public bool NoPeer { get; init; }

    /// <summary>Measure the peer only.</summary>
    public bool NoOurs { get; init; }

    /// <summary>Measure the peer without its preempt channel, too.</summary>
    public bool PeerNoPreempt { get; init; }

    /// <summary>Debian suite of the guest.</summary>
    public required string Suite { get; init; }

    /// <summary>File for the report, or null.</summary>
    public string? Json { get; init; }
}
