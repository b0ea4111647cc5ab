using System.Text.RegularExpressions;
using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Snapshots;

/// <summary>A guest that changes its memory all the time is saved while it does, and each restored one has the memory of one moment.</summary>
public sealed partial class SnapshotLive_Tests : IDisposable
{
    private readonly SnapshotCommands commands = new();

    public void Dispose() => commands.Dispose();

    // The second region is touched for the first time while the first saves are made. With the limit most of the guest is in swap at any time.
    [Theory]
    [InlineData("real", 8192, 128, "")]
    [InlineData("real", 2048, 8, "--memory-limit 12M")]
    [InlineData("virtual", 8192, 128, "")]
    [InlineData("virtual", 512, 8, "--memory-limit 12M")]
    public void Memory_of_one_moment_is_saved_and_restored(string clock, int slowPages, int each, string limit)
    {
        string[] options = limit.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        using CommandProcess guest = CommandProcess.Meanwhile(
            ["run", "--memory", "96M", "--clock", clock, "--kernel", commands.Write("rounds", FlatPrograms.Rounds(slowPages, each)), "--qmp", commands.Socket, .. options]);
        guest.WaitFor("R");
        const int Saves = 3;
        for (int save = 0; save < Saves; save++)
        {
            (int code, string output, string errors) = SnapshotCommands.Run("snapshot", "save", commands.Socket, commands.File($"{save}"));
            Assert.Equal((0, ""), (code, errors));
            Assert.Matches(ResultLine(), output);
        }
        GoesOn(guest);
        for (int save = 0; save < Saves; save++)
        {
            foreach (string[] how in (string[][])[[], ["--lazy"], ["--lazy", .. options]])
            {
                using CommandProcess restored = CommandProcess.Meanwhile(["snapshot", "restore", commands.File($"{save}"), .. how]);
                GoesOn(restored);
            }
        }
    }

    [Fact]
    public void A_restored_guest_whose_pages_have_not_all_come_is_saved_while_it_runs()
    {
        using (CommandProcess guest = CommandProcess.Meanwhile(
            "run", "--memory", "96M", "--kernel", commands.Write("rounds", FlatPrograms.Rounds(2048, 8)), "--qmp", commands.Socket))
        {
            guest.WaitFor("C");
            Assert.Equal(0, commands.Save().Code);
        }
        using CommandProcess restored = commands.Restore("--lazy", "--latency", "1ms", "--qmp", commands.File("again.sock"));
        Assert.True(SpinWait.SpinUntil(() => File.Exists(commands.File("again.sock")), TimeSpan.FromMinutes(2)));
        (int code, _, string errors) = SnapshotCommands.Run("snapshot", "save", commands.File("again.sock"), commands.File("again"));
        Assert.Equal((0, ""), (code, errors));
        GoesOn(restored);
        using CommandProcess twice = CommandProcess.Meanwhile("snapshot", "restore", commands.File("again"));
        GoesOn(twice);
    }

    // All pages of both regions are visited once between two of these.
    private static void GoesOn(CommandProcess guest)
    {
        guest.WaitFor("C");
        guest.WaitFor("C");
        Assert.DoesNotContain("X", guest.Output, StringComparison.Ordinal);
        guest.Kill("TERM");
        Assert.Equal(143, guest.WaitForExit());
    }

    [GeneratedRegex(@"^saved [0-9.]+ MiB in [0-9.]+ s, guest held [0-9]+ ms; [0-9]+ of 24576 pages stored\n$")]
    private static partial Regex ResultLine();
}
