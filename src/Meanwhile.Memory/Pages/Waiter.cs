namespace Meanwhile.Memory.Pages;

/// <summary>Somebody who waits for a page to be resident: a plain request, or a pin of several pages.</summary>
internal sealed record Waiter(Action? Ready, PinOperation? Pin, Waiter? Next);

/// <summary>One call of <see cref="GuestRam.Pin"/>.</summary>
internal sealed class PinOperation(long first, int count, bool write, Action ready)
{
    public long First { get; } = first;

    public int Count { get; } = count;

    public bool Write { get; } = write;

    public Action Ready { get; } = ready;

    /// <summary>Pages that are not resident yet.</summary>
    public int Remaining { get; set; }
}

/// <summary>What must be done once the lock is released.</summary>
internal struct Outbox
{
    /// <summary>Callbacks of requests and pins whose pages are resident.</summary>
    public List<Action>? Ready;

    /// <summary>Pages whose read is to be handed to their source.</summary>
    public List<long>? Reads;

    /// <summary>Reclaim is to run.</summary>
    public bool Reclaim;

    /// <summary>What stalled the memory system.</summary>
    public string? Stall;
}
