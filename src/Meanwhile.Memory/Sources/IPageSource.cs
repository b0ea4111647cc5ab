namespace Meanwhile.Memory.Sources;

/// <summary>Where the content of absent pages is: a swap file, a snapshot, the other side of a migration.</summary>
public unsafe interface IPageSource : IDisposable
{
    /// <summary>
    /// Reads consecutive pages beginning at <paramref name="location"/> (a slot of a store, else a page's index in RAM) into host pages,
    /// then calls <paramref name="completed"/> once with null, or with what went wrong. Never calls inline: on the virtual clock from an
    /// event, else from another thread. Any number may be in flight; the host pages stay valid until the completion.
    /// </summary>
    void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed);

    /// <summary>
    /// A thread of the source's own threw, which is a defect: what it was doing is never completed. Raised on that thread; a source that has no
    /// threads never raises it.
    /// </summary>
    event Action<Exception>? Failed
    {
        add
        {
        }

        remove
        {
        }
    }

    /// <summary>A page can be read any number of times: an unchanged page may be dropped and read again.</summary>
    bool KeepsContent { get; }
}

/// <summary>A page source that takes pages too: slots of one page each, whose use the caller keeps count of.</summary>
public unsafe interface IPageStore : IPageSource
{
    /// <summary>Number of slots.</summary>
    long SlotCount { get; }

    /// <summary>Writes host pages to consecutive slots beginning at <paramref name="slot"/>; completion as for <see cref="IPageSource.Read"/>.</summary>
    void Write(long slot, ReadOnlySpan<nint> pages, Action<string?> completed);
}
