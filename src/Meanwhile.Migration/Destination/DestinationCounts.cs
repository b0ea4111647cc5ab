namespace Meanwhile.Migration.Destination;

/// <summary>What a destination counts. Synchronised by the session's lock.</summary>
internal sealed class DestinationCounts
{
    private long started = -1;
    private long ended = -1;

    public long Received { get; set; }

    public long Normal { get; set; }

    public long Zero { get; set; }

    public long Duplicates { get; set; }

    public long Requests { get; set; }

    public int Recoveries { get; set; }

    public void Begin(long now) => started = now;

    public void End(long now)
    {
        if (ended < 0)
            ended = now;
    }

    public long TotalTime(long now) => started < 0 ? 0 : (ended < 0 ? now : ended) - started;
}
