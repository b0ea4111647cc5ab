namespace Meanwhile.Cli.Tests.Commands;

/// <summary>What a user of <c>meanwhile bench migration --clock real</c> gets wrong is said before anything is fetched, built or run.</summary>
public sealed class BenchMigrationReal_Tests
{
    [Theory]
    [InlineData("--rounds: 0 is not in 1..100", "--rounds", "0")]
    [InlineData("--bandwidth: -1 is not in 0..1000000", "--bandwidth", "-1")]
    [InlineData("--memory: 128 is not in 256..16384", "--memory", "128")]
    [InlineData("--no-peer excludes --peer, --fetch-peer, --peer-no-preempt and --no-ours", "--no-peer", "--no-ours")]
    [InlineData("--peer: '/missing/qemu' does not exist", "--peer", "/missing/qemu")]
    [InlineData("--json: '/missing/report' cannot be written", "--json", "/missing/report")]
    public void A_mistake_is_named_in_one_line(string message, params string[] arguments)
    {
        using CommandProcess command = CommandProcess.Meanwhile(["bench", "migration", "--clock", "real", .. arguments]);

        int exit = command.WaitForExit();

        Assert.StartsWith("meanwhile: " + message, command.Errors, StringComparison.Ordinal);
        Assert.Single(command.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal("", command.Output);
        Assert.Equal(2, exit);
    }
}
