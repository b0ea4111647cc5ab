using Meanwhile.Memory.Pages;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory;

/// <content>
/// Pages whose content is not what RAM holds: absent ones, which the origin has (a snapshot, the source of a migration), and discarded
/// ones, which are zero. Both are for pages that no listener has addresses of and that have no pins: a guest that does not run.
/// </content>
public sealed unsafe partial class GuestRam
{
    // Pages whose memory is given back with the lock released in between; bounds how long the lock is held.
    private const int StaleBatch = 1024;

    /// <summary>
    /// Says that the content of pages is in the origin, whatever they hold now. For pages that nobody uses: no listener has addresses of
    /// them, and they have no pins.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no origin, or a page is pinned.</exception>
    public void MarkAbsent(long firstPage, long count)
    {
        CheckPage(firstPage);
        if (count <= 0 || count > pages.Count - firstPage)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The pages are not inside RAM.");
        CheckOrigin();
        for (long page = firstPage; page < firstPage + count;)
            page = GiveUp(page, firstPage + count, inOrigin: true);
    }

    /// <summary>Gets ready for pages that are to be <see cref="MarkAbsent(long, long)"/> while somebody waits for it. Once, before RAM is used.</summary>
    public void Prepare()
    {
        lock (gate)
            pages.Prepare();
    }

    /// <summary>As <see cref="MarkAbsent(long, long)"/>, for a set of pages.</summary>
    /// <exception cref="InvalidOperationException">There is no origin, or a page is pinned.</exception>
    public void MarkAbsent(PageBitmap absentPages)
    {
        ArgumentNullException.ThrowIfNull(absentPages);
        if (absentPages.Count != pages.Count)
            throw new ArgumentException($"A set of {absentPages.Count} pages is not of this RAM of {pages.Count} pages.", nameof(absentPages));
        CheckOrigin();
        for (long page = absentPages.NextPage(0); page < pages.Count; page = absentPages.NextPage(page))
        {
            long end = absentPages.NextGap(page);
            while (page < end)
                page = GiveUp(page, end, inOrigin: true);
        }
    }

    /// <summary>
    /// Makes a page as if it had never held anything: it is zero and has no memory anywhere. For a page that nobody uses, as for
    /// <see cref="MarkAbsent(long, long)"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The page is pinned.</exception>
    public void Discard(long pageIndex)
    {
        CheckPage(pageIndex);
        _ = GiveUp(pageIndex, pageIndex + 1, inOrigin: false);
    }

    /// <summary>True while the content of a page is in the origin and nowhere else; it may be on its way.</summary>
    public bool IsInOrigin(long pageIndex)
    {
        CheckPage(pageIndex);
        lock (gate)
            return pages.State(pageIndex) is PageState.Absent or PageState.Reading && pages.Has(pageIndex, PageFlags.InOrigin);
    }

    /// <summary>
    /// Brings pages from the origin that nobody waits for, while frames are free for them beyond those that reclaim keeps free: from
    /// <paramref name="first"/> on as far as they are absent, in one read, so an origin that fails for one fails for all of them.
    /// </summary>
    /// <param name="first">The first page.</param>
    /// <param name="count">Most pages; one, when the origin does not keep its content.</param>
    /// <param name="ready">Called as by <see cref="Request"/>, once for each page whose read was started.</param>
    /// <param name="started">How many these are.</param>
    /// <returns>What became of the first.</returns>
    public FetchOutcome TryFetch(long first, int count, Action ready, out int started)
    {
        ArgumentNullException.ThrowIfNull(ready);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        CheckPage(first);
        started = 0;
        long end = options.Origin is { KeepsContent: true } ? Math.Min(first + count, pages.Count) : first + 1;
        var outbox = default(Outbox);
        lock (gate)
        {
            for (; first + started < end; started++)
            {
                FetchOutcome outcome = CanFetch(first + started);
                if (outcome == FetchOutcome.Started)
                    WaitFor(first + started, ready, null, ref outbox);
                else if (started == 0)
                    return outcome;
                else
                    break;
            }
        }
        outbox.Reads = null; // All of them, in one.
        Deliver(ref outbox);
        SubmitFetch(first, started);
        return FetchOutcome.Started;
    }

    /// <summary>The origin says that a page is all zero: it need not be read. False when it is not in the origin, or is being read.</summary>
    internal bool TryZeroAbsent(long page)
    {
        lock (gate)
        {
            if (disposed || pages.State(page) != PageState.Absent || !pages.Has(page, PageFlags.InOrigin))
                return false;
            zeroedBlocks.Remove(page);
            pages.Clear(page, PageFlags.InOrigin);
            pages.SetState(page, PageState.Untouched);
            absent--;
            return true;
        }
    }

    private FetchOutcome CanFetch(long page)
    {
        // Callers come on threads of reads that may end while RAM is disposed.
        if (disposed)
            return FetchOutcome.NoFrame;
        if (pages.State(page) != PageState.Absent || !pages.Has(page, PageFlags.InOrigin))
            return FetchOutcome.NotAbsent;
        bool noFrame = pages.Has(page, PageFlags.Queued) || (limit < pages.Count && limit - used <= highWatermark);
        return noFrame ? FetchOutcome.NoFrame : FetchOutcome.Started;
    }

    private void SubmitFetch(long first, int count)
    {
        Span<nint> hosts = count <= 64 ? stackalloc nint[count] : new nint[count];
        for (int i = 0; i < count; i++)
            hosts[i] = (nint)memory + (nint)((first + i) << PageShift);
        lock (gate)
        {
            reading += count;
            for (int i = 0; i < count; i++)
                CountInFlight();
        }
        long start = options.Clock!.Now;
        IPageSource source = options.Origin!;
        source.Read(first, hosts, error =>
        {
            for (int i = 0; i < count; i++)
                ReadCompleted(first + i, source, start, error);
        });
    }

    private void CheckOrigin()
    {
        if (options.Origin is null)
            throw new InvalidOperationException("Pages cannot be absent: guest RAM has no origin to read them from.");
    }

    // Some of the pages from first on: answers where it ended.
    private long GiveUp(long first, long end, bool inOrigin)
    {
        List<long> dropping = [];
        long page = first;
        try
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                ThrowIfPreserving();
                if (inOrigin && dirtyLog is null)
                    page = MarkUntouchedAbsent(page, end);
                for (; page < end && dropping.Count < StaleBatch; page++)
                    GiveUpContent(page, inOrigin, dropping);
            }
        }
        finally
        {
            Drop(dropping);
        }
        return page;
    }

    // A new guest's pages, all of them: a snapshot of a large RAM is to be there in a moment.
    private long MarkUntouchedAbsent(long first, long end)
    {
        long page = pages.ReplaceRun(first, end, PageTable.WordOf(PageState.Untouched, 0), PageTable.WordOf(PageState.Absent, PageFlags.InOrigin));
        absent += page - first;
        return page;
    }

    private void GiveUpContent(long page, bool inOrigin, List<long> dropping)
    {
        if (pages.Has(page, PageFlags.Pinned))
            throw new InvalidOperationException($"Page {page} is pinned: its content cannot be given up.");
        Log(page);
        PageState state = pages.State(page);
        if (state is PageState.Evicting or PageState.Writing)
            Rescue(page);
        if (state is PageState.Absent or PageState.Reading)
            zeroedBlocks.Remove(page);
        if (state is not (PageState.Reading or PageState.Untouched))
            ForgetCopy(page);
        SetInOrigin(page, inOrigin);
        switch (state)
        {
            case PageState.Untouched:
                pages.SetState(page, inOrigin ? PageState.Absent : PageState.Untouched);
                absent += inOrigin ? 1 : 0;
                break;
            case PageState.Absent:
                pages.SetState(page, inOrigin ? PageState.Absent : PageState.Untouched);
                absent -= inOrigin ? 0 : 1;
                break;
            case PageState.Reading:
                pages.Set(page, PageFlags.Stale);
                break;
            case PageState.Dropping:
                // What it becomes is decided when its memory is gone, by what was said of it here.
                break;
            default:
                BeginDrop(page, dropping);
                break;
        }
    }

    // A read that has ended brought what is not wanted any more.
    private void GiveUpRead(long page)
    {
        pages.Clear(page, PageFlags.Stale | PageFlags.Dirty);
        ForgetCopy(page);
        if (!pages.Has(page, PageFlags.InOrigin))
            zeroedBlocks.Remove(page);
        leaving++;
        pages.SetState(page, PageState.Dropping);
    }

    private void BeginDrop(long page, List<long> dropping)
    {
        leaving++;
        pages.Clear(page, PageFlags.Dirty);
        pages.SetState(page, PageState.Dropping);
        dropping.Add(page);
    }

    private void ForgetCopy(long page)
    {
        ref int slot = ref pages.Slot(page);
        if (slot == PageTable.NoSlot)
            return;
        ReleaseSlot(slot);
        slot = PageTable.NoSlot;
    }

    private void SetInOrigin(long page, bool inOrigin)
    {
        if (inOrigin)
            pages.Set(page, PageFlags.InOrigin);
        else
            pages.Clear(page, PageFlags.InOrigin);
    }
}
