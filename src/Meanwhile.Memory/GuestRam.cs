using System.Runtime.CompilerServices;
using Meanwhile.Memory.Host;
using Meanwhile.Memory.Pages;
using Meanwhile.Memory.Statistics;

namespace Meanwhile.Memory;

/// <summary>
/// All RAM of one guest: one host mapping, one state per 4 KiB page, a resident limit with reclaim, and page sources behind it.
/// Thread safe. Callbacks are called without any lock held.
/// </summary>
public sealed unsafe partial class GuestRam : IDisposable
{
    /// <summary>Size of a page, in bytes. The stage-2 granule.</summary>
    public const int PageSize = 4096;

    /// <summary>Most pages one <see cref="Pin"/> may name.</summary>
    public const int MaximumPinnedPages = 256;

    private const int PageShift = 12;

    private readonly GuestRamOptions options;
    private readonly PageTable pages;
    private readonly Lock gate = new();
    private readonly long limit;

    // Anonymous memory of Size bytes, mapped until Dispose. Every offset is checked against Size before it becomes an address.
    private readonly byte* memory;
    private bool disposed;

    // Pages with host memory: Resident, Reading, Evicting, Writing, Dropping.
    private long used;
    private long peakUsed;
    private long absent;

    /// <summary>RAM whose pages are all untouched (zero).</summary>
    /// <exception cref="ArgumentException">An option is out of range: names it and what it may be.</exception>
    /// <exception cref="InsufficientMemoryException">The host does not give so much address space.</exception>
    public GuestRam(GuestRamOptions options)
    {
        options.Validate();
        this.options = options;
        Size = options.Size;
        long count = Size / PageSize;
        limit = options.IsLimited ? options.ResidentLimit!.Value / PageSize : count;
        lowWatermark = Math.Min((options.LowWatermark / PageSize) ?? Math.Clamp(limit / 64, 1, 4096), limit / 4);
        highWatermark = Math.Max((options.HighWatermark / PageSize) ?? 2 * lowWatermark, lowWatermark);
        wantedLead = Math.Max(1, limit / 4);
        pinQuota = options.IsLimited ? limit / 2 : long.MaxValue;
        if (options.Store is not null)
            slots = new Sources.SlotAllocator((int)Math.Min(options.Store.SlotCount, int.MaxValue));
        if (options.IsLimited)
            reclaimer = new SerialExecutor(options.Clock!, "reclaim", Fail);
        if (options.Store is not null)
            options.Store.Failed += Fail;
        if (options.Origin is not null)
            options.Origin.Failed += Fail;
        nint address = Libc.Map(0, (nuint)Size, Libc.ProtReadWrite, Libc.MapPrivate | Libc.MapAnonymous | Libc.MapNoReserve, -1, 0);
        if (address == Libc.MapFailed)
            throw new InsufficientMemoryException($"The host cannot map {Size} bytes of guest RAM: {Libc.LastErrorMessage()}.");
        memory = (byte*)address;
        pages = new PageTable(count);
    }

    /// <summary>
    /// A thread of the memory system threw, which is a defect: pages may never become resident from now on. Raised on that thread. Without
    /// a listener the process ends.
    /// </summary>
    public event Action<Exception>? Failed;

    /// <summary>Size of RAM in bytes.</summary>
    public long Size { get; }

    /// <summary>
    /// The TLB fill: finds the page at byte offset <paramref name="offset"/> and records it as accessed, and as dirty when
    /// <paramref name="write"/>. Zero-fills a page that never held anything. Never blocks and does no I/O.
    /// </summary>
    /// <param name="offset">Byte offset in RAM, less than <see cref="Size"/>.</param>
    /// <param name="write">The page will be written through <paramref name="host"/>.</param>
    /// <param name="host">Host address of the page's first byte.</param>
    /// <param name="writable">False when a later write must call <see cref="Resolve"/> again, so that it is recorded.</param>
    /// <remarks>
    /// Only who listens for invalidation may use the address, and not after it acknowledged one. That makes the first look safe without
    /// the lock: a page found resident here loses its memory only after a round that this caller's listener has acknowledged.
    /// </remarks>
    public GuestPageState Resolve(long offset, bool write, out byte* host, out bool writable)
    {
        CheckOffset(offset);
        long page = offset >> PageShift;
        host = memory + (page << PageShift);
        int wanted = PageTable.WordOf(PageState.Resident, write ? PageFlags.Accessed | PageFlags.Dirty : PageFlags.Accessed);
        int mask = PageTable.WordOf((PageState)0xFF, write ? PageFlags.Accessed | PageFlags.Dirty : PageFlags.Accessed);
        ushort word = pages.Word(page);
        if ((word & mask) == wanted)
        {
            writable = (word & PageTable.WordOf(0, PageFlags.Dirty)) != 0 && IsLogged(page) && IsPreserved(page);
            if (writable || !write)
                return GuestPageState.Resident;
        }
        return ResolveSlow(page, write, out writable);
    }

    /// <summary>Host address of a byte of a pinned page, or of any page while no guest runs and <see cref="Pin"/> holds it.</summary>
    public byte* HostAddress(long offset)
    {
        CheckOffset(offset);
        return memory + offset;
    }

    /// <summary>Adds a holder of cached host addresses.</summary>
    public void AddInvalidationListener(IInvalidationListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        lock (gate)
            listeners = [.. listeners, listener];
    }

    /// <summary>A snapshot of the counters. Any thread.</summary>
    public GuestRamStatistics Statistics()
    {
        lock (gate)
        {
            return new GuestRamStatistics
            {
                Pages = pages.Count,
                Limit = limit,
                Resident = used,
                PeakResident = peakUsed,
                Untouched = pages.Count - used - absent,
                Absent = absent,
                Pinned = pinned,
                WritePinned = writePinned,
                Reads = reads,
                Writes = writes,
                WriteOperations = writeOperations,
                DroppedClean = droppedClean,
                ZeroPages = zeroPages,
                Prefetched = prefetched,
                Overwritten = overwritten,
                Rescued = rescued,
                ReclaimRounds = reclaimRounds,
                WaitsForFrames = waitsForFrames,
                InFlight = inFlight,
                PeakInFlight = peakInFlight,
                ReadLatency = readLatency.Copy(),
                WriteLatency = writeLatency.Copy(),
            };
        }
    }

    /// <summary>Frees the RAM and the page sources. The guest and its devices must have stopped; waiting callbacks are never called.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
        }
        // In this order: no step of reclaim and no transfer may touch the mapping once it is gone.
        reclaimer?.Dispose();
        options.Store?.Dispose();
        options.Origin?.Dispose();
        _ = Libc.Unmap((nint)memory, (nuint)Size);
        pages.Dispose();
    }

    private void Fail(Exception exception)
    {
        if (Failed is not { } failed)
            throw new InvalidOperationException($"Guest RAM failed: {exception.Message}", exception);
        failed(exception);
    }

    private GuestPageState ResolveSlow(long page, bool write, out bool writable)
    {
        var outbox = default(Outbox);
        GuestPageState result;
        lock (gate)
        {
            result = TryMakeResident(page, ref outbox) ? GuestPageState.Resident : GuestPageState.NotPresent;
            if (result == GuestPageState.Resident)
            {
                pages.Set(page, PageFlags.Accessed);
                if (write)
                    MarkWritten(page);
            }
            writable = pages.Has(page, PageFlags.Dirty) && IsLogged(page) && IsPreserved(page);
        }
        Deliver(ref outbox);
        return result;
    }

    // What can be had at once: resident already, never touched with a frame free, or still on its way out.
    private bool TryMakeResident(long page, ref Outbox outbox)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        switch (pages.State(page))
        {
            case PageState.Resident:
                return true;
            case PageState.Untouched when used < limit:
                TakeFrame(ref outbox);
                pages.SetState(page, PageState.Resident);
                return true;
            case PageState.Untouched:
                WantReclaim(ref outbox);
                return false;
            case PageState.Evicting:
            case PageState.Writing:
                Rescue(page);
                return true;
            default:
                return false;
        }
    }

    private void TakeFrame(ref Outbox outbox)
    {
        used++;
        peakUsed = Math.Max(peakUsed, used);
        WantReclaim(ref outbox);
    }

    // Before it is.
    private void MarkWritten(long page)
    {
        Preserve(page);
        MarkDirty(page);
        Log(page);
    }

    // The page's content is now nowhere else.
    private void MarkDirty(long page)
    {
        pages.Set(page, PageFlags.Dirty);
        pages.Clear(page, PageFlags.InOrigin);
        ForgetCopy(page);
    }

    private void Deliver(ref Outbox outbox)
    {
        if (outbox.Reads is not null)
        {
            foreach (long page in outbox.Reads)
                SubmitRead(page);
        }
        if (outbox.Reclaim)
            reclaimer!.Post(ChooseVictims);
        if (outbox.Stall is not null)
            Stalled?.Invoke(outbox.Stall);
        if (outbox.Ready is not null)
        {
            foreach (Action ready in outbox.Ready)
                ready();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckOffset(long offset)
    {
        if ((ulong)offset >= (ulong)Size)
            ThrowOutside(offset, Size);
    }

    private void CheckPage(long page)
    {
        if ((ulong)page >= (ulong)pages.Count)
            ThrowOutside(page, pages.Count);
    }

    private static void ThrowOutside(long value, long bound) =>
        throw new ArgumentOutOfRangeException(nameof(value), value, $"Outside guest RAM, which ends at {bound}.");
}
