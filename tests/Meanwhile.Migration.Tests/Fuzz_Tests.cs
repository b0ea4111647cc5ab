using CsCheck;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests;

/// <summary>Bytes that no peer of ours would send: a clean failure, never an exception, and never a guest on both sides.</summary>
public class Fuzz_Tests
{
    private static readonly MigrationOptions Options = new() { DowntimeLimit = 3_000_000, SwitchOverTimeout = World.Second, PostCopy = true };

    // A frame of a migration whose payload is not what it was, though number and checksum are right: what a hostile peer can do.
    private sealed record Lie(int Frame, int Way, ushort Kind, byte[] Bytes, int At);

    private static readonly Gen<Lie> Lies =
        from frame in Gen.Int[0, 40]
        from way in Gen.Int[0, 3]
        from kind in Gen.UShort[0, 28]
        from bytes in Gen.Byte.Array[0, 64]
        from at in Gen.Int[0, 300]
        select new Lie(frame, way, kind, bytes, at);

    [Fact]
    public void Random_bytes_at_a_destination() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        var world = new World(new Scenario());
        Feed(world.Destination.Accept(), bytes);
        Assert.Equal(DestinationState.Listening, world.Destination.State);
    }, iter: 3000);

    [Fact]
    public void Random_bytes_at_a_source() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        var world = new World(new Scenario());
        Connection connection = world.Source.Start();
        connection.Pull(new FrameWriter());
        Feed(connection, bytes);
        Assert.True(world.From.IsRunning);
        Assert.True(world.Source.State is SourceState.Connecting or SourceState.Failed);
    }, iter: 3000);

    /// <summary>Frames that are whole and of a known kind, before anybody has proved who he is.</summary>
    [Fact]
    public void Whole_frames_of_any_kind_during_the_greeting() => Gen.Select(Gen.UShort[1, 26], Gen.Byte.Array[0, 200]).Sample((kind, payload) =>
    {
        var world = new World(new Scenario());
        byte[] frame = Seal((FrameKind)kind, 0, payload, 0, 0);
        Feed(world.Destination.Accept(), frame);
        Assert.Equal(DestinationState.Listening, world.Destination.State);
        Connection connection = world.Source.Start();
        connection.Pull(new FrameWriter());
        Feed(connection, frame);
        Assert.True(world.From.IsRunning);
    }, iter: 3000);

    [Fact]
    public void A_source_that_lies() => Lies.Sample(lie => Run(lie, fromSource: true), iter: 1500, threads: 1);

    [Fact]
    public void A_destination_that_lies() => Lies.Sample(lie => Run(lie, fromSource: false), iter: 1500, threads: 1);

    /// <summary>What random lies meet once in a thousand: a frame that says nothing, in place of each of the first.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_empty_frame_of_every_kind_in_place_of_another(bool fromSource)
    {
        for (int frame = 0; frame < 8; frame++)
        {
            for (ushort kind = 0; kind <= 28; kind++)
                Run(new Lie(frame, 1, kind, [], 0), fromSource);
        }
    }

    [Fact]
    public void A_frame_that_is_too_long_is_refused_by_its_header()
    {
        var world = new World(new Scenario());
        Connection connection = world.Destination.Accept();
        byte[] header = new byte[FrameFormat.HeaderSize];
        BitConverter.TryWriteBytes(header, Protocol.LongestGreeting + 1);
        header[4] = (byte)FrameKind.Hello;
        Assert.Equal(0, connection.FrameLength(header));
        Assert.Throws<ProtocolException>(() => FrameFormat.TotalLength([0, 0, 16, 0x10, .. header[4..]], Protocol.LongestPayload));
        Assert.Equal(FrameFormat.HeaderSize + FrameFormat.TrailerSize + (1 << 20), FrameFormat.TotalLength([0, 0, 16, 0, .. header[4..]], Protocol.LongestPayload));
        Assert.Throws<ProtocolException>(() => SwitchPayload.Read([.. new byte[8], 1, 0, 0, 4, .. new byte[12]], 10));
    }

    [Theory]
    [InlineData(2, 3, "versions 2 to 3")]
    [InlineData(0, 0, "versions 0 to 0")]
    [InlineData(1, 9, null)]
    public void Versions_that_do_not_meet_are_refused_with_both_ranges(ushort oldest, ushort newest, string? text)
    {
        var world = new World(new Scenario());
        var writer = new FrameWriter();
        writer.Begin(FrameKind.Hello);
        new Hello(oldest, newest, ChannelKind.Main, ConnectionPurpose.Begin, (Capabilities)0xFFFFFFFF, new byte[16], new byte[32], new byte[32]).Write(writer);
        writer.Seal(0, 0);
        Connection connection = world.Destination.Accept();
        connection.Receive(writer.Frame.Span);
        Assert.Equal(PullKind.Frame, connection.Pull(writer).Kind);
        Assert.Equal(text is null ? FrameKind.HelloAck : FrameKind.Refuse, FrameFormat.Kind(writer.Frame.Span));
        if (text is not null)
        {
            string said = new PayloadReader(FrameKind.Refuse, FrameFormat.Payload(writer.Frame.Span)).Text();
            Assert.Contains(text, said, StringComparison.Ordinal);
            Assert.Contains("the destination 1 to 1", said, StringComparison.Ordinal);
            return;
        }
        HelloAck ack = HelloAck.Read(FrameFormat.Payload(writer.Frame.Span));
        Assert.Equal((1, Capabilities.All), (ack.Version, ack.Capabilities));
    }

    /// <summary>The frames of one session, played to a new destination: it has another nonce, so none after the first is its own.</summary>
    [Fact]
    public void A_recorded_session_does_not_play_again()
    {
        var recorded = new List<byte[]>();
        var world = new World(new Scenario());
        world.Link.Tap = frame =>
        {
            if (frame is { FromSource: true, IsUrgent: false })
                recorded.Add(frame.Bytes);
            return new LinkDelivery([frame.Bytes]);
        };
        world.Start();
        world.Settle();
        Assert.True(world.BothCompleted);
        var again = new World(new Scenario());
        Connection connection = again.Destination.Accept();
        foreach (byte[] frame in recorded)
            connection.Receive(frame);
        Assert.Equal(DestinationState.Listening, again.Destination.State);
        Assert.Contains("checksum", again.Destination.Status().Error, StringComparison.Ordinal);
    }

    /// <summary>A source that ends rounds without listening to who acknowledges them could fill the destination's memory with acknowledgments.</summary>
    [Fact]
    public void Rounds_without_end_are_refused()
    {
        var world = new World(new Scenario());
        var listener = new Eavesdropper();
        world.Link.Tap = frame =>
        {
            if (!listener.TryGetSeed(frame, out ulong seed) || !frame.FromSource || FrameFormat.Kind(frame.Bytes) != FrameKind.Round)
                return new LinkDelivery([frame.Bytes]);
            return new LinkDelivery(
                [frame.Bytes, .. Enumerable.Range(1, 100).Select(next => Seal(FrameKind.Round, 0, [2, 0, 0, 0], FrameFormat.Sequence(frame.Bytes) + (ulong)next, seed))]);
        };
        world.Start();
        world.Settle();
        Assert.Equal(DestinationState.Failed, world.Destination.State);
        Assert.Contains("without taking their acknowledgments", world.Destination.Status().Error, StringComparison.Ordinal);
        Assert.True(world.From.IsRunning);
    }

    [Fact]
    public void What_a_peer_says_cannot_drive_a_terminal()
    {
        var writer = new FrameWriter();
        writer.Begin(FrameKind.Failed);
        writer.Text("bad\u001b[2Jnews\r\nof\u009b1m it");
        Assert.Equal("bad?[2Jnews?\nof?1m it", new PayloadReader(FrameKind.Failed, writer.Payload).Text());
    }

    private static void Run(Lie lie, bool fromSource)
    {
        var world = new World(new Scenario { Pages = 40, Touched = 32, Bandwidth = 20_000_000, Options = Options, WorkingSet = 8, Code = 600, PostCopyAfter = lie.Frame % 2 == 0 ? 0 : null });
        var listener = new Eavesdropper();
        int seen = 0;
        bool told = false;
        world.Link.Tap = frame =>
        {
            if (!listener.TryGetSeed(frame, out ulong seed) || frame.FromSource != fromSource || told || FrameFormat.Kind(frame.Bytes) is FrameKind.HelloAck || seen++ != lie.Frame)
            {
                return new LinkDelivery([frame.Bytes]);
            }
            told = true;
            return new LinkDelivery([Tell(lie, frame.Bytes, seed)]);
        };
        world.Start();
        world.Settle();
        Assert.False(world.From.IsRunning && world.To.IsRunning);
        Assert.True(world.To.Runs <= 1);
        // A peer that says that it is there, and no more, is waited for until a user cancels.
        bool waits = lie is { Way: 1, Kind: (ushort)FrameKind.KeepAlive, Bytes.Length: 0 };
        // A side that is not done has said why.
        if (!world.BothCompleted && !waits)
        {
            Assert.True(world.Source.Status().Error is not null || world.Source.Status().Phase is MigrationPhase.Completed or MigrationPhase.Active or MigrationPhase.PostCopyActive, world.Describe());
            Assert.True(world.From.IsRunning || world.Source.State >= SourceState.RunSent, world.Describe());
        }
    }

    private static byte[] Tell(Lie lie, byte[] frame, ulong seed)
    {
        byte[] payload = FrameFormat.Payload(frame).ToArray();
        FrameKind kind = FrameFormat.Kind(frame);
        ushort flags = FrameFormat.Flags(frame);
        switch (lie.Way)
        {
            case 0:
                for (int i = 0; i < lie.Bytes.Length && payload.Length != 0; i++)
                    payload[(lie.At + i) % payload.Length] = lie.Bytes[i];
                break;
            case 1:
                kind = (FrameKind)lie.Kind;
                payload = lie.Bytes;
                flags = (ushort)(lie.At & 1);
                break;
            case 2:
                payload = payload[..Math.Min(lie.At, payload.Length)];
                break;
            default:
                payload = [.. payload, .. lie.Bytes];
                flags ^= 1;
                break;
        }
        return Seal(kind, flags, payload, FrameFormat.Sequence(frame), seed);
    }

    private static byte[] Seal(FrameKind kind, ushort flags, byte[] payload, ulong sequence, ulong seed)
    {
        var writer = new FrameWriter();
        writer.Begin(kind, flags);
        writer.Bytes(payload);
        writer.Seal(sequence, seed);
        return writer.Frame.ToArray();
    }

    // As a transport would: header, then as much as it says.
    private static void Feed(Connection connection, byte[] bytes)
    {
        int at = 0;
        while (bytes.Length - at >= FrameFormat.HeaderSize)
        {
            int length = connection.FrameLength(bytes.AsSpan(at, FrameFormat.HeaderSize));
            if (length == 0 || length > bytes.Length - at)
                break;
            connection.Receive(bytes.AsSpan(at, length));
            at += length;
        }
        connection.Closed("The connection ended.");
        var writer = new FrameWriter();
        for (int i = 0; connection.Pull(writer).Kind == PullKind.Frame; i++)
            Assert.True(i < 4);
    }
}
