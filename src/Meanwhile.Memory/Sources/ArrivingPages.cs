namespace Meanwhile.Memory.Sources;

/// <summary>
/// The origin of a post-copy destination: pages that the migration source still has. A page that the guest touches is asked for, others
/// arrive by themselves and are brought in as frames become free. The link may break for as long as it likes: reads wait.
/// </summary>
/// <remarks>
/// Each page is taken once: what arrives again, or was never missing, is counted and ignored. A page that the guest overwrote meanwhile is
/// dropped. Unsafe: writes to host pages that guest RAM keeps valid until their read completes, each once.
/// </remarks>
public sealed unsafe class ArrivingPages : IPageSource
{
    // Pages of one call whose state is on the stack.
    private const int LargestBatch = 64;

    // Set while this thread offers a page to guest RAM, which then reads it: that read is completed by who offers, right after.
    [ThreadStatic]
    private static ArrivingPages? offering;

    private readonly IMemoryClock clock;
    private readonly int capacity;
    private readonly Lock gate = new();
    private readonly Dictionary<long, WantedPage> wanted = [];
    private readonly Dictionary<long, byte[]> waiting = []; // Arrived, with no frame yet.
    private readonly Stack<byte[]> buffers = new();
    private readonly Queue<Action<string?>> completions = new();
    private GuestRam? ram;
    private PageBitmap? missing;
    private long missingCount;
    private long sequence;
    private long requested;
    private long arrived;
    private long duplicates;
    private long overwritten;
    private long zero;
    private int copying; // Threads that copy pages to RAM without the lock.
    private bool disposed;

    /// <param name="clock">The machine's clock.</param>
    /// <param name="capacity">Most pages that are kept while they wait for a frame.</param>
    public ArrivingPages(IMemoryClock clock, int capacity = 64)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        this.clock = clock;
        this.capacity = capacity;
    }

    /// <summary>
    /// A page must be asked for: somebody waits for it. Raised without a lock, on the thread that touched it (a vCPU's, a device's), so it must not
    /// block; once a page, and again by <see cref="AskAgain"/>.
    /// </summary>
    public event Action<long>? Wanted;

    /// <summary>There is room again for a page that <see cref="Arrive"/> refused. Raised without a lock, on any thread.</summary>
    public event Action? RoomAgain;

    /// <inheritdoc/>
    public bool KeepsContent => false;

    /// <summary>
    /// How many pages <see cref="Arrive"/> takes beyond the capacity: those that were on their way when there was no room any more.
    /// </summary>
    public int Slack { get; init; }

    /// <summary>False while as many pages wait for a frame as there should.</summary>
    public bool HasRoom
    {
        get
        {
            lock (gate)
                return waiting.Count < capacity;
        }
    }

    /// <summary>Pages that have not arrived.</summary>
    public long Missing => Locked(() => missingCount);

    /// <summary>The counters.</summary>
    public ArrivingPagesStatistics Statistics() => Locked(() => new ArrivingPagesStatistics
    {
        Missing = missingCount,
        Wanted = wanted.Count,
        Waiting = waiting.Count,
        Requested = requested,
        Arrived = arrived,
        Duplicates = duplicates,
        Zero = zero,
        Overwritten = overwritten,
    });

    /// <summary>
    /// Says which pages the migration source still has: they become absent from <paramref name="guestRam"/>, whose origin this is. Once, before the guest
    /// runs and before pages arrive.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was called before, or guest RAM refuses (a page is pinned).</exception>
    public void Expect(GuestRam guestRam, PageBitmap pages)
    {
        ArgumentNullException.ThrowIfNull(guestRam);
        ArgumentNullException.ThrowIfNull(pages);
        var copy = new PageBitmap(guestRam.Size / GuestRam.PageSize);
        copy.UnionWith(pages);
        lock (gate)
        {
            if (ram is not null)
                throw new InvalidOperationException("Pages of guest RAM are expected already.");
            ram = guestRam;
        }
        guestRam.MarkAbsent(copy);
        lock (gate)
        {
            missing = copy;
            missingCount = copy.CountPages();
        }
    }

    /// <summary>Adds the pages that have not arrived to <paramref name="into"/>: what the source must send after a broken link.</summary>
    public void AddMissing(PageBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (gate)
        {
            if (missing is not null)
                into.UnionWith(missing);
        }
    }

    /// <summary>Raises <see cref="Wanted"/> for every page that somebody waits for, in the order of asking: the link is new.</summary>
    public void AskAgain()
    {
        long[] pages;
        lock (gate)
            pages = [.. wanted.OrderBy(pair => pair.Value.Sequence).Select(pair => pair.Key)];
        foreach (long page in pages)
            Wanted?.Invoke(page);
    }

    /// <summary>
    /// A page has arrived. Its content is used or copied before the call returns. Any thread, several at once (a channel
    /// each), but not from <see cref="Wanted"/> and not once RAM is disposed; on the virtual clock from an event.
    /// </summary>
    /// <param name="page">Whatever the peer says.</param>
    /// <param name="content">A page, or empty: all zero.</param>
    /// <exception cref="ArgumentException">The content is neither a page nor empty.</exception>
    public Arrival Arrive(long page, ReadOnlySpan<byte> content)
    {
        if (!content.IsEmpty && content.Length != GuestRam.PageSize)
            throw new ArgumentException($"{content.Length} bytes are no page.", nameof(content));
        WantedPage? reader;
        GuestRam memory;
        lock (gate)
        {
            if (disposed || ram is null || missing is null || (ulong)page >= (ulong)missing.Count)
                return Arrival.NotInRam;
            memory = ram;
            if (!missing[page])
            {
                duplicates++;
                return Arrival.Ignored;
            }
            if (!wanted.Remove(page, out reader))
            {
                // Not asked for: a zero page needs no frame, others wait for one, as many as there is room for.
                if (!content.IsEmpty && waiting.Count >= (long)capacity + Slack)
                    return Arrival.NoRoom;
                waiting[page] = KeepCopy(content);
            }
            missing.Remove(page);
            missingCount--;
            arrived++;
            zero += content.IsEmpty ? 1 : 0;
            if (reader is not null)
                Fill(reader.Host, content);
        }
        if (reader is not null)
            reader.Completed(null);
        else
            Offer(memory, page, content.IsEmpty);
        return Arrival.Taken;
    }

    /// <summary>
    /// As <see cref="Arrive"/>, for pages with content that came together: those that somebody waits for first, the others in one go.
    /// </summary>
    /// <param name="pages">Whatever the peer says.</param>
    /// <param name="content">A page for each.</param>
    /// <returns><see cref="Arrival.NoRoom"/> when there was none for some of them, which are lost; else what <see cref="Arrival.Taken"/> or <see cref="Arrival.NotInRam"/> says of RAM.</returns>
    /// <exception cref="ArgumentException">The content is not a page for each.</exception>
    public Arrival ArriveAll(ReadOnlySpan<long> pages, ReadOnlySpan<byte> content)
    {
        if (content.Length != (long)pages.Length * GuestRam.PageSize)
            throw new ArgumentException($"{content.Length} bytes are not {pages.Length} pages.", nameof(content));
        var result = Arrival.Taken;
        for (int done = 0; done < pages.Length; done += LargestBatch)
        {
            int count = Math.Min(LargestBatch, pages.Length - done);
            Arrival batch = ArriveBatch(pages.Slice(done, count), content.Slice(done * GuestRam.PageSize, count * GuestRam.PageSize));
            if (batch != Arrival.Taken)
                result = batch;
        }
        return result;
    }

    /// <inheritdoc/>
    public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(pages.Length, 1, nameof(pages));
        bool here;
        bool room = false;
        lock (gate)
        {
            here = waiting.ContainsKey(location);
            if (here)
            {
                room = TakeWaiting(location, pages[0]);
                completions.Enqueue(completed);
            }
            else if (missing is null || !missing[location])
            {
                string error = $"Page {location} of guest RAM is wanted from the migration source, which does not have it.";
                clock.Schedule(0, () => completed(error));
                return;
            }
            else
            {
                wanted.Add(location, new WantedPage(pages[0], completed, sequence++));
                requested++;
            }
        }
        if (!here)
            Wanted?.Invoke(location);
        else if (offering != this)
            clock.Schedule(0, Complete);
        if (room)
            RoomAgain?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            wanted.Clear();
            waiting.Clear();
            completions.Clear();
        }
        // Guest RAM goes next. Copies take microseconds, and nothing in them waits.
        while (Volatile.Read(ref copying) != 0)
            Thread.Yield();
    }

    private Arrival ArriveBatch(ReadOnlySpan<long> pages, ReadOnlySpan<byte> content)
    {
        Span<bool> asked = stackalloc bool[pages.Length];
        Span<bool> direct = stackalloc bool[pages.Length];
        lock (gate)
        {
            for (int i = 0; i < pages.Length; i++)
                asked[i] = wanted.ContainsKey(pages[i]);
        }
        Arrival result = ArriveSingly(pages, content, asked);
        if (TakeDirectly(pages, content, direct) is not { } memory)
            return Arrival.NotInRam;
        memory.EndArrivals(pages, direct);
        // Neither nor: no frame is free, it was asked for meanwhile, or it is not missing.
        for (int i = 0; i < pages.Length; i++)
            asked[i] = !asked[i] && !direct[i];
        return ArriveSingly(pages, content, asked) == Arrival.NoRoom ? Arrival.NoRoom : result;
    }

    private Arrival ArriveSingly(ReadOnlySpan<long> pages, ReadOnlySpan<byte> content, ReadOnlySpan<bool> chosen)
    {
        var result = Arrival.Taken;
        for (int i = 0; i < pages.Length; i++)
        {
            if (chosen[i] && Arrive(pages[i], content.Slice(i * GuestRam.PageSize, GuestRam.PageSize)) == Arrival.NoRoom)
                result = Arrival.NoRoom;
        }
        return result;
    }

    // Copies pages that nobody waits for to frames that are free, with no lock held meanwhile. Null: there is no RAM (any more).
    private GuestRam? TakeDirectly(ReadOnlySpan<long> pages, ReadOnlySpan<byte> content, Span<bool> taken)
    {
        GuestRam memory;
        lock (gate)
        {
            if (disposed || ram is null || missing is null)
                return null;
            memory = ram;
            for (int i = 0; i < pages.Length; i++)
                taken[i] = (ulong)pages[i] < (ulong)missing.Count && missing[pages[i]];
            Interlocked.Increment(ref copying);
        }
        try
        {
            // From here on they are being read, by this: nobody asks for them any more, and no other arrival takes them.
            memory.BeginArrivals(pages, taken);
            lock (gate)
            {
                for (int i = 0; i < pages.Length; i++)
                {
                    if (!taken[i])
                        continue;
                    // The other channel may have brought it at this moment, too.
                    if (missing.Remove(pages[i]))
                    {
                        missingCount--;
                        arrived++;
                    }
                    else
                    {
                        duplicates++;
                    }
                }
            }
            for (int i = 0; i < pages.Length; i++)
            {
                if (taken[i])
                    memory.PutArrival(pages[i], content.Slice(i * GuestRam.PageSize, GuestRam.PageSize));
            }
            return memory;
        }
        finally
        {
            Interlocked.Decrement(ref copying);
        }
    }

    // Guest RAM reads the page as soon as there is a frame for it, at once if there is one.
    private void Offer(GuestRam memory, long page, bool isZero)
    {
        ArrivingPages? outer = offering;
        offering = this;
        try
        {
            if (isZero && memory.TryZeroAbsent(page))
                Settled(page);
            else if (memory.IsInOrigin(page))
                memory.Request(page, () => Settled(page));
            else
                Settled(page);
        }
        finally
        {
            offering = outer;
        }
        Complete();
    }

    // The page is resident or zero: if nobody read what arrived, the guest had overwritten it.
    private void Settled(long page)
    {
        bool room = false;
        lock (gate)
        {
            if (waiting.TryGetValue(page, out byte[]? content))
            {
                overwritten += content.Length == 0 ? 0 : 1;
                room = TakeWaiting(page, 0);
            }
        }
        if (room)
            RoomAgain?.Invoke();
    }

    private void Complete()
    {
        while (true)
        {
            Action<string?>? completed;
            lock (gate)
            {
                if (!completions.TryDequeue(out completed))
                    return;
            }
            completed(null);
        }
    }

    private byte[] KeepCopy(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return [];
        if (!buffers.TryPop(out byte[]? buffer))
            buffer = new byte[GuestRam.PageSize];
        content.CopyTo(buffer);
        return buffer;
    }

    // Copies what waits to the host page, unless that is null. True when there was no room before.
    private bool TakeWaiting(long page, nint host)
    {
        bool full = waiting.Count >= capacity;
        waiting.Remove(page, out byte[]? content);
        if (host != 0)
            Fill(host, content);
        if (content!.Length != 0)
            buffers.Push(content);
        return full && waiting.Count < capacity;
    }

    private static void Fill(nint host, ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            new Span<byte>((void*)host, GuestRam.PageSize).Clear();
        else
            GuestRam.Put(host, content);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (gate)
            return read();
    }

    private sealed record WantedPage(nint Host, Action<string?> Completed, long Sequence);
}
