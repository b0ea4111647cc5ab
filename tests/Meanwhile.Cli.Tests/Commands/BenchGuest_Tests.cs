namespace Meanwhile.Cli.Tests.Commands;

/// <summary>What a user of <c>meanwhile bench guest</c> gets wrong is said before anything is fetched, built or run.</summary>
public sealed class BenchGuest_Tests
{
    [Theory]
    [InlineData("--rounds: 0 is not in 1..100", "--rounds", "0")]
    [InlineData("--peer: '/missing/qemu' does not exist; give the path of a qemu-system-aarch64", "--peer", "/missing/qemu")]
    [InlineData("--peer: '/bin/true --version' is no QEMU's: true (GNU coreutils)", "--peer", "/bin/true")]
    [InlineData("--peer and --fetch-peer exclude each other", "--peer", "/bin/true", "--fetch-peer")]
    [InlineData("--no-peer excludes --peer and --fetch-peer", "--no-peer", "--fetch-peer")]
    [InlineData("--json: '/missing/report' cannot be written", "--json", "/missing/report")]
    [InlineData("--append: what the guest runs is named with --workload", "--no-peer", "--append", "nokaslr -- sh")]
    public void A_mistake_is_named_in_one_line(string message, params string[] arguments)
    {
        using CommandProcess command = CommandProcess.Meanwhile(["bench", "guest", .. arguments]);

        int exit = command.WaitForExit();

        Assert.StartsWith("meanwhile: " + message, command.Errors, StringComparison.Ordinal);
        Assert.Single(command.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal("", command.Output);
        Assert.Equal(2, exit);
    }

    [Fact]
    public void An_engine_that_is_not_there_is_named_with_those_that_are()
    {
        using CommandProcess command = CommandProcess.Meanwhile("bench", "guest", "--engine", "steam");

        Assert.Equal(2, command.WaitForExit());
        Assert.Contains("--engine: 'steam' is not possible; give one of: interpreter, translator", command.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workload_that_is_not_there_is_named_with_those_that_are()
    {
        using CommandProcess command = CommandProcess.Meanwhile("bench", "guest", "--workload", "md5", "crysis");

        Assert.Equal(2, command.WaitForExit());
        Assert.Contains("--workload: 'crysis' is not possible; give one of: boot, shell-loop, md5, ", command.Errors, StringComparison.Ordinal);
    }
}
