using System.Diagnostics;
using System.Net.Sockets;
using Meanwhile.Memory.Host;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Transport;

/// <summary>
/// A connection on a socket: a thread that reads frames for it and one that writes what it has to say. Neither ever runs guest code, so a peer
/// that is slow or silent holds up nobody but itself.
/// </summary>
internal sealed class ConnectionPump : IDisposable
{
    // Bytes that the kernel holds unsent: what a frame of the background push stands behind, at most, on its own connection.
    private const int UnsentBytes = 512 << 10;

    // Bytes that are read at once while the next frame's length is not known: a request, or a page or two.
    private const int ReadAhead = 8 << 10;

    // Shorter than a request takes, longer than from one to the next of those that are made together.
    private static readonly long CollectTime = Stopwatch.Frequency / 20_000;

    // Half a millisecond of work, for source and destination.
    private const int BytesOfTurn = 1 << 20;

    private const int TcpNotSentLowWatermark = 25; // TCP_NOTSENT_LOWAT of tcp(7).

    private readonly Connection connection;
    private readonly Func<Socket> connect;
    private readonly MigrationTls? tls;
    private readonly string? host;
    private readonly LinkTimeouts timeouts;
    private readonly Action<ConnectionPump> ended;
    private readonly AutoResetEvent wake = new(false);
    private readonly AutoResetEvent room = new(false);
    private readonly Lock gate = new();
    private readonly Lock writing = new(); // Held by who pulls and writes.
    private readonly FrameWriter frame = new();
    private readonly bool answersRequests;
    private readonly Thread reader;
    private Thread? writer;
    private volatile Socket? socket;
    private volatile Stream? stream;
    private long askedHere;
    private int bytesRead; // Since the reader gave way; the writer's are the next.
    private int bytesWritten;
    private bool receiving; // The reader's, and the next.
    private bool answer;
    private Timer? alarm;
    private volatile bool closed;

    /// <summary>Begins.</summary>
    /// <param name="connection">Whose frames go here.</param>
    /// <param name="connect">Makes the socket, on the reader's thread; may throw <see cref="TransportException"/>.</param>
    /// <param name="tls">Null: none.</param>
    /// <param name="host">The name that the peer's certificate must have.</param>
    /// <param name="timeouts">How long the peer is waited for.</param>
    /// <param name="ended">Called once, at the end, on the reader's thread.</param>
    /// <param name="answersRequests">True at the source: who reads a request answers it; else who wants a page asks for it himself.</param>
    public ConnectionPump(
        Connection connection, Func<Socket> connect, MigrationTls? tls, string? host, LinkTimeouts timeouts, Action<ConnectionPump> ended, bool answersRequests)
    {
        this.connection = connection;
        this.connect = connect;
        this.tls = tls;
        this.host = host;
        this.timeouts = timeouts;
        this.ended = ended;
        this.answersRequests = answersRequests;
        connection.Wake += OnWake;
        connection.RoomMade += () => room.Set();
        connection.Ending += OnEnding;
        reader = new Thread(Run) { IsBackground = true, Name = "migration reader" };
    }

    /// <summary>Starts the threads.</summary>
    public void Start() => reader.Start();

    /// <summary>Closes the socket and waits for the threads.</summary>
    public void Dispose()
    {
        Close();
        if (Thread.CurrentThread != reader && reader.IsAlive)
            reader.Join();
    }

    private void Run()
    {
        try
        {
            using Socket made = connect();
            lock (gate)
            {
                if (closed)
                    return;
                socket = made;
                // Until both have proved who they are, time is limited as a whole, not only between two bytes.
                alarm = new Timer(_ => CloseUnlessOpen(), null, timeouts.Connect, Timeout.InfiniteTimeSpan);
            }
            Configure(made);
            using Stream to = Protect(made);
            stream = to;
            writer = new Thread(() => Write(to, made)) { IsBackground = true, Name = "migration writer" };
            writer.Start();
            connection.Closed(Read(to));
        }
        catch (Exception exception)
        {
            // Whatever it is: it ends this connection and not the process.
            string doubt = tls is null || connection.IsOpen ? "" : $" ({tls.Suspicion})";
            connection.Closed(exception is TransportException ? exception.Message : $"The connection broke: {Explain(exception)}{doubt}");
        }
        finally
        {
            Close();
            writer?.Join();
            ended(this);
        }
    }

    private static void Configure(Socket made)
    {
        if (made.ProtocolType == ProtocolType.Tcp)
        {
            made.NoDelay = true;
            // Little waits in the kernel, yet the window may be as large as the path needs.
            made.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpNotSentLowWatermark, BitConverter.GetBytes(UnsentBytes));
        }
        else
        {
            made.SendBufferSize = UnsentBytes;
        }
    }

    private Stream Protect(Socket made)
    {
        int silence = (int)timeouts.Silence.TotalMilliseconds;
        var plain = new NetworkStream(made, ownsSocket: false) { ReadTimeout = silence, WriteTimeout = silence };
        if (tls is null)
            return plain;
        try
        {
            return tls.Authenticate(plain, host);
        }
        catch
        {
            plain.Dispose();
            throw;
        }
    }

    // Answers why it ended.
    private string Read(Stream from)
    {
        byte[] buffer = new byte[ReadAhead];
        int have = 0;
        bool scheduled = false;
        while (true)
        {
            int length = 0;
            if (have >= FrameFormat.HeaderSize && (length = connection.FrameLength(buffer.AsSpan(0, FrameFormat.HeaderSize))) == 0)
                return "The peer does not follow the protocol.";
            if (length == 0 || have < length)
            {
                // Of a long frame no more than the next one's header: so it is where it must be without being moved.
                int limit = length == 0 ? ReadAhead : Math.Max(length + FrameFormat.HeaderSize, have);
                if (limit > buffer.Length)
                    Array.Resize(ref buffer, limit);
                int count = from.Read(buffer.AsSpan(have, limit - have));
                if (count == 0)
                    return have == 0 ? NothingMore() : "The connection ended within a frame.";
                have += count;
                continue;
            }
            while (!connection.CanReceive && !closed)
                room.WaitOne(timeouts.KeepAlive);
            Schedule(ref scheduled);
            Receive(buffer.AsSpan(0, length));
            have -= length;
            buffer.AsSpan(length, have).CopyTo(buffer);
            GiveWay(ref bytesRead, length);
        }
    }

    private void Receive(ReadOnlySpan<byte> received)
    {
        receiving = true;
        connection.Receive(received);
        receiving = false;
        if (!answer)
            return;
        answer = false;
        if (!TryWriteHere())
            wake.Set();
    }

    private string NothingMore() => connection.IsOpen
        ? "The peer closed the connection."
        : $"The peer closed the connection during the greeting: {tls?.Suspicion ?? "does it want TLS, or is it no migration's destination?"}";

    private void Write(Stream to, Socket made)
    {
        bool scheduled = false;
        try
        {
            while (true)
            {
                PullResult result;
                lock (writing)
                    result = WriteFrames(to, ref scheduled);
                switch (result.Kind)
                {
                    case PullKind.End:
                        // What was written arrives before the end does; closing at once would throw it away with what was not read.
                        made.Shutdown(SocketShutdown.Send);
                        return;
                    case PullKind.Wait:
                        wake.WaitOne(TimeSpan.FromMilliseconds(Math.Min(1 + (result.Delay / 1_000_000), 1000)));
                        break;
                    default:
                        if (!wake.WaitOne(timeouts.KeepAlive))
                            connection.KeepAlive();
                        break;
                }
            }
        }
        catch (Exception exception)
        {
            Broke(exception);
        }
    }

    private PullResult WriteFrames(Stream stream, ref bool scheduled)
    {
        while (true)
        {
            Schedule(ref scheduled);
            PullResult result = connection.Pull(frame);
            if (result.Kind != PullKind.Frame)
                return result;
            stream.Write(frame.Frame.Span);
            GiveWay(ref bytesWritten, frame.Frame.Length);
        }
    }

    private void GiveWay(ref int done, int bytes)
    {
        done += bytes;
        if (done < BytesOfTurn)
            return;
        done = 0;
        if (connection.IsBackground)
            ThreadScheduling.GiveWay();
    }

    // There is something to send. Requests and their answers are written by whoever has them, when that is possible at once: to wake the writer takes
    // longer, most of all when all processors are busy. What follows a request closely (its neighbours) the writer collects.
    private void OnWake()
    {
        if (Thread.CurrentThread == reader && receiving)
        {
            answer = true;
            return;
        }
        long now = Stopwatch.GetTimestamp();
        bool here = !answersRequests && now - Volatile.Read(ref askedHere) > CollectTime;
        if (here)
            Volatile.Write(ref askedHere, now);
        if (!here || !TryWriteHere())
            wake.Set();
    }

    private bool TryWriteHere()
    {
        // Effects that a pull carries out may come back here: the frame is in use then.
        if (connection.Channel != ChannelKind.Urgent || !connection.IsOpen || writing.IsHeldByCurrentThread || !writing.TryEnter())
            return false;
        try
        {
            while (stream is { } to && socket!.Poll(0, SelectMode.SelectWrite))
            {
                PullResult result = connection.Pull(frame);
                if (result.Kind != PullKind.Frame)
                    return result.Kind == PullKind.Idle;
                to.Write(frame.Frame.Span);
            }
            return false;
        }
        catch (Exception exception)
        {
            Broke(exception);
            return true;
        }
        finally
        {
            writing.Exit();
        }
    }

    private void Schedule(ref bool scheduled)
    {
        if (scheduled || !connection.IsOpen)
            return;
        if (connection.Channel == ChannelKind.Urgent)
            ThreadScheduling.MakeUrgent();
        else if (connection.IsBackground)
            ThreadScheduling.MakeBackground();
        else
            return;
        scheduled = true;
    }

    private void Broke(Exception exception)
    {
        connection.Closed($"The connection broke: {Explain(exception)}");
        Close();
    }
    private static string Explain(Exception exception) => (exception as IOException)?.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock }
        ? "the peer was silent for too long."
        : exception.Message;

    private void OnEnding()
    {
        wake.Set();
        room.Set();
        lock (gate)
        {
            if (!closed)
                alarm?.Change(timeouts.Linger, Timeout.InfiniteTimeSpan);
        }
    }

    private void CloseUnlessOpen()
    {
        if (!connection.IsOpen)
            Close();
    }

    private void Close()
    {
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            alarm?.Dispose();
        }
        connection.Closed("The connection was closed, or the peer did not answer in time.");
        wake.Set();
        room.Set();
        // Wakes threads that are blocked in it.
        socket?.Dispose();
    }
}
