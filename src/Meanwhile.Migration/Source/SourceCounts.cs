namespace Meanwhile.Migration.Source;

/// <summary>What a source counts. Synchronised by the session's lock, but for <see cref="Transferred"/>.</summary>
internal sealed class SourceCounts
{
    private long transferred;
    private long started;
    private long ended = -1;

    public long? FirstPage { get; private set; }

    public long? Stopped { get; set; }

    public long? Downtime { get; set; }

    public long Normal { get; set; }

    public long Zero { get; set; }

    public long PreCopyBytes { get; set; }

    public long DowntimeBytes { get; set; }

    public long PostCopyBytes { get; set; }

    public long Syncs { get; set; }

    public long DirtyRate { get; set; }

    public long Requests { get; set; }

    public int Recoveries { get; set; }

    /// <summary>Bytes handed to transports.</summary>
    public long Transferred => Interlocked.Read(ref transferred);

    public void AddTransferred(long bytes) => Interlocked.Add(ref transferred, bytes);

    public void Begin(long now) => started = now;

    public void PagesBegin(long now) => FirstPage ??= now;

    public void End(long now)
    {
        if (ended < 0)
            ended = now;
    }

    public long TotalTime(long now) => (ended < 0 ? now : ended) - started;

    public long SetupTime(long now) => (FirstPage ?? (ended < 0 ? now : ended)) - started;

    /// <summary>Nanoseconds since the first page.</summary>
    public long PagesTime(long now) => FirstPage is long first ? (ended < 0 ? now : ended) - first : 0;
}
