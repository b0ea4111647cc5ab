using CsCheck;
using Meanwhile.Hypervisor.Clocks;

namespace Meanwhile.Hypervisor.Tests.Clocks;

public class VirtualClock_Tests
{
    [Theory]
    [InlineData(4, 1, 1000, 4000)]
    [InlineData(1, 3, 1000, 333)]
    [InlineData(7, 2, 3, 10)]
    public void Time_is_instructions_times_the_rate_rounded_down(int nanoseconds, int instructions, long retired, long expected)
    {
        VirtualClock clock = new(nanoseconds, instructions);
        clock.Attach(() => retired, () => { });
        Assert.Equal(expected, clock.Now);
    }

    [Fact]
    public void Time_does_not_overflow_after_a_century_of_instructions()
    {
        VirtualClock clock = new(999_999, 1_000_000);
        clock.Attach(() => 3_000_000_000_000_000_000, () => { });
        Assert.Equal(2_999_997_000_000_000_000, clock.Now);
    }

    [Fact]
    public void Events_run_in_order_of_time_then_of_scheduling()
    {
        long retired = 0;
        VirtualClock clock = new();
        clock.Attach(() => retired, () => { });
        List<string> order = [];
        clock.Schedule(20, () => order.Add("late"));
        clock.Schedule(8, () => order.Add("first of two"));
        clock.Schedule(8, () => order.Add("second of two"));
        clock.Schedule(-5, () => order.Add("now"));
        Assert.True(clock.RunDueEvents());
        Assert.Equal(["now"], order);
        retired = 4;
        clock.RunDueEvents();
        retired = 5;
        clock.RunDueEvents();
        Assert.Equal(["now", "first of two", "second of two", "late"], order);
        Assert.False(clock.RunDueEvents());
    }

    [Fact]
    public void The_budget_ends_a_run_at_the_first_instruction_boundary_at_or_after_the_next_event()
    {
        Gen.Select(Gen.Int[1, 1000], Gen.Int[1, 1000], Gen.Long[0, 1_000_000], Gen.Long[1, 1_000_000]).Sample((nanoseconds, instructions, before, delay) =>
        {
            long retired = before;
            VirtualClock clock = new(nanoseconds, instructions);
            clock.Attach(() => retired, () => { });
            long due = clock.Now + delay;
            clock.ScheduleAt(due, () => { });
            long budget = clock.BeginRun(long.MaxValue);
            clock.EndRun();
            Assert.True(budget > 0);
            retired = before + budget - 1;
            Assert.True(clock.Now < due);
            retired++;
            Assert.True(clock.Now >= due);
            Assert.True(clock.RunDueEvents());
        });
    }

    [Fact]
    public void Idling_jumps_to_the_next_event_and_not_past_it()
    {
        VirtualClock clock = new();
        List<long> times = [];
        clock.ScheduleAt(1_000_000, () => times.Add(clock.Now));
        clock.ScheduleAt(2_000_000, () => times.Add(clock.Now));
        while (clock.AdvanceToNextEvent())
            clock.RunDueEvents();
        Assert.Equal([1_000_000, 2_000_000], times);
        Assert.Equal(2_000_000, clock.Skipped);
    }

    [Fact]
    public void A_cancelled_event_does_not_run_and_is_no_reason_to_stop_for()
    {
        VirtualClock clock = new();
        IScheduledEvent scheduled = clock.ScheduleAt(100, () => Assert.Fail("cancelled"));
        scheduled.Cancel();
        scheduled.Cancel();
        Assert.Null(clock.NextEventTime);
        Assert.False(clock.AdvanceToNextEvent());
    }

    [Fact]
    public void An_event_that_schedules_itself_for_now_lets_the_vcpu_look_around()
    {
        VirtualClock clock = new();
        int runs = 0;
        void Again()
        {
            runs++;
            clock.Schedule(0, Again);
        }

        clock.Schedule(0, Again);
        clock.RunDueEvents();
        Assert.Equal(1, runs);
        Assert.Equal(0, clock.BeginRun(1000));
    }

    [Fact]
    public void An_earlier_event_scheduled_while_the_guest_runs_ends_the_run()
    {
        int kicks = 0;
        VirtualClock clock = new();
        clock.Attach(() => 0, () => kicks++);
        clock.EnterOwner();
        clock.Schedule(1000, () => { });
        Assert.Equal(0, kicks);
        Assert.Equal(250, clock.BeginRun(long.MaxValue));
        clock.Schedule(2000, () => { });
        Assert.Equal(0, kicks);
        clock.Schedule(500, () => { });
        Assert.Equal(1, kicks);
        clock.EndRun();
        Assert.Equal(125, clock.BeginRun(long.MaxValue));
    }

    [Fact]
    public void An_event_from_another_thread_wakes_an_idle_vcpu()
    {
        int kicks = 0;
        VirtualClock clock = new();
        clock.Attach(() => 0, () => kicks++);
        clock.EnterOwner();
        Thread other = new(() => clock.Schedule(0, () => { }));
        other.Start();
        other.Join();
        Assert.Equal(1, kicks);
        Assert.True(clock.RunDueEvents());
    }

    [Fact]
    public void Idling_does_not_lead_to_where_time_would_overflow()
    {
        VirtualClock clock = new();
        long instructions = 0;
        clock.Attach(() => instructions, () => { });
        clock.EnterOwner();
        bool ran = false;
        clock.ScheduleAt(long.MaxValue - 8, () => ran = true);
        Assert.False(clock.AdvanceToNextEvent());
        instructions += 1_000_000;
        Assert.Equal(4_000_000, clock.Now);
        Assert.True(clock.BeginRun(1000) == 1000);
        Assert.False(ran);
    }
}
