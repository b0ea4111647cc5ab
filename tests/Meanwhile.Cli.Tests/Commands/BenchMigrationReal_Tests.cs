namespace Meanwhile.Cli.Tests.Commands;

/// <summary>What a user of <c>meanwhile bench migration real</c> gets wrong is said before anything is fetched, built or run.</summary>
public sealed class BenchMigrationReal_Tests
{
    [Theory]
    [InlineData("--rounds: 0 is not in 1..100", "--rounds", "0")]
    [InlineData("--bandwidth: -1 is not in 0..1000000", "--bandwidth", "-1")]
    [InlineData("--memory: 256 is not in 512..16384", "--memory", "256")]
    [InlineData("--no-peer excludes --peer, --fetch-peer, --peer-no-preempt and --no-ours", "--no-peer", "--no-ours")]
    [InlineData("--peer: '/missing/qemu' does not exist", "--peer", "/missing/qemu")]
    [InlineData("--json: '/missing/report' cannot be written", "--json", "/missing/report")]
    public void A_mistake_is_named_in_one_line(string message, params string[] arguments)
    {
        using CommandProcess command = CommandProcess.Meanwhile(["bench", "migration", "real", .. arguments]);

        int exit = command.WaitForExit();

        Assert.StartsWith("meanwhile: " + message, command.Errors, StringComparison.Ordinal);
        Assert.Single(command.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal("", command.Output);
        Assert.Equal(2, exit);
    }

    [Fact]
    public void Machines_do_not_outlive_a_benchmark_that_a_signal_ends()
    {
        const int EndedBySigterm = 128 + 15;
        using var folder = new TemporaryFolder();
        string qemu = folder.File("qemu"), pids = folder.File("pids");
        File.WriteAllText(qemu, $"#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'QEMU emulator version 10.0.2'; exit; fi\necho $$ > {pids}\nexec sleep 1000\n");
        File.SetUnixFileMode(qemu, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using CommandProcess command = CommandProcess.Meanwhile("bench", "migration", "real", "--no-ours", "--peer", qemu, "--rounds", "1");
        command.WaitForError("round 1 of 1, unlimited, peer");
        SpinWait.SpinUntil(() => File.Exists(pids) && File.ReadAllText(pids).EndsWith('\n'));
        string machine = $"/proc/{File.ReadAllText(pids).Trim()}/cmdline";

        command.Kill("TERM");

        Assert.Equal(EndedBySigterm, command.WaitForExit());
        // A process that has ended has no command line, even before anybody asks for its status.
        Assert.True(SpinWait.SpinUntil(() => !File.Exists(machine) || File.ReadAllText(machine).Length == 0, TimeSpan.FromMinutes(1)));
    }
}
