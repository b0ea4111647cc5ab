using System.Globalization;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;
using Meanwhile.Hypervisor;
using Meanwhile.Migration.Status;

namespace Meanwhile.Cli.Bench.Migration;

/// <summary>
/// The series' third test: a guest that writes its memory and calculates is moved by post-copy, there and on, a number of times, with the feature
/// off and on. On the virtual clock over a modelled link.
/// </summary>
internal sealed class MigrationBench(MigrationBenchOptions options, GuestImage image, Action<string> progress)
{
    /// <summary>Runs the guest twice, off and on.</summary>
    /// <exception cref="UserError">A guest did not get to a result, or read back what it had not written.</exception>
    public IReadOnlyList<MigrationRun> Run() => [Run(asyncPageFaults: false), Run(asyncPageFaults: true)];

    private MigrationRun Run(bool asyncPageFaults)
    {
        string what = $"async page faults {(asyncPageFaults ? "on" : "off")}";
        progress($"{what}: booting");
        var settings = new MachineSettings
        {
            Kernel = image.Kernel,
            Initrd = image.Initramfs,
            CommandLine = GuestCommandLine.With($"quiet -- testsuite mem --percent {options.Percent} --passes {options.Passes} --calculate --progress"),
            Memory = (long)options.MemoryMiB << 20,
            AsyncPageFaults = asyncPageFaults,
            VirtualClock = true,
            Engine = options.Engine,
        };
        using var guest = new MigratedGuest(settings, options, text => progress($"{what}: {text}"));
        RunOutcome outcome = guest.Run();
        if (outcome.Kind != RunOutcomeKind.PowerOff)
            throw new UserError($"{what}: the guest ended with {outcome.Kind} {outcome.Message}. The end of its console:\n{Tail(guest.Console)}");
        TestsuiteOutput output = TestsuiteOutput.Parse(guest.Console);
        if (output.Wrong != 0)
            throw new UserError($"{what}: {output.Wrong} of {output.Verified} values read back were not what was written: this is a defect of the monitor");
        if (guest.Failed is { } failed)
            throw new UserError($"{what}: a migration is {failed.Phase.Name()}: {failed.Error}");
        if (guest.Rounds.Count != options.Rounds)
            throw new UserError($"{what}: the guest was done after {guest.Rounds.Count.ToString(CultureInfo.InvariantCulture)} migrations: raise --passes");
        return new MigrationRun
        {
            AsyncPageFaults = asyncPageFaults,
            Rounds = guest.Rounds,
            MemoryMs = Math.Round(output.TimeNs / 1e6, 3),
            Calculation = output.Calculation,
        };
    }

    private static string Tail(string console) => console.Length > 2000 ? "…" + console[^2000..] : console;
}
