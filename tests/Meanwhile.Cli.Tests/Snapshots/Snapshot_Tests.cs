using System.Text.RegularExpressions;

namespace Meanwhile.Cli.Tests.Snapshots;

/// <summary>Guests saved and restored, as a user does it: several commands, one file.</summary>
public sealed partial class Snapshot_Tests : IDisposable
{
    // bookworm's shell says "/ # ", trixie's "~ # ".
    private const string Prompt = " # ";

    private readonly SnapshotCommands commands = new();

    public void Dispose() => commands.Dispose();

    [Theory]
    [InlineData("real", "")]
    [InlineData("real", "--lazy")]
    [InlineData("real", "--lazy --memory-limit 64M --latency 200us")]
    [InlineData("virtual", "")]
    [InlineData("virtual", "--lazy")]
    [InlineData("virtual", "--memory-limit 64M --swap-latency 100us --latency 1ms")]
    public void A_guest_that_works_is_saved_goes_on_and_is_restored_with_its_data(string clock, string options)
    {
        using CommandProcess guest = CommandProcess.Meanwhile("run", "--memory", "160M", "--clock", clock, "--qmp", commands.Socket);
        guest.WaitFor(Prompt);
        guest.Type("mount -t tmpfs -o size=60M t /tmp; head -c 30000000 /dev/urandom > /tmp/a; md5sum < /tmp/a > /tmp/sum; echo made $((6*7))\n");
        guest.WaitFor("made 42");
        guest.Type("(while :; do md5sum < /tmp/a | cmp - /tmp/sum || echo WRO''NG; done) &\necho ready $((6*7))\n");
        guest.WaitFor("ready 42");
        (int code, string output, string errors) = commands.Save();
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("of 40960 pages stored", output, StringComparison.Ordinal);
        Check(guest);
        using CommandProcess restored = commands.Restore(options.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Check(restored);

        static void Check(CommandProcess guest)
        {
            guest.Type("md5sum < /tmp/a | cmp - /tmp/sum && echo same $((6*7)); poweroff -f\n");
            guest.WaitFor("same 42");
            Assert.Equal(0, guest.WaitForExit());
            Assert.DoesNotContain("WRONG", guest.Output, StringComparison.Ordinal);
        }
    }

    // Without input and without async page faults (whose wake-all is an interrupt more) nothing depends on the host.
    [Theory]
    [InlineData("--engine", "translator")]
    [InlineData("--engine", "interpreter")]
    [InlineData("--lazy", "--latency", "100us")]
    public void On_the_virtual_clock_a_restored_run_repeats_to_the_digit(params string[] options)
    {
        // On the interpreter, so that the guest is not done before anybody comes to save it: its run is the same on both engines.
        using CommandProcess guest = CommandProcess.Meanwhile(
            "run", "--memory", "96M", "--clock", "virtual", "--engine", "interpreter", "--async-page-faults", "off", "--qmp", commands.Socket,
            "--append", "-- testsuite mem --percent 40 --passes 40 --calculate");
        guest.WaitFor("init: running testsuite");
        Assert.Equal(0, commands.Save("--stop").Code);
        Assert.DoesNotContain("time_ns", guest.Output, StringComparison.Ordinal);
        Assert.Equal(0, SnapshotCommands.Run("monitor", commands.Socket, "cont").Code);
        string original = Result(guest);
        using CommandProcess first = commands.Restore(options);
        string restored = Result(first);
        using CommandProcess second = commands.Restore(options);
        Assert.Equal(restored, Result(second));
        // Reads of the file take time, and else nothing is different.
        if (options[0] != "--lazy")
            Assert.Equal(original, restored);

        static string Result(CommandProcess guest)
        {
            guest.WaitFor("exit status 0");
            Assert.Equal(0, guest.WaitForExit());
            string result = ResultLine().Match(guest.Output).Value;
            Assert.Contains("wrong=0", result, StringComparison.Ordinal);
            return result;
        }
    }

    [Fact]
    public void Two_clones_at_once_have_the_same_data_and_other_random_numbers()
    {
        using (CommandProcess guest = CommandProcess.Meanwhile(
            "run", "--suite", "trixie", "--memory", "192M", "--generation-id", "--qmp", commands.Socket))
        {
            guest.WaitFor(Prompt);
            guest.Type("head -c 10000000 /dev/urandom > /tmp/a; md5sum /tmp/a > /tmp/sum; echo ready $((6*7))\n");
            guest.WaitFor("ready 42");
            Assert.Equal(0, commands.Save("--stop").Code);
            Assert.Equal(0, SnapshotCommands.Run("monitor", commands.Socket, "quit").Code);
            Assert.Equal(0, guest.WaitForExit());
        }
        using CommandProcess one = commands.Restore("--lazy");
        using CommandProcess other = commands.Restore("--lazy");
        CommandProcess[] clones = [one, other];
        foreach (CommandProcess clone in clones)
            clone.WaitFor("random: crng reseeded due to virtual machine fork");
        foreach (CommandProcess clone in clones)
            clone.Type("md5sum -c /tmp/sum; echo number $(head -c 16 /dev/urandom | md5sum)\n");
        string[] numbers = [.. clones.Select(clone =>
        {
            clone.WaitFor("/tmp/a: OK");
            clone.WaitFor("number ");
            clone.WaitFor(" -");
            clone.Type("poweroff -f\n");
            Assert.Equal(0, clone.WaitForExit());
            return NumberLine().Match(clone.Output).Value;
        })];
        Assert.All(numbers, number => Assert.NotEqual("", number));
        Assert.NotEqual(numbers[0], numbers[1]);
    }

    [Fact]
    public void A_guest_that_was_stopped_stays_stopped_while_and_after_it_is_saved()
    {
        using CommandProcess guest = commands.RunEcho("--clock", "virtual");
        Assert.Equal(0, SnapshotCommands.Run("monitor", commands.Socket, "stop").Code);
        Assert.Equal(0, commands.Save().Code);
        guest.Type("a");
        Assert.Contains("\"paused\"", SnapshotCommands.Run("monitor", commands.Socket, "query-status").Output, StringComparison.Ordinal);
        Assert.Equal("R", guest.Output);
        Assert.Equal(0, SnapshotCommands.Run("monitor", commands.Socket, "cont").Code);
        guest.WaitFor("a");
        using CommandProcess restored = commands.Restore("--lazy");
        restored.Type("b");
        restored.WaitFor("b");
        Assert.Equal("b", restored.Output);
    }

    [Fact]
    public void A_restored_guest_is_saved_again_and_reboots()
    {
        commands.SaveEcho();
        using CommandProcess restored = commands.Restore("--lazy", "--qmp", commands.Socket);
        restored.Type("a");
        restored.WaitFor("a");
        Assert.Equal(0, commands.Save("--replace").Code);
        using CommandProcess again = commands.Restore();
        again.Type("b");
        again.WaitFor("b");
        Assert.Equal(0, SnapshotCommands.Run("monitor", commands.Socket, "system_reset").Code);
        restored.WaitFor("R");
    }

    // Made by version 1 of this program from the echo guest of these tests, on the virtual clock.
    [Fact]
    public void A_snapshot_of_a_machine_of_format_version_1_is_restored()
    {
        string golden = Path.Combine(Repository.Root, "tests", "Meanwhile.Cli.Tests", "Snapshots", "Golden", "machine-version-1.snapshot");
        using CommandProcess restored = CommandProcess.Meanwhile("snapshot", "restore", golden, "--lazy");
        restored.Type("golden");
        restored.WaitFor("golden");
        Assert.Equal("golden", restored.Output);
        (int code, string output, _) = SnapshotCommands.Run("snapshot", "info", golden, "--verify", "--json");
        Assert.Equal(0, code);
        Assert.Contains("\"pages\": 4096", output, StringComparison.Ordinal);
        Assert.Contains("\"verified\": true", output, StringComparison.Ordinal);
        Assert.Contains("\"powerButton\": false", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on", "true", "")]
    [InlineData("off", "false", "This machine has no power button")]
    public void A_restored_machine_has_a_power_button_when_the_saved_one_had(string option, string info, string refusal)
    {
        commands.SaveEcho("--power-button", option);
        Assert.Contains($"\"powerButton\": {info}", SnapshotCommands.Run("snapshot", "info", commands.Snapshot, "--json").Output, StringComparison.Ordinal);
        using CommandProcess restored = commands.Restore("--qmp", commands.Socket);
        restored.Type("a");
        restored.WaitFor("a");
        (int code, _, string errors) = SnapshotCommands.Run("monitor", commands.Socket, "system_powerdown");
        Assert.Equal(refusal.Length == 0 ? 0 : 1, code);
        Assert.Contains(refusal, errors, StringComparison.Ordinal);
    }

    [GeneratedRegex("testsuite: bytes=.*")]
    private static partial Regex ResultLine();

    [GeneratedRegex("^number [0-9a-f]{32}", RegexOptions.Multiline)]
    private static partial Regex NumberLine();
}
