using System.Text.Json;
using Meanwhile.Cli.Monitor;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>The commands about the machine. Members and texts are QEMU 10.0.2's.</summary>
public sealed class MachineCommands_Tests
{
    private readonly FakeMachine machine = new();
    private readonly Conversation client;

    public MachineCommands_Tests() => client = new Conversation(MachineMonitor.Commands(machine, migration: null, out _));

    [Theory]
    [InlineData("query-kvm", """{"enabled":false,"present":false}""")]
    [InlineData("query-name", "{}")]
    [InlineData("query-target", """{"arch":"aarch64"}""")]
    [InlineData("query-memory-size-summary", """{"base-memory":67108864,"plugged-memory":0}""")]
    [InlineData("query-qmp-schema", "CommandNotFound: The command query-qmp-schema has not been found")]
    [InlineData("migrate", "CommandNotFound: The command migrate has not been found")]
    public void Queries(string command, string answer) => Assert.Equal(answer, client.Call(command));

    [Fact]
    public void Vcpus_have_the_members_that_QEMU_gives()
    {
        Assert.Equal(
            """
            [{"cpu-index":0,"qom-path":"/machine/unattached/device[0]","thread-id":101,"props":{"core-id":0,"thread-id":0,"socket-id":0,"cluster-id":0},"target":"aarch64"},
            {"cpu-index":1,"qom-path":"/machine/unattached/device[1]","thread-id":102,"props":{"core-id":1,"thread-id":0,"socket-id":0,"cluster-id":0},"target":"aarch64"}]
            """.ReplaceLineEndings(""),
            client.Call("query-cpus-fast"));
    }

    [Theory]
    [InlineData(nameof(RunState.Running), """{"status":"running","running":true}""", "VM status: running\r\n")]
    [InlineData(nameof(RunState.Paused), """{"status":"paused","running":false}""", "VM status: paused\r\n")]
    [InlineData(nameof(RunState.InMigrate), """{"status":"inmigrate","running":false}""", "VM status: paused (inmigrate)\r\n")]
    [InlineData(nameof(RunState.PostMigrate), """{"status":"postmigrate","running":false}""", "VM status: paused (postmigrate)\r\n")]
    [InlineData(nameof(RunState.IoError), """{"status":"io-error","running":false}""", "VM status: paused (io-error)\r\n")]
    public void The_status_is_told_to_programs_and_people(string state, string answer, string text)
    {
        machine.State = Enum.Parse<RunState>(state);
        Assert.Equal(answer, client.Call("query-status"));
        Assert.Equal(text, Human("info status"));
    }

    [Fact]
    public void Power_down_presses_the_button_and_does_not_wait_for_the_guest()
    {
        var events = new List<MachineEvent>();
        machine.Happened += events.Add;
        Assert.Equal("{}", client.Call("system_powerdown"));
        Assert.Equal([new MachineEvent.PowerDown()], events);
        Assert.Equal(RunState.Running, machine.State);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("nope", "unknown command: 'nope'\r\n")]
    [InlineData("info nope", "unknown command: 'info nope'\r\n")]
    [InlineData("info status -a", "status: extraneous characters at the end of line\r\nTry \"help info status\" for more information\r\n")]
    [InlineData("help info status", "info status  -- show the current VM status (running|paused)\r\n")]
    public void People_are_told_what_is_wrong_in_QEMU_s_words(string line, string text) => Assert.Equal(text, Human(line));

    [Fact]
    public void Async_page_faults_are_shown_for_each_vcpu() =>
        Assert.Equal("CPU #0: not offered\r\nCPU #1: not offered\r\n", Human("info async-page-faults"));

    private string Human(string line)
    {
        using JsonDocument text = JsonDocument.Parse(client.Call("human-monitor-command", $$"""{"command-line":"{{line}}"}"""));
        return text.RootElement.GetString()!;
    }
}
