using Meanwhile.Memory;

namespace Meanwhile.Migration.Source;

/// <summary>
/// Which missing page is pushed next: those that it begins with; those near the page asked for last, after it and before it, then those near the one asked for before
/// that, and then all in order, from behind the last neighbourhood. A program that touches one page soon touches the next.
/// </summary>
internal sealed class PushOrder(int reach = PushOrder.Reach)
{
    /// <summary>Pages on each side of a requested page that are pushed before others.</summary>
    public const int Reach = 64;

    // Beyond so many neighbourhoods the oldest is forgotten: the guest has moved on.
    private const int Remembered = 8;

    private readonly Queue<long> first = new();
    private readonly long[] centres = new long[Remembered]; // The latest last.
    private int count;
    private long cursor;

    /// <summary>Pages to be pushed before all others, in this order.</summary>
    public void BeginWith(ReadOnlySpan<long> pages)
    {
        foreach (long page in pages)
            first.Enqueue(page);
    }

    /// <summary>The guest asked for a page.</summary>
    public void Requested(long page)
    {
        if (count == Remembered)
            Array.Copy(centres, 1, centres, 0, --count);
        centres[count++] = page;
        cursor = page;
    }

    /// <summary>The next page of <paramref name="missing"/>; -1 when it is empty.</summary>
    public long Next(PageBitmap missing)
    {
        if (missing.IsEmpty)
            return -1;
        for (; first.TryPeek(out long page); first.Dequeue())
        {
            if (missing[page])
                return page;
        }
        for (; count != 0; count--)
        {
            long centre = centres[count - 1];
            long page = missing.NextPage(centre);
            if (page < missing.Count && page <= centre + reach)
                return page;
            page = missing.NextPage(Math.Max(0, centre - reach));
            if (page < centre)
                return page;
        }
        long next = missing.NextPage(cursor);
        if (next == missing.Count)
            next = missing.NextPage(0);
        return cursor = next;
    }
}
