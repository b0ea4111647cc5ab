using Meanwhile.Memory;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Migration.Snapshots;

/// <summary>
/// The origin of a guest that is restored lazily: pages of a snapshot file, read and checked when they are wanted. A damaged page is never
/// given to the guest: its read fails with a message, and guest RAM holds who waits for it.
/// </summary>
/// <remarks>Unsafe: reads into host pages that guest RAM keeps valid until the completion.</remarks>
public sealed unsafe class SnapshotPages : IPageSource
{
    private readonly SnapshotFile file;
    private readonly IoQueue queue;

    /// <param name="file">The snapshot; closed with this.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="latency">Added to each read, in nanoseconds of the machine's clock.</param>
    /// <param name="workers">Most reads in flight.</param>
    public SnapshotPages(SnapshotFile file, IMemoryClock clock, long latency = 0, int workers = 16)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(latency);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(workers);
        this.file = file;
        queue = new IoQueue(clock, workers, latency, "snapshot I/O");
    }

    /// <inheritdoc/>
    public event Action<Exception>? Failed
    {
        add => queue.Failed += value;
        remove => queue.Failed -= value;
    }

    /// <inheritdoc/>
    public bool KeepsContent => true;

    /// <inheritdoc/>
    public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed)
    {
        if (location < 0 || pages.IsEmpty || location > file.PageCount - pages.Length)
            throw new ArgumentOutOfRangeException(nameof(location), location, $"{pages.Length} pages from there are not inside {file.PageCount} pages.");
        nint[] hosts = pages.ToArray();
        queue.Submit(write: false, () => Transfer(location, hosts), completed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        queue.Dispose();
        file.Dispose();
    }

    private string? Transfer(long location, nint[] hosts)
    {
        string? error = null;
        for (int i = 0; error is null && i < hosts.Length; i++)
            error = file.ReadPage(location + i, new Span<byte>((void*)hosts[i], GuestRam.PageSize));
        return error;
    }
}
