namespace Meanwhile.Migration.Source;

/// <summary>Capabilities and parameters of a migration, as its source has them. Limits may change while it runs.</summary>
public sealed record MigrationOptions
{
    /// <summary>Most bytes a second; 0: as many as the link takes.</summary>
    public long MaxBandwidth { get; init; }

    /// <summary>Most bytes a second of the background push in post-copy; 0: as many as the link takes. Requested pages wait for no limit.</summary>
    public long MaxPostCopyBandwidth { get; init; }

    /// <summary>Nanoseconds that pre-copy may stop the guest for.</summary>
    public long DowntimeLimit { get; init; } = 300_000_000;

    /// <summary>
    /// Nanoseconds after which a switch-over that has not come so far as RUN is given up and the guest goes on here: a peer that is slow or
    /// silent must not stop the guest for long.
    /// </summary>
    public long SwitchOverTimeout { get; init; } = 10_000_000_000;

    /// <summary>The guest may run on the destination before its pages are there.</summary>
    public bool PostCopy { get; init; }

    /// <summary>Post-copy begins by itself when pre-copy gets nowhere.</summary>
    public bool PostCopyWhenNotConverging { get; init; }

    /// <summary>The guest is slowed down when pre-copy gets nowhere.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>Percent taken at first.</summary>
    public int ThrottleInitial { get; init; } = 20;

    /// <summary>Percent taken more each time.</summary>
    public int ThrottleIncrement { get; init; } = 10;

    /// <summary>Percent taken at most.</summary>
    public int ThrottleMaximum { get; init; } = 99;

    /// <summary>zstd level of pages' content; null: it is not compressed.</summary>
    public int? CompressionLevel { get; init; }

    /// <exception cref="ArgumentException">Names the option and what it may be.</exception>
    public void Validate()
    {
        Check(MaxBandwidth, 0, long.MaxValue, "max-bandwidth");
        Check(MaxPostCopyBandwidth, 0, long.MaxValue, "max-postcopy-bandwidth");
        Check(DowntimeLimit, 0, 2_000_000_000_000, "downtime-limit");
        Check(SwitchOverTimeout, 1_000_000, 2_000_000_000_000, "the switch-over timeout");
        Check(ThrottleInitial, 1, 99, "cpu-throttle-initial");
        Check(ThrottleIncrement, 1, 99, "cpu-throttle-increment");
        Check(ThrottleMaximum, ThrottleInitial, 99, "max-cpu-throttle");
        Check(CompressionLevel ?? 1, 1, 19, "the compression level");
        if (PostCopyWhenNotConverging && !PostCopy)
            throw new ArgumentException("Post-copy cannot begin by itself when the capability postcopy-ram is off.");
    }

    private static void Check(long value, long least, long most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentException($"{name} of {value} is out of range: {least} to {most}.");
    }
}
