namespace Meanwhile.Migration.Source;

/// <summary>Paces bytes to a rate. A sender that was late may catch up, by some milliseconds' worth at most.</summary>
internal sealed class BandwidthLimit
{
    // Longer than a thread on a busy host waits for its turn, shorter than anyone would call a burst.
    private const long CatchUp = 20_000_000;

    private long free;

    /// <summary>Bytes a second; 0: no limit. Another value begins anew.</summary>
    public long BytesPerSecond
    {
        get;
        set
        {
            if (value != field)
                free = 0;
            field = value;
        }
    }

    /// <summary>Nanoseconds from <paramref name="now"/> until something may be sent; 0 when at once.</summary>
    public long Wait(long now) => BytesPerSecond == 0 ? 0 : Math.Max(0, free - now);

    /// <summary>So many bytes are being sent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="bytes">How many.</param>
    /// <param name="exact">The clock is virtual: nobody is ever late.</param>
    public void Spend(long now, long bytes, bool exact)
    {
        if (BytesPerSecond == 0)
            return;
        free = Math.Max(free, exact ? now : now - CatchUp) + (long)((Int128)bytes * 1_000_000_000 / BytesPerSecond);
    }
}
