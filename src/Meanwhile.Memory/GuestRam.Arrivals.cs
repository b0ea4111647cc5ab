using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory;

/// <content>
/// Pages whose content the origin has brought without being asked: many at once, copied without the lock. In between they are being read
/// like others, so whoever wants one waits for it.
/// </content>
public sealed unsafe partial class GuestRam
{
    // From so many pages in a row on, one call for all of them is cheaper than a fault each.
    private const int PopulatedRun = 4;

    /// <summary>
    /// Takes frames for pages that are in the origin and that nobody reads: their content is then to be put there by <see cref="PutArrival"/>, and
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
        Populate(pageIndices, chosen);
    }

    /// <summary>Puts the content of a page in its place, between <see cref="BeginArrivals"/> and <see cref="EndArrivals"/>.</summary>
    internal void PutArrival(long page, ReadOnlySpan<byte> content) => Put((nint)(memory + (page << PageShift)), content);

    /// <summary>Copies a page to where it is, or is being, made resident.</summary>
    internal static void Put(nint frame, ReadOnlySpan<byte> content)
    {
        // The framework's copy reads where it is going to write: of memory that the host has not given yet that is one more fault.
        Volatile.Write(ref *(byte*)frame, 0);
        content.CopyTo(new Span<byte>((byte*)frame, PageSize));
    }

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

    // The host's memory for pages in a row, which are about to be written: without it each of them is a fault. It is a hint.
    private void Populate(ReadOnlySpan<long> pageIndices, ReadOnlySpan<bool> chosen)
    {
        for (int i = 0; i < pageIndices.Length;)
        {
            int run = 0;
            while (i + run < pageIndices.Length && chosen[i + run] && pageIndices[i + run] == pageIndices[i] + run)
                run++;
            if (run >= PopulatedRun)
                _ = Host.Libc.Advise((nint)(memory + (pageIndices[i] << PageShift)), (nuint)((long)run << PageShift), Host.Libc.MadvPopulateWrite);
            i += Math.Max(run, 1);
        }
    }
}
