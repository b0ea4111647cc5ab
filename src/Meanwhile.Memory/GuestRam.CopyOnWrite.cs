using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory;

/// <content>
/// Copy on write: RAM as it is at one moment, for who saves it while the guest goes on. All pages are read-only to cached addresses then, as those
/// are that are not in the dirty log, so each first write comes by here and the page is copied before it. Where a page is (in memory, in swap, in
/// the origin) changes as always; only what it holds is kept.
/// </content>
public sealed unsafe partial class GuestRam
{
    // Written under the lock, read by Resolve without it.
    private volatile CopyOnWriteImage? image;

    /// <summary>
    /// Keeps RAM as it is now until the image is disposed. For a guest that is held still, and its devices with it: it may go on after
    /// <paramref name="done"/>. Pages that are pinned for writing are copied at once, as their devices are going to write them without asking.
    /// </summary>
    /// <param name="done">Every listener has forgotten its addresses; called as by <see cref="CollectDirty"/>.</param>
    /// <exception cref="InvalidOperationException">There is an image already.</exception>
    public CopyOnWriteImage BeginCopyOnWrite(Action done)
    {
        ArgumentNullException.ThrowIfNull(done);
        var begun = new CopyOnWriteImage(this, pages.Count);
        IInvalidationListener[] asked;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (image is not null)
                throw new InvalidOperationException("There is an image of guest RAM already.");
            image = begun;
            PreserveWritePinned();
            asked = listeners;
        }
        InvalidateAll(asked, done);
        return begun;
    }

    internal void EndCopyOnWrite(CopyOnWriteImage ended)
    {
        lock (gate)
        {
            if (image == ended)
                image = null;
            ended.End();
        }
    }

    // A page of a pin that has not got it yet is copied when it has.
    private void PreserveWritePinned()
    {
        long page = -1;
        for (long found = 0; found < writePinned; found++)
        {
            page = pages.NextWith(PageFlags.WritePinned, page + 1);
            if (pages.State(page) == PageState.Resident)
                Preserve(page);
        }
    }

    private bool IsPreserved(long page) => image is not { } current || !current.Awaits(page);

    // The guest or a device may change what the resident page holds, from when the lock is released.
    private void Preserve(long page)
    {
        if (!IsPreserved(page))
            image!.Keep(page, IsZero(page) ? [] : new ReadOnlySpan<byte>(memory + (page << PageShift), PageSize));
    }

    private void ThrowIfPreserving()
    {
        if (image is not null)
            throw new InvalidOperationException("Pages of guest RAM cannot be given up while there is an image of it.");
    }
}
