namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>
/// The heartbeats of a guest that moved, in order, and where its clock stood against the host's on either side. A line takes time on its
/// way, so the clocks' distance is the least that any line had: the line that was delayed least.
/// </summary>
internal sealed class GuestTimeline
{
    private readonly IReadOnlyList<Heartbeat> beats;
    private readonly double before;
    private readonly double after;

    private GuestTimeline(IReadOnlyList<Heartbeat> beats, double before, double after)
    {
        this.beats = beats;
        this.before = before;
        this.after = after;
    }

    /// <summary>All heartbeats.</summary>
    public IReadOnlyList<Heartbeat> Beats => beats;

    /// <summary>How long the guest's clock stood still.</summary>
    public double ClockStop => after - before;

    /// <summary>Puts the two consoles together. The machine may have moved in the middle of a line: its end is the other console's first.</summary>
    /// <exception cref="FormatException">A heartbeat is missing, or came twice, or there is none on one side.</exception>
    public static GuestTimeline Of(ConsoleLog source, ConsoleLog destination)
    {
        (IReadOnlyList<ConsoleLine> first, string rest) = source.Read();
        (IReadOnlyList<ConsoleLine> second, _) = destination.Read();
        var beats = new List<Heartbeat>();
        double before = double.PositiveInfinity, after = double.PositiveInfinity;
        foreach (ConsoleLine line in first)
            Add(line.Text, line.Time, ref before);
        for (int i = 0; i < second.Count; i++)
            Add(i == 0 ? rest + second[i].Text : second[i].Text, second[i].Time, ref after);
        if (double.IsInfinity(before) || double.IsInfinity(after))
            throw new FormatException($"no heartbeat came on the {(double.IsInfinity(before) ? "source" : "destination")}");
        return new GuestTimeline(beats, before, after);

        void Add(string text, double time, ref double distance)
        {
            if (Heartbeat.Parse(text) is not { } beat)
                return;
            if (beat.Window != beats.Count)
                throw new FormatException($"heartbeat {beats.Count} is missing: {beat.Window} came instead");
            beats.Add(beat);
            distance = Math.Min(distance, time - beat.End);
        }
    }

    /// <summary>The guest's time at a moment of the host's on the source.</summary>
    public double OnSource(double host) => host - before;

    /// <summary>The same on the destination.</summary>
    public double OnDestination(double host) => host - after;

    /// <summary>Steps calculated per second between two moments of the guest's time.</summary>
    public double Rate(double from, double to) => (StepsAt(to) - StepsAt(from)) / (to - from);

    /// <summary>The longest gap of which some part lies between two moments of the guest's time.</summary>
    public double LongestGap(double from, double to) =>
        beats.Where(beat => beat.GapEnd > from && beat.GapEnd - beat.Gap < to).Select(beat => beat.Gap).DefaultIfEmpty(0).Max();

    // Evenly within a window.
    private double StepsAt(double time)
    {
        Heartbeat last = beats[0];
        foreach (Heartbeat beat in beats)
        {
            if (beat.End >= time)
                return beat.End == last.End ? beat.Steps : last.Steps + (beat.Steps - last.Steps) * (time - last.End) / (beat.End - last.End);
            last = beat;
        }
        return last.Steps;
    }
}
