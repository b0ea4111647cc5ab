using System.Net.Sockets;
using Signal = System.Threading.Monitor;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>
/// A client that is connected: a thread that reads and does its commands, and one that writes. While it does not read its answers, its
/// commands wait; events wait for nobody, and a client that lets too many pile up is dropped.
/// </summary>
internal sealed class QmpClient
{
    /// <summary>While more than this is unread, no further command is done.</summary>
    public const int MostUnreadForCommands = 64 << 10;

    /// <summary>Most that a client may leave unread.</summary>
    public const int MostUnread = 1 << 20;

    private const int ReceiveSize = 16 << 10;

    private readonly Socket socket;
    private readonly QmpSession session;
    private readonly Action<QmpClient> ended;
    private readonly Action<Exception> failed;
    private readonly object gate = new();
    private readonly Queue<byte[]> unread = new();
    private readonly Thread reader;
    private readonly Thread writer;
    private int unreadBytes;
    private bool hearsEvents;
    private bool isFinishing;
    private bool isClosed;

    /// <summary>Takes a connection.</summary>
    /// <param name="socket">The connection, now this object's.</param>
    /// <param name="commands">What the client may call.</param>
    /// <param name="ended">Told once when both threads are about to end.</param>
    /// <param name="failed">A command threw what it should not.</param>
    public QmpClient(Socket socket, QmpCommandTable commands, Action<QmpClient> ended, Action<Exception> failed)
    {
        this.socket = socket;
        this.ended = ended;
        this.failed = failed;
        session = new QmpSession(commands, Reply, () => Volatile.Read(ref isClosed) || SocketStatus.IsHungUp(socket));
        reader = new Thread(Read) { IsBackground = true, Name = "qmp reader" };
        writer = new Thread(Write) { IsBackground = true, Name = "qmp writer" };
    }

    /// <summary>Starts both threads.</summary>
    public void Start()
    {
        writer.Start();
        reader.Start();
    }

    /// <summary>Sends an event, when the client is ready for events. Any thread; never waits.</summary>
    public void Post(byte[] line)
    {
        lock (gate)
        {
            if (!hearsEvents)
                return;
            if (unreadBytes + line.Length > MostUnread)
                Close();
            else
                Enqueue(line);
        }
    }

    /// <summary>Takes no further command; the one under way is answered.</summary>
    public void Finish()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Receive);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    /// <summary>Waits until what is unread is sent after <see cref="Finish"/>, at most so long, and ends both threads.</summary>
    public void End(TimeSpan patience)
    {
        if (!writer.Join(patience))
        {
            lock (gate)
                Close();
        }
        writer.Join();
        reader.Join();
    }

    private void Read()
    {
        byte[] buffer = new byte[ReceiveSize];
        try
        {
            while (true)
            {
                int count = socket.Receive(buffer);
                if (count == 0 || !session.Receive(buffer.AsSpan(0, count)))
                    break;
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client went away.
        }
        catch (Exception error)
        {
            failed(error);
        }
        lock (gate)
        {
            isFinishing = true;
            Signal.PulseAll(gate);
        }
    }

    private void Write()
    {
        try
        {
            while (Next() is { } line)
            {
                for (int sent = 0; sent < line.Length;)
                    sent += socket.Send(line.AsSpan(sent));
                lock (gate)
                {
                    unreadBytes -= line.Length;
                    Signal.PulseAll(gate);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The client went away.
        }
        lock (gate)
            Close();
        ended(this);
    }

    /// <summary>The next line to send; null when there will be none.</summary>
    private byte[]? Next()
    {
        lock (gate)
        {
            while (unread.Count == 0 && !isFinishing && !isClosed)
                Signal.Wait(gate);
            return isClosed || unread.Count == 0 ? null : unread.Dequeue();
        }
    }

    private void Reply(byte[] line)
    {
        lock (gate)
        {
            while (unreadBytes > MostUnreadForCommands && !isClosed)
                Signal.Wait(gate);
            Enqueue(line);
            // With the answer that ends negotiation, at once: who has read that answer misses no event. The greeting comes before there is a session.
            hearsEvents = session is { IsNegotiated: true };
        }
    }

    private void Enqueue(byte[] line)
    {
        if (isClosed)
            return;
        unread.Enqueue(line);
        unreadBytes += line.Length;
        Signal.PulseAll(gate);
    }

    // With the lock held.
    private void Close()
    {
        if (isClosed)
            return;
        isClosed = true;
        socket.Dispose();
        Signal.PulseAll(gate);
    }
}
