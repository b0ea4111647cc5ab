namespace Meanwhile.Cli.Bench.Restore;

/// <summary>What a benchmark of restoring runs with.</summary>
internal sealed record RestoreBenchOptions
{
    /// <summary>Debian suite of the guest.</summary>
    public required string Suite { get; init; }

    /// <summary>Guest RAM in MiB.</summary>
    public required int GuestMemoryMiB { get; init; }

    /// <summary>Part of it that the guest's program holds, in percent.</summary>
    public required int Percent { get; init; }

    /// <summary>Latency of a read of the snapshot, in microseconds.</summary>
    public required long LatencyUs { get; init; }

    /// <summary>True: the virtual clock; false: the host's.</summary>
    public required bool VirtualClock { get; init; }

    /// <summary>What the program holds, in MiB.</summary>
    public int WorkingSetMiB => Math.Max(1, (int)((long)GuestMemoryMiB * Percent / 100));
}
