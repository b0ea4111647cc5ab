namespace Meanwhile.Cli.Bench;

/// <summary>What a memory benchmark runs with.</summary>
internal sealed record MemoryBenchOptions
{
    /// <summary>Debian suite of the guest.</summary>
    public required string Suite { get; init; }

    /// <summary>Guest RAM in MiB.</summary>
    public required int GuestMemoryMiB { get; init; }

    /// <summary>Resident limit in MiB.</summary>
    public required int MemoryLimitMiB { get; init; }

    /// <summary>Part of the guest's available memory that the test uses, in percent.</summary>
    public required int Percent { get; init; }

    /// <summary>Passes of the first test of each kind; the second has one more.</summary>
    public required int Passes { get; init; }

    /// <summary>Latency of a swap read or write, in microseconds.</summary>
    public required long SwapLatencyUs { get; init; }

    /// <summary>True: the virtual clock; false: the host's.</summary>
    public required bool VirtualClock { get; init; }

    /// <summary>Path of the swap file; null: one in the folder for temporary files.</summary>
    public string? Swap { get; init; }

    /// <summary>Names of the tests to run.</summary>
    public required IReadOnlyList<string> Tests { get; init; }
}
