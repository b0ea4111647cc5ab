namespace Meanwhile.Memory;

/// <summary>
/// Reads pages of guest RAM for sending or saving, a batch at a time, wherever they are, and leaves the guest's working set as it is. The
/// guest may run meanwhile: what it writes during a read may or may not be in the copy, and is in the dirty log.
/// </summary>
/// <remarks>
/// One read at a time; any thread. Several readers of one RAM may work at once; a page that was written again is read again when an
/// earlier read of it has ended, else the later copy might be the older. Unsafe: addresses of the buffer are taken, which is pinned
/// and lives as long as this object, as whoever completes a read refers to it.
/// </remarks>
public sealed unsafe class PageReader
{
    /// <summary>Most pages of one read.</summary>
    public const int MaximumBatch = 64;

    private readonly GuestRam ram;
    private readonly CopyOnWriteImage? image;
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>((MaximumBatch + 1) * GuestRam.PageSize, pinned: true);
    private readonly int start; // Direct I/O wants pages at addresses that are multiples of their size (open(2), NOTES).
    private readonly long[] pages = new long[MaximumBatch];
    private readonly bool[] zero = new bool[MaximumBatch];
    private readonly Action<string?>[] pageRead = new Action<string?>[MaximumBatch];
    private Action<string?>? done;
    private string? failure;
    private int remaining;

    /// <summary>A reader of <paramref name="ram"/>, as it is or as it was.</summary>
    /// <param name="ram">The RAM.</param>
    /// <param name="image">What is read instead of what is there now: each page once, with one reader.</param>
    public PageReader(GuestRam ram, CopyOnWriteImage? image = null)
    {
        ArgumentNullException.ThrowIfNull(ram);
        this.ram = ram;
        this.image = image;
        for (int i = 0; i < pageRead.Length; i++)
        {
            int index = i;
            pageRead[i] = error => PageRead(index, error);
        }
        fixed (byte* first = buffer)
            start = (int)(-(nint)first & (GuestRam.PageSize - 1));
    }

    /// <summary>Pages of the last read.</summary>
    public ReadOnlySpan<long> Pages => pages.AsSpan(0, Count);

    /// <summary>How many pages the last read named.</summary>
    public int Count { get; private set; }

    /// <summary>Whether page number <paramref name="index"/> of the last read is all zero.</summary>
    public bool IsZero(int index) => zero[Checked(index)];

    /// <summary>Content of page number <paramref name="index"/> of the last read; not to be used when it <see cref="IsZero"/>.</summary>
    public ReadOnlySpan<byte> Content(int index) => buffer.AsSpan(start + (Checked(index) * GuestRam.PageSize), GuestRam.PageSize);

    /// <summary>
    /// Reads up to <see cref="MaximumBatch"/> pages, then calls <paramref name="completed"/> once with null, or with what went wrong (naming the file): inline when
    /// all were in memory or are zero, else on the thread of the last one's completion. The results are valid until the next read.
    /// </summary>
    /// <exception cref="InvalidOperationException">A read is under way.</exception>
    public void Read(ReadOnlySpan<long> pageIndices, Action<string?> completed)
    {
        ArgumentNullException.ThrowIfNull(completed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageIndices.Length, MaximumBatch, nameof(pageIndices));
        foreach (long page in pageIndices)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)page, (ulong)(ram.Size / GuestRam.PageSize), nameof(pageIndices));
        image?.ThrowIfEnded();
        if (Interlocked.CompareExchange(ref done, completed, null) is not null)
            throw new InvalidOperationException("A page reader reads one batch at a time.");
        pageIndices.CopyTo(pages);
        Count = pageIndices.Length;
        failure = null;
        // One more than there are, so that no page's completion ends the read before all were asked for.
        remaining = Count + 1;
        fixed (byte* content = &buffer[start])
        {
            for (int i = 0; i < Count; i++)
                ReadPage(i, (nint)(content + (i * GuestRam.PageSize)));
        }
        EndOfPage();
    }

    private void ReadPage(int index, nint into)
    {
        GuestRam.PageCopy copy = ram.CopyPage(pages[index], into, image, pageRead[index]);
        if (copy == GuestRam.PageCopy.Pending)
            return;
        zero[index] = copy == GuestRam.PageCopy.Zero;
        EndOfPage();
    }

    private void PageRead(int index, string? error)
    {
        if (error is not null)
            Interlocked.CompareExchange(ref failure, error, null);
        zero[index] = error is null && !Content(index).ContainsAnyExcept((byte)0);
        EndOfPage();
    }

    private void EndOfPage()
    {
        if (Interlocked.Decrement(ref remaining) != 0)
            return;
        Action<string?> completed = done!;
        string? error = failure;
        Volatile.Write(ref done, null);
        completed(error);
    }

    private int Checked(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        return index;
    }
}
