using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests;

/// <summary>What goes wrong with one frame.</summary>
public enum Fault
{
    /// <summary>The connections break, and the frame with them.</summary>
    CutBefore,

    /// <summary>The connections break just after the frame has arrived.</summary>
    CutAfter,

    /// <summary>One bit of the frame is another.</summary>
    Corrupt,

    /// <summary>It arrives twice.</summary>
    Repeat,

    /// <summary>The frame before it on its channel arrives again in its place.</summary>
    Replay,

    /// <summary>It arrives in place of the next, and the next after it.</summary>
    Reorder,

    /// <summary>It takes three seconds.</summary>
    Slow,

    /// <summary>The source's process is killed as it sends or is sent this frame.</summary>
    KillSource,

    /// <summary>The destination's.</summary>
    KillDestination,
}

/// <summary>
/// Each fault at each frame of whole migrations. After each, the guest runs on exactly one side with the right data, or both sides that are left
/// say why not; then what can be recovered is, and ends well.
/// </summary>
public class Faults_Tests
{
    private static readonly MigrationOptions Options = new() { DowntimeLimit = 3_000_000, SwitchOverTimeout = World.Second, PostCopy = true };

    private static readonly Dictionary<string, Scenario> Scenarios = new()
    {
        ["pre-copy"] = new Scenario { Pages = 80, Touched = 70, Options = Options with { PostCopy = false } },
        ["pre-copy with latencies and little room"] = new Scenario { Pages = 80, Touched = 70, Latency = 50_000, Room = 70, Options = Options with { PostCopy = false } },
        ["post-copy at once"] = new Scenario { Pages = 100, Touched = 90, Bandwidth = 10_000_000, Options = Options, PostCopyAfter = 0 },
        ["post-copy with a working set"] = new Scenario { Pages = 400, Touched = 390, Bandwidth = 20_000_000, WorkingSet = 24, Code = 300, Latency = 20_000, Options = Options, PostCopyAfter = 0 },
        ["post-copy in a round"] = new Scenario { Pages = 150, Touched = 140, StepTime = 150_000, Latency = 20_000, Options = Options, PostCopyAfter = 4_500_000 },
    };

    public static TheoryData<string, Fault> All()
    {
        var data = new TheoryData<string, Fault>();
        foreach (string scenario in Scenarios.Keys)
        {
            foreach (Fault fault in Enum.GetValues<Fault>())
                data.Add(scenario, fault);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void At_every_frame(string name, Fault fault)
    {
        long frames = CountFrames(Scenarios[name]);
        Assert.True(frames > 15, $"{frames} frames");
        for (long number = 0; number < frames; number++)
            Inject(Scenarios[name], fault, number);
    }

    [Fact]
    public void The_scenarios_send_every_kind_of_frame_but_those_of_faults()
    {
        var kinds = new HashSet<FrameKind>();
        foreach (Scenario scenario in Scenarios.Values)
        {
            var world = new World(scenario);
            world.Link.Tap = frame =>
            {
                kinds.Add(FrameFormat.Kind(frame.Bytes));
                return new LinkDelivery([frame.Bytes]);
            };
            world.Start();
            world.Settle();
            Assert.True(world.BothCompleted);
            Assert.Equal(scenario.PostCopyAfter is not null, world.SourcePhases.Contains(MigrationPhase.PostCopyActive));
        }
        Assert.Equal(
            [FrameKind.Refuse, FrameKind.Failed, FrameKind.Cancel, FrameKind.Position, FrameKind.Resume, FrameKind.KeepAlive],
            Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None && !kinds.Contains(kind)));
    }

    /// <summary>A second fault while the first is recovered from, at each frame of the recovery; the third attempt is let be.</summary>
    [Theory]
    [InlineData(Fault.CutBefore)]
    [InlineData(Fault.CutAfter)]
    [InlineData(Fault.Corrupt)]
    [InlineData(Fault.Replay)]
    public void At_every_frame_of_a_recovery(Fault fault)
    {
        Scenario scenario = Scenarios["post-copy in a round"] with { Bandwidth = 4_000_000, PostCopyAfter = 0 };
        for (long number = 0; ; number++)
        {
            var world = new World(scenario);
            world.Start();
            Assert.True(world.Clock.RunUntil(() => world.Source.State == SourceState.PostCopy, World.Second));
            world.Clock.Run(2_000_000);
            world.Link.Cut();
            world.Settle();
            var injection = new Injection(world, fault, -1);
            Assert.Null(world.Recover());
            injection.AtNext(number);
            world.Settle();
            bool hit = injection.Happened;
            CheckInvariant(world, $"{fault} at frame {number} of the recovery");
            Finish(world, $"{fault} at frame {number} of the recovery");
            Assert.True(world.BothCompleted, world.Describe());
            if (!hit)
                return;
        }
    }

    /// <summary>Cut between RUN and its arrival: the destination never ran the guest and its user gives up. The source's guest goes on.</summary>
    [Fact]
    public void A_destination_that_gives_up_before_run_gives_the_guest_back()
    {
        var world = new World(Scenarios["post-copy at once"]);
        CutAt(world, FrameKind.Run);
        world.Start();
        world.Settle();
        Assert.Equal((SourceState.Paused, DestinationState.PausedBeforeRun), (world.Source.State, world.Destination.State));
        Assert.False(world.From.IsRunning || world.To.IsRunning);
        Assert.NotNull(world.Source.Cancel());
        Assert.Null(world.Destination.GiveUp());
        Assert.Null(world.Recover());
        world.Settle();
        Assert.Equal((SourceState.Failed, DestinationState.GaveUp), (world.Source.State, world.Destination.State));
        Assert.True(world.From.IsRunning);
        Assert.Equal(0, world.To.Runs);
        Assert.True(world.Destination.IsOver);
        world.CheckMemory();
    }

    [Fact]
    public void What_was_asked_for_over_a_lost_link_is_asked_for_first_over_the_next()
    {
        var world = new World(new Scenario { Pages = 4096, Touched = 4096, WritePercent = 0, Bandwidth = 10_000_000, Options = Options, PostCopyAfter = 0 });
        long wanted = -1;
        world.To.Ram.Wanted += page => wanted = page;
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State == SourceState.PostCopy, World.Second));
        wanted = -1;
        Assert.True(world.Clock.RunUntil(() => wanted >= 2048, World.Second));
        world.Link.Cut();
        world.Settle();
        Assert.False(world.To.Ram.IsPresent((int)wanted));
        long left = world.Destination.Status().Remaining;
        Assert.Null(world.Recover());
        Assert.True(world.Clock.RunUntil(() => world.To.Ram.IsPresent((int)wanted), World.Second));
        Assert.True(world.Destination.Status().Remaining > left * 9 / 10, "it came with the rest");
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        world.CheckMemory();
    }

    /// <summary>Connections are not in step: what the source said last on the urgent one may come after what it says on the main one.</summary>
    [Theory]
    [InlineData(2_000_000L)]
    [InlineData(20_000_000L)]
    public void An_urgent_channel_whose_proof_comes_late(long delay)
    {
        var world = new World(Scenarios["post-copy at once"]);
        world.Link.Tap = frame => FrameFormat.Kind(frame.Bytes) == FrameKind.HelloProof && frame.IsUrgent
            ? new LinkDelivery([frame.Bytes], delay, HoldsLine: false)
            : new LinkDelivery([frame.Bytes]);
        world.Start();
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.Contains(MigrationPhase.PostCopyActive, world.SourcePhases);
        world.CheckMemory();
    }

    [Fact]
    public void Run_that_was_lost_is_said_again()
    {
        var world = new World(Scenarios["pre-copy"]);
        CutAt(world, FrameKind.Run);
        world.Start();
        world.Settle();
        Assert.False(world.From.IsRunning || world.To.IsRunning);
        Assert.Null(world.Recover());
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.Equal(1, world.To.Runs);
        world.CheckMemory();
    }

    [Fact]
    public void Either_side_may_pause_a_post_copy_and_it_is_recovered_again_and_again()
    {
        var world = new World(Scenarios["post-copy in a round"] with { Bandwidth = 4_000_000, PostCopyAfter = 0 });
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State == SourceState.PostCopy, World.Second));
        for (int i = 0; i < 6; i++)
        {
            world.Clock.Run(10_000_000);
            Assert.Null(i % 2 == 0 ? world.Source.Pause() : world.Destination.Pause());
            world.Settle();
            Assert.Equal(MigrationPhase.PostCopyPaused, world.Source.Status().Phase);
            Assert.Equal(MigrationPhase.PostCopyPaused, world.Destination.Status().Phase);
            Assert.True(world.To.IsRunning);
            Assert.Null(world.Recover());
        }
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.Equal(6, world.Source.Status().Recoveries);
        Assert.Contains(MigrationPhase.PostCopyRecover, world.SourcePhases);
        world.CheckMemory();
    }

    [Fact]
    public void A_recovery_at_another_destination_is_refused_and_the_right_one_still_works()
    {
        var world = new World(Scenarios["post-copy at once"]);
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State == SourceState.PostCopy, World.Second));
        world.Link.Cut();
        world.Settle();
        var stranger = new FakeMachine("stranger", world.Guest, world.Scenario.Pages, world.Clock, World.Second);
        var other = new DestinationSession(stranger, stranger.Ram, world.Clock);
        Assert.Null(world.Source.TryRecover(out Sessions.Connection? connection));
        world.Link.Connect(connection!, other.Accept());
        world.Settle();
        Assert.Equal(SourceState.Paused, world.Source.State);
        Assert.Contains("not the destination of that migration", world.Source.Status().Error, StringComparison.Ordinal);
        Assert.Equal(DestinationState.Listening, other.State);
        Finish(world, "a stranger");
        Assert.True(world.BothCompleted, world.Describe());
    }

    [Theory]
    [InlineData(SourceState.Connecting)]
    [InlineData(SourceState.Describing)]
    [InlineData(SourceState.PreCopy)]
    [InlineData(SourceState.Quiescing)]
    [InlineData(SourceState.SwitchingOver)]
    [InlineData(SourceState.RunSent)]
    [InlineData(SourceState.PostCopy)]
    public void Cancel_in_each_state(object at)
    {
        var world = new World(Scenarios["post-copy in a round"]);
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State == (SourceState)at, World.Second));
        string? refusal = world.Source.Cancel();
        world.Settle();
        bool early = (SourceState)at <= SourceState.SwitchingOver;
        Assert.Equal(early, refusal is null);
        Assert.Equal(early ? MigrationPhase.Cancelled : MigrationPhase.Completed, world.Source.Status().Phase);
        Assert.Equal(early, world.From.IsRunning);
        Assert.Equal(!early, world.To.IsRunning);
        Assert.False(world.From.Ram.IsLogging);
        world.CheckMemory();
    }

    [Fact]
    public void What_machine_and_memory_cannot_do_ends_the_migration_and_not_the_guest()
    {
        Fails(world => world.From.QuiesceError = "a disk does not answer", "a disk does not answer");
        Fails(world => world.To.RestoreError = "section gic of version 9", "section gic of version 9");
        Fails(world => world.From.Ram.ReadError = "the swap file cannot be read", "the swap file cannot be read");
        Fails(world => world.To.Ram.SettleError = "the swap file is full", "the swap file is full");

        static void Fails(Action<World> set, string text)
        {
            var world = new World(Scenarios["pre-copy"]);
            set(world);
            world.Start();
            world.Settle();
            Assert.Equal(MigrationPhase.Failed, world.Source.Status().Phase);
            Assert.Equal(MigrationPhase.Failed, world.Destination.Status().Phase);
            Assert.Contains(text, world.Source.Status().Error, StringComparison.Ordinal);
            Assert.Contains(text, world.Destination.Status().Error, StringComparison.Ordinal);
            Assert.True(world.From.IsRunning);
            Assert.Equal(0, world.To.Runs);
            world.CheckMemory();
        }
    }

    private static void CutAt(World world, FrameKind kind)
    {
        world.Link.Tap = frame =>
        {
            if (FrameFormat.Kind(frame.Bytes) != kind)
                return new LinkDelivery([frame.Bytes]);
            world.Link.Tap = null;
            world.Clock.Schedule(0, () => world.Link.Cut());
            return new LinkDelivery([]);
        };
    }

    private static long CountFrames(Scenario scenario)
    {
        var world = new World(scenario);
        long count = 0;
        world.Link.Tap = frame =>
        {
            count++;
            return new LinkDelivery([frame.Bytes]);
        };
        world.Start();
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        return count;
    }

    private static void Inject(Scenario scenario, Fault fault, long number)
    {
        var world = new World(scenario);
        var injection = new Injection(world, fault, number);
        world.Start();
        world.Settle();
        string what = $"{fault} at frame {number} ({injection.Kind})";
        Assert.True(injection.Happened, what);
        CheckInvariant(world, what);
        Finish(world, what);
    }

    private static void CheckInvariant(World world, string what)
    {
        what = $"{what}: {world.Describe()}";
        Assert.False(world.From.IsRunning && world.To.IsRunning, what);
        Assert.True(world.Guest.Errors.Count == 0, $"{what}: {string.Join("; ", world.Guest.Errors)}");
        Assert.True(world.To.Runs <= 1, what);
        if (world.From.IsRunning || world.To.IsRunning)
        {
            if (!world.SourceDead && !world.DestinationDead)
                world.CheckMemory();
        }
        else if (!world.SourceDead)
        {
            // The guest is nowhere: both that are left say so; or it was killed with the machine that had it.
            Assert.True(
                (world.Source.State == SourceState.Paused && world.Source.Status().Error is not null)
                || (world.Source.State == SourceState.Completed && world.DestinationDead),
                what);
        }
        if (!world.From.IsRunning && !world.To.IsRunning && !world.DestinationDead)
            Assert.True(world.Destination.Status().Error is not null, what);
        // Who runs the guest does not say that it failed to come, and who does not has said why.
        if (world.From.IsRunning)
            Assert.True(world.Source.State is SourceState.Failed && world.Source.Status().Error!.Contains("goes on here", StringComparison.Ordinal), what);
        if (world.To.IsRunning)
            Assert.True(world.Destination.State is DestinationState.Paused or DestinationState.Completed, what);
        Assert.False(world.From.Ram.IsLogging && !world.SourceDead, what);
    }

    private static void Finish(World world, string what)
    {
        for (int attempt = 0; attempt < 2 && !world.SourceDead && !world.DestinationDead && world.Source.State == SourceState.Paused; attempt++)
        {
            Assert.Null(world.Recover());
            world.Settle();
        }
        if (world.SourceDead || world.DestinationDead)
            return;
        string end = $"{what}, recovered: {world.Describe()}";
        Assert.True(world.BothCompleted || (world.Source.State == SourceState.Failed && world.From.IsRunning), end);
        Assert.True(world.From.IsRunning != world.To.IsRunning, end);
        world.CheckMemory();
    }

    // Does one fault at one frame of a link.
    private sealed class Injection
    {
        private readonly World world;
        private readonly Fault fault;
        private readonly Dictionary<(bool, bool), byte[]> last = [];
        private byte[]? held;
        private (bool, bool) heldChannel;
        private long seen;
        private long target;

        public Injection(World world, Fault fault, long target)
        {
            this.world = world;
            this.fault = fault;
            this.target = target;
            world.Link.Tap = Tap;
        }

        public bool Happened { get; private set; }

        public FrameKind Kind { get; private set; }

        public void AtNext(long number) => target = seen + number;

        private LinkDelivery Tap(LinkFrame frame)
        {
            (bool, bool) channel = (frame.FromSource, frame.IsUrgent);
            byte[]? before = last.GetValueOrDefault(channel);
            last[channel] = frame.Bytes;
            if (seen++ == target)
            {
                Happened = true;
                Kind = FrameFormat.Kind(frame.Bytes);
                return Do(frame, before);
            }
            if (held is null || heldChannel != channel)
                return new LinkDelivery([frame.Bytes]);
            byte[] late = held;
            held = null;
            return new LinkDelivery([frame.Bytes, late]);
        }

        private LinkDelivery Do(LinkFrame frame, byte[]? before)
        {
            switch (fault)
            {
                case Fault.CutBefore:
                    world.Clock.Schedule(0, () => world.Link.Cut());
                    return new LinkDelivery([]);
                case Fault.CutAfter:
                    long arrival = (frame.Bytes.Length * 1_000_000_000L / world.Scenario.Bandwidth) + (world.Scenario.RoundTrip / 2);
                    world.Clock.Schedule(arrival + 1, () => world.Link.Cut());
                    return new LinkDelivery([frame.Bytes]);
                case Fault.Corrupt:
                    byte[] damaged = [.. frame.Bytes];
                    // Not in the length or kind, which other tests damage: there the frame's end would be elsewhere.
                    damaged[6 + ((int)(frame.Number * 7919) % (damaged.Length - 6))] ^= 0x10;
                    return new LinkDelivery([damaged]);
                case Fault.Repeat:
                    return new LinkDelivery([frame.Bytes, frame.Bytes]);
                case Fault.Replay:
                    return new LinkDelivery([before ?? frame.Bytes[..^1].Append((byte)(frame.Bytes[^1] ^ 1)).ToArray()]);
                case Fault.Reorder:
                    held = frame.Bytes;
                    heldChannel = (frame.FromSource, frame.IsUrgent);
                    // When nothing follows, the frame is lost, and so is the connection in the end.
                    world.Clock.Schedule(World.Second / 2, () =>
                    {
                        if (held is not null)
                            world.Link.Cut();
                    });
                    return new LinkDelivery([]);
                case Fault.Slow:
                    return new LinkDelivery([frame.Bytes], 3 * World.Second);
                case Fault.KillSource:
                    world.Clock.Schedule(0, world.KillSource);
                    return new LinkDelivery([frame.Bytes]);
                default:
                    world.Clock.Schedule(0, world.KillDestination);
                    return new LinkDelivery([frame.Bytes]);
            }
        }
    }
}
