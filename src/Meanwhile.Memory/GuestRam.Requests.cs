using Meanwhile.Memory.Pages;
using Meanwhile.Memory.Sources;
using Meanwhile.Memory.Statistics;

namespace Meanwhile.Memory;

/// <content>Making pages resident: requests, the queue for frames, reads.</content>
public sealed unsafe partial class GuestRam
{
    private readonly Dictionary<long, Waiter> waiters = [];
    private readonly Queue<long> frameQueue = new();
    private readonly List<long> failedReads = [];
    private readonly LatencyHistogram readLatency = new();
    private long reads;
    private long waitsForFrames;
    private long prefetched;
    private long reading; // Pages in state Reading whose read has not failed.
    private long inFlight;
    private long peakInFlight;

    /// <summary>
    /// Makes a page resident: starts what is needed unless it is under way, and calls <paramref name="ready"/> once when the page is
    /// resident (inline when it is already). It may be evicted again before anybody touches it, though reclaim prefers others.
    /// </summary>
    public void Request(long pageIndex, Action ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        CheckPage(pageIndex);
        var outbox = default(Outbox);
        bool resident;
        lock (gate)
        {
            resident = TryMakeResident(pageIndex, ref outbox);
            if (resident)
                pages.Set(pageIndex, PageFlags.Accessed);
            else
                WaitFor(pageIndex, ready, null, ref outbox);
        }
        Deliver(ref outbox);
        if (resident)
            ready();
    }

    /// <summary>
    /// Starts to bring the absent pages of the aligned group of <paramref name="count"/> that holds <paramref name="pageIndex"/>, as far as there are
    /// free frames; nobody waits for them. For who stands still for one of them anyway and will want its neighbours.
    /// </summary>
    /// <param name="pageIndex">A page.</param>
    /// <param name="count">Size of the group in pages, a power of two.</param>
    public void Prefetch(long pageIndex, int count)
    {
        CheckPage(pageIndex);
        var outbox = default(Outbox);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            long first = pageIndex & ~(long)(count - 1);
            long end = Math.Min(first + count, pages.Count);
            for (long page = first; page < end && used < limit; page++)
            {
                if (pages.State(page) == PageState.Absent && !pages.Has(page, PageFlags.Queued))
                {
                    UseFrame(page, ref outbox);
                    prefetched++;
                }
            }
        }
        Deliver(ref outbox);
    }

    // Adds a waiter to a page that TryMakeResident could not make resident, and starts what is not under way.
    private void WaitFor(long page, Action? ready, PinOperation? pin, ref Outbox outbox)
    {
        waiters.TryGetValue(page, out Waiter? others);
        waiters[page] = new Waiter(ready, pin, others);
        if (pages.State(page) is PageState.Absent or PageState.Untouched && !pages.Has(page, PageFlags.Queued))
            TakeFrameOrQueue(page, ref outbox);
    }

    private void TakeFrameOrQueue(long page, ref Outbox outbox)
    {
        if (used < limit)
        {
            UseFrame(page, ref outbox);
            return;
        }
        waitsForFrames++;
        pages.Set(page, PageFlags.Queued);
        frameQueue.Enqueue(page);
        WantReclaim(ref outbox);
    }

    // Frames are given in the order of asking; whenever the queue is not empty, no frame is free.
    private void ServeFrameQueue(ref Outbox outbox)
    {
        while (used < limit && frameQueue.TryDequeue(out long page))
        {
            pages.Clear(page, PageFlags.Queued);
            UseFrame(page, ref outbox);
        }
    }

    private void UseFrame(long page, ref Outbox outbox)
    {
        TakeFrame(ref outbox);
        if (pages.State(page) == PageState.Untouched)
        {
            BecomeResident(page, ref outbox);
            return;
        }
        absent--;
        pages.SetState(page, PageState.Reading);
        (outbox.Reads ??= []).Add(page);
    }

    private void BecomeResident(long page, ref Outbox outbox)
    {
        pages.SetState(page, PageState.Resident);
        pages.Set(page, PageFlags.Accessed);
        if (!waiters.Remove(page, out Waiter? waiter))
            return;
        List<Action> ready = outbox.Ready ??= [];
        int start = ready.Count;
        for (; waiter is not null; waiter = waiter.Next)
        {
            if (waiter.Ready is not null)
                ready.Add(waiter.Ready);
            else if (waiter.Pin is { } pin)
                PageOfPinIsResident(page, pin, ref outbox);
        }
        // The chain is the latest first; they asked the other way round.
        ready.Reverse(start, ready.Count - start);
    }

    private void SubmitRead(long page)
    {
        // The state Reading belongs to this read alone, so the slot does not change under it.
        IPageSource source;
        long location;
        lock (gate)
        {
            bool inStore = pages.Slot(page) != PageTable.NoSlot;
            source = inStore ? options.Store! : options.Origin!;
            location = inStore ? pages.Slot(page) : page;
            reading++;
            CountInFlight();
        }
        long start = options.Clock!.Now;
        source.Read(location, [(nint)memory + (nint)(page << PageShift)], error => ReadCompleted(page, source, start, error));
    }

    private void CountInFlight()
    {
        inFlight++;
        peakInFlight = Math.Max(peakInFlight, inFlight);
    }

    private void ReadCompleted(long page, IPageSource source, long start, string? error)
    {
        var outbox = default(Outbox);
        bool stale = false;
        lock (gate)
        {
            if (disposed)
                return;
            inFlight--;
            if (error is not null && !pages.Has(page, PageFlags.Stale))
            {
                reading--;
                storeFull = false; // The page's slot is a copy that can be given up now.
                failedReads.Add(page);
                Stall(error, ref outbox);
            }
            else if (TryEndRead(page, source, ref outbox))
            {
                readLatency.Record(options.Clock!.Now - start);
                WantReclaim(ref outbox);
            }
            else
            {
                stale = true;
            }
        }
        Deliver(ref outbox);
        if (stale)
            Drop([page]);
    }

    // A page's content is there. False: it was declared stale meanwhile, and the page is to be dropped.
    private bool TryEndRead(long page, IPageSource source, ref Outbox outbox)
    {
        reading--;
        storeFull = false; // The page's slot is a copy that can be given up now.
        if (pages.Has(page, PageFlags.Stale))
        {
            GiveUpRead(page);
            return false;
        }
        reads++;
        if (!source.KeepsContent)
            MarkDirty(page);
        ApplyZeroedBlocks(page);
        BecomeResident(page, ref outbox);
        return true;
    }
}
