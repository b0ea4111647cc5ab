using Meanwhile.Hypervisor.Clocks;

namespace Meanwhile.Hypervisor.Tests.Clocks;

public class RealClock_Tests
{
    [Fact]
    public void Events_run_on_the_clocks_thread_in_order_and_never_early()
    {
        using RealClock clock = new();
        using CountdownEvent done = new(3);
        List<(string Name, bool Early, string? Thread)> order = [];
        void Add(long due, string name) => clock.ScheduleAt(due, () =>
        {
            order.Add((name, clock.Now < due, Thread.CurrentThread.Name));
            done.Signal();
        });

        long start = clock.Now + 2_000_000;
        Add(start + 200_000, "third");
        Add(start, "first");
        Add(start + 100_000, "second");
        done.Wait(TestContext.Current.CancellationToken);
        Assert.Equal([("first", false, "clock"), ("second", false, "clock"), ("third", false, "clock")], order);
    }

    [Fact]
    public void A_cancelled_event_does_not_run()
    {
        using RealClock clock = new();
        using ManualResetEventSlim later = new();
        bool ran = false;
        IScheduledEvent scheduled = clock.ScheduleAt(clock.Now + 3_600_000_000_000, () => ran = true);
        IScheduledEvent never = clock.ScheduleAt(long.MaxValue, () => ran = true);
        scheduled.Cancel();
        never.Cancel();
        clock.Schedule(0, later.Set);
        later.Wait(TestContext.Current.CancellationToken);
        Assert.False(ran);
    }

    [Fact]
    public void A_work_queue_runs_items_in_order_on_one_thread()
    {
        using ThreadWorkQueue queue = new("queue under test", exception => Assert.Fail(exception.Message));
        using ManualResetEventSlim done = new();
        List<(int Item, string? Thread)> ran = [];
        for (int item = 0; item < 3; item++)
        {
            int number = item;
            queue.Post(() => ran.Add((number, Thread.CurrentThread.Name)));
        }

        queue.Post(done.Set);
        done.Wait(TestContext.Current.CancellationToken);
        Assert.Equal([(0, "queue under test"), (1, "queue under test"), (2, "queue under test")], ran);
    }
}
