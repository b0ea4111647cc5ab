using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;
using Meanwhile.Hypervisor;

namespace Meanwhile.Cli.Bench;

/// <summary>Boots a guest for each test, with the feature off and on, and measures the test program that it runs.</summary>
internal sealed class MemoryBench(MemoryBenchOptions options, GuestImage image, Action<string> progress)
{
    private const string Started = "init: running testsuite";
    private const string Ended = "testsuite: bytes=";

    /// <summary>Runs all tests of the options, each off and then on.</summary>
    /// <exception cref="UserError">A guest did not get to a result, or read back what it had not written.</exception>
    public IReadOnlyList<MemoryRun> Run()
    {
        var runs = new List<MemoryRun>();
        foreach (MemoryTest test in MemoryTest.All(options.Passes).Where(test => options.Tests.Contains(test.Name)))
        {
            foreach (bool asyncPageFaults in (bool[])[false, true])
                runs.Add(Run(test, asyncPageFaults));
        }
        return runs;
    }

    private MemoryRun Run(MemoryTest test, bool asyncPageFaults)
    {
        string what = $"test {test.Name}, async page faults {(asyncPageFaults ? "on" : "off")}";
        progress($"{what}: booting");
        var settings = new MachineSettings
        {
            Kernel = image.Kernel,
            Initrd = image.Initramfs,
            CommandLine = GuestCommandLine.With($"quiet -- testsuite mem --percent {options.Percent} --passes {test.Passes}{(test.Calculate ? " --calculate" : "")}"),
            Memory = (long)options.GuestMemoryMiB << 20,
            MemoryLimit = (long)options.MemoryLimitMiB << 20,
            Swap = options.Swap,
            SwapLatency = options.SwapLatencyUs * 1000,
            AsyncPageFaults = asyncPageFaults,
            VirtualClock = options.VirtualClock,
        };
        MachineSession? session = null;
        Counters before = default, after = default;
        // Lines come on the vCPU's thread, so on the virtual clock the counters are read at the same instruction in every run.
        var console = new CapturedConsole(line =>
        {
            if (line.StartsWith(Started, StringComparison.Ordinal))
            {
                before = Counters.Of(session!);
                progress($"{what}: testing");
            }
            else if (line.StartsWith(Ended, StringComparison.Ordinal))
            {
                after = Counters.Of(session!);
            }
        });
        using (session = new MachineSession(settings, console))
        {
            RunOutcome outcome = session.Run();
            if (outcome.Kind != RunOutcomeKind.PowerOff)
                throw new UserError($"{what}: the guest ended with {outcome.Kind} {outcome.Message}. The end of its console:\n{Tail(console.Text)}");
        }
        TestsuiteOutput output = TestsuiteOutput.Parse(console.Text);
        if (output.Wrong != 0)
            throw new UserError($"{what}: {output.Wrong} of {output.Verified} values read back were not what was written: this is a defect of the monitor");
        Counters counted = after - before;
        return new MemoryRun
        {
            Test = test.Name,
            AsyncPageFaults = asyncPageFaults,
            TimeMs = Math.Round(output.TimeNs / 1e6, 3),
            Calculation = output.Calculation,
            StandStillPercent = Math.Round(100.0 * counted.StoodStill / Math.Max(1, counted.Time), 2),
            Faults = counted.Notified + counted.Waited,
            Notified = counted.Notified,
            Waited = counted.Waited,
            Cancelled = counted.Cancelled,
        };
    }

    private static string Tail(string console) => console.Length > 2000 ? "…" + console[^2000..] : console;

    /// <summary>What is counted between the start and the end of the test program.</summary>
    private readonly record struct Counters(long Time, long StoodStill, long Notified, long Waited, long Cancelled)
    {
        public static Counters Of(MachineSession session)
        {
            Vcpu vcpu = session.Machine.Hypervisor.Vcpus[0];
            var faults = session.AsyncPageFaults?.Statistics(vcpu);
            return new Counters(
                session.Clock.Now, vcpu.Statistics.FaultNanoseconds, faults?.Notified ?? 0, vcpu.Statistics.SynchronousFaults, faults?.Cancelled ?? 0);
        }

        public static Counters operator -(Counters left, Counters right) => new(
            left.Time - right.Time, left.StoodStill - right.StoodStill, left.Notified - right.Notified, left.Waited - right.Waited, left.Cancelled - right.Cancelled);
    }
}
