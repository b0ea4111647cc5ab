using System.Globalization;
using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Commands;

/// <summary>The guest's console on pipes, files and a terminal (one that script(1) makes).</summary>
public sealed class RunConsole_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string echo;

    public RunConsole_Tests() => echo = folder.Write("echo", FlatPrograms.Echo);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_comes_through_a_pipe_reaches_the_guest_unchanged()
    {
        using CommandProcess guest = CommandProcess.Meanwhile("run", "--kernel", echo);
        guest.WaitFor("R");
        guest.Type("\x01x and \x03");
        guest.WaitFor("\x01x and \x03");
    }

    [Fact]
    public void What_a_file_holds_reaches_the_guest_once()
    {
        string input = folder.Write("input", "abc"u8.ToArray());
        using CommandProcess guest = Shell($"{Run} < {input}");
        guest.WaitFor("Rabc");
        guest.Kill("TERM");
        guest.WaitForExit();
        Assert.Equal("Rabc", guest.Output);
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    public void A_signal_ends_the_command_with_the_status_that_shells_use(string signal, int status)
    {
        // A background job, as the tests may be, ignores SIGINT or SIGHUP, and so would what it starts.
        using CommandProcess guest = CommandProcess.Start("env", ["--default-signal", .. CommandProcess.MeanwhileCommandLine, "run", "--kernel", echo]);
        guest.WaitFor("R");
        guest.Kill(signal);
        Assert.Equal(status, guest.WaitForExit());
    }

    [Fact]
    public void On_a_terminal_keys_reach_the_guest_as_typed_and_ctrl_a_x_leaves_it_as_it_was()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1) of bsdutils is missing: no terminal to test with");
        using CommandProcess terminal = CommandProcess.Start(
            "script", "-qec", $"stty -g > {folder.File("before")}; {Run}; echo status=$?; stty -g > {folder.File("after")}", "/dev/null");
        terminal.WaitFor("R");
        terminal.Type("\x03");
        terminal.WaitFor("\x03");
        terminal.Type("\x1A\x1C\x04\r");
        terminal.WaitFor("\x1A\x1C\x04\r");
        terminal.Type("\x01\x01");
        terminal.WaitFor("\x01");
        terminal.Type("\x01x");
        terminal.WaitFor("status=0");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.Equal(File.ReadAllText(folder.File("before")), File.ReadAllText(folder.File("after")));
    }

    [Fact]
    public void A_signal_leaves_the_terminal_as_it_was()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1) of bsdutils is missing: no terminal to test with");
        string pid = folder.File("pid");
        // sh, which does not put the terminal right when a command of it ends, as interactive shells do.
        using CommandProcess terminal = CommandProcess.Start(
            "script", "-qec", $"stty -g > {folder.File("before")}; sh -c 'echo $$ > {pid}; exec {Run}'; echo status=$?; stty -g > {folder.File("after")}", "/dev/null");
        terminal.WaitFor("R");
        CommandProcess.Kill(int.Parse(File.ReadAllText(pid), CultureInfo.InvariantCulture), "TERM");
        terminal.WaitFor("status=143");
        Assert.Equal(0, terminal.WaitForExit());
        Assert.Equal(File.ReadAllText(folder.File("before")), File.ReadAllText(folder.File("after")));
    }

    private string Run => $"{string.Join(' ', CommandProcess.MeanwhileCommandLine)} run --kernel {echo}";

    private static CommandProcess Shell(string line) => CommandProcess.Start("sh", "-c", "exec " + line);
}
