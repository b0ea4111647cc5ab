using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory;

/// <content>
/// Pages whose content the origin has brought without being asked: many at once, copied without the lock. In between they are being read
/// like others, so whoever wants one waits for it.
/// </content>
public sealed unsafe partial class GuestRam
{
    /// <summary>Pages that <see cref="BackWithMemory"/> gives memory to at once: what a huge page of most hosts is.</summary>
    internal const int BackedPages = (2 << 20) / PageSize;

    /// <summary>The first page that <see cref="BackWithMemory"/> may be called with: where a huge page can be.</summary>
    internal long FirstBacked => ((-(nint)memory) >> PageShift) & (BackedPages - 1);

    /// <summary>
    /// Takes frames for pages that are in the origin and that nobody reads: their content is then to be put into <see cref="ArrivalTarget"/>, and
    /// <see cref="EndArrivals"/> called.
    /// </summary>
    /// <param name="pageIndices">Pages of RAM.</param>
    /// <param name="chosen">Which of them; cleared for those that cannot be taken (not absent, or no frame is free).</param>
    internal void BeginArrivals(ReadOnlySpan<long> pageIndices, Span<bool> chosen)
    {
        var outbox = default(Outbox);
        lock (gate)
        {
            for (int i = 0; i < pageIndices.Length; i++)
            {
                if (chosen[i] && !TryBeginArrival(pageIndices[i], ref outbox))
                    chosen[i] = false;
            }
        }
        Deliver(ref outbox);
    }

    /// <summary>
    /// Gives host memory to the <see cref="BackedPages"/> pages from <paramref name="first"/> on, in huge pages where the host has some, when most of them
    /// are absent and will come: a fault for each of them would take longer than its content. Not under a resident limit. It is a hint and changes no content.
    /// </summary>
    /// <returns>False: none of the pages from there on will be backed either.</returns>
    internal bool BackWithMemory(long first)
    {
        if (options.IsLimited || first + BackedPages > pages.Count)
            return false;
        int expected = 0;
        for (long page = first; page < first + BackedPages; page++)
            expected += pages.State(page) == PageState.Absent ? 1 : 0;
        if (expected < BackedPages * 3 / 4)
            return true;
        nint address = (nint)(memory + (first << PageShift));
        _ = Host.Libc.Advise(address, (nuint)BackedPages << PageShift, Host.Libc.MadvHugePage);
        _ = Host.Libc.Advise(address, (nuint)BackedPages << PageShift, Host.Libc.MadvPopulateWrite);
        return true;
    }

    /// <summary>Where the content of a page goes between <see cref="BeginArrivals"/> and <see cref="EndArrivals"/>.</summary>
    internal Span<byte> ArrivalTarget(long page) => new(memory + (page << PageShift), PageSize);

    /// <summary>The content of the chosen pages is there.</summary>
    internal void EndArrivals(ReadOnlySpan<long> pageIndices, ReadOnlySpan<bool> chosen)
    {
        var outbox = default(Outbox);
        List<long>? stale = null;
        lock (gate)
        {
            if (disposed)
                return;
            for (int i = 0; i < pageIndices.Length; i++)
            {
                if (chosen[i] && !TryEndRead(pageIndices[i], options.Origin!, ref outbox))
                    (stale ??= []).Add(pageIndices[i]);
            }
            WantReclaim(ref outbox);
        }
        Deliver(ref outbox);
        if (stale is not null)
            Drop(stale);
    }

    private bool TryBeginArrival(long page, ref Outbox outbox)
    {
        CheckPage(page);
        if (disposed || used >= limit || pages.State(page) != PageState.Absent || !pages.Has(page, PageFlags.InOrigin) || pages.Has(page, PageFlags.Queued))
            return false;
        TakeFrame(ref outbox);
        absent--;
        pages.SetState(page, PageState.Reading);
        reading++;
        return true;
    }
}
