using Meanwhile.Cli.Commands;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Tests.Commands;

/// <summary>What a user of <c>meanwhile bench cpus</c> gets wrong is said before anything is fetched, built or run.</summary>
public sealed class BenchCpus_Tests
{
    [Theory]
    [InlineData("--cpus: 1 is not in 2..4; this host has 4 CPUs", 1, 4)]
    [InlineData("--cpus: 5 is not in 2..4; this host has 4 CPUs", 5, 4)]
    [InlineData("--cpus: this host has one CPU, on which several cannot be measured", 2, 1)]
    public void CPUs_are_several_and_the_host_has_them(string message, int cpus, int hostCpus) =>
        Assert.Equal(message, Assert.Throws<UserError>(() => BenchCpusCommand.CheckCpus(cpus, hostCpus)).Message);

    [Theory]
    [InlineData("--cpus: ", "--cpus", "1")]
    [InlineData("--cpus: ", "--cpus", "100000")]
    [InlineData("--rounds: 0 is not in 1..100", "--rounds", "0")]
    [InlineData("--json: '/missing/report' cannot be written", "--json", "/missing/report")]
    public void A_mistake_is_named_in_one_line(string message, params string[] arguments)
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "this host has one CPU");
        using CommandProcess command = CommandProcess.Meanwhile(["bench", "cpus", .. arguments]);

        int exit = command.WaitForExit();

        Assert.StartsWith("meanwhile: " + message, command.Errors, StringComparison.Ordinal);
        Assert.Single(command.Errors.TrimEnd('\n').Split('\n'));
        Assert.Equal("", command.Output);
        Assert.Equal(2, exit);
    }
}
