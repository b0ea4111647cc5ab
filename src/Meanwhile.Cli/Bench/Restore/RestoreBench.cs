using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Snapshots;
using Meanwhile.Hypervisor;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Cli.Bench.Restore;

/// <summary>
/// Saves a guest that holds a working set, and restores it eagerly, lazily, and lazily with asynchronous page faults. A key was pressed before the
/// guest goes on: its answer is the first output.
/// </summary>
internal sealed class RestoreBench(RestoreBenchOptions options, GuestImage image, Action<string> progress)
{
    private const long Millisecond = 1_000_000;

    /// <summary>Saves and runs all.</summary>
    public RestoreBenchJson Run()
    {
        string folder = Directory.CreateTempSubdirectory("meanwhile-restore-").FullName;
        try
        {
            string initrd = WorkingSetGuest.BuildInitrd(image, folder, progress);
            var snapshots = new List<SavedSnapshot>();
            var runs = new List<RestoreRun>();
            foreach (bool asyncPageFaults in (bool[])[false, true])
            {
                string file = Path.Combine(folder, "snapshot");
                snapshots.Add(Save(initrd, file, asyncPageFaults));
                if (!asyncPageFaults)
                    runs.Add(Restore(file, RestoreMode.Eager, asyncPageFaults));
                runs.Add(Restore(file, RestoreMode.Lazy, asyncPageFaults));
                File.Delete(file);
            }
            string clock = options.VirtualClock ? "virtual" : "real";
            return new RestoreBenchJson(clock, options.GuestMemoryMiB, options.WorkingSetMiB, options.LatencyUs, snapshots, runs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private SavedSnapshot Save(string initrd, string file, bool asyncPageFaults)
    {
        progress($"booting a guest with asynchronous page faults {(asyncPageFaults ? "on" : "off")}");
        var settings = new MachineSettings
        {
            Kernel = image.Kernel,
            Initrd = initrd,
            CommandLine = GuestCommandLine.With(WorkingSetGuest.CommandLine(options.WorkingSetMiB)),
            Memory = (long)options.GuestMemoryMiB << 20,
            AsyncPageFaults = asyncPageFaults,
            VirtualClock = options.VirtualClock,
        };
        SettingsCheck.Check(settings);
        MachineSession? session = null;
        SnapshotSaver? saver = null;
        Exception? failure = null;
        bool isSaved = false;
        var console = new CapturedConsole(line =>
        {
            // Not within the exit of the vCPU that printed; in an event, which on the virtual clock comes at the same instruction in every run.
            if (line.StartsWith(WorkingSetGuest.Ready, StringComparison.Ordinal))
                session!.Clock.Schedule(Millisecond, SaveAndStop);
        });
        using (session = new MachineSession(settings, console))
        using (saver = new SnapshotSaver(session, settings, new SessionControl(session, migration: null), migration: null))
        {
            RunOutcome outcome = session.Run();
            if (failure is not null || !isSaved)
                throw new UserError($"the guest was not saved: {failure?.Message ?? outcome.Message}. The end of its console:\n{Tail(console.Text)}");
        }
        using SnapshotFile saved = SnapshotFile.Open(file);
        return new SavedSnapshot(asyncPageFaults, saved.FileLength, saved.StoredPages, saved.PageCount - saved.StoredPages);

        void SaveAndStop()
        {
            try
            {
                progress("saving it");
                saver!.Save(file, replace: false, stop: false);
                isSaved = true;
            }
            catch (Exception error)
            {
                failure = error;
            }
            session!.Stop();
        }
    }

    private RestoreRun Restore(string file, RestoreMode mode, bool asyncPageFaults)
    {
        string what = $"{(mode == RestoreMode.Eager ? "eager" : "lazy")}, asynchronous page faults {(asyncPageFaults ? "on" : "off")}";
        progress($"restoring: {what}");
        MachineSession? session = null;
        long answer = 0, result = 0, stoodStill = 0, notified = 0, waited = 0;
        long? allThere = null;
        string? resultLine = null;
        var console = new CapturedConsole(line =>
        {
            if (line.StartsWith(WorkingSetGuest.Answer, StringComparison.Ordinal))
            {
                answer = session!.Clock.Now;
            }
            else if (line.StartsWith(WorkingSetGuest.Result, StringComparison.Ordinal))
            {
                result = session!.Clock.Now;
                resultLine = line;
                Vcpu vcpu = session.Machine.Hypervisor.Vcpus[0];
                stoodStill = vcpu.Statistics.FaultNanoseconds;
                waited = vcpu.Statistics.SynchronousFaults;
                notified = session.AsyncPageFaults?.Statistics(vcpu).Notified ?? 0;
                session.Stop();
            }
        });
        // On the real clock the machine's time begins with the machine; on the virtual one it goes on where it was.
        var restore = new RestoreOptions { Lazy = mode == RestoreMode.Lazy, Latency = options.LatencyUs * 1000 };
        using RestoredMachine restored = RestoredMachine.Open(file, restore, console);
        session = restored.Session;
        long begin = options.VirtualClock ? session.Clock.Now : 0;
        restored.AllThere = () => allThere = session.Clock.Now;
        restored.Start();
        long first = session.Clock.Now;
        session.Machine.Uart.PostInput("\n"u8);
        RunOutcome outcome = session.Run();
        if (resultLine is null)
            throw new UserError($"{what}: the guest ended with {outcome.Kind} {outcome.Message}. The end of its console:\n{Tail(console.Text)}");
        (long calculation, long readNs) = WorkingSetGuest.ParseResult(resultLine);
        return new RestoreRun
        {
            Mode = mode,
            AsyncPageFaults = asyncPageFaults,
            FirstInstructionMs = Milliseconds(first - begin),
            FirstOutputMs = Milliseconds(answer - first),
            WorkingSetMs = Milliseconds(result - first),
            AllThereMs = allThere is { } time && time <= result ? Milliseconds(time - begin) : null,
            StandStillPercent = Math.Round(100.0 * stoodStill / Math.Max(1, result - first), 2),
            Calculation = calculation,
            ReadMs = Milliseconds(readNs),
            Notified = notified,
            Waited = waited,
        };
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static string Tail(string console) => console.Length > 2000 ? "…" + console[^2000..] : console;
}
