using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>The server with real sockets: who may connect, who hears what, and clients that behave badly.</summary>
public sealed class QmpServer_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeMachine machine = new();
    private readonly List<Exception> failures = [];
    private readonly string path;

    public QmpServer_Tests() => path = folder.File("qmp");

    public void Dispose()
    {
        folder.Dispose();
        Assert.Empty(failures);
    }

    [Fact]
    public void The_socket_is_this_user_s_alone_and_goes_with_the_server()
    {
        using (Serve())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_second_server_on_the_path_is_refused_and_the_first_goes_on()
    {
        using MachineMonitor monitor = Serve();
        Assert.Contains("another process listens", Assert.Throws<UserError>(Serve).Message, StringComparison.Ordinal);
        using var client = new SocketClient(path);
        Assert.Contains("running", client.Call("query-status"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_left_alone()
    {
        folder.Write("qmp", "mine"u8.ToArray());
        Assert.Contains($"'{path}' exists already", Assert.Throws<UserError>(Serve).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Fact]
    public void A_socket_that_a_killed_process_left_is_replaced()
    {
        using (CommandProcess python = CommandProcess.Start("python3", "-c", $"import socket; socket.socket(socket.AF_UNIX).bind('{path}')"))
            Assert.Equal(0, python.WaitForExit());
        Assert.True(File.Exists(path));
        using MachineMonitor monitor = Serve();
        using var client = new SocketClient(path);
        Assert.Contains("running", client.Call("query-status"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_and_a_path_that_is_too_long_are_named()
    {
        Assert.Contains("/nowhere/", Assert.Throws<UserError>(() => Serve(folder.File("nowhere/qmp"))).Message, StringComparison.Ordinal);
        Assert.Contains("107 bytes", Assert.Throws<UserError>(() => Serve(folder.File(new string('x', 120)))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_clients_hear_events_and_each_its_own_answers()
    {
        using MachineMonitor monitor = Serve();
        using var first = new SocketClient(path);
        using var second = new SocketClient(path);
        Assert.Equal("{}", first.Call("stop"));
        Assert.Equal(["STOP"], first.Events);
        Assert.Contains("paused", second.Call("query-status"), StringComparison.Ordinal);
        Assert.Equal(["STOP"], second.Events);
        Assert.Equal("{}", second.Call("cont"));
        Assert.Equal(["STOP", "RESUME"], second.Events);
    }

    [Fact]
    public void Before_negotiation_a_client_hears_nothing()
    {
        using MachineMonitor monitor = Serve();
        using var silent = new SocketClient(path, negotiate: false);
        using var other = new SocketClient(path);
        other.Call("stop");
        silent.Send("""{"execute":"qmp_capabilities"}""");
        Assert.Equal("""{"return":{}}""", silent.ReadLine());
        Assert.Contains("paused", silent.Call("query-status"), StringComparison.Ordinal);
        Assert.Empty(silent.Events);
    }

    [Fact]
    public void Events_have_the_host_s_time()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using MachineMonitor monitor = Serve();
        using var client = new SocketClient(path);
        client.Send("""{"execute":"quit"}""");
        using JsonDocument shutdown = JsonDocument.Parse(client.ReadLine());
        JsonElement time = shutdown.RootElement.GetProperty("timestamp");
        Assert.InRange(time.GetProperty("seconds").GetInt64(), before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.InRange(time.GetProperty("microseconds").GetInt64(), 0, 999_999);
        Assert.Equal("""{"guest":false,"reason":"host-qmp-quit"}""", shutdown.RootElement.GetProperty("data").GetRawText());
    }

    [Fact]
    public void At_the_end_clients_get_what_is_theirs_and_then_the_end_of_the_stream()
    {
        MachineMonitor monitor = Serve();
        using var client = new SocketClient(path);
        client.Call("query-status");
        machine.Happen(new MachineEvent.Shutdown(ShutdownCause.GuestShutdown));
        monitor.Dispose();
        Assert.Contains("guest-shutdown", client.ReadLine(), StringComparison.Ordinal);
        Assert.Null(client.TryReadLine());
    }

    [Fact]
    public void A_client_that_sends_and_hangs_up_gets_its_answers()
    {
        using MachineMonitor monitor = Serve();
        using var client = new SocketClient(path, negotiate: false);
        client.Send("""{"execute":"qmp_capabilities"}{"execute":"query-name"}""");
        client.EndSending();
        Assert.Equal("""{"return":{}}""", client.ReadLine());
        Assert.Equal("""{"return":{}}""", client.ReadLine());
        Assert.Null(client.TryReadLine());
    }

    [Fact]
    public void Clients_that_vanish_leave_room_for_others()
    {
        using MachineMonitor monitor = Serve();
        for (int index = 0; index < 3 * QmpServer.MostClients; index++)
        {
            using var client = new SocketClient(path);
            client.Send("""{"execute":"query-status"}{"execute":""");
        }
        using var last = new SocketClient(path);
        Assert.Contains("running", last.Call("query-status"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_that_does_not_read_holds_up_nobody_and_is_dropped()
    {
        using MachineMonitor monitor = Serve();
        using var deaf = new SocketClient(path);
        deaf.Call("query-status");
        // Twice what a client may leave unread, with what the kernel's own buffers take (an event has some 80 bytes).
        for (int count = 0; count < 4 * QmpClient.MostUnread / 80; count++)
            machine.Happen(new MachineEvent.Stopped());
        using var other = new SocketClient(path);
        Assert.Contains("running", other.Call("query-status"), StringComparison.Ordinal);
        int lines = 0;
        while (deaf.TryReadLine() is not null)
            lines++;
        Assert.InRange(lines, 1, 4 * QmpClient.MostUnread / 80 - 1);
    }

    [Fact]
    public void A_client_that_does_not_read_does_not_keep_the_machine_from_ending()
    {
        MachineMonitor monitor = Serve();
        using var deaf = new SocketClient(path);
        // More than the kernel's buffers take (some 200 KiB), less than what gets a client dropped; the reader waits with an answer.
        for (int count = 0; count < QmpClient.MostUnread / 160; count++)
            machine.Happen(new MachineEvent.Stopped());
        for (int count = 0; count < 10; count++)
            deaf.Send("""{"execute":"query-status"}""");
        monitor.Dispose();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_client_that_asks_without_reading_gets_all_its_answers_when_it_reads()
    {
        const int Count = 20_000;
        using MachineMonitor monitor = Serve();
        using var client = new SocketClient(path);
        var sender = new Thread(() =>
        {
            for (int id = 0; id < Count; id++)
                client.Send($$"""{"execute":"query-cpus-fast","id":{{id}}}""");
        });
        sender.Start();
        for (int id = 0; id < Count; id++)
            Assert.EndsWith($"\"id\":{id}}}", client.ReadLine(), StringComparison.Ordinal);
        sender.Join();
    }

    private MachineMonitor Serve() => Serve(path);

    private MachineMonitor Serve(string where) => new(machine, migration: null, [where], failures.Add);

    /// <summary>A client that reads lines.</summary>
    private sealed class SocketClient : IDisposable
    {
        private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly StreamReader reader;

        public SocketClient(string path, bool negotiate = true)
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
            Assert.StartsWith("""{"QMP":""", ReadLine(), StringComparison.Ordinal);
            if (negotiate)
                Assert.Equal("{}", Call("qmp_capabilities"));
        }

        public List<string> Events { get; } = [];

        public void Send(string text) => socket.Send(Encoding.UTF8.GetBytes(text));

        public void EndSending() => socket.Shutdown(SocketShutdown.Send);

        public string ReadLine() => TryReadLine() ?? throw new EndOfStreamException();

        public string? TryReadLine()
        {
            try
            {
                return reader.ReadLine();
            }
            catch (IOException)
            {
                // Closed with something of ours unread.
                return null;
            }
        }

        public string Call(string name)
        {
            Send($$"""{"execute":"{{name}}"}""");
            while (true)
            {
                using JsonDocument line = JsonDocument.Parse(ReadLine());
                if (!line.RootElement.TryGetProperty("event", out JsonElement happened))
                    return line.RootElement.GetProperty("return").GetRawText();
                Events.Add(happened.GetString()!);
            }
        }

        public void Dispose()
        {
            reader.Dispose();
            socket.Dispose();
        }
    }
}
