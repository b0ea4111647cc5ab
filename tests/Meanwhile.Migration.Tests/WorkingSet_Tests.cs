using Meanwhile.Memory;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Tests.Fakes;

namespace Meanwhile.Migration.Tests;

/// <summary>What the guest has used lately goes before a switch to post-copy.</summary>
public class WorkingSet_Tests
{
    // 64 MiB take 0.67 s; a page is used each 10 microseconds.
    private static readonly Scenario Large = new()
    {
        Pages = 16384,
        Touched = 16384,
        WritePercent = 0,
        StepTime = 10_000,
        WorkingSet = 200,
        Options = new MigrationOptions { DowntimeLimit = 0, PostCopy = true },
        PostCopyAfter = 0,
    };

    /// <summary>
    /// 200 pages take 8 ms, in which 83 others are used at 100 microseconds each; those take 3.5 ms (35 others), those 1.4 ms (15 others), which
    /// are pushed first.
    /// </summary>
    [Fact]
    public void It_is_there_when_the_guest_runs()
    {
        Scenario scenario = Large with { StepTime = 100_000 };
        World used = AtRun(scenario), unused = AtRun(scenario with { WorkingSet = 0 });
        Assert.InRange(Present(used), 180, 200);
        // By chance.
        Assert.InRange(Present(unused), 0, 20);

        long Present(World world) => LastUsed(world).LongCount(page => world.To.Ram.IsPresent((int)page));
    }

    /// <summary>Nor longer when the guest writes all of it all the time.</summary>
    [Theory]
    [InlineData(100_000_000)]
    [InlineData(20_000_000)]
    public void The_guest_stands_still_no_longer_for_it(long bandwidth)
    {
        Scenario scenario = Large with { WritePercent = 100, Bandwidth = bandwidth };
        MigrationStatus with = AtRun(scenario).Source.Status(), without = AtRun(scenario with { WorkingSet = 0 }).Source.Status();
        // More ranges of pages are missing: 12 bytes each.
        Assert.InRange(with.DowntimeBytes - without.DowntimeBytes, -8192, 8192);
    }

    /// <summary>What it writes all the time is pushed before everything else.</summary>
    [Fact]
    public void The_rest_is_pushed_first()
    {
        var world = new World(Large with { WritePercent = 100 });
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.To.Runs == 1, World.Second));
        long[] missing = [.. LastUsed(world).Where(page => !world.To.Ram.IsPresent((int)page))];
        Assert.NotEmpty(missing);
        // Their time on the link, two frames that may be before them, and the way.
        world.Clock.Run((missing.Length * 41_500L) + 1_000_000 + world.Scenario.RoundTrip);
        Assert.All(missing, page => Assert.True(world.To.Ram.IsPresent((int)page)));
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        world.CheckMemory();
    }

    [Fact]
    public void However_large_it_is_the_guest_is_soon_elsewhere()
    {
        World world = AtRun(Large with { WorkingSet = 16384, StepTime = 1_000 });
        // Fifty milliseconds in which it is noted, four hundred in which it is sent, and the switch-over.
        Assert.InRange(world.Clock.Now, 440_000_000, 470_000_000);
    }

    [Fact]
    public void It_waits_for_no_more_than_the_limit_allows()
    {
        var world = new World(Large with { Options = Large.Options with { MaxBandwidth = 10_000_000 } });
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State > SourceState.PreCopy, World.Second));
        // One frame may be ahead of the limit.
        Assert.InRange(world.Source.Status().Transferred, 0, (world.Clock.Now * 10_000_000 / World.Second) + (65 * 4096));
    }

    /// <summary>Nobody notes anything any more, however it ends.</summary>
    [Theory]
    [InlineData(SourceState.PreCopy)]
    [InlineData(SourceState.Quiescing)]
    [InlineData(SourceState.SwitchingOver)]
    [InlineData(SourceState.PostCopy)]
    public void It_is_forgotten_when_the_guest_has_left_or_stays(object at)
    {
        var world = new World(Large with { Latency = 30_000 });
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.From.Ram.IsTracking, World.Second));
        Assert.True(world.Clock.RunUntil(() => world.Source.State == (SourceState)at, World.Second));
        bool early = world.Source.Cancel() is null;
        Assert.Equal((SourceState)at != SourceState.PostCopy, early);
        world.Settle();
        Assert.False(world.From.Ram.IsTracking);
        Assert.Equal(early, world.From.IsRunning);
        world.CheckMemory();
    }

    [Fact]
    public void A_push_begins_with_what_it_was_given_in_that_order()
    {
        var missing = new PageBitmap(100);
        missing.AddRange(0, 100);
        missing.Remove(7);
        var order = new PushOrder(reach: 1);
        order.BeginWith([50, 7, 3, 90]);
        order.Requested(20);
        long[] taken = [.. Enumerable.Range(0, 5).Select(_ =>
        {
            long page = order.Next(missing);
            missing.Remove(page);
            return page;
        })];
        Assert.Equal([50, 3, 90, 20, 21], taken);
    }

    private static World AtRun(Scenario scenario)
    {
        var world = new World(scenario);
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State == SourceState.PostCopy, World.Second));
        return world;
    }

    // The guest's accesses are pseudo-random: the model's own list of the last ones.
    private static IEnumerable<long> LastUsed(World world) => world.From.Ram.LastUsed(200);
}
