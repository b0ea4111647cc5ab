using System.Net;
using System.Net.Sockets;
using Meanwhile.Migration.Destination;

namespace Meanwhile.Migration.Transport;

/// <summary>
/// A <see cref="DestinationSession"/> over sockets: listens until the session is over. Whoever connects has a few seconds to prove who he is; few may
/// be at it at a time.
/// </summary>
public sealed class IncomingMigration : IDisposable
{
    private const int MostConnections = 8;

    private readonly DestinationSession session;
    private readonly MigrationTls? tls;
    private readonly LinkTimeouts timeouts;
    private readonly Lock gate = new();
    private readonly List<ConnectionPump> pumps = [];
    private readonly AutoResetEvent pumpEnded = new(false);
    private Socket? listener;
    private Thread? acceptor;
    private bool disposed;

    /// <summary>Listens.</summary>
    /// <param name="session">That takes the guest.</param>
    /// <param name="address">Where.</param>
    /// <param name="tls">Certificates; null for none, which only loopback addresses allow.</param>
    /// <param name="timeouts">How long the peer is waited for.</param>
    /// <exception cref="TransportException">It cannot: in use, unknown, or not allowed without TLS.</exception>
    public IncomingMigration(DestinationSession session, MigrationAddress address, MigrationTls? tls = null, LinkTimeouts? timeouts = null)
    {
        this.session = session;
        this.tls = tls;
        this.timeouts = timeouts ?? new LinkTimeouts();
        Address = address;
        Listen(address);
    }

    /// <summary>The session is over and what was left to be said to the source has been said. Any thread; perhaps more than once.</summary>
    public event Action? Over;

    /// <summary>Where it listens, with the real port.</summary>
    public MigrationAddress Address { get; private set; }

    /// <summary>Listens elsewhere from now on, for a source that recovers.</summary>
    /// <exception cref="TransportException">It cannot; it listens where it did.</exception>
    public void Recover(MigrationAddress address)
    {
        if (address == Address && listener is not null)
            return;
        Socket? old = listener;
        Thread? oldAcceptor = acceptor;
        MigrationAddress oldAddress = Address;
        Listen(address);
        if (old is not null)
            StopListening(old, oldAcceptor, oldAddress);
    }

    /// <summary>Raises <see cref="Over"/> when the session is and has no connection: for sessions that end without one.</summary>
    public void CheckOver()
    {
        if (!session.IsOver)
            return;
        listener?.Dispose();
        bool last;
        lock (gate)
            last = pumps.Count == 0;
        if (last)
            Over?.Invoke();
    }

    /// <summary>Waits until what is to be said to the source has been said, or it is gone, but not for longer than this. By one thread.</summary>
    public void AwaitClosed(TimeSpan patience)
    {
        long end = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (true)
        {
            lock (gate)
            {
                if (pumps.Count == 0)
                    return;
            }
            long left = end - Environment.TickCount64;
            if (left <= 0 || !pumpEnded.WaitOne((int)left))
                return;
        }
    }

    /// <summary>Closes listener and connections. The session finds them lost.</summary>
    public void Dispose()
    {
        ConnectionPump[] left;
        lock (gate)
        {
            disposed = true;
            left = [.. pumps];
        }
        if (listener is not null)
            StopListening(listener, acceptor, Address);
        listener = null;
        foreach (ConnectionPump pump in left)
            pump.Dispose();
    }

    private void Listen(MigrationAddress address)
    {
        // One address is enough: a name that means several is not where anyone listens.
        EndPoint point = address.Resolve(tls is not null)[0];
        var socket = new Socket(point.AddressFamily, SocketType.Stream, point is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (address.Path is not null)
                RemoveStale(address);
            socket.Bind(point);
            // Before anyone can connect.
            if (address.Path is not null)
                File.SetUnixFileMode(address.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(MostConnections);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new TransportException(exception is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
                ? $"{address} is in use: choose another, or end what listens there."
                : $"Cannot listen on {address}: {exception.Message}.");
        }
        listener = socket;
        Address = point is IPEndPoint ? address.WithPort(((IPEndPoint)socket.LocalEndPoint!).Port) : address;
        acceptor = new Thread(() => AcceptAll(socket)) { IsBackground = true, Name = "migration listener" };
        acceptor.Start();
    }

    // A socket file that nobody listens on any more would keep this process from listening.
    private static void RemoveStale(MigrationAddress address)
    {
        if (!File.Exists(address.Path))
            return;
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(address.Path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            if ((File.GetAttributes(address.Path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) == 0 && new FileInfo(address.Path).Length == 0)
                File.Delete(address.Path);
        }
    }

    private static void StopListening(Socket socket, Thread? thread, MigrationAddress address)
    {
        socket.Dispose();
        if (thread != Thread.CurrentThread)
            thread?.Join();
        if (address.Path is not null)
            File.Delete(address.Path);
    }

    private void AcceptAll(Socket socket)
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = socket.Accept();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                if (exception is SocketException { SocketErrorCode: SocketError.TooManyOpenSockets })
                {
                    Thread.Sleep(100);
                    continue;
                }
                return;
            }
            var pump = new ConnectionPump(session.Accept(), () => accepted, tls, null, timeouts, Ended, answersRequests: false);
            lock (gate)
            {
                if (disposed || pumps.Count >= MostConnections)
                {
                    accepted.Dispose();
                    continue;
                }
                pumps.Add(pump);
            }
            pump.Start();
        }
    }

    private void Ended(ConnectionPump pump)
    {
        lock (gate)
            pumps.Remove(pump);
        pumpEnded.Set();
        CheckOver();
    }
}
