namespace Meanwhile.Migration.Destination;

/// <summary>
/// What a <see cref="DestinationSession"/> needs of the machine that takes the guest: made, and never run. Called from any thread, one call
/// at a time, never under a lock.
/// </summary>
public interface IIncomingMachine
{
    /// <summary>Null when the machine described can go on here, else what differs, as a text for the user.</summary>
    string? DifferenceFrom(ReadOnlySpan<byte> description);

    /// <summary>
    /// The guest will need this code (<see cref="Source.IOutgoingMemory.WorkingSetCode"/>). Advice from a peer: what is not known, or not here, is left alone. Before
    /// <see cref="Restore"/>.
    /// </summary>
    void TranslateAhead(ReadOnlySpan<ulong> code);

    /// <summary>Restores devices, vCPUs and clock; null, or why that cannot be: then the machine must not run.</summary>
    string? Restore(ReadOnlySpan<byte> state);

    /// <summary>The guest runs from now on. Called at most once, and only after <see cref="Restore"/> answered null.</summary>
    void Run();

    /// <summary>Every page of the guest has arrived. Called at most once, after <see cref="Run"/>.</summary>
    void AllArrived();

    /// <summary>Nanoseconds that each vCPU has stood still for missing pages since <see cref="Run"/>. Any thread, any time.</summary>
    long[] BlockTimes();
}

/// <summary>What a <see cref="DestinationSession"/> needs of the RAM that takes the guest's pages: all untouched at first.</summary>
public interface IIncomingMemory
{
    /// <summary>Pages of RAM.</summary>
    long PageCount { get; }

    /// <summary>
    /// The guest waits for a page that was <see cref="MarkAbsent"/> and has not arrived. Raised on any thread, with no lock held that
    /// <see cref="PagesArrived"/> takes; a page may be named more than once.
    /// </summary>
    event Action<long> Wanted;

    /// <summary>False while no more pages can be taken that nobody waits for. Those that are waited for are always taken.</summary>
    bool HasRoom { get; }

    /// <summary><see cref="HasRoom"/> may have become true. Any thread.</summary>
    event Action RoomMade;

    /// <summary>Before the guest runs: content of a page, in place of what was there. The bytes are copied.</summary>
    void Write(long page, ReadOnlySpan<byte> content);

    /// <summary>Before the guest runs: the pages are zero.</summary>
    void Discard(long first, long count);

    /// <summary>Before the guest runs: what is here of these pages is nothing worth; their content will arrive.</summary>
    void MarkAbsent(long first, long count);

    /// <summary>Calls <paramref name="settled"/> once, inline or later, when all that was given so far is in place; with null or what went wrong.</summary>
    void WhenSettled(Action<string?> settled);

    /// <summary>
    /// The content of pages that were marked absent, one page after the other. One that is not absent (any more) is left alone. The bytes are copied.
    /// </summary>
    void PagesArrived(ReadOnlySpan<long> pages, ReadOnlySpan<byte> content);

    /// <summary>As <see cref="PagesArrived"/>, one page and all zero.</summary>
    void ZeroPageArrived(long page);
}
