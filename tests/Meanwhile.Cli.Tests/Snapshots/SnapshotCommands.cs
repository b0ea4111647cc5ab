using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Snapshots;

/// <summary>The snapshot commands as a user gives them, and guests to give them to.</summary>
internal sealed class SnapshotCommands : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Socket => folder.File("qmp");

    public string Snapshot => folder.File("snapshot");

    public string File(string name) => folder.File(name);

    public string Write(string name, byte[] content) => folder.Write(name, content);

    public void Dispose() => folder.Dispose();

    /// <summary>Starts a guest that prints what it is given.</summary>
    public CommandProcess RunEcho(params string[] more)
    {
        CommandProcess guest = CommandProcess.Meanwhile(
            ["run", "--memory", "16M", "--kernel", Write("echo", FlatPrograms.Echo), "--qmp", Socket, .. more]);
        guest.WaitFor("R");
        return guest;
    }

    /// <summary>Makes a snapshot of a guest that prints what it is given.</summary>
    public void SaveEcho(params string[] more)
    {
        using CommandProcess guest = RunEcho(more);
        Assert.Equal(0, Save().Code);
        Assert.Equal(0, Run("monitor", Socket, "quit").Code);
        Assert.Equal(0, guest.WaitForExit());
    }

    public CommandProcess Restore(params string[] more) => CommandProcess.Meanwhile(["snapshot", "restore", Snapshot, .. more]);

    public (int Code, string Output, string Errors) Save(params string[] more) => Run(["snapshot", "save", Socket, Snapshot, .. more]);

    public static (int Code, string Output, string Errors) Run(params string[] words)
    {
        using CommandProcess process = CommandProcess.Meanwhile(words);
        int code = process.WaitForExit();
        return (code, process.Output, process.Errors);
    }

    /// <summary>Where bytes are in the snapshot, which must be there once.</summary>
    public int Find(ReadOnlySpan<byte> content)
    {
        byte[] file = System.IO.File.ReadAllBytes(Snapshot);
        int at = file.AsSpan().IndexOf(content);
        Assert.True(at >= 0 && file.AsSpan(at + 1).IndexOf(content) < 0);
        return at;
    }

    /// <summary>Changes bytes of a file in place.</summary>
    public static void Patch(string path, long offset, params byte[] content)
    {
        using var handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, content, offset);
    }
}
