using Meanwhile.Arm64;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;
using Meanwhile.Machine.Board;

namespace Meanwhile.Cli.Snapshots;

/// <summary>How a snapshot is restored: what is not the guest's, but this host's.</summary>
internal sealed record RestoreOptions
{
    /// <summary>Run at once, and read pages when they are touched.</summary>
    public bool Lazy { get; init; }

    /// <summary>Disks in the place of those in the file; null: those.</summary>
    public IReadOnlyList<DiskOptions>? Disks { get; init; }

    /// <summary>Most RAM that may be resident; null: all of it.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Path of the swap file, or null.</summary>
    public string? Swap { get; init; }

    /// <summary>Latency of a swap read or write.</summary>
    public long SwapLatency { get; init; }

    /// <summary>Added to each read of the file, on the machine's clock.</summary>
    public long Latency { get; init; }

    /// <summary>On the virtual clock: another guest than the saved one, whose randomness follows from this; null: the same.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How vCPUs execute instructions.</summary>
    public ExecutionEngine Engine { get; init; } = Core.DefaultEngine;

    /// <summary>The settings of the file with these.</summary>
    /// <exception cref="UserError">They do not fit.</exception>
    public MachineSettings Over(MachineSettings saved)
    {
        if (Disks is not null && Disks.Count != saved.Disks.Count)
            throw new UserError($"--disk: the machine has {saved.Disks.Count} disks; give each of them, or none for those that it was saved with");
        if (Seed is not null && !saved.VirtualClock)
            throw new UserError("--seed: the machine is on the real clock, where random numbers are the host's and new ones anyway");
        return saved with
        {
            Disks = Disks ?? saved.Disks,
            MemoryLimit = MemoryLimit,
            Swap = Swap,
            SwapLatency = SwapLatency,
            Engine = Engine,
        };
    }
}
