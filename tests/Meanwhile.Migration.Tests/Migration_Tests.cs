using Meanwhile.Memory;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests;

/// <summary>Migrations on which nothing goes wrong, on a modelled link.</summary>
public class Migration_Tests
{
    [Fact]
    public void Pre_copy_moves_a_guest_that_writes()
    {
        World world = Run(new Scenario());
        MigrationStatus status = world.Source.Status();
        Assert.Equal(
            [MigrationPhase.Setup, MigrationPhase.Active, MigrationPhase.Device, MigrationPhase.Completed], world.SourcePhases);
        Assert.Equal(
            [MigrationPhase.Setup, MigrationPhase.Active, MigrationPhase.Device, MigrationPhase.Completed], world.DestinationPhases);
        Assert.Equal(0, status.Remaining);
        Assert.Equal(0, status.PostCopyRequests);
        Assert.True(status.Normal >= world.Scenario.Touched - 10, $"{status.Normal} pages with content were sent");
        Assert.True(status.DirtySyncCount >= 2);
        Assert.Equal(world.Scenario.Pages * 4096L, status.Total);
        Assert.Equal(status.NormalBytes, status.Normal * 4096);
        Assert.True(world.From.HasLeft);
        Assert.False(world.From.Ram.IsLogging);
    }

    [Fact]
    public void Post_copy_at_once_moves_the_guest_before_its_memory()
    {
        World world = Run(new Scenario { Options = PostCopy, PostCopyAfter = 0, Bandwidth = 20_000_000 });
        Assert.Equal(
            [MigrationPhase.Setup, MigrationPhase.Active, MigrationPhase.Device, MigrationPhase.PostCopyActive, MigrationPhase.Completed], world.SourcePhases);
        MigrationStatus status = world.Source.Status();
        Assert.True(status.PostCopyRequests > 0, "no page was asked for");
        Assert.Equal(status.PostCopyRequests, world.Destination.Status().PostCopyRequests);
        Assert.True(status.Downtime < 10_000_000, $"the guest stood still for {status.Downtime} ns");
        Assert.Equal(0, world.Destination.Status().Duplicates);
        // Pages that were never touched are not asked for, nor missed.
        Assert.True(status.Duplicate >= world.Scenario.Pages - world.Scenario.Touched);
    }

    [Fact]
    public void What_is_touched_as_state_is_restored_is_asked_for_when_the_guest_runs()
    {
        var world = new World(new Scenario { Options = PostCopy, PostCopyAfter = 0, Bandwidth = 20_000_000 });
        world.To.OnRestore = () =>
        {
            for (int page = 0; page < world.Scenario.Pages; page++)
                world.To.Ram.Want(page);
        };
        Complete(world);
        Assert.True(world.Source.Status().PostCopyRequests > 0, "no page was asked for");
    }

    [Theory]
    [InlineData(3_000_000L, 0L)]
    [InlineData(3_000_000L, 700_000L)]
    [InlineData(5_500_000L, 130_000L)]
    public void Post_copy_in_the_middle_of_a_round(long after, long latency)
    {
        World world = Run(new Scenario { Options = PostCopy, PostCopyAfter = after, Latency = latency, Bandwidth = 40_000_000, StepTime = 50_000 });
        Assert.Contains(MigrationPhase.PostCopyActive, world.SourcePhases);
    }

    [Fact]
    public void Memory_that_answers_late_and_has_little_room()
    {
        Run(new Scenario { Latency = 300_000, Room = 3 });
        Run(new Scenario { Latency = 300_000, Room = 3, Options = PostCopy, PostCopyAfter = 0 });
    }

    [Fact]
    public void Compressed_pages_arrive_as_they_were()
    {
        World plain = Run(new Scenario());
        World packed = Run(new Scenario { Options = new MigrationOptions { DowntimeLimit = 1_000_000, CompressionLevel = 3 } });
        Assert.True(packed.Source.Status().PreCopyBytes < plain.Source.Status().PreCopyBytes);
    }

    [Fact]
    public void A_migration_on_a_modelled_link_repeats_to_the_digit()
    {
        Scenario scenario = new() { Options = PostCopy, PostCopyAfter = 2_000_000, Latency = 10_000 };
        World first = Run(scenario);
        World second = Run(scenario);
        Assert.Equal(first.Source.Status(), second.Source.Status());
        Assert.Equal(first.Guest.Steps, second.Guest.Steps);
        Assert.Equal(first.Clock.Now, second.Clock.Now);
    }

    [Fact]
    public void A_guest_that_writes_faster_than_the_link_is_throttled_until_it_fits()
    {
        Scenario scenario = Fast with { Options = new MigrationOptions { DowntimeLimit = 1_000_000, AutoConverge = true } };
        var world = new World(scenario);
        int most = 0;
        world.Start();
        world.Clock.RunUntil(() => (most = Math.Max(most, world.From.Throttled)) >= 0 && world.BothCompleted, 60 * World.Second);
        Assert.True(world.BothCompleted, world.Describe());
        Assert.True(most >= 20, "it was never throttled");
        world.CheckMemory();
    }

    [Fact]
    public void A_guest_that_writes_faster_than_the_link_goes_to_post_copy_when_allowed()
    {
        World world = Run(Fast with { Options = PostCopy with { PostCopyWhenNotConverging = true } });
        Assert.Contains(MigrationPhase.PostCopyActive, world.SourcePhases);
    }

    [Fact]
    public void Without_help_it_goes_on_until_it_is_cancelled_and_the_guest_with_it()
    {
        var world = new World(Fast);
        world.Start();
        world.Clock.Run(World.Second);
        Assert.Equal(MigrationPhase.Active, world.Source.Status().Phase);
        Assert.True(world.Source.Status().ExpectedDowntime > 1_000_000);
        Assert.Null(world.Source.Cancel());
        world.Settle();
        Assert.Equal(MigrationPhase.Cancelled, world.Source.Status().Phase);
        Assert.Equal(MigrationPhase.Failed, world.Destination.Status().Phase);
        Assert.True(world.From.IsRunning);
        Assert.False(world.From.Ram.IsLogging);
        Assert.Equal(0, world.To.Runs);
        Assert.Contains("cancelled", world.Destination.Status().Error, StringComparison.Ordinal);
        world.CheckMemory();
    }

    [Fact]
    public void A_bandwidth_limit_holds_and_can_be_changed()
    {
        var world = new World(new Scenario
        {
            Pages = 1024,
            Touched = 1000,
            WritePercent = 0,
            Bandwidth = 1_000_000_000,
            Options = new MigrationOptions { MaxBandwidth = 4_000_000, DowntimeLimit = 0 },
        });
        world.Start();
        world.Clock.Run(World.Second / 2);
        // One frame may be ahead of the limit.
        Assert.InRange(world.Source.Status().Transferred, 1_600_000, 2_000_000 + (70 * 4096));
        world.Source.Options = world.Source.Options with { MaxBandwidth = 0 };
        world.Clock.Run(World.Second / 10);
        Assert.True(world.BothCompleted, world.Describe());
    }

    [Fact]
    public void Another_limit_does_not_inherit_what_was_spent_under_the_last()
    {
        var limit = new BandwidthLimit { BytesPerSecond = 1000 };
        limit.Spend(0, 500, exact: true);
        Assert.Equal(World.Second / 2, limit.Wait(0));
        limit.BytesPerSecond = 1000;
        Assert.Equal(World.Second / 2, limit.Wait(0));
        limit.BytesPerSecond = 2000;
        Assert.Equal(0, limit.Wait(0));
    }

    [Fact]
    public void A_requested_page_does_not_stand_behind_bulk_data()
    {
        var world = new World(new Scenario
        {
            Pages = 4096,
            Touched = 4096,
            WritePercent = 0,
            StepTime = 1_000_000,
            Options = PostCopy,
            PostCopyAfter = 0,
        });
        var asked = new Dictionary<long, long>();
        long longest = 0;
        world.To.Ram.Wanted += page => asked.TryAdd(page, world.Clock.Now);
        world.Start();
        world.Clock.RunUntil(() =>
        {
            foreach ((long page, long time) in asked.ToArray())
            {
                if (!world.To.Ram.IsPresent((int)page))
                    continue;
                longest = Math.Max(longest, world.Clock.Now - time);
                asked.Remove(page);
            }
            return world.BothCompleted;
        }, 10 * World.Second);
        Assert.True(world.BothCompleted, world.Describe());
        // Half a millisecond of round trip, the request, one frame of the push (half a millisecond), one page (41 microseconds).
        Assert.InRange(longest, 500_000, 1_150_000);
    }

    /// <summary>The main connection by hand, because a link would have sent the zero pages long before the urgent one is open.</summary>
    [Fact]
    public void A_page_that_was_zero_and_is_written_before_anybody_was_told_is_not_zero()
    {
        var world = new World(new Scenario { Touched = 40, Options = PostCopy });
        Connection main = world.Source.Start();
        Connection mainThere = world.Destination.Accept();
        while (world.Source.State != SourceState.PreCopy)
            Assert.True(Move(main, mainThere) | Move(mainThere, main));
        // The urgent connection opens on the world's link, and the guest writes.
        world.Clock.Run(World.Second / 5);
        Assert.Null(world.Source.StartPostCopy());
        for (int i = 0; i < 10_000 && !world.BothCompleted; i++)
        {
            while (Move(main, mainThere) | Move(mainThere, main))
                continue;
            world.Clock.Run(World.Second / 1000);
        }
        Assert.True(world.BothCompleted, world.Describe());
        world.CheckMemory();

        static bool Move(Connection from, Connection to)
        {
            var frame = new FrameWriter();
            if (from.Pull(frame).Kind != PullKind.Frame)
                return false;
            to.Receive(frame.Frame.Span);
            return true;
        }
    }

    [Fact]
    public void A_limit_of_post_copy_is_the_pushs_whatever_is_asked_for_beside_it()
    {
        const long Limit = 4_000_000;
        var world = new World(new Scenario
        {
            Pages = 4096,
            Touched = 4096,
            WritePercent = 0,
            StepTime = 200_000,
            Options = PostCopy with { MaxPostCopyBandwidth = Limit },
            PostCopyAfter = 0,
        });
        long pushed = 0;
        long answered = 0;
        world.Link.Tap = frame =>
        {
            if (frame.FromSource && FrameFormat.Kind(frame.Bytes) == FrameKind.Pages)
                (pushed, answered) = frame.IsUrgent ? (pushed, answered + frame.Bytes.Length) : (pushed + frame.Bytes.Length, answered);
            return new LinkDelivery([frame.Bytes]);
        };
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.Status().Phase == MigrationPhase.PostCopyActive, World.Second));
        (pushed, answered) = (0, 0);
        world.Clock.Run(World.Second / 10);
        // A frame more or less.
        Assert.InRange(pushed, (Limit / 10) - 10_000, (Limit / 10) + 10_000);
        Assert.True(answered > Limit / 10, $"{answered} bytes were asked for");
    }

    [Fact]
    public void A_sender_that_was_late_catches_up_and_does_no_more()
    {
        const long Millisecond = 1_000_000;
        var limit = new BandwidthLimit { BytesPerSecond = 100_000_000 };
        long sent = 0;
        long most = 0;
        long now = 0;
        var recent = new Queue<(long Time, long Sent)>();
        var random = new Random(3);
        while (now < World.Second)
        {
            for (; limit.Wait(now) == 0; sent += 50_000)
            {
                limit.Spend(now, 50_000, exact: false);
                recent.Enqueue((now, 50_000));
            }
            while (now - recent.Peek().Time > 100 * Millisecond)
                recent.Dequeue();
            most = Math.Max(most, recent.Sum(frame => frame.Sent));
            // The host's timer is late, now and then by a lot.
            now += limit.Wait(now) + (random.Next(20) == 0 ? 15 * Millisecond : Millisecond);
        }
        // The last lateness has not been caught up yet.
        Assert.InRange(sent, 98_000_000, 102_000_000);
        Assert.InRange(most, 0, 12_100_000);
    }

    [Fact]
    public void What_is_near_the_last_request_is_pushed_first()
    {
        var missing = new PageBitmap(1000);
        missing.AddRange(0, 1000);
        var order = new PushOrder(reach: 2);
        order.Requested(500);
        Assert.Equal([500, 501, 502, 498, 499], Take(5));
        order.Requested(10);
        order.Requested(999);
        Assert.Equal([999, 997, 998, 10, 11, 12, 8, 9], Take(8));
        // Then in order from behind the last neighbourhood, and round.
        Assert.Equal([0, 1, 2], Take(3));
        Assert.Equal(1000 - 16, missing.CountPages());

        long[] Take(int count)
        {
            var taken = new List<long>();
            for (int i = 0; i < count; i++)
            {
                taken.Add(order.Next(missing));
                missing.Remove(taken[^1]);
            }
            return [.. taken];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_guest_that_ends_while_pages_are_missing_ends_the_migration(bool atOnce)
    {
        var world = new World(new Scenario { Options = PostCopy, PostCopyAfter = 0, Bandwidth = 10_000_000 });
        if (atOnce)
        {
            // Before RUNNING has been said, as far as that is possible.
            world.To.OnRun = () => EndGuest(world);
        }
        world.Start();
        if (!atOnce)
        {
            Assert.True(world.Clock.RunUntil(() => world.Destination.Status().Phase == MigrationPhase.PostCopyActive, World.Second));
            Assert.True(world.Destination.Status().Remaining > 0);
            EndGuest(world);
        }
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.True(world.Destination.IsOver);
        Assert.False(world.From.IsRunning);
        Assert.Equal(1, world.To.Runs);
        Assert.Equal(0, world.Source.Status().Remaining);
        Assert.Equal(0, world.Destination.Status().Remaining);
        Assert.Contains("There is nothing to recover", world.Recover(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_ends_while_the_link_is_broken_leaves_a_source_that_hears_of_it_when_it_recovers()
    {
        var world = new World(new Scenario { Options = PostCopy, PostCopyAfter = 0, Bandwidth = 10_000_000 });
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Destination.Status().Phase == MigrationPhase.PostCopyActive, World.Second));
        world.Link.Cut();
        world.Settle();
        Assert.Equal(MigrationPhase.PostCopyPaused, world.Destination.Status().Phase);
        EndGuest(world);
        Assert.Equal(MigrationPhase.Completed, world.Destination.Status().Phase);
        Assert.Equal(MigrationPhase.PostCopyPaused, world.Source.Status().Phase);
        Assert.Null(world.Recover());
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.False(world.From.IsRunning);
    }

    [Fact]
    public void A_page_that_arrives_after_its_guest_has_ended_is_not_taken()
    {
        var world = new World(new Scenario { Options = PostCopy, PostCopyAfter = 0, Bandwidth = 10_000_000 });
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Destination.Status().Phase == MigrationPhase.PostCopyActive, World.Second));
        EndGuest(world);
        byte[][] next = [.. Enumerable.Range(0, world.Scenario.Pages).Select(page => world.To.Ram.Page(page).ToArray())];
        world.Settle();
        Assert.All(next, (content, page) => Assert.True(world.To.Ram.IsPresent(page) && content.AsSpan().SequenceEqual(world.To.Ram.Page(page))));
    }

    [Fact]
    public void Another_machine_is_refused_before_anything_stops_and_the_destination_listens_on()
    {
        var world = new World(new Scenario());
        world.To.Description = "a machine with 2 vCPUs";
        world.Start();
        world.Clock.Run(World.Second);
        Assert.Equal(MigrationPhase.Failed, world.Source.Status().Phase);
        Assert.Contains("2 vCPUs", world.Source.Status().Error, StringComparison.Ordinal);
        Assert.True(world.From.IsRunning);
        Assert.Equal(DestinationState.Listening, world.Destination.State);
        world.To.Description = world.From.Description;
        var second = new SourceSession(world.From, world.From.Ram, world.Clock, world.Scenario.Options);
        world.Link.Connect(second.Start(), world.Destination.Accept());
        world.Clock.Run(World.Second);
        Assert.Equal(MigrationPhase.Completed, second.Status().Phase);
        Assert.True(world.To.IsRunning);
        world.CheckMemory();
    }

    [Fact]
    public void A_second_migration_to_the_same_destination_is_refused_and_the_first_goes_on()
    {
        var world = new World(Fast);
        world.Start();
        world.Clock.Run(World.Second / 100);
        var guest = new FakeGuest(world.Scenario.Pages, 0, 0);
        var other = new FakeMachine("other", guest, world.Scenario.Pages, world.Clock, World.Second);
        other.Boot(world.Scenario.Pages);
        var second = new SourceSession(other, other.Ram, world.Clock, world.Scenario.Options);
        world.Link.Connect(second.Start(), world.Destination.Accept());
        world.Clock.Run(World.Second / 10);
        Assert.Equal(MigrationPhase.Failed, second.Status().Phase);
        Assert.Contains("another migration", second.Status().Error, StringComparison.Ordinal);
        Assert.True(other.IsRunning);
        Assert.Equal(MigrationPhase.Active, world.Source.Status().Phase);
        Assert.Equal(MigrationPhase.Active, world.Destination.Status().Phase);
    }

    private static MigrationOptions PostCopy => new() { DowntimeLimit = 1_000_000, PostCopy = true, SwitchOverTimeout = World.Second };

    // 96 pages, of which one is written each 20 microseconds: 200 MB/s, over a link of 20 MB/s.
    private static Scenario Fast => new() { StepTime = 10_000, Bandwidth = 20_000_000, Options = new MigrationOptions { DowntimeLimit = 1_000_000 } };

    private static void EndGuest(World world)
    {
        world.To.Kill();
        world.Destination.GuestEnded();
    }

    private static World Run(Scenario scenario)
    {
        var world = new World(scenario);
        Complete(world);
        return world;
    }

    private static void Complete(World world)
    {
        world.Start();
        world.Clock.RunUntil(() => world.BothCompleted, 20 * World.Second);
        Assert.True(world.BothCompleted, world.Describe());
        world.Clock.Run(World.Second / 20);
        Assert.True(world.To.IsRunning);
        Assert.False(world.From.IsRunning);
        Assert.Equal(1, world.To.Runs);
        Assert.True(world.Destination.IsOver);
        world.CheckMemory();
    }
}
