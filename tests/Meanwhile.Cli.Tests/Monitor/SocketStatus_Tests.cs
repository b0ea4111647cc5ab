using System.Net.Sockets;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Tests.Monitor;

public sealed class SocketStatus_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_client_is_gone_when_it_has_closed_and_not_when_it_has_only_said_all()
    {
        var address = new UnixDomainSocketEndPoint(folder.File("socket"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        client.Connect(address);
        Socket server = listener.Accept();
        Assert.False(SocketStatus.IsHungUp(server));
        client.Send("more"u8);
        client.Shutdown(SocketShutdown.Send);
        Assert.False(SocketStatus.IsHungUp(server));
        client.Close();
        Assert.True(SocketStatus.IsHungUp(server));
        server.Dispose();
        Assert.True(SocketStatus.IsHungUp(server));
    }
}
