using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;

namespace Meanwhile.Migration.Snapshots;

/// <summary>How a snapshot is written.</summary>
public sealed record SnapshotOptions
{
    /// <summary>What the machine is: kept as it is and given back by <see cref="SnapshotFile.Description"/>.</summary>
    public required ReadOnlyMemory<byte> Description { get; init; }

    /// <summary>Everything of the machine but its RAM: kept as it is and given back by <see cref="SnapshotFile.State"/>.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>The machine's clock when it is virtual: its events bring pages that are in swap, and nobody else runs them now.</summary>
    public VirtualClock? VirtualClock { get; init; }

    /// <summary>What is saved when the guest runs meanwhile: RAM at the moment that <see cref="State"/> is of. Null: the guest does not run, and RAM is saved as it is.</summary>
    public CopyOnWriteImage? Image { get; init; }

    /// <summary>How long the pages of one read, 64 of them, may take to come from where they are, on the machine's clock.</summary>
    public TimeSpan ReadLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Called before each read, and every few milliseconds while one lasts: for who looks at what the image takes, or cancels.</summary>
    public Action? Watch { get; init; }

    /// <summary>Called once when all of RAM was read; synchronizing the disk, which may take as long again, is yet to come.</summary>
    public Action? AllRead { get; init; }

    /// <summary>Put the snapshot in the place of a file that has its name; else that is an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Told now and then how many pages of RAM are done.</summary>
    public Action<long>? Progress { get; init; }

    /// <summary>Gives up writing; nothing is left behind.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>For tests: the snapshot's identity, else random.</summary>
    internal Guid? Identity { get; init; }

    /// <summary>For tests: what stands between the writer and the file.</summary>
    internal Func<Stream, Stream>? Through { get; init; }
}
