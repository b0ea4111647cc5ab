namespace Meanwhile.Migration.Source;

/// <summary>What to do after a round of pre-copy.</summary>
internal enum RoundDecision
{
    /// <summary>One more round.</summary>
    Again = 1,

    /// <summary>What is left can be sent within the downtime limit: stop the guest.</summary>
    SwitchOver,

    /// <summary>Slow the guest down, and one more round.</summary>
    Throttle,

    /// <summary>The guest writes faster than the link carries, and post-copy is allowed to step in.</summary>
    PostCopy,
}

/// <summary>
/// Judges rounds of pre-copy as QEMU does: the downtime that a switch-over would take is what is left over the measured bandwidth. A round in
/// which the guest wrote more than half of what was sent got nowhere; two of those in all, and the guest is throttled (20 % at first, 10 more each
/// time, 99 at most), or post-copy steps in.
/// </summary>
internal sealed class Convergence
{
    private int fruitless;

    /// <summary>Percent taken from the guest now.</summary>
    public int ThrottlePercent { get; private set; }

    /// <summary>Bytes a second in the last round that was long enough to tell.</summary>
    public double Bandwidth { get; private set; }

    /// <summary>Nanoseconds that the guest would stand still if it were stopped now.</summary>
    public long ExpectedDowntime { get; private set; }

    /// <summary>A round is over.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="sent">Bytes sent in it.</param>
    /// <param name="elapsed">Nanoseconds it took.</param>
    /// <param name="remaining">Bytes to be sent now.</param>
    public RoundDecision RoundEnded(MigrationOptions options, long sent, long elapsed, long remaining)
    {
        // A round of a few frames measures the round trip, not the bandwidth.
        if (elapsed > 0 && (Bandwidth == 0 || sent >= 1 << 20))
            Bandwidth = sent * 1e9 / elapsed;
        ExpectedDowntime = Bandwidth == 0 ? 0 : (long)Math.Min(remaining * 1e9 / Bandwidth, long.MaxValue / 2);
        if (remaining == 0 || ExpectedDowntime <= options.DowntimeLimit)
            return RoundDecision.SwitchOver;
        if (remaining <= sent / 2)
            return RoundDecision.Again;
        fruitless++;
        if (fruitless < 2)
            return RoundDecision.Again;
        if (options.AutoConverge && ThrottlePercent < options.ThrottleMaximum)
        {
            ThrottlePercent = Math.Min(options.ThrottleMaximum, ThrottlePercent == 0 ? options.ThrottleInitial : ThrottlePercent + options.ThrottleIncrement);
            fruitless = 0;
            return RoundDecision.Throttle;
        }
        return options.PostCopy && options.PostCopyWhenNotConverging ? RoundDecision.PostCopy : RoundDecision.Again;
    }
}
