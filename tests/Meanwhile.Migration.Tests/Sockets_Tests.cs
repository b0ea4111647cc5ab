using System.Net;
using System.Net.Sockets;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Tests.Fakes;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Migration.Tests;

/// <summary>The same sessions over sockets of the host, with threads.</summary>
public class Sockets_Tests
{
    private static readonly MigrationOptions PreCopy = new();
    private static readonly MigrationOptions PostCopy = new() { PostCopy = true, MaxBandwidth = 4_000_000, MaxPostCopyBandwidth = 4_000_000 };

    [Fact]
    public void Pre_copy_over_tcp()
    {
        using var world = new SocketWorld(PreCopy);
        world.Listen("tcp:127.0.0.1:0");
        world.Start();
        world.AwaitCompletion();
    }

    [Fact]
    public void Compressed_post_copy_over_a_unix_socket_which_only_its_owner_may_use_and_which_goes_away()
    {
        string path = Path.Combine(Path.GetTempPath(), $"meanwhile-{Guid.NewGuid():N}");
        using (var world = new SocketWorld(PostCopy with { CompressionLevel = 1 }))
        {
            world.Listen($"unix:{path}");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Contains("in use", Assert.Throws<TransportException>(() => Listen($"unix:{path}")).Message, StringComparison.Ordinal);
            world.Start();
            world.Source.StartPostCopy();
            world.AwaitCompletion();
            Assert.True(world.Source.Status().PostCopyBytes > 0);
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_socket_file_that_nobody_listens_on_is_replaced()
    {
        string path = Path.Combine(Path.GetTempPath(), $"meanwhile-{Guid.NewGuid():N}");
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
            left.Listen();
        }
        // The framework removes the file with the socket; a killed process leaves it.
        if (!File.Exists(path))
        {
            using Socket bound = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            bound.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + "x");
            bound.Dispose();
            File.Move(path + "x", path);
        }
        Listen($"unix:{path}").Dispose();
    }

    [Fact]
    public void A_port_in_use_is_an_error_that_says_so()
    {
        using IncomingMigration first = Listen("tcp:127.0.0.1:0");
        string message = Assert.Throws<TransportException>(() => Listen(first.Address.ToString())).Message;
        Assert.Contains("in use", message, StringComparison.Ordinal);
        Assert.Contains(first.Address.ToString(), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_at_the_address_fails_and_the_guest_goes_on()
    {
        MigrationAddress address;
        using (IncomingMigration gone = Listen("tcp:127.0.0.1:0"))
            address = gone.Address;
        using var world = new SocketWorld(PreCopy);
        world.Start(address);
        world.AwaitFailure("nothing listens there");
    }

    [Fact]
    public void A_listener_that_never_answers_fails_and_the_guest_goes_on()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var world = new SocketWorld(PreCopy);
        world.Start(MigrationAddress.Parse($"tcp:127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), timeouts: SocketWorld.Short);
        world.AwaitFailure("The guest goes on here");
    }

    [Theory]
    [InlineData("tcp:0.0.0.0:0")]
    [InlineData("tcp::0")]
    [InlineData("tcp:[::]:0")]
    [InlineData("tcp:192.0.2.1:4444")]
    public void Other_machines_are_refused_without_tls_at_both_ends(string address)
    {
        Assert.Contains("TLS", Assert.Throws<TransportException>(() => Listen(address)).Message, StringComparison.Ordinal);
        using var world = new SocketWorld(PreCopy);
        world.Outgoing = new OutgoingMigration(world.Source, MigrationAddress.Parse(address));
        Assert.Contains("TLS", Assert.Throws<TransportException>(world.Outgoing.Start).Message, StringComparison.Ordinal);
        Assert.Equal(MigrationPhase.None, world.Source.Status().Phase);
    }

    [Theory]
    [InlineData("4444")]
    [InlineData("tcp:")]
    [InlineData("tcp:host")]
    [InlineData("tcp:host:")]
    [InlineData("tcp:host:65536")]
    [InlineData("tcp:host:-1")]
    [InlineData("tcp:::1:4444")]
    [InlineData("unix:")]
    [InlineData("exec:cat")]
    public void What_is_no_address_is_told_what_one_looks_like(string text)
    {
        string message = Assert.Throws<TransportException>(() => MigrationAddress.Parse(text)).Message;
        Assert.Contains(text, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_post_copy_whose_sockets_are_gone_is_recovered_at_another_address()
    {
        using var world = new SocketWorld(PostCopy with { MaxBandwidth = 400_000, MaxPostCopyBandwidth = 400_000 });
        world.Listen("tcp:127.0.0.1:0");
        world.Start();
        world.Source.StartPostCopy();
        world.Await(() => world.Source.State == SourceState.PostCopy);
        world.Outgoing!.Dispose();
        world.Await(() => world.Source.State == SourceState.Paused && world.Destination.State == DestinationState.Paused);
        Assert.True(world.To.IsRunning);
        world.Incoming!.Recover(MigrationAddress.Parse("tcp:127.0.0.1:0"));
        world.Source.Options = world.Source.Options with { MaxPostCopyBandwidth = 0 };
        using var again = new OutgoingMigration(world.Source, world.Incoming.Address);
        Assert.Null(again.Recover(world.Incoming.Address));
        world.AwaitCompletion();
        Assert.Equal(1, world.Destination.Status().Recoveries);
    }

    [Fact]
    public void A_peer_that_stops_taking_bytes_fails_pre_copy_and_never_stops_the_guest()
    {
        using var world = new SocketWorld(PreCopy with { MaxBandwidth = 400_000 });
        world.Listen("tcp:127.0.0.1:0", timeouts: SocketWorld.Short);
        using var proxy = new StallingProxy(world.Incoming!.Address.Port);
        world.Start(MigrationAddress.Parse($"tcp:127.0.0.1:{proxy.Port}"), timeouts: SocketWorld.Short);
        world.Await(() => world.Source.Status().Normal > 10);
        proxy.Stall();
        world.AwaitFailure("The guest goes on here");
        world.Await(() => world.Destination.State == DestinationState.Failed);
    }

    [Fact]
    public void Strangers_at_the_door_change_nothing()
    {
        using var world = new SocketWorld(PreCopy with { MaxBandwidth = 2_000_000 });
        world.Listen("tcp:127.0.0.1:0", timeouts: SocketWorld.Short);
        var strangers = new List<TcpClient>();
        Knock();
        world.Start();
        world.Await(() => world.Source.State == SourceState.PreCopy);
        Knock();
        world.Source.Options = PreCopy;
        world.AwaitCompletion();
        strangers.ForEach(stranger => stranger.Dispose());

        void Knock()
        {
            byte[][] greetings = ["GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), new byte[100], [.. Enumerable.Repeat((byte)0xFF, 5000)]];
            foreach (byte[] greeting in greetings)
            {
                var client = new TcpClient("127.0.0.1", world.Incoming!.Address.Port);
                client.GetStream().Write(greeting);
                strangers.Add(client);
            }
        }
    }

    [Fact]
    public void Cancel_over_sockets_leaves_the_guest()
    {
        using var world = new SocketWorld(PreCopy with { MaxBandwidth = 400_000 });
        world.Listen("tcp:127.0.0.1:0");
        world.Start();
        world.Await(() => world.Source.Status().Normal > 10);
        Assert.Null(world.Source.Cancel());
        world.Await(() => world.Destination.State == DestinationState.Failed);
        Assert.Contains("cancelled", world.Destination.Status().Error, StringComparison.Ordinal);
        Assert.Equal(MigrationPhase.Cancelled, world.Source.Status().Phase);
        world.CheckRunsOn(world.From);
    }

    private static IncomingMigration Listen(string address)
    {
        var world = new FakeMachine("unused", new FakeGuest(8, 0, 0), 8, new TestClock(), 1_000_000);
        return new IncomingMigration(new DestinationSession(world, world.Ram, new TestClock()), MigrationAddress.Parse(address));
    }

    // Forwards connections until it is told to take no more bytes, with the connections open.
    private sealed class StallingProxy : IDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly List<TcpClient> clients = [];
        private volatile bool stalled;

        public StallingProxy(int to)
        {
            listener.Start();
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    TcpClient client = await listener.AcceptTcpClientAsync();
                    var server = new TcpClient("127.0.0.1", to);
                    clients.AddRange([client, server]);
                    _ = Forward(client, server);
                    _ = Forward(server, client);
                }
            });
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public void Stall() => stalled = true;

        public void Dispose()
        {
            listener.Dispose();
            clients.ForEach(client => client.Dispose());
        }

        private async Task Forward(TcpClient from, TcpClient to)
        {
            byte[] buffer = new byte[65536];
            while (!stalled)
            {
                int count = await from.GetStream().ReadAsync(buffer);
                if (count == 0)
                    break;
                if (!stalled)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count));
            }
        }
    }
}
