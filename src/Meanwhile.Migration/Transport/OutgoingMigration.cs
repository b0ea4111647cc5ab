using System.Net;
using System.Net.Sockets;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Source;

namespace Meanwhile.Migration.Transport;

/// <summary>A <see cref="SourceSession"/> over sockets: makes its connections, each with threads of its own.</summary>
public sealed class OutgoingMigration : IDisposable
{
    private readonly SourceSession session;
    private readonly MigrationTls? tls;
    private readonly LinkTimeouts timeouts;
    private readonly Lock gate = new();
    private readonly List<ConnectionPump> pumps = [];
    private MigrationAddress address;
    private bool disposed;

    /// <summary>Does not connect yet.</summary>
    /// <param name="session">Not begun.</param>
    /// <param name="address">Where the destination listens.</param>
    /// <param name="tls">Certificates; null for none, which only loopback addresses allow.</param>
    /// <param name="timeouts">How long the peer is waited for.</param>
    public OutgoingMigration(SourceSession session, MigrationAddress address, MigrationTls? tls = null, LinkTimeouts? timeouts = null)
    {
        this.session = session;
        this.address = address;
        this.tls = tls;
        this.timeouts = timeouts ?? new LinkTimeouts();
        session.UrgentWanted += () => Begin(session.OpenUrgent());
    }

    /// <summary>Begins the migration. Failures to connect appear in the session's status.</summary>
    /// <exception cref="TransportException">The address is not known, or not allowed without TLS: nothing has begun.</exception>
    public void Start()
    {
        address.Resolve(tls is not null);
        Begin(session.Start());
    }

    /// <summary>Takes a paused migration up again.</summary>
    /// <param name="at">Where the destination listens now.</param>
    /// <returns>Null, or why not.</returns>
    /// <exception cref="TransportException">The address is not known, or not allowed without TLS.</exception>
    public string? Recover(MigrationAddress at)
    {
        at.Resolve(tls is not null);
        if (session.TryRecover(out Connection? connection) is { } refusal)
            return refusal;
        address = at;
        Begin(connection!);
        return null;
    }

    /// <summary>Closes all connections. The session finds them lost.</summary>
    public void Dispose()
    {
        ConnectionPump[] left;
        lock (gate)
        {
            disposed = true;
            left = [.. pumps];
        }
        foreach (ConnectionPump pump in left)
            pump.Dispose();
    }

    private void Begin(Connection connection)
    {
        MigrationAddress to = address;
        var pump = new ConnectionPump(connection, () => Connect(to), tls, to.Host, timeouts, Ended, answersRequests: true);
        lock (gate)
        {
            if (disposed)
                return;
            pumps.Add(pump);
        }
        pump.Start();
    }

    private void Ended(ConnectionPump pump)
    {
        lock (gate)
            pumps.Remove(pump);
    }

    private Socket Connect(MigrationAddress to)
    {
        string reason = "";
        // The last address's reason is told; a name with several is usually one machine.
        foreach (EndPoint point in to.Resolve(tls is not null))
        {
            var socket = new Socket(point.AddressFamily, SocketType.Stream, point is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
            try
            {
                using var limit = new CancellationTokenSource(timeouts.Connect);
                socket.ConnectAsync(point, limit.Token).AsTask().GetAwaiter().GetResult();
                return socket;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                reason = $"no answer in {timeouts.Connect.TotalSeconds:0} s";
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                reason = exception.SocketErrorCode == SocketError.ConnectionRefused
                    ? "nothing listens there (start the destination with --incoming first)"
                    : exception.Message;
            }
        }
        throw new TransportException($"Cannot connect to {to}: {reason}.");
    }
}
