using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>A machine and its monitor, as a user has them: two commands.</summary>
public sealed class RunQmp_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string socket;

    public RunQmp_Tests() => socket = folder.File("qmp");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("real")]
    [InlineData("virtual")]
    public void A_guest_that_is_stopped_says_nothing_until_it_goes_on(string clock)
    {
        using CommandProcess guest = Run("--clock", clock);
        guest.WaitFor("R");
        using CommandProcess monitor = CommandProcess.Meanwhile("monitor", socket);
        monitor.Type("query-status\nstop\ninfo status\n");
        monitor.WaitFor("\"running\": true");
        monitor.WaitFor("\"STOP\"");
        monitor.WaitFor("VM status: paused");
        guest.Type("a");
        monitor.Type("query-status\n");
        monitor.WaitFor("\"paused\"");
        Assert.Equal("R", guest.Output);
        monitor.Type("cont\n");
        monitor.WaitFor("\"RESUME\"");
        guest.WaitFor("a");
        monitor.Type("nope\nquit\n");
        monitor.WaitForError("The command nope has not been found");
        monitor.WaitFor("host-qmp-quit");
        Assert.Equal(0, monitor.WaitForExit());
        Assert.Equal(0, guest.WaitForExit());
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public void A_reset_boots_the_guest_again_also_when_it_is_stopped()
    {
        using CommandProcess guest = Run();
        guest.WaitFor("R");
        using CommandProcess monitor = CommandProcess.Meanwhile("monitor", socket);
        monitor.Type("system_reset\n");
        monitor.WaitFor("host-qmp-system-reset");
        guest.WaitFor("R");
        monitor.Type("stop\nsystem_reset\n");
        monitor.WaitFor("host-qmp-system-reset");
        monitor.Type("query-status\n");
        monitor.WaitFor("\"paused\"");
        Assert.Equal("RR", guest.Output);
        monitor.Type("cont\n");
        guest.WaitFor("R");
        monitor.Type("quit\n");
        Assert.Equal(0, guest.WaitForExit());
    }

    [Fact]
    public void One_command_on_the_command_line_has_its_answer_on_standard_output()
    {
        using CommandProcess guest = Run("--memory", "64M");
        guest.WaitFor("R");
        Assert.Equal((0, "VM status: running\n", ""), Monitor("info", "status"));
        Assert.Equal((0, "{\n  \"base-memory\": 67108864,\n  \"plugged-memory\": 0\n}\n", ""), Monitor("query-memory-size-summary"));
        Assert.Equal((1, "", "meanwhile: Parameter 'x' is unexpected\n"), Monitor("query-status", "x=1"));
        Assert.Equal((0, "", ""), Monitor("quit"));
        Assert.Equal(0, guest.WaitForExit());
        (int code, string output, string errors) = Monitor("query-status");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"nobody listens on '{socket}'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_is_taken_is_named_before_the_guest_starts()
    {
        File.WriteAllText(socket, "mine");
        using CommandProcess guest = Run();
        Assert.Equal(2, guest.WaitForExit());
        Assert.Contains($"--qmp: '{socket}' exists already", guest.Errors, StringComparison.Ordinal);
        Assert.Equal("", guest.Output);
    }

    // A process has a second to end by itself, and what it leaves is on the disk.
    [Theory]
    [InlineData("real", "bookworm")]
    [InlineData("virtual", "bookworm")]
    [InlineData("virtual", "trixie")]
    public void The_power_button_ends_the_default_guest_in_an_orderly_way(string clock, string suite)
    {
        using CommandProcess guest = CommandProcess.Meanwhile("run", "--suite", suite, "--memory", "192M", "--clock", clock, "--qmp", socket);
        guest.WaitFor(" # ");
        guest.Type("sh -c 'trap \"echo has saved \\$((6*7)) > /dev/console; exit\" TERM; while :; do sleep 0.1; done' &\necho ready $((6*7))\n");
        guest.WaitFor("ready 42");
        using CommandProcess monitor = CommandProcess.Meanwhile("monitor", socket);
        monitor.Type("system_powerdown\n");
        monitor.WaitFor("\"POWERDOWN\"");
        guest.WaitFor("init: the power button was pressed");
        guest.WaitFor("has saved 42");
        guest.WaitFor("reboot: Power down");
        monitor.WaitFor("guest-shutdown");
        Assert.Equal(0, guest.WaitForExit());
    }

    private CommandProcess Run(params string[] more) =>
        CommandProcess.Meanwhile(["run", "--kernel", folder.Write("echo", FlatPrograms.Echo), "--qmp", socket, .. more]);

    private (int Code, string Output, string Errors) Monitor(params string[] words)
    {
        using CommandProcess monitor = CommandProcess.Meanwhile(["monitor", socket, .. words]);
        int code = monitor.WaitForExit();
        return (code, monitor.Output, monitor.Errors);
    }
}
