namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>What one post-copy migration cost its guest. Times are milliseconds.</summary>
/// <param name="StopMs">From the source's event STOP to the destination's RESUME: the guest ran nowhere.</param>
/// <param name="ClockStopMs">The same as the guest's clock has it, which stands still then; as exact as the least delayed line of either console.</param>
/// <param name="CalculationStopMs">The stop, and around it the gap of the calculating thread: until it really ran again.</param>
/// <param name="LongestGapMs">Longest time in which the calculating thread did not run while memory followed.</param>
/// <param name="LongestGapBeforeMs">The same before the migration.</param>
/// <param name="Calculation">Steps per second while memory followed, relative to before.</param>
/// <param name="BlockedMs">How long the vCPU waited for pages, as the destination says; null when it says nothing.</param>
/// <param name="PagesPerSecond">Pages of guest RAM over the total time: what was sent twice moved nothing.</param>
/// <param name="PagesSent">Pages sent, zero pages among them, each as often as it was.</param>
/// <param name="TotalMs">From the command to the end, as the source says.</param>
/// <param name="PostcopyMs">From RESUME to all memory there.</param>
/// <param name="NormalPages">Pages sent whole.</param>
/// <param name="Requests">Pages the destination asked for.</param>
/// <param name="Passes">Passes of the memory's check, all told.</param>
/// <param name="Wrong">Values that the check found wrong.</param>
internal sealed record MigrationFigures(
    double StopMs,
    double ClockStopMs,
    double CalculationStopMs,
    double LongestGapMs,
    double LongestGapBeforeMs,
    double Calculation,
    double? BlockedMs,
    double PagesPerSecond,
    long PagesSent,
    double TotalMs,
    double PostcopyMs,
    long NormalPages,
    long Requests,
    long Passes,
    long Wrong)
{
    /// <summary>Before the migration, the share of time in which the vCPU's thread wanted a CPU of the host and had none; null: not known.</summary>
    public double? HostWaitBefore { get; init; }

    /// <summary>The same while memory followed, on the destination: gaps that are the host's, not the migration's.</summary>
    public double? HostWait { get; init; }

    // How far the moments of two clocks may be off.
    private const double Tolerance = 0.005;

    /// <summary>Puts together what the guest, the events and both monitors say of a guest with so many pages of RAM.</summary>
    public static MigrationFigures Of(GuestTimeline guest, MigrationMoments moments, MigrationReply source, MigrationReply destination, long pages)
    {
        double resumed = guest.OnDestination(moments.Resumed), completed = guest.OnDestination(moments.Completed);
        double steady = guest.OnSource(moments.Steady), started = guest.OnSource(moments.Started);
        double stop = moments.Resumed - moments.Stopped;
        double gap = guest.LongestGap(resumed - Tolerance, resumed + Tolerance);
        return new MigrationFigures(
            Milliseconds(stop),
            Milliseconds(guest.ClockStop),
            Milliseconds(stop + gap),
            Milliseconds(guest.LongestGap(resumed, completed)),
            Milliseconds(guest.LongestGap(steady, started)),
            Math.Round(guest.Rate(resumed, completed) / guest.Rate(steady, started), 4),
            destination.BlockedMs,
            Math.Round(pages * 1000 / Math.Max(1, source.TotalMs), 1),
            source.NormalPages + source.ZeroPages,
            source.TotalMs,
            Milliseconds(moments.Completed - moments.Resumed),
            source.NormalPages,
            source.Requests,
            guest.Beats[^1].Passes,
            guest.Beats[^1].Wrong);
    }

    private static double Milliseconds(double seconds) => Math.Round(1000 * seconds, 3);
}
