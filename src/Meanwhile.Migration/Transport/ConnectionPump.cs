using System.Net.Sockets;
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
    private const int UnsentBytes = 128 << 10;
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
    private readonly Thread reader;
    private Thread? writer;
    private Socket? socket;
    private Timer? alarm;
    private volatile bool closed;

    /// <summary>Begins.</summary>
    /// <param name="connection">Whose frames go here.</param>
    /// <param name="connect">Makes the socket, on the reader's thread; may throw <see cref="TransportException"/>.</param>
    /// <param name="tls">Null: none.</param>
    /// <param name="host">The name that the peer's certificate must have.</param>
    /// <param name="timeouts">How long the peer is waited for.</param>
    /// <param name="ended">Called once, at the end, on the reader's thread.</param>
    public ConnectionPump(
        Connection connection, Func<Socket> connect, MigrationTls? tls, string? host, LinkTimeouts timeouts, Action<ConnectionPump> ended)
    {
        this.connection = connection;
        this.connect = connect;
        this.tls = tls;
        this.host = host;
        this.timeouts = timeouts;
        this.ended = ended;
        connection.Wake += () => wake.Set();
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
            using Stream stream = Protect(made);
            writer = new Thread(() => Write(stream, made)) { IsBackground = true, Name = "migration writer" };
            writer.Start();
            connection.Closed(Read(stream));
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
    private string Read(Stream stream)
    {
        byte[] frame = new byte[FrameFormat.HeaderSize + Protocol.LongestGreeting];
        while (true)
        {
            int begun = stream.ReadAtLeast(frame.AsSpan(0, FrameFormat.HeaderSize), FrameFormat.HeaderSize, throwOnEndOfStream: false);
            if (begun < FrameFormat.HeaderSize)
                return begun == 0 ? NothingMore() : "The connection ended within a frame.";
            int length = connection.FrameLength(frame.AsSpan(0, FrameFormat.HeaderSize));
            if (length == 0)
                return "The peer does not follow the protocol.";
            if (length > frame.Length)
                Array.Resize(ref frame, length);
            stream.ReadExactly(frame.AsSpan(FrameFormat.HeaderSize, length - FrameFormat.HeaderSize));
            while (!connection.CanReceive && !closed)
                room.WaitOne(timeouts.KeepAlive);
            connection.Receive(frame.AsSpan(0, length));
        }
    }

    private string NothingMore() => connection.IsOpen
        ? "The peer closed the connection."
        : $"The peer closed the connection during the greeting: {tls?.Suspicion ?? "does it want TLS, or is it no migration's destination?"}";

    private void Write(Stream stream, Socket made)
    {
        var frame = new FrameWriter();
        try
        {
            while (true)
            {
                PullResult result = connection.Pull(frame);
                switch (result.Kind)
                {
                    case PullKind.Frame:
                        stream.Write(frame.Frame.Span);
                        break;
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
            connection.Closed($"The connection broke: {Explain(exception)}");
            Close();
        }
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
