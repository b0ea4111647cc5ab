using System.Net.Sockets;
using System.Text.Json;
using Meanwhile.Cli.Host;
using Microsoft.Win32.SafeHandles;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>
/// QMP on a unix socket that only this user may open. Several clients may be there at once; all get the events. Nothing here makes the
/// machine wait for a client.
/// </summary>
internal sealed class QmpServer : IDisposable
{
    /// <summary>Most clients at once; more are hung up on.</summary>
    public const int MostClients = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Socket listener;
    private readonly QmpCommandTable commands;
    private readonly Action<Exception> failed;
    private readonly Lock gate = new();
    private readonly List<QmpClient> clients = [];
    private readonly Thread acceptor;
    private volatile bool isEnding;

    /// <summary>Listens.</summary>
    /// <param name="path">Where the socket is made, and removed at the end. A socket that nobody listens on any more is replaced.</param>
    /// <param name="commands">What clients may call.</param>
    /// <param name="failed">A thread of the server threw what it should not; called on that thread.</param>
    /// <exception cref="UserError">There cannot be a socket at this path.</exception>
    public QmpServer(string path, QmpCommandTable commands, Action<Exception> failed)
    {
        this.commands = commands;
        this.failed = failed;
        listener = Listen(path);
        acceptor = new Thread(Accept) { IsBackground = true, Name = "qmp" };
        acceptor.Start();
    }

    /// <summary>Tells all clients. Any thread; never waits.</summary>
    public void Post(string name, Action<Utf8JsonWriter>? data = null)
    {
        byte[] line = QmpMessage.Event(name, DateTimeOffset.UtcNow, data);
        // With the lock held, so that all clients get all events in one order.
        lock (gate)
        {
            foreach (QmpClient client in clients)
                client.Post(line);
        }
    }

    /// <summary>Hangs up, after what clients still have to get, and removes the socket.</summary>
    public void Dispose()
    {
        if (isEnding)
            return;
        isEnding = true;
        // Which also removes the file.
        listener.Dispose();
        acceptor.Join();
        QmpClient[] last;
        lock (gate)
            last = [.. clients];
        foreach (QmpClient client in last)
            client.Finish();
        // All of them together have that long.
        long deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        foreach (QmpClient client in last)
            client.End(TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64)));
    }

    private void Accept()
    {
        try
        {
            while (!isEnding)
                AcceptOne();
        }
        catch (Exception error)
        {
            failed(error);
        }
    }

    private void AcceptOne()
    {
        try
        {
            Add(listener.Accept());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The end, or the host has no descriptor left: a matter of time, and none of the guest's.
            if (!isEnding)
                Thread.Sleep(Pause);
        }
    }

    private void Add(Socket socket)
    {
        QmpClient client;
        lock (gate)
        {
            if (clients.Count == MostClients)
            {
                socket.Dispose();
                return;
            }
            client = new QmpClient(socket, commands, Remove, failed);
            clients.Add(client);
        }
        client.Start();
    }

    private void Remove(QmpClient client)
    {
        lock (gate)
            clients.Remove(client);
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            UnixDomainSocketEndPoint address = Address(path);
            RemoveStale(path, address);
            // Before bind: Linux gives the file the mode of the socket, so there is no moment in which others may connect.
            using (var descriptor = new SafeFileHandle(socket.Handle, ownsHandle: false))
                File.SetUnixFileMode(descriptor, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Bind(address);
            socket.Listen();
            return socket;
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is SocketException or IOException or UnauthorizedAccessException)
                throw new UserError($"--qmp: there cannot be a socket at '{path}': {error.Message}");
            throw;
        }
    }

    private static UnixDomainSocketEndPoint Address(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException)
        {
            throw new UserError($"--qmp: '{path}' is no path for a socket; give one of 1 to 107 bytes");
        }
    }

    /// <summary>Removes a socket that nobody listens on, as a process that was killed leaves it; refuses everything else.</summary>
    private static void RemoveStale(string path, UnixDomainSocketEndPoint address)
    {
        if (!Path.Exists(path))
            return;
        // connect(2) refuses files that are no sockets with the same error as sockets on which nobody listens.
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(address);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused && FileStatus.IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException)
        {
            throw new UserError($"--qmp: '{path}' exists already and is left alone; remove it, or name a file that does not exist");
        }
        throw new UserError($"--qmp: another process listens on '{path}'; end it, or name another file");
    }
}
