using Meanwhile.Cli.Tests.Guests;

namespace Meanwhile.Cli.Tests.Migration;

/// <summary>
/// A client that was written for QEMU by others drives a migration: <c>qemu.qmp</c> as Debian 12's source package of QEMU has it. It is fetched once, into the cache.
/// </summary>
public sealed class AnothersClient_Tests : IDisposable
{
    // Only the sources' list and the one package: the host's own apt is left as it is.
    private const string Fetch = """
        set -e
        cache=$1
        [ -e "$cache/python/qemu/qmp/__init__.py" ] && exit 0
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
        mkdir -p "$work/lists/partial" "$work/archives/partial" "$cache"
        echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian bookworm main" > "$work/sources.list"
        apt="apt-get -q -o Dir::Etc::sourcelist=$work/sources.list -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$work/lists -o Dir::Cache=$work -o APT::Sandbox::User="
        cd "$work"
        $apt update
        $apt source --download-only qemu
        tar -xf qemu_*.orig.tar.* --strip-components=1 --wildcards '*/python/qemu/*'
        mv python "$cache/python"
        """;

    private const string Script = """
        import asyncio, sys
        from qemu.qmp import QMPClient, EventListener

        async def status(client):
            return (await client.execute('query-status'))['status']

        async def main(here, there, uri):
            source, destination = QMPClient('source'), QMPClient('destination')
            await source.connect(here)
            await destination.connect(there)
            print('before', await status(source), await status(destination))
            on = [{'capability': name, 'state': True} for name in ('events', 'postcopy-ram', 'postcopy-preempt')]
            await source.execute('migrate-set-capabilities', {'capabilities': on})
            with source.listener('MIGRATION') as listener:
                await source.execute('migrate', {'uri': uri})
                await source.execute('migrate-start-postcopy')
                async for event in listener:
                    print(event['event'], event['data']['status'])
                    if event['data']['status'] in ('completed', 'failed'):
                        break
            info = await source.execute('query-migrate')
            print('after', info['status'], await status(source), await status(destination))
            print(await source.execute('human-monitor-command', {'command-line': 'info migrate'}))
            await source.execute('quit')
            await source.disconnect()
            await destination.disconnect()

        asyncio.run(main(*sys.argv[1:]))
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Qemu_s_own_moves_a_guest_with_post_copy()
    {
        string cache = Path.Combine(
            Environment.GetEnvironmentVariable("MEANWHILE_CACHE")
                ?? Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/root", ".cache"), "meanwhile"),
            "qemu-python");
        Assert.SkipUnless(Succeeds("python3", "--version"), "There is no python3");
        Assert.SkipUnless(Succeeds("bash", "-c", Fetch, "fetch", cache), "Debian's source package of QEMU cannot be fetched");

        string[] options = ["--kernel", folder.Write("echo", FlatPrograms.Echo), "--memory", "64M"];
        using MachineProcess source = MachineProcess.Run(folder, "source", options);
        source.Console.WaitFor("R");
        (MachineProcess machine, string at) = MachineProcess.Wait(folder, "destination", $"unix:{folder.File("m")}", options);
        using MachineProcess destination = machine;
        using CommandProcess client = CommandProcess.Start(
            "env", $"PYTHONPATH={cache}/python", "python3", folder.Write("client.py", System.Text.Encoding.UTF8.GetBytes(Script)), source.Socket, destination.Socket, at);
        int code = client.WaitForExit();
        Assert.True(code == 0, client.Output + client.Errors);
        Assert.StartsWith("before running inmigrate\nMIGRATION setup\nMIGRATION active\nMIGRATION device\n", client.Output, StringComparison.Ordinal);
        Assert.Contains("MIGRATION completed\nafter completed postmigrate running\n", client.Output, StringComparison.Ordinal);
        Assert.Contains("Migration status: completed", client.Output, StringComparison.Ordinal);
        Assert.Equal(0, source.Console.WaitForExit());
        destination.Console.Type("a");
        destination.Console.WaitFor("a");
        Assert.Equal(0, destination.Quit());
    }

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using CommandProcess process = CommandProcess.Start(program, arguments);
            return process.WaitForExit() == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
