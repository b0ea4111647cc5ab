using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory;

/// <content>
/// Pins. At most half of the limit is pinned or being pinned, so that the rest can always be reclaimed for a pin that has begun; pins
/// beyond that wait for others to end, in order, before they take anything.
/// </content>
public sealed unsafe partial class GuestRam
{
    private readonly Queue<PinOperation> pinQueue = new();
    private readonly long pinQuota;
    private long pinned;

    /// <summary>
    /// Makes the pages of a range resident and keeps them so (a device's DMA): calls <paramref name="ready"/> once all are pinned, inline
    /// when they are already. Each pin is undone by <see cref="Unpin"/>. Few pages at a time: pins count against the resident limit.
    /// Once RAM is disposed nothing happens: completions that are still running on other threads may pin and unpin.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside RAM, or larger than <see cref="MaximumPinnedPages"/>.</exception>
    public void Pin(long offset, long length, bool write, Action ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        var pin = new PinOperation(offset >> PageShift, CheckPinRange(offset, length), write, ready);
        var outbox = default(Outbox);
        lock (gate)
        {
            if (disposed)
                return;
            if (pinQueue.Count != 0 || pinned + pin.Count > pinQuota)
                pinQueue.Enqueue(pin);
            else
                BeginPin(pin, ref outbox);
        }
        Deliver(ref outbox);
    }

    /// <summary>Undoes one <see cref="Pin"/> of the same range.</summary>
    /// <exception cref="InvalidOperationException">A page of the range is not pinned.</exception>
    public void Unpin(long offset, long length)
    {
        int count = CheckPinRange(offset, length);
        long first = offset >> PageShift;
        var outbox = default(Outbox);
        lock (gate)
        {
            if (disposed)
                return;
            for (long page = first; page < first + count; page++)
            {
                if (pages.Pins(page) == 0)
                    throw new InvalidOperationException($"Page {page} is unpinned but has no pin.");
                if (--pages.Pins(page) != 0)
                    continue;
                writePinned -= pages.Has(page, PageFlags.WritePinned) ? 1 : 0;
                pages.Clear(page, PageFlags.Pinned | PageFlags.WritePinned);
            }
            pinned -= count;
            while (pinQueue.TryPeek(out PinOperation? next) && pinned + next.Count <= pinQuota)
                BeginPin(pinQueue.Dequeue(), ref outbox);
            WantReclaim(ref outbox);
        }
        Deliver(ref outbox);
    }

    private void BeginPin(PinOperation pin, ref Outbox outbox)
    {
        pinned += pin.Count;
        // One more than there are, so that no page's becoming resident here ends the pin before all were asked for.
        pin.Remaining = pin.Count + 1;
        for (long page = pin.First; page < pin.First + pin.Count; page++)
        {
            pages.Pins(page)++;
            pages.Set(page, PageFlags.Pinned);
            if (pin.Write && !pages.Has(page, PageFlags.WritePinned))
            {
                pages.Set(page, PageFlags.WritePinned);
                writePinned++;
            }
            if (TryMakeResident(page, ref outbox))
                PageOfPinIsResident(page, pin, ref outbox);
            else
                WaitFor(page, null, pin, ref outbox);
        }
        EndOfPinStep(pin, ref outbox);
    }

    private void PageOfPinIsResident(long page, PinOperation pin, ref Outbox outbox)
    {
        pages.Set(page, PageFlags.Accessed);
        if (pin.Write)
            MarkWritten(page);
        EndOfPinStep(pin, ref outbox);
    }

    private static void EndOfPinStep(PinOperation pin, ref Outbox outbox)
    {
        if (--pin.Remaining == 0)
            (outbox.Ready ??= []).Add(pin.Ready);
    }

    private int CheckPinRange(long offset, long length)
    {
        if (offset < 0 || length <= 0 || length > Size || offset > Size - length)
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"A range of {length} bytes is not inside RAM of {Size} bytes.");
        long count = ((offset + length - 1) >> PageShift) - (offset >> PageShift) + 1;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Math.Min(MaximumPinnedPages, pinQuota), nameof(length));
        return (int)count;
    }
}
