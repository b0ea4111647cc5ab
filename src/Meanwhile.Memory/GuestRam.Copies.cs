using Meanwhile.Memory.Pages;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory;

/// <content>
/// Copies of pages for who sends or saves them. A page is not made resident for that and not counted as accessed, so a guest's working
/// set stays as it is; only what cannot be read twice (an origin that does not keep its content) is brought in as if touched.
/// </content>
public sealed unsafe partial class GuestRam
{
    // Slots that copies are being read from, with how many read and whether the slot was released meanwhile.
    private readonly Dictionary<int, (int Copies, bool Released)> copiedSlots = [];

    /// <summary>What <see cref="CopyPage"/> did.</summary>
    internal enum PageCopy
    {
        /// <summary>The page is all zero; nothing was copied.</summary>
        Zero,

        /// <summary>Its content was copied.</summary>
        Copied,

        /// <summary>It is being read: the completion says when.</summary>
        Pending,
    }

    /// <summary>Adds the pages that never held anything to <paramref name="into"/>: they are zero, nobody need look.</summary>
    public void AddUntouched(PageBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentOutOfRangeException.ThrowIfNotEqual(into.Count, pages.Count, nameof(into));
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            for (long page = 0; page < pages.Count; page++)
            {
                if (pages.State(page) == PageState.Untouched)
                    into.Add(page);
            }
        }
    }

    /// <summary>
    /// Puts content into a page in place of what was there, when it can be resident at once. For a page that no listener has addresses of, so that
    /// nobody sees half of it.
    /// </summary>
    /// <returns>False: it must be read first, or there is no frame. <see cref="Request"/> says when to try again.</returns>
    public bool TryOverwrite(long page, ReadOnlySpan<byte> content)
    {
        CheckPage(page);
        ArgumentOutOfRangeException.ThrowIfNotEqual(content.Length, PageSize, nameof(content));
        var outbox = default(Outbox);
        bool resident;
        lock (gate)
        {
            resident = TryMakeResident(page, ref outbox);
            if (resident)
            {
                // Under the lock no page loses its memory.
                pages.Set(page, PageFlags.Accessed);
                MarkWritten(page);
                Put((nint)(memory + (page << PageShift)), content);
            }
        }
        Deliver(ref outbox);
        return resident;
    }

    /// <summary>
    /// Copies a page's content, as it is at some moment of the call, when it can be had without reading it from somewhere.
    /// </summary>
    /// <param name="page">The page.</param>
    /// <param name="into">A page's room.</param>
    /// <param name="isZero">The page is all zero, and nothing was copied.</param>
    /// <returns>False: a <see cref="PageReader"/> reads it.</returns>
    public bool TryCopy(long page, Span<byte> into, out bool isZero)
    {
        CheckPage(page);
        ArgumentOutOfRangeException.ThrowIfNotEqual(into.Length, PageSize, nameof(into));
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return TryCopyHere(page, into, out isZero);
        }
    }

    /// <summary>
    /// Copies a page's content, as it is at some moment of the call, to the host page <paramref name="into"/>. When it must be read from somewhere, calls
    /// <paramref name="completed"/> with null or with what went wrong: then what was there at the call is in the copy, and later writes may be.
    /// The host page stays valid until then. With an image (<paramref name="of"/>) the copy is what was there when that began, and exactly that.
    /// </summary>
    internal PageCopy CopyPage(long page, nint into, CopyOnWriteImage? of, Action<string?> completed)
    {
        CheckPage(page);
        IPageSource? source = null;
        int slot;
        ulong zeroed;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (of?.TryTake(page, new Span<byte>((void*)into, PageSize), out bool wasZero) == true)
                return wasZero ? PageCopy.Zero : PageCopy.Copied;
            if (TryCopyHere(page, new Span<byte>((void*)into, PageSize), out bool isZero))
            {
                of?.Forget(page);
                return isZero ? PageCopy.Zero : PageCopy.Copied;
            }
            PageState state = pages.State(page);
            slot = pages.Slot(page);
            if (state != PageState.Reading && slot != PageTable.NoSlot)
            {
                source = options.Store!;
                KeepForCopy(slot);
            }
            else if (state != PageState.Reading && options.Origin!.KeepsContent)
            {
                source = options.Origin;
            }
            zeroed = zeroedBlocks.GetValueOrDefault(page);
        }
        if (source is null)
            CopyWhenResident(page, into, of, completed);
        else
            CopyFrom(source, page, slot, zeroed, into, of, completed);
        return PageCopy.Pending;
    }

    private bool TryCopyHere(long page, Span<byte> into, out bool isZero)
    {
        isZero = true;
        switch (pages.State(page))
        {
            case PageState.Untouched:
            case PageState.Dropping when pages.Slot(page) == PageTable.NoSlot && !pages.Has(page, PageFlags.InOrigin):
                return true;
            case PageState.Resident:
            case PageState.Evicting:
            case PageState.Writing:
                // Under the lock no page loses its memory. What the guest writes meanwhile is in the next dirty log.
                isZero = IsZero(page);
                if (!isZero)
                    new ReadOnlySpan<byte>(memory + (page << PageShift), PageSize).CopyTo(into);
                return true;
            default:
                return false;
        }
    }

    private void CopyFrom(IPageSource source, long page, int slot, ulong zeroed, nint into, CopyOnWriteImage? of, Action<string?> completed) =>
        source.Read(slot != PageTable.NoSlot ? slot : page, [into], error => CopyCompleted(page, into, slot, zeroed, of, error, completed));

    private void CopyWhenResident(long page, nint into, CopyOnWriteImage? of, Action<string?> completed) =>
        Request(page, () => CopyAfterRequest(page, into, of, completed));

    // Resident when it was called, though perhaps not any more.
    private void CopyAfterRequest(long page, nint into, CopyOnWriteImage? of, Action<string?> completed)
    {
        switch (CopyPage(page, into, of, completed))
        {
            case PageCopy.Zero:
                new Span<byte>((void*)into, PageSize).Clear();
                completed(null);
                break;
            case PageCopy.Copied:
                completed(null);
                break;
            default:
                break;
        }
    }

    private void CopyCompleted(long page, nint into, int slot, ulong zeroed, CopyOnWriteImage? of, string? error, Action<string?> completed)
    {
        var content = new Span<byte>((void*)into, PageSize);
        var outbox = default(Outbox);
        bool taken = false;
        lock (gate)
        {
            if (disposed)
                return;
            if (slot != PageTable.NoSlot)
                EndCopy(slot, ref outbox);
            // The guest may have brought and written the page meanwhile.
            if (of?.TryTake(page, content, out bool wasZero) == true)
            {
                taken = true;
                if (wasZero)
                    content.Clear();
            }
            else if (error is null)
            {
                of?.Forget(page);
            }
        }
        Deliver(ref outbox);
        if (error is null && !taken)
            ClearBlocks((byte*)into, zeroed);
        completed(taken ? null : error);
    }

    private void KeepForCopy(int slot)
    {
        (int copies, bool released) = copiedSlots.GetValueOrDefault(slot);
        copiedSlots[slot] = (copies + 1, released);
    }

    // A slot that is released while copies are read from it stays in use, and keeps its content, until they are.
    private bool IsKeptForCopy(int slot)
    {
        if (!copiedSlots.TryGetValue(slot, out (int Copies, bool Released) kept))
            return false;
        copiedSlots[slot] = (kept.Copies, true);
        orphanSlots++;
        return true;
    }

    private void EndCopy(int slot, ref Outbox outbox)
    {
        (int copies, bool released) = copiedSlots[slot];
        if (copies > 1)
        {
            copiedSlots[slot] = (copies - 1, released);
            return;
        }
        copiedSlots.Remove(slot);
        if (!released)
            return;
        orphanSlots--;
        ReleaseSlot(slot);
        WantReclaim(ref outbox);
    }
}
