using Meanwhile.Hypervisor.Clocks;

namespace Meanwhile.Machine.Tests.Fakes;

/// <summary>A clock that moves when the test says so.</summary>
public sealed class FakeClock : IClock
{
    private readonly List<Event> events = [];

    public long Now { get; private set; }

    public bool IsVirtual => true;

    public void Schedule(long delay, Action callback) => ScheduleAt(Now + delay, callback);

    public IScheduledEvent ScheduleAt(long time, Action callback)
    {
        var added = new Event(this, time, callback);
        events.Add(added);
        return added;
    }

    public void Advance(long nanoseconds)
    {
        long end = Now + nanoseconds;
        while (events.Where(e => e.Time <= end).MinBy(e => e.Time) is { } next)
        {
            events.Remove(next);
            Now = Math.Max(Now, next.Time);
            next.Callback();
        }

        Now = end;
    }

    private sealed record Event(FakeClock Clock, long Time, Action Callback) : IScheduledEvent
    {
        public void Cancel() => Clock.events.Remove(this);
    }
}
