namespace Meanwhile.Cli.Tests.Guests;

/// <summary>Debian's kernel with the default initial RAM disk: a shell on the console.</summary>
public class DebianShell_Tests
{
    private const string Prompt = "/ # ";

    [Fact]
    public void Ctrl_C_reaches_the_shells_command_and_power_off_ends_with_0()
    {
        using CommandProcess guest = CommandProcess.Meanwhile("run", "--clock", "virtual");
        guest.WaitFor(Prompt);
        // Not before the shell has given the terminal to its command: while a line is edited Ctrl-C only drops that line.
        guest.Type("echo asleep $((6*7)); sleep 1000000; echo slept=$?\n");
        guest.WaitFor("asleep 42");
        guest.Type("\x03");
        guest.WaitFor(Prompt);
        guest.Type("uname -m\n");
        guest.WaitFor("\naarch64\r\n");
        guest.Type("poweroff -f\n");
        Assert.Equal(0, guest.WaitForExit());
        Assert.DoesNotContain("slept=0", guest.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_panic_ends_with_1_and_says_so()
    {
        using CommandProcess guest = CommandProcess.Meanwhile("run", "--clock", "virtual");
        guest.WaitFor(Prompt);
        guest.Type("echo c > /proc/sysrq-trigger\n");
        guest.WaitFor("Kernel panic - not syncing: sysrq triggered crash");
        Assert.Equal(1, guest.WaitForExit());
        Assert.Contains("meanwhile: the guest panicked\n", guest.Errors, StringComparison.Ordinal);
    }
}
