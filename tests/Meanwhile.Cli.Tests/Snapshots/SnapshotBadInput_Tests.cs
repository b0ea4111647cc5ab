using System.Globalization;
using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Snapshots;

/// <summary>Files that cannot be used, and guests that cannot be saved: one line that names the thing, and nothing lost.</summary>
public sealed class SnapshotBadInput_Tests : IDisposable
{
    private const int Page = 4096;

    private readonly SnapshotCommands commands = new();

    public void Dispose() => commands.Dispose();

    [Fact]
    public void There_is_no_file()
    {
        Refused("cannot be opened", "info");
        Refused("cannot be opened", "restore");
        Refused("cannot be opened", "restore", "--lazy");
    }

    [Fact]
    public void It_is_something_else_or_of_another_version_or_not_whole()
    {
        commands.Write("snapshot", new byte[10_000]);
        Refused("it is not a snapshot", "info");
        File.Delete(commands.Snapshot);
        commands.SaveEcho();
        byte[] good = File.ReadAllBytes(commands.Snapshot);

        commands.Write("snapshot", good[..^1]);
        Refused("truncated", "restore");
        commands.Write("snapshot", [.. good, 0]);
        Refused("extended", "restore");
        byte[] other = [.. good];
        other[8] = 2;
        commands.Write("snapshot", other);
        Refused("version 2", "restore");
        byte[] damaged = [.. good];
        damaged[Page] ^= 1;
        commands.Write("snapshot", damaged);
        Refused("description", "restore");
    }

    [Fact]
    public void A_damaged_page_ends_an_eager_restore_and_is_found_by_info()
    {
        commands.SaveEcho();
        SnapshotCommands.Patch(commands.Snapshot, commands.Find(FlatPrograms.Echo), 0xFF);
        Refused("page ", "restore");
        Refused("page ", "info", "--verify");
        Assert.Equal(0, SnapshotCommands.Run("snapshot", "info", commands.Snapshot).Code);
    }

    [Theory]
    [InlineData("real")]
    [InlineData("virtual")]
    public void A_damaged_page_holds_a_lazily_restored_guest_until_the_file_is_right(string clock)
    {
        commands.SaveEcho("--clock", clock);
        int at = commands.Find(FlatPrograms.Echo);
        SnapshotCommands.Patch(commands.Snapshot, at, (byte)(FlatPrograms.Echo[0] ^ 1));
        using CommandProcess guest = commands.Restore("--lazy");
        guest.WaitForError("the guest is paused until that works");
        guest.Type("a");
        Assert.Equal("", guest.Output);
        SnapshotCommands.Patch(commands.Snapshot, at, FlatPrograms.Echo[0]);
        guest.WaitForError("the guest goes on");
        guest.WaitFor("a");
        guest.Kill("TERM");
        Assert.Equal(143, guest.WaitForExit());
    }

    [Fact]
    public void Its_disk_is_missing_or_of_another_size_or_in_use_and_another_one_is_taken()
    {
        string disk = commands.Write("disk", new byte[1 << 20]);
        commands.SaveEcho("--disk", disk);
        File.Move(disk, commands.File("moved"));
        Refused($"disk '{disk}' does not exist", "restore");
        Refused("the machine has 1 disks", "restore", "--disk", commands.File("moved"), "--disk", commands.File("moved"));
        commands.Write("other", new byte[2 << 20]);
        Refused("disk of 2048 sectors, writable", "restore", "--disk", commands.File("other"));
        Refused("disk of 2048 sectors, writable", "restore", "--disk", commands.File("moved") + ",ro");

        using CommandProcess guest = commands.Restore("--disk", commands.File("moved"));
        guest.Type("a");
        guest.WaitFor("a");
        // A writable disk has one guest.
        Refused($"disk '{commands.File("moved")}' cannot be used", "restore", "--disk", commands.File("moved"));
        guest.Type("b");
        guest.WaitFor("b");
    }

    [Fact]
    public void Options_that_do_not_fit_are_named()
    {
        commands.SaveEcho();
        Refused("--seed", "restore", "--seed", "1");
        Refused("--memory-limit", "restore", "--memory-limit", "1M");
        Refused("--swap", "restore", "--swap", commands.File("swap"));
    }

    [Fact]
    public void What_cannot_be_written_is_said_and_the_guest_goes_on()
    {
        using CommandProcess guest = commands.RunEcho();
        commands.Write("snapshot", [1]);
        (int code, _, string errors) = commands.Save();
        Assert.Equal((2, true), (code, errors.Contains("there is a file of that name", StringComparison.Ordinal)));
        Assert.Equal([1], File.ReadAllBytes(commands.Snapshot));
        (code, _, errors) = SnapshotCommands.Run("snapshot", "save", commands.Socket, commands.File("no/folder"));
        Assert.Equal((2, true), (code, errors.Contains("cannot be written", StringComparison.Ordinal)));
        (code, _, errors) = SnapshotCommands.Run("monitor", commands.Socket, "x-snapshot-save", "path=here");
        Assert.Equal((1, true), (code, errors.Contains("absolute path", StringComparison.Ordinal)));
        (code, _, errors) = SnapshotCommands.Run("snapshot", "save", commands.File("nobody"), commands.Snapshot);
        Assert.Equal((2, true), (code, errors.Contains("nobody listens", StringComparison.Ordinal)));
        guest.Type("a");
        guest.WaitFor("a");
        Assert.Equal(0, commands.Save("--replace").Code);
        Assert.Equal(0, SnapshotCommands.Run("snapshot", "info", commands.Snapshot, "--verify").Code);
        guest.Type("b");
        guest.WaitFor("b");
    }

    [Fact]
    public void A_full_disk_leaves_nothing_behind_and_the_guest_goes_on()
    {
        string full = commands.File("full");
        Directory.CreateDirectory(full);
        Assert.SkipUnless(Program("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", full) == 0, "A small tmpfs cannot be mounted (not root)");
        try
        {
            using CommandProcess guest = commands.RunEcho();
            (int code, _, string errors) = SnapshotCommands.Run("snapshot", "save", commands.Socket, Path.Combine(full, "snapshot"));
            Assert.Equal(2, code);
            Assert.Contains("cannot be written: No space left on device", errors, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(full));
            guest.Type("a");
            guest.WaitFor("a");
        }
        finally
        {
            Program("umount", "--lazy", full);
        }
    }

    private void Refused(string why, string command, params string[] more)
    {
        (int code, string output, string errors) = SnapshotCommands.Run(["snapshot", command, commands.Snapshot, .. more]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("meanwhile: ", errors, StringComparison.Ordinal);
        Assert.Contains(why, errors, StringComparison.Ordinal);
        Assert.Equal("1", errors.Count(character => character == '\n').ToString(CultureInfo.InvariantCulture));
    }

    private static int Program(string program, params string[] arguments)
    {
        using CommandProcess process = CommandProcess.Start(program, arguments);
        return process.WaitForExit();
    }
}
