using System.Globalization;
using System.Text.RegularExpressions;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.AsyncPageFaults;
using Meanwhile.Memory.Statistics;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>How a Linux guest ran.</summary>
internal sealed record LinuxRun(
    RunOutcome Outcome, string Console, long Instructions, long Time, AsyncPageFaultStatistics? AsyncPageFaults, GuestRamStatistics Memory)
{
    /// <summary>Counters of async page faults of each vCPU.</summary>
    public IReadOnlyList<AsyncPageFaultStatistics> AsyncPageFaultsByVcpu { get; init; } = [];

    /// <summary>The guest powered itself off; else fails with the end of what it printed.</summary>
    public LinuxRun PoweredOff() => Ended(RunOutcomeKind.PowerOff);

    /// <summary>The guest ended so; else fails with the end of what it printed.</summary>
    public LinuxRun Ended(RunOutcomeKind kind)
    {
        Assert.True(Outcome.Kind == kind, $"{Outcome} after {Time} ns of virtual time:\n{Tail}");
        return this;
    }

    /// <summary>The guest printed it.</summary>
    public LinuxRun Printed(string text)
    {
        Assert.True(Console.Contains(text, StringComparison.Ordinal), $"'{text}' was not printed:\n{Tail}");
        return this;
    }

    /// <summary>The guest's kernel found nothing wrong with itself.</summary>
    public LinuxRun KernelIsWell()
    {
        foreach (string complaint in (string[])["BUG:", "WARNING:", "Call trace", "Oops", "rcu: INFO", "soft lockup", "hung_task", "Unable to handle"])
            Assert.False(Console.Contains(complaint, StringComparison.Ordinal), $"The kernel printed '{complaint}':\n{Console}");
        return this;
    }

    /// <summary>The stress program did all its work and found nothing wrong.</summary>
    public LinuxRun StressIsClean(params string[] tests)
    {
        foreach (string test in tests)
            Assert.True(Regex.IsMatch(Console, $@"^stress: {test} threads=\d+ rounds=\d+ wrong=0\r?$", RegexOptions.Multiline), $"'{test}' is missing:\n{Tail}");
        Assert.True(Regex.IsMatch(Console, @"^stress: done hotplug=\d+ wrong=0\r?$", RegexOptions.Multiline), $"The stress program found:\n{Tail}");
        return this;
    }

    /// <summary>Each testsuite that ran verified something and found nothing wrong.</summary>
    public LinuxRun DataIsRight(int testsuites = 1)
    {
        MatchCollection results = Regex.Matches(Console, @"^testsuite: bytes=.* verified=([1-9]\d*) wrong=0\r?$", RegexOptions.Multiline);
        Assert.True(results.Count == testsuites, $"{results.Count} of {testsuites} test programs found all right:\n{Tail}");
        return this;
    }

    /// <summary>A counter of the guest's module, as <c>/init</c> prints them in the end.</summary>
    public long ModuleCounter(string name)
    {
        Match match = Regex.Match(Console, $@"^apf: {name} (\d+)\r?$", RegexOptions.Multiline);
        Assert.True(match.Success, $"The module's counter '{name}' was not printed:\n{Tail}");
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private string Tail => Console.Length > 4000 ? Console[^4000..] : Console;
}
