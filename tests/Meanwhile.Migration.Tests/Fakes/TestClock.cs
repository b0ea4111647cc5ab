using Meanwhile.Memory;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>Virtual time by hand: events in order of due time, then of scheduling.</summary>
internal sealed class TestClock : IMemoryClock
{
    private readonly PriorityQueue<Action, (long Due, long Number)> events = new();
    private long number;

    public long Now { get; private set; }

    public bool IsVirtual => true;

    public void Schedule(long delay, Action callback) => events.Enqueue(callback, (Now + Math.Max(0, delay), number++));

    /// <summary>Runs events until the condition holds, or until so long from now.</summary>
    public bool RunUntil(Func<bool> condition, long most)
    {
        long end = Now + most;
        while (!condition())
        {
            if (!events.TryPeek(out _, out (long Due, long Number) next) || next.Due > end)
            {
                Now = end;
                return condition();
            }
            Action callback = events.Dequeue();
            Now = Math.Max(Now, next.Due);
            callback();
        }
        return true;
    }

    public void Run(long time) => RunUntil(static () => false, time);
}
