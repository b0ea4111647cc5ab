using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Migration.Tests;

/// <summary>A link's clock that goes over from one machine's clock to the other's.</summary>
public class HandoverClock_Tests
{
    [Fact]
    public void What_is_due_comes_after_as_long_as_was_left_and_in_order()
    {
        TestClock first = new();
        TestClock second = new();
        second.Run(777);
        var clock = new HandoverClock(first);
        var came = new List<(int, long)>();
        first.Run(100);
        clock.Schedule(50, () => came.Add((2, clock.Now)));
        clock.Schedule(10, () => came.Add((1, clock.Now)));
        clock.Schedule(50, () => came.Add((3, clock.Now)));
        clock.Schedule(200, () => came.Add((4, clock.Now)));
        first.Run(20);
        clock.MoveTo(second);
        Assert.Equal(120, clock.Now);
        first.Run(1000);
        Assert.Equal([(1, 110)], came);
        clock.Schedule(100, () => came.Add((5, clock.Now)));
        second.Run(1000);
        Assert.Equal([(1, 110), (2, 150), (3, 150), (5, 220), (4, 300)], came);
        clock.MoveTo(first);
        clock.MoveTo(second);
        Assert.Equal(1120, clock.Now);
    }

    /// <summary>As on virtual clocks: the source's stands still once its guest has left, the destination's until its guest runs.</summary>
    [Fact]
    public void A_migration_whose_machines_have_a_clock_each_repeats_to_the_digit()
    {
        (long steps, long time, Status.MigrationStatus status) = Run();
        Assert.Equal((steps, time, status), Run());
        Assert.True(status.PostCopyRequests > 0);
        Assert.True(status.Downtime < 5_000_000);
    }

    private static (long Steps, long Time, Status.MigrationStatus Status) Run()
    {
        const int Pages = 200;
        TestClock sourceClock = new();
        TestClock destinationClock = new();
        var clock = new HandoverClock(sourceClock);
        var guest = new FakeGuest(Pages, 50, Pages);
        var from = new FakeMachine("source", guest, Pages, sourceClock, 300_000);
        var to = new FakeMachine("destination", guest, Pages, destinationClock, 300_000);
        from.Boot(Pages);
        var link = new ModelledLink(clock, 40_000_000, 500_000);
        var source = new SourceSession(from, from.Ram, clock, new MigrationOptions { PostCopy = true });
        var destination = new DestinationSession(to, to.Ram, clock);
        source.UrgentWanted += () => link.Connect(source.OpenUrgent(), destination.Accept());
        to.OnRun = () => clock.MoveTo(destinationClock);
        link.Connect(source.Start(), destination.Accept());
        source.StartPostCopy();
        Assert.True(sourceClock.RunUntil(() => to.IsRunning, World.Second));
        Assert.True(destinationClock.RunUntil(() => destination.State == DestinationState.Completed && source.State == SourceState.Completed, World.Second));
        for (int page = 0; page < Pages; page++)
            guest.Check(to.Ram, page);
        Assert.Empty(guest.Errors);
        return (guest.Steps, clock.Now, source.Status());
    }
}
