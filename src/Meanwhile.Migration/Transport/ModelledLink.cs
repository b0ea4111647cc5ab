using Meanwhile.Memory;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Transport;

/// <summary>
/// A link with a bandwidth and a round trip on a clock, between sessions of one process. On a virtual clock it is exact: all that happens is an
/// event, and order is that of due times and of scheduling. Each direction sends one frame at a time for all connections, urgent ones first, so
/// an urgent frame waits for the one that is being sent and for no other. A frame is delivered half a round trip after its last byte left.
/// </summary>
public sealed class ModelledLink
{
    private readonly IMemoryClock clock;
    private readonly long bytesPerSecond;
    private readonly long latency;
    private readonly Direction toDestination;
    private readonly Direction toSource;
    private readonly List<Wire> wires = [];
    private long numbers;

    /// <summary>A link without connections.</summary>
    /// <param name="clock">Whose time it takes, normally a <see cref="HandoverClock"/>.</param>
    /// <param name="bytesPerSecond">In each direction.</param>
    /// <param name="roundTrip">Nanoseconds.</param>
    public ModelledLink(IMemoryClock clock, long bytesPerSecond, long roundTrip)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(roundTrip);
        this.clock = clock;
        this.bytesPerSecond = bytesPerSecond;
        latency = roundTrip / 2;
        toDestination = new Direction(this, fromSource: true);
        toSource = new Direction(this, fromSource: false);
    }

    /// <summary>Sees each frame as it begins to be sent, and answers what arrives in its place, and how much later. For fault injection.</summary>
    internal Func<LinkFrame, LinkDelivery>? Tap { get; set; }

    /// <summary>Joins two ends.</summary>
    public void Connect(Connection source, Connection destination)
    {
        var wire = new Wire(source, destination);
        wires.Add(wire);
        // Urgent wires are asked first.
        wires.Sort((left, right) => (left.IsUrgent ? 0 : 1) - (right.IsUrgent ? 0 : 1));
        source.Wake += toDestination.SchedulePump;
        destination.Wake += toSource.SchedulePump;
        source.RoomMade += () => Deliver(wire, fromSource: false);
        destination.RoomMade += () => Deliver(wire, fromSource: true);
        toDestination.SchedulePump();
        toSource.SchedulePump();
    }

    /// <summary>All connections break at once, and what is on its way is lost.</summary>
    public void Cut(string reason = "The connection broke.")
    {
        foreach (Wire wire in wires.ToArray())
        {
            wire.IsClosed = true;
            wires.Remove(wire);
            wire.Source.Closed(reason);
            wire.Destination.Closed(reason);
        }
    }

    private long TransmitTime(int bytes) => (long)((Int128)bytes * 1_000_000_000 / bytesPerSecond);

    private void Arrive(Wire wire, bool fromSource, byte[]? frame)
    {
        if (wire.IsClosed)
            return;
        (fromSource ? wire.AtDestination : wire.AtSource).Enqueue(frame);
        Deliver(wire, fromSource);
    }

    // Frames that the receiver has no room for wait here, and the sender with them.
    private void Deliver(Wire wire, bool fromSource)
    {
        Connection receiver = fromSource ? wire.Destination : wire.Source;
        Queue<byte[]?> queue = fromSource ? wire.AtDestination : wire.AtSource;
        while (!wire.IsClosed && queue.Count != 0 && receiver.CanReceive)
        {
            byte[]? frame = queue.Dequeue();
            if (frame is null)
            {
                wire.IsClosed = true;
                wires.Remove(wire);
                receiver.Closed("The peer closed the connection.");
                return;
            }
            if (receiver.FrameLength(frame) == frame.Length)
                receiver.Receive(frame);
            else
                receiver.Closed("The connection ended within a frame.");
        }
        (fromSource ? toDestination : toSource).SchedulePump();
    }

    private sealed class Wire(Connection source, Connection destination)
    {
        public Connection Source { get; } = source;

        public Connection Destination { get; } = destination;

        public bool IsUrgent { get; } = source.Channel == ChannelKind.Urgent;

        public Queue<byte[]?> AtSource { get; } = new(); // Null: the end.

        public Queue<byte[]?> AtDestination { get; } = new();

        public bool IsClosed { get; set; }

        public bool SourceEnded { get; set; }

        public bool DestinationEnded { get; set; }
    }

    private sealed class Direction(ModelledLink link, bool fromSource)
    {
        private readonly FrameWriter writer = new();
        private bool busy;
        private bool scheduled;

        public void SchedulePump()
        {
            if (scheduled)
                return;
            scheduled = true;
            link.clock.Schedule(0, () =>
            {
                scheduled = false;
                Pump();
            });
        }

        private void Pump()
        {
            if (busy)
                return;
            foreach (Wire wire in link.wires.ToArray())
            {
                if ((fromSource ? wire.AtDestination : wire.AtSource).Count != 0 || (fromSource ? wire.SourceEnded : wire.DestinationEnded))
                    continue;
                PullResult result = (fromSource ? wire.Source : wire.Destination).Pull(writer);
                switch (result.Kind)
                {
                    case PullKind.Frame:
                        Send(wire, writer.Frame.ToArray());
                        return;
                    case PullKind.Wait:
                        link.clock.Schedule(result.Delay, SchedulePump);
                        break;
                    case PullKind.End:
                        if (fromSource)
                            wire.SourceEnded = true;
                        else
                            wire.DestinationEnded = true;
                        link.clock.Schedule(link.latency, () => link.Arrive(wire, fromSource, null));
                        break;
                    default:
                        break;
                }
            }
        }

        private void Send(Wire wire, byte[] frame)
        {
            busy = true;
            long time = link.TransmitTime(frame.Length);
            LinkDelivery delivery = link.Tap?.Invoke(new LinkFrame(fromSource, wire.IsUrgent, link.numbers++, frame)) ?? new LinkDelivery([frame]);
            foreach (byte[] arriving in delivery.Frames)
                link.clock.Schedule(time + link.latency + delivery.Delay, () => link.Arrive(wire, fromSource, arriving));
            link.clock.Schedule(time + (delivery.HoldsLine ? delivery.Delay : 0), () =>
            {
                busy = false;
                Pump();
            });
        }
    }
}

/// <summary>A frame that begins to be sent.</summary>
/// <param name="FromSource">Its direction.</param>
/// <param name="IsUrgent">Its channel.</param>
/// <param name="Number">Counts all frames of the link.</param>
/// <param name="Bytes">The whole frame.</param>
internal readonly record struct LinkFrame(bool FromSource, bool IsUrgent, long Number, byte[] Bytes);

/// <summary>What arrives in a frame's place.</summary>
/// <param name="Frames">Whole frames.</param>
/// <param name="Delay">Nanoseconds later than it would.</param>
/// <param name="HoldsLine">What follows is later, too.</param>
internal readonly record struct LinkDelivery(IReadOnlyList<byte[]> Frames, long Delay = 0, bool HoldsLine = true);
