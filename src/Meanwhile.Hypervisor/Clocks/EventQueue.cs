namespace Meanwhile.Hypervisor.Clocks;

/// <summary>Events of a clock in order of due time, then of scheduling. Not synchronised: the clock that owns it locks.</summary>
internal sealed class EventQueue
{
    private readonly SortedSet<ScheduledEvent> events = [];
    private long sequence;

    /// <summary>Sequence number that the next event will get: events below it were scheduled before now.</summary>
    internal long NextSequence => sequence;

    /// <summary>The event that is due first.</summary>
    internal ScheduledEvent? First => events.Min;

    internal ScheduledEvent Add(long time, Action callback, Action<ScheduledEvent> cancel)
    {
        ScheduledEvent scheduled = new(time, sequence++, callback, cancel);
        events.Add(scheduled);
        return scheduled;
    }

    /// <summary>Takes an event out; false when it ran or was cancelled before.</summary>
    internal bool Remove(ScheduledEvent scheduled) => events.Remove(scheduled);
}

/// <summary>An entry of an <see cref="EventQueue"/>.</summary>
internal sealed class ScheduledEvent(long time, long sequence, Action callback, Action<ScheduledEvent> cancel) : IScheduledEvent, IComparable<ScheduledEvent>
{
    internal long Time { get; } = time;

    internal long Sequence { get; } = sequence;

    internal Action Callback { get; } = callback;

    public void Cancel() => cancel(this);

    public int CompareTo(ScheduledEvent? other)
    {
        if (other is null)
            return 1;
        int order = Time.CompareTo(other.Time);
        return order != 0 ? order : Sequence.CompareTo(other.Sequence);
    }
}
