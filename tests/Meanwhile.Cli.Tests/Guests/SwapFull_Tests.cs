namespace Meanwhile.Cli.Tests.Guests;

/// <summary>A swap file on a file system that runs full.</summary>
public sealed class SwapFull_Tests : IDisposable
{
    private const int Room = 4 << 20;

    private readonly TemporaryFolder folder = new();
    private bool mounted;

    public void Dispose()
    {
        if (mounted)
            Run("umount", "--lazy", folder.Path);
        folder.Dispose();
    }

    [Fact]
    public void The_guest_is_held_goes_on_by_itself_when_there_is_room_and_loses_nothing()
    {
        mounted = Run("mount", "-t", "tmpfs", "-o", "size=192M", "tmpfs", folder.Path) == 0;
        Assert.SkipUnless(mounted, "A small tmpfs cannot be mounted (not root)");
        using CommandProcess guest = CommandProcess.Meanwhile(
            "run", "--memory", "160M", "--memory-limit", "48M", "--swap", folder.File("swap"));
        guest.WaitFor("/ # ");

        // Half of what may be resident, twice: one copy at least has to be swapped out, to where 4 MiB are free.
        string filler = folder.Write("filler", new byte[new DriveInfo(folder.Path).AvailableFreeSpace - Room]);
        guest.Type("mkdir /t; mount -t tmpfs -o size=80M t /t; head -c 30000000 /dev/urandom > /t/a; cp /t/a /t/b; cmp /t/a /t/b && echo same $((6*7))\n");
        guest.WaitForError($"meanwhile: Swap file {folder.File("swap")}: writing ");
        guest.WaitForError("failed: No space left on device; the guest is paused until that works");
        Assert.DoesNotContain("same 42", guest.Output, StringComparison.Ordinal);
        File.Delete(filler);
        guest.WaitForError("meanwhile: the guest goes on");

        guest.WaitFor("same 42");
        guest.Type("poweroff -f\n");
        Assert.Equal(0, guest.WaitForExit());
    }

    private static int Run(string program, params string[] arguments)
    {
        using CommandProcess process = CommandProcess.Start(program, arguments);
        return process.WaitForExit();
    }
}
