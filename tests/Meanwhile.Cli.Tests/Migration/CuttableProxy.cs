using System.Net.Sockets;

namespace Meanwhile.Cli.Tests.Migration;

/// <summary>Forwards connections to a unix socket from another, until it cuts them all.</summary>
internal sealed class CuttableProxy : IDisposable
{
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string target;
    private readonly Lock gate = new();
    private readonly List<Socket> open = [];

    public CuttableProxy(string path, string target)
    {
        this.target = target;
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    /// <summary>Breaks all connections; later ones are forwarded again.</summary>
    public void Cut()
    {
        lock (gate)
        {
            foreach (Socket socket in open)
                socket.Dispose();
            open.Clear();
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        Cut();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket from = listener.Accept();
                var to = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                to.Connect(new UnixDomainSocketEndPoint(target));
                lock (gate)
                    open.AddRange([from, to]);
                new Thread(() => Forward(from, to)) { IsBackground = true }.Start();
                new Thread(() => Forward(to, from)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed.
        }
    }

    private static void Forward(Socket from, Socket to)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (from.Receive(buffer) is > 0 and int count)
            {
                for (int sent = 0; sent < count;)
                    sent += to.Send(buffer.AsSpan(sent, count - sent));
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Cut, or the other end is gone.
        }
    }
}
