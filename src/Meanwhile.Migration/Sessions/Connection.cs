using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Sessions;

/// <summary>
/// One connection of a session, as its transport sees it: whole frames in, whole frames out. It does the greeting (both sides prove that they
/// know the session's secret), counts and checks frames, and keeps the frames that wait to be sent. One thread receives, one pulls.
/// </summary>
public sealed class Connection
{
    private enum Stage
    {
        AwaitsHello = 1,
        AwaitsAck,
        AwaitsProof,
        Open,
        Closed,
    }

    private readonly record struct Outgoing(FrameKind Kind, byte[] Payload, Action? Taken, ulong Seed);

    private readonly MigrationSession session;
    private readonly Queue<Outgoing> queue = new();
    private volatile Stage stage;
    private Hello? hello;
    private ConnectionSecrets? secrets;
    private ulong sendSequence;
    private ulong receiveSequence;
    private ulong sendSeed;
    private ulong receiveSeed;
    private bool ending;
    private bool wakePending;

    /// <summary>The destination's end: the peer speaks first.</summary>
    internal Connection(MigrationSession session)
    {
        this.session = session;
        stage = Stage.AwaitsHello;
    }

    /// <summary>The source's end.</summary>
    internal Connection(MigrationSession session, ChannelKind channel, ConnectionPurpose purpose, Capabilities capabilities, byte[] sessionId, byte[] secret)
    {
        this.session = session;
        stage = Stage.AwaitsAck;
        hello = new Hello(
            Protocol.OldestVersion, Protocol.NewestVersion, channel, purpose, capabilities, sessionId, session.RandomBytes(Protocol.SecretSize), secret);
        var writer = new FrameWriter();
        writer.Begin(FrameKind.Hello);
        hello.Write(writer);
        Enqueue(FrameKind.Hello, writer.Payload.ToArray());
    }

    /// <summary>There may be something to <see cref="Pull"/>. Any thread; must not block.</summary>
    public event Action? Wake;

    /// <summary><see cref="CanReceive"/> may have become true. Any thread; must not block.</summary>
    public event Action? RoomMade;

    /// <summary>The session is done with it: what is queued may still be pulled, but a peer that does not take it shall not be waited for.</summary>
    public event Action? Ending;

    /// <summary>What it is for; <see cref="ChannelKind.None"/> until the peer has said so.</summary>
    public ChannelKind Channel => hello?.Channel ?? ChannelKind.None;

    /// <summary>True when frames of the session go both ways.</summary>
    public bool IsOpen => stage == Stage.Open;

    /// <summary>False while frames must wait outside: there is no room for their pages.</summary>
    public bool CanReceive => session.HasRoom(this);

    /// <summary>Nobody waits for what goes over it now: pages that were not asked for.</summary>
    public bool IsBackground => IsOpen && session.IsBackground(this);

    internal ConnectionPurpose Purpose => hello?.Purpose ?? ConnectionPurpose.None;

    internal Hello Greeting => hello!;

    /// <summary>Under the lock: frames that have not been pulled yet.</summary>
    internal int Queued => queue.Count;

    /// <summary>The receiving thread's.</summary>
    internal PagesReader? Pages { get; set; }

    /// <summary>What both ends can, once it is open.</summary>
    internal Capabilities Agreed { get; private set; }

    /// <summary>How long the frame is that begins with this header; 0 when it cannot be one, which has then ended the connection.</summary>
    public int FrameLength(ReadOnlySpan<byte> header)
    {
        try
        {
            return FrameFormat.TotalLength(header, IsOpen ? Protocol.LongestPayload : Protocol.LongestGreeting);
        }
        catch (ProtocolException exception)
        {
            Broken($"The peer sent {exception.Message}.");
            return 0;
        }
    }

    /// <summary>One whole frame from the peer.</summary>
    public void Receive(ReadOnlySpan<byte> frame)
    {
        try
        {
            if (stage == Stage.Closed)
                return;
            FrameFormat.Verify(frame, receiveSequence, receiveSeed);
            receiveSequence++;
            Dispatch(frame);
        }
        catch (ProtocolException exception)
        {
            Broken($"The peer sent {exception.Message}.");
        }
        session.RunEffects();
    }

    /// <summary>The transport has lost it, or could not make it.</summary>
    public void Closed(string reason)
    {
        session.Step(() =>
        {
            if (stage == Stage.Closed)
                return;
            Abort();
            session.Lost(this, reason);
        });
    }

    /// <summary>Writes the next frame to send. One caller at a time.</summary>
    public PullResult Pull(FrameWriter into)
    {
        Outgoing next;
        bool queued;
        lock (session.Gate)
        {
            wakePending = false;
            queued = queue.TryDequeue(out next);
            if (!queued && ending)
                return new PullResult(PullKind.End);
            if (!queued && stage != Stage.Open)
                return new PullResult(PullKind.Idle);
            next.Taken?.Invoke();
        }
        if (!queued)
        {
            PullResult result = session.PullData(this, into);
            session.RunEffects();
            return result;
        }
        into.Begin(next.Kind);
        into.Bytes(next.Payload);
        Seal(into, next.Seed);
        session.RunEffects();
        return new PullResult(PullKind.Frame);
    }

    /// <summary>Tells the peer that this end is alive, if it has been told nothing else meanwhile.</summary>
    public void KeepAlive()
    {
        session.Step(() =>
        {
            if (stage == Stage.Open && queue.Count == 0)
                Enqueue(FrameKind.KeepAlive, []);
        });
    }

    /// <summary>By whoever writes a frame in <see cref="MigrationSession.PullData"/>.</summary>
    internal void Seal(FrameWriter frame) => Seal(frame, sendSeed);

    /// <summary>Under the lock: a frame to be sent before any data.</summary>
    /// <param name="kind">Of the frame.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="taken">Called under the lock when the frame is handed to the transport: from then on the peer may have it.</param>
    internal void Enqueue(FrameKind kind, byte[] payload, Action? taken = null)
    {
        if (ending || stage == Stage.Closed)
            return;
        queue.Enqueue(new Outgoing(kind, payload, taken, sendSeed));
        SignalWake();
    }

    /// <summary>Under the lock: a text to be sent.</summary>
    internal void EnqueueText(FrameKind kind, string text)
    {
        var writer = new FrameWriter();
        writer.Begin(kind);
        writer.Text(text);
        Enqueue(kind, writer.Payload.ToArray());
    }

    /// <summary>Under the lock: the last thing that the peer is to hear. What else was queued is not sent any more.</summary>
    internal void EndWith(FrameKind kind, string? text = null)
    {
        if (stage != Stage.Open)
        {
            Abort();
            return;
        }
        queue.Clear();
        if (text is null)
            Enqueue(kind, []);
        else
            EnqueueText(kind, text);
        End();
    }

    /// <summary>Under the lock: nothing more is received, and nothing sent after what is queued.</summary>
    internal void End()
    {
        if (ending)
            return;
        ending = true;
        stage = Stage.Closed;
        Then(() => Ending?.Invoke());
        SignalWake();
    }

    /// <summary>Under the lock: as <see cref="End"/>, and what is queued is dropped.</summary>
    internal void Abort()
    {
        // What was queued as the last word (EndWith) stays.
        if (ending)
            return;
        queue.Clear();
        End();
    }

    /// <summary>Under the lock.</summary>
    internal void SignalWake()
    {
        if (wakePending)
            return;
        wakePending = true;
        Then(() => Wake?.Invoke());
    }

    /// <summary>Under the lock.</summary>
    internal void SignalRoom() => Then(() => RoomMade?.Invoke());

    private void Then(Action effect) => session.Then(effect);

    private void Seal(FrameWriter frame, ulong seed)
    {
        frame.Seal(sendSequence++, seed);
        session.Sent(frame.Frame.Length);
    }

    // What came is not this protocol, or not in its place: the peer is told, and the session decides what becomes of the migration.
    private void Broken(string reason)
    {
        session.Step(() =>
        {
            if (stage == Stage.Closed)
                return;
            queue.Clear();
            EnqueueText(stage is Stage.AwaitsHello or Stage.AwaitsProof ? FrameKind.Refuse : FrameKind.Failed, reason);
            End();
            session.Lost(this, reason);
        });
    }

    private void Dispatch(ReadOnlySpan<byte> frame)
    {
        FrameKind kind = FrameFormat.Kind(frame);
        ReadOnlySpan<byte> payload = FrameFormat.Payload(frame);
        switch (stage)
        {
            case Stage.Open when kind == FrameKind.KeepAlive:
                new PayloadReader(kind, payload).End();
                break;
            case Stage.Open:
                session.FrameReceived(this, kind, FrameFormat.Flags(frame) != 0, payload);
                break;
            case Stage.AwaitsHello when kind == FrameKind.Hello:
                TakeHello(Hello.Read(payload));
                break;
            case Stage.AwaitsAck when kind == FrameKind.HelloAck:
                TakeAck(HelloAck.Read(payload));
                break;
            case Stage.AwaitsAck when kind is FrameKind.Refuse:
                TakeRefusal(payload);
                break;
            case Stage.AwaitsProof when kind == FrameKind.HelloProof:
                TakeProof(payload);
                break;
            case Stage.Closed:
                break;
            default:
                throw new ProtocolException($"a {kind} frame during the greeting");
        }
    }

    private void TakeHello(Hello greeting)
    {
        session.Step(() =>
        {
            hello = greeting;
            (byte[]? secret, string? refusal) = session.Greeted(greeting);
            if (refusal is not null)
            {
                EnqueueText(FrameKind.Refuse, refusal);
                End();
                return;
            }
            byte[] nonce = session.RandomBytes(Protocol.SecretSize);
            secrets = new ConnectionSecrets(secret!, greeting, nonce);
            Agreed = greeting.Capabilities & session.Known;
            var writer = new FrameWriter();
            writer.Begin(FrameKind.HelloAck);
            new HelloAck(Math.Min(greeting.Newest, Protocol.NewestVersion), Agreed, nonce, secrets.DestinationProof).Write(writer);
            Enqueue(FrameKind.HelloAck, writer.Payload.ToArray());
            stage = Stage.AwaitsProof;
            sendSeed = secrets.SeedFromDestination;
            receiveSeed = secrets.SeedFromSource;
        });
    }

    private void TakeAck(HelloAck ack)
    {
        var computed = new ConnectionSecrets(hello!.Secret, hello, ack.Nonce);
        if (!ConnectionSecrets.Same(ack.Proof, computed.DestinationProof))
            throw new ProtocolException("no proof that it knows this migration: it is not the destination that this migration began with");
        if ((ack.Capabilities & ~hello.Capabilities) != 0)
            throw new ProtocolException("capabilities that were not offered");
        session.Step(() =>
        {
            if (stage != Stage.AwaitsAck)
                return;
            Agreed = ack.Capabilities;
            sendSeed = computed.SeedFromSource;
            receiveSeed = computed.SeedFromDestination;
            Enqueue(FrameKind.HelloProof, computed.SourceProof);
            stage = Stage.Open;
            session.Opened(this);
        });
    }

    private void TakeProof(ReadOnlySpan<byte> payload)
    {
        if (!ConnectionSecrets.Same(payload, secrets!.SourceProof))
            throw new ProtocolException("no proof that it knows this migration");
        session.Step(() =>
        {
            if (stage != Stage.AwaitsProof)
                return;
            stage = Stage.Open;
            if (session.Opened(this) is not { } refusal)
                return;
            EnqueueText(FrameKind.Refuse, refusal);
            End();
        });
    }

    private void TakeRefusal(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(FrameKind.Refuse, payload);
        string text = reader.Text();
        reader.End();
        session.Step(() =>
        {
            Abort();
            session.Refused(this, text);
        });
    }
}
