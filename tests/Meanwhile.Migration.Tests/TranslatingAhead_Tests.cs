using Meanwhile.Migration.Source;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests;

/// <summary>The code that the guest uses is named before a switch to post-copy, so that the destination can translate it ahead: CODE and CODEREADY.</summary>
public class TranslatingAhead_Tests
{
    private static readonly Scenario Large = new()
    {
        Pages = 4096,
        Touched = 4096,
        StepTime = 100_000,
        WorkingSet = 100,
        Code = 1000,
        Options = new MigrationOptions { DowntimeLimit = 0, PostCopy = true },
        PostCopyAfter = 0,
    };

    [Fact]
    public void Code_is_named_while_the_guest_runs_at_the_source_and_its_pages_are_there()
    {
        var world = new World(Large);
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State > SourceState.PreCopy, World.Second));
        Assert.Equal(1000, world.To.Named.Select(named => named.Name).Distinct().Count());
        // Of a hundred pages, those that came into the working set in the last moment are to be sent in its next pass.
        Assert.InRange(world.To.Named.Count(named => named.IsHere), 950, 1000);
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.True(world.To.HasAllMemory);
        world.CheckMemory();
    }

    /// <summary>The source goes on with its rounds, and switches over after 200 ms more.</summary>
    [Fact]
    public void A_destination_that_is_never_ready_is_waited_for_no_longer_than_it_pays()
    {
        World patient = AtSwitchOver(FrameKind.CodeReady), ready = AtSwitchOver(FrameKind.None);
        Assert.InRange(patient.Clock.Now - ready.Clock.Now, 190_000_000, 215_000_000);
        patient.Settle();
        Assert.True(patient.BothCompleted, patient.Describe());
        patient.CheckMemory();
    }

    [Fact]
    public void Without_code_nothing_is_waited_for()
    {
        var world = new World(Large with { Code = 0 });
        int frames = 0;
        world.Link.Tap = frame =>
        {
            frames += FrameFormat.Kind(frame.Bytes) is FrameKind.Code or FrameKind.CodeReady ? 1 : 0;
            return new LinkDelivery([frame.Bytes]);
        };
        world.Start();
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.Equal(0, frames);
    }

    /// <summary>A program of before the capability.</summary>
    [Theory]
    [InlineData(Capabilities.All, Capabilities.PostCopy)]
    [InlineData(Capabilities.PostCopy, Capabilities.All)]
    public void It_is_named_when_both_sides_can(Capabilities source, Capabilities destination)
    {
        var world = new World(Large, sourceKnows: source, destinationKnows: destination);
        world.Start();
        world.Settle();
        Assert.True(world.BothCompleted, world.Describe());
        Assert.Empty(world.To.Named);
    }

    [Fact]
    public void More_code_than_is_allowed_is_refused()
    {
        var world = new World(Large with { Code = Protocol.MostCode + 1 });
        world.Start();
        world.Settle();
        Assert.Contains("more than 16384 names of code", world.Destination.Status().Error, StringComparison.Ordinal);
        Assert.True(world.From.IsRunning);
    }

    // Frames of a kind are as if they had never been said: what numbers them goes on as if they were another that says nothing.
    private static World AtSwitchOver(FrameKind unheard)
    {
        var world = new World(Large);
        var listener = new Eavesdropper();
        world.Link.Tap = frame =>
        {
            if (!listener.TryGetSeed(frame, out ulong seed) || FrameFormat.Kind(frame.Bytes) != unheard)
                return new LinkDelivery([frame.Bytes]);
            var writer = new FrameWriter();
            writer.Begin(FrameKind.KeepAlive);
            writer.Seal(FrameFormat.Sequence(frame.Bytes), seed);
            return new LinkDelivery([writer.Frame.ToArray()]);
        };
        world.Start();
        Assert.True(world.Clock.RunUntil(() => world.Source.State > SourceState.PreCopy, World.Second));
        return world;
    }
}
