namespace Meanwhile.Hypervisor.AsyncPageFaults;

/// <summary>One outstanding fault, or the order to wake every waiter. Its state belongs to the lock of its queue.</summary>
internal sealed class AsyncPageFaultWork(uint token, ulong gfn, long start)
{
    /// <summary>The token that makes a guest wake all that wait.</summary>
    public const uint WakeAllToken = uint.MaxValue;

    public uint Token { get; } = token;

    public ulong Gfn { get; } = gfn;

    /// <summary>When the fault was taken.</summary>
    public long Start { get; } = start;

    public WorkState State { get; set; }

    public bool IsWakeAll => Token == WakeAllToken;
}

/// <summary>Where a work is.</summary>
internal enum WorkState
{
    /// <summary>Its page is being asked for: nobody was told.</summary>
    Requested,

    /// <summary>In the pending queue.</summary>
    Pending,

    /// <summary>Its page is there.</summary>
    Completed,

    /// <summary>Forgotten: its page's coming means nothing.</summary>
    Dropped,
}
