using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory.Tests;

/// <summary>The virtual clock: time stands still until the test runs events, in order of due time, then of scheduling.</summary>
internal sealed class ManualClock : IMemoryClock
{
    private readonly PriorityQueue<Action, (long Due, long Sequence)> events = new();
    private long sequence;

    public long Now { get; private set; }

    public bool IsVirtual => true;

    public int Pending => events.Count;

    public void Schedule(long delay, Action callback) => events.Enqueue(callback, (Now + delay, sequence++));

    public bool RunNext()
    {
        if (!events.TryDequeue(out Action? callback, out (long Due, long Sequence) key))
            return false;
        Now = Math.Max(Now, key.Due);
        callback();
        return true;
    }

    public void RunAll()
    {
        for (int i = 0; RunNext(); i++)
            Assert.True(i < 1_000_000, "The events never end.");
    }
}

/// <summary>A clock that is not virtual: callbacks run at once on the thread pool, and time is the number of times it was asked for.</summary>
internal sealed class ThreadedClock : IMemoryClock
{
    private long now;

    public long Now => Interlocked.Increment(ref now);

    public bool IsVirtual => false;

    public void Schedule(long delay, Action callback) => ThreadPool.UnsafeQueueUserWorkItem(static action => action(), callback, preferLocal: false);
}

/// <summary>A page store in memory on the virtual clock, whose operations fail when the test says so.</summary>
internal sealed unsafe class FakeStore(ManualClock clock, int slotCount, long latency = 1000) : IPageStore
{
    private readonly Dictionary<long, byte[]> content = [];

    public string? ReadError { get; set; }

    public string? WriteError { get; set; }

    public List<(long Slot, int Count)> WriteOperations { get; } = [];

    public long SlotCount => slotCount;

    public bool KeepsContent { get; init; } = true;

    public void Put(long location, ulong value)
    {
        byte[] page = new byte[GuestRam.PageSize];
        BitConverter.TryWriteBytes(page, value);
        content[location] = page;
    }

    public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed)
    {
        string? error = ReadError;
        nint[] hosts = pages.ToArray();
        // As late as it may be: what may not change under a read must not.
        clock.Schedule(latency, () =>
        {
            for (int i = 0; error is null && i < hosts.Length; i++)
                content[location + i].CopyTo(new Span<byte>((void*)hosts[i], GuestRam.PageSize));
            completed(error);
        });
    }

    public void Write(long slot, ReadOnlySpan<nint> pages, Action<string?> completed)
    {
        string? error = WriteError;
        WriteOperations.Add((slot, pages.Length));
        for (int i = 0; error is null && i < pages.Length; i++)
            content[slot + i] = new Span<byte>((void*)pages[i], GuestRam.PageSize).ToArray();
        clock.Schedule(latency, () => completed(error));
    }

    public void Dispose()
    {
    }
}

/// <summary>A vCPU's TLB: keeps host addresses, also after it was asked to forget them, until the test lets it reach a block boundary.</summary>
internal sealed unsafe class FakeTlb(GuestRam ram) : IInvalidationListener
{
    private readonly Dictionary<long, (nint Host, bool Writable)> entries = [];
    private readonly List<Action> requested = [];

    /// <summary>Acknowledge at once, as a vCPU that does not run.</summary>
    public bool Inline { get; set; }

    public int Invalidations { get; private set; }

    public void RequestInvalidation(Action acknowledge)
    {
        Invalidations++;
        requested.Add(acknowledge);
        if (Inline)
            BlockBoundary();
    }

    public void BlockBoundary()
    {
        if (requested.Count == 0)
            return;
        entries.Clear();
        Action[] acknowledge = [.. requested];
        requested.Clear();
        foreach (Action action in acknowledge)
            action();
    }

    /// <summary>As if every entry had been replaced by others.</summary>
    public void Forget() => entries.Clear();

    public bool TryRead(long page, int word, out ulong value)
    {
        value = 0;
        if (Find(page, write: false) is not { } host)
            return false;
        value = ((ulong*)host)[word];
        return true;
    }

    public bool TryWrite(long page, int word, ulong value)
    {
        if (Find(page, write: true) is not { } host)
            return false;
        ((ulong*)host)[word] = value;
        return true;
    }

    private nint? Find(long page, bool write)
    {
        if (entries.TryGetValue(page, out (nint Host, bool Writable) entry) && (entry.Writable || !write))
            return entry.Host;
        if (ram.Resolve(page * GuestRam.PageSize, write, out byte* host, out bool writable) != GuestPageState.Resident)
            return null;
        entries[page] = ((nint)host, writable);
        return (nint)host;
    }
}

/// <summary>Guest RAM of a few pages on the virtual clock, with one TLB.</summary>
internal sealed class SmallMachine : IDisposable
{
    public SmallMachine(
        int pages, int limit, int slots = 1024, int batch = 4, Func<GuestRamOptions, GuestRamOptions>? adjust = null,
        Func<ManualClock, IPageSource>? origin = null)
    {
        Store = new FakeStore(Clock, slots);
        var options = new GuestRamOptions
        {
            Size = (long)pages * GuestRam.PageSize,
            ResidentLimit = (long)limit * GuestRam.PageSize,
            SmallestLimit = GuestRam.PageSize,
            Store = Store,
            Origin = origin?.Invoke(Clock),
            Clock = Clock,
            ReclaimBatch = batch,
        };
        Ram = new GuestRam(adjust is null ? options : adjust(options));
        Tlb = new FakeTlb(Ram) { Inline = true };
        Ram.AddInvalidationListener(Tlb);
    }

    public const int BlocksInPage = GuestRam.PageSize / GuestRam.ZeroBlockSize;

    public ManualClock Clock { get; } = new();

    public FakeStore Store { get; }

    public GuestRam Ram { get; }

    public FakeTlb Tlb { get; }

    /// <summary>Writes as a guest does: waits for the page when it is not present, then tries again.</summary>
    public void Write(long page, ulong value, int word = 0)
    {
        for (int i = 0; !Tlb.TryWrite(page, word, value); i++)
            WaitFor(page, i);
    }

    public ulong Read(long page, int word = 0)
    {
        ulong value;
        for (int i = 0; !Tlb.TryRead(page, word, out value); i++)
            WaitFor(page, i);
        return value;
    }

    /// <summary>DC ZVA of a whole page, block by block; how many of its <see cref="BlocksInPage"/> blocks were taken without it being there.</summary>
    public int ZeroPage(long page)
    {
        int taken = 0;
        for (int offset = 0; offset < GuestRam.PageSize; offset += GuestRam.ZeroBlockSize)
            taken += Ram.TryZeroBlock((page * GuestRam.PageSize) + offset) ? 1 : 0;
        return taken;
    }

    public void Dispose() => Ram.Dispose();

    private void WaitFor(long page, int attempt)
    {
        Assert.True(attempt < 100, $"Page {page} is evicted each time before it is used.");
        bool ready = false;
        Ram.Request(page, () => ready = true);
        while (!ready)
            Assert.True(Clock.RunNext(), $"Page {page} never becomes resident.");
    }
}
