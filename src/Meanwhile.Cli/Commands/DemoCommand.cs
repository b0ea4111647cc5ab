using System.CommandLine;
using Meanwhile.Cli.Bench;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile demo</c>: the main job, once, on a real Linux guest.</summary>
internal static class DemoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Fetch Debian's arm64 kernel, run it with less memory than it uses, and compare a busy guest without and with asynchronous page faults");
        command.SetAction(_ =>
        {
            Console.WriteLine("""
                A guest with Debian 12's stock arm64 kernel gets a third of its memory resident; the rest is swapped out, 1 ms a page.
                In it one thread writes and checks memory while another calculates: first without, then with asynchronous page faults.
                Without them the whole guest stands still for each page; with them only the thread that wants it sleeps.

                """);
            var options = new MemoryBenchOptions
            {
                Suite = GuestCommand.DefaultSuite,
                GuestMemoryMiB = 96,
                MemoryLimitMiB = 32,
                Percent = 75,
                Passes = 1,
                SwapLatencyUs = 1000,
                VirtualClock = true,
                Tests = ["1.1", "2.1"],
            };
            IReadOnlyList<MemoryRun> runs = BenchCommand.Run(options);
            MemoryRun off = runs.Single(run => run is { Test: "2.1", AsyncPageFaults: false });
            MemoryRun on = runs.Single(run => run is { Test: "2.1", AsyncPageFaults: true });
            double time = on.TimeMs / off.TimeMs;
            double calculation = on.CalculationPerMs / off.CalculationPerMs;
            Console.WriteLine($"""

                With asynchronous page faults the same memory work took {time:F2} times as long, {calculation:F2} times as much was
                calculated a millisecond meanwhile, and the virtual CPU stood still {on.StandStillPercent:F1} % of the time instead of {off.StandStillPercent:F1} %.
                Next: './meanwhile bench memory' for all four tests, './meanwhile run' for a shell in the guest.
                """);
            return 0;
        });
        return command;
    }
}
