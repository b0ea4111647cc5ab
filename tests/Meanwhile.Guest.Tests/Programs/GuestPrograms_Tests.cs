using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Guest.Tests.Programs;

/// <summary>Every program of tests/guest-programs on every engine: it says that it passed, and switches its machine off.</summary>
public sealed class GuestPrograms_Tests(GuestProgramCompiler compiler) : IClassFixture<GuestProgramCompiler>
{
    public static TheoryData<string, string> Programs()
    {
        var data = new TheoryData<string, string>();
        foreach (string engine in GuestEngines.Names)
        {
            foreach (string program in GuestProgram.Names())
                data.Add(program, engine);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Program(string name, string engine)
    {
        var program = new GuestProgram(name);
        using var machine = new GuestMachine(program.Settings(compiler.Binary(name)) with { Engine = engine });
        RunOutcome outcome = machine.Board.Run();
        Assert.True(machine.Console.Text.Contains("GUEST PASS", StringComparison.Ordinal), $"{outcome}: \"{machine.Console.Text}\"");
        Assert.Equal(RunOutcomeKind.PowerOff, outcome.Kind);
        foreach ((string counter, long expected) in program.Statistics)
            Assert.True(expected == Counter(machine, counter), $"{counter} is {Counter(machine, counter)}, not {expected}");
    }

    private static long Counter(GuestMachine machine, string name)
    {
        AsyncPageFaultStatistics statistics = machine.AsyncPageFaults;
        return name switch
        {
            "notified" => statistics.Notified,
            "ready" => statistics.Ready,
            "cancelled" => statistics.Cancelled,
            "dropped" => statistics.Dropped,
            "wakeAlls" => statistics.WakeAlls,
            _ => statistics.Decided(Enum.Parse<AsyncPageFaultDecision>(name)),
        };
    }
}
