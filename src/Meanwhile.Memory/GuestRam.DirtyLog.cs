using System.Numerics;
using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory;

/// <content>
/// The dirty log: which pages were written, for who copies RAM while the guest runs. While it is on, a page is writable through a cached
/// address only when it is in the log. Collecting empties the log, and one invalidation round then makes every listener forget its
/// addresses: until it has, it may write pages that were just collected, and only those; after that, each write is in the next log.
/// </content>
public sealed unsafe partial class GuestRam
{
    // A bit a page; null while the log is off. Written under the lock, read by Resolve without it: what it finds too late is forgotten in
    // the round that follows.
    private volatile ulong[]? dirtyLog;
    private long writePinned; // Pages with the flag WritePinned.

    /// <summary>True between <see cref="StartDirtyLog"/> and <see cref="StopDirtyLog"/>.</summary>
    public bool IsDirtyLogOn => dirtyLog is not null;

    /// <summary>
    /// Turns the dirty log on. It begins with all pages in it, as if each had just been written: whoever copies RAM copies all of it first,
    /// and what is written until the first <see cref="CollectDirty"/> makes no difference. So nobody has to forget anything yet.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is on.</exception>
    public void StartDirtyLog()
    {
        var all = new PageBitmap(pages.Count);
        all.AddAll();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (dirtyLog is not null)
                throw new InvalidOperationException("The dirty log of guest RAM is on already.");
            dirtyLog = all.Words.ToArray();
        }
    }

    /// <summary>Turns the dirty log off and forgets what is in it. No effect when it is off.</summary>
    public void StopDirtyLog()
    {
        lock (gate)
            dirtyLog = null;
    }

    /// <summary>
    /// Adds to <paramref name="into"/> the pages written since the last call and empties the log, then calls <paramref name="done"/> once, when every
    /// listener has forgotten its addresses: a page read after that has all that was written to it before the call, and what is written to it
    /// later is in the next log. Pages that are pinned for writing are in this log and in the next, as their devices may go on writing them.
    /// </summary>
    /// <param name="into">A set of this RAM's pages; filled when the call returns.</param>
    /// <param name="done">Called without a lock: inline when every listener can forget at once (no vCPU is in the guest), else on the thread of the last one, so it
    /// must be short and must not block.</param>
    /// <exception cref="InvalidOperationException">The log is off.</exception>
    public void CollectDirty(PageBitmap into, Action done)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(done);
        if (into.Count != pages.Count)
            throw new ArgumentException($"A set of {into.Count} pages is not of this RAM of {pages.Count} pages.", nameof(into));
        IInvalidationListener[] asked;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            ulong[] log = dirtyLog ?? throw new InvalidOperationException("The dirty log of guest RAM is off.");
            TakeLog(log, into.Words);
            LogWritePinned(log);
            asked = listeners;
        }
        InvalidateAll(asked, done);
    }

    // Calls done once, when all have forgotten their addresses. Not under the lock.
    private static void InvalidateAll(IInvalidationListener[] asked, Action done)
    {
        int waiting = asked.Length + 1;
        foreach (IInvalidationListener listener in asked)
            listener.RequestInvalidation(Acknowledge);
        Acknowledge();

        void Acknowledge()
        {
            if (Interlocked.Decrement(ref waiting) == 0)
                done();
        }
    }

    private static void TakeLog(ulong[] log, Span<ulong> into)
    {
        int i = 0;
        for (; i <= log.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            var taken = new Vector<ulong>(log, i);
            (taken | new Vector<ulong>(into[i..])).CopyTo(into[i..]);
        }
        for (; i < log.Length; i++)
            into[i] |= log[i];
        Array.Clear(log);
    }

    // Devices write through addresses that no round takes from them.
    private void LogWritePinned(ulong[] log)
    {
        long page = -1;
        for (long found = 0; found < writePinned; found++)
        {
            page = pages.NextWith(PageFlags.WritePinned, page + 1);
            log[page >> 6] |= 1UL << (int)page;
        }
    }

    private bool IsLogged(long page) => dirtyLog is not { } log || (Volatile.Read(ref log[page >> 6]) >> (int)page & 1) != 0;

    // The guest or a device changes what the page holds, or may from now on.
    private void Log(long page)
    {
        if (dirtyLog is { } log)
            Volatile.Write(ref log[page >> 6], log[page >> 6] | 1UL << (int)page);
    }
}
