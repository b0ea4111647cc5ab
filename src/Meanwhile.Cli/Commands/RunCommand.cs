using System.CommandLine;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Snapshots;
using Meanwhile.Hypervisor;
using Meanwhile.Machine.Board;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile run</c>.</summary>
internal static class RunCommand
{
    private const int MachineFailed = 3;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var kernel = new Option<string?>("--kernel")
        {
            Description = "Linux arm64 kernel (Image, gzip or EFI zboot), or a flat binary; default: Debian 12's, fetched on first use",
        };
        var initrd = new Option<string?>("--initrd")
        {
            Description = "initial RAM disk; default, with the default kernel: a busybox shell",
        };
        var append = new Option<string>("--append")
        {
            Description = "words for the kernel's command line; what follows '--' is run as a command by the default initial RAM disk",
            DefaultValueFactory = _ => "",
        };
        var disk = new Option<string[]>("--disk")
        {
            Description = "raw disk image, /dev/vda and on; ',ro' after the path makes it read-only; may be given more than once",
        };
        var cpus = new Option<int>("--cpus")
        {
            Description = "number of virtual CPUs, each on a thread of its own; on the virtual clock there is one",
            DefaultValueFactory = _ => 1,
        };
        var memory = new Option<string>("--memory")
        {
            Description = "guest RAM: 512M, 4G",
            DefaultValueFactory = _ => "512M",
        };
        var memoryLimit = new Option<string?>("--memory-limit")
        {
            Description = "most guest RAM that may be resident; the rest is swapped out. Default: all",
        };
        var swap = new Option<string?>("--swap")
        {
            Description = "swap file, made and removed again; default: one in the folder for temporary files",
        };
        var swapLatency = new Option<string>("--swap-latency")
        {
            Description = "added to each swap read and write, on the machine's clock: 1ms, 200us",
            DefaultValueFactory = _ => "0us",
        };
        var asyncPageFaults = new Option<string>("--async-page-faults")
        {
            Description = "offer asynchronous page faults to the guest",
            DefaultValueFactory = _ => "on",
        };
        asyncPageFaults.AcceptOneOf("on", "off");
        var clock = new Option<string>("--clock")
        {
            Description = "real: the host's time; virtual: time advances with instructions, and runs repeat exactly",
            DefaultValueFactory = _ => "real",
        };
        clock.AcceptOneOf("real", "virtual");
        Option<string> engine = EngineOption.Create();
        var perfMap = new Option<bool>("--perf-map")
        {
            Description = "name translated code in /tmp/perf-PID.map, for 'perf record -e cpu-clock' and 'perf report'",
        };
        var trace = new Option<string?>("--trace")
        {
            Description = "write each memory fault and what was done about it to this file, a line of JSON each",
        };
        var stats = new Option<string?>("--stats")
        {
            Description = "write counters to this file as JSON when the guest ends",
        };
        var count = new Option<bool>("--count")
        {
            Description = "with --stats: translated code counts, too (blocks, TLB hits, instructions by handlers), and is slower by a tenth",
        };
        var qmp = new Option<string[]>("--qmp")
        {
            Description = "listen for QMP, the protocol of QEMU's monitor, on a unix socket made at this path; may be given more than once",
        };
        var incoming = new Option<string?>("--incoming")
        {
            Description = "do not boot, but wait for a guest that 'meanwhile migrate' sends: tcp:HOST:PORT (port 0: any), unix:PATH, or 'defer' until the monitor's "
                + "migrate-incoming. The other options must be as on the machine that it comes from",
        };
        var tls = new Option<string?>("--tls")
        {
            Description = "with --incoming: folder with ca-cert.pem, server-cert.pem and server-key.pem; needed for addresses that are not of this host",
        };
        var powerButton = new Option<string>("--power-button")
        {
            Description = "give the guest a power button, which the monitor's system_powerdown presses; off: the board of machines saved before there was one",
            DefaultValueFactory = _ => "on",
        };
        powerButton.AcceptOneOf("on", "off");
        var generationId = new Option<bool>("--generation-id")
        {
            Description = "give the guest a VM generation ID, so that it sees that it was restored from a snapshot and renews its random numbers",
        };
        var suite = new Option<string>("--suite")
        {
            Description = "Debian suite of the default kernel",
            DefaultValueFactory = _ => GuestCommand.DefaultSuite,
        };
        var command = new Command("run", "Run a guest with its console on this terminal. Ctrl-A x leaves.")
        {
            kernel, initrd, append, disk, cpus, memory, memoryLimit, swap, swapLatency, asyncPageFaults, clock, engine, perfMap, trace, stats, count, qmp,
            incoming, tls, powerButton, generationId, suite,
        };
        command.SetAction(parse =>
        {
            if (parse.GetValue(count) && parse.GetValue(stats) is null)
                throw new UserError("--count: what is counted is written by --stats FILE, which is missing");
            string? kernelPath = parse.GetValue(kernel);
            string? initrdPath = parse.GetValue(initrd);
            var settings = new MachineSettings
            {
                Kernel = kernelPath ?? "",
                Initrd = initrdPath,
                CommandLine = GuestCommandLine.With(parse.GetValue(append)!),
                Disks = [.. (parse.GetValue(disk) ?? []).Select(ParseDisk)],
                Cpus = parse.GetValue(cpus),
                Memory = Quantity.Size("--memory", parse.GetValue(memory)!),
                MemoryLimit = parse.GetValue(memoryLimit) is { } limit ? Quantity.Size("--memory-limit", limit) : null,
                Swap = parse.GetValue(swap),
                SwapLatency = Quantity.Nanoseconds("--swap-latency", parse.GetValue(swapLatency)!),
                AsyncPageFaults = parse.GetValue(asyncPageFaults) == "on",
                VirtualClock = parse.GetValue(clock) == "virtual",
                PerfMap = parse.GetValue(perfMap),
                PowerButton = parse.GetValue(powerButton) == "on",
                GenerationId = parse.GetValue(generationId),
                Counting = parse.GetValue(count),
                Engine = EngineOption.Parse(parse.GetValue(engine)),
                IsIncoming = parse.GetValue(incoming) is not null,
            };
            IncomingOption? from = parse.GetValue(incoming) is { } uri ? IncomingOption.Parse(uri, parse.GetValue(tls)) : null;
            if (from is null && parse.GetValue(tls) is not null)
                throw new UserError("--tls is for --incoming; give 'meanwhile migrate' its own");
            SettingsCheck.Check(settings);
            if (kernelPath is null)
            {
                GuestImage image = GuestCommand.Build(parse.GetValue(suite)!, GuestCommand.DefaultMirror);
                settings = settings with { Kernel = image.Kernel, Initrd = initrdPath ?? image.Initramfs };
            }
            return Run(settings, parse.GetValue(trace), parse.GetValue(stats), parse.GetValue(qmp) ?? [], from);
        });
        return command;
    }

    private static int Run(MachineSettings settings, string? traceFile, string? statsFile, string[] sockets, IncomingOption? from)
    {
        if (statsFile is not null)
            MachineStatistics.CheckFile(statsFile);
        using var terminal = new TerminalConsole();
        using var session = new MachineSession(settings, terminal);
        using FaultTrace? trace = traceFile is null ? null : FaultTrace.Attach(session, traceFile);
        VirtualMachine machine = session.Machine.Hypervisor;
        using SwapRetry retry = SwapRetry.Attach(
            session.Machine.Ram,
            machine,
            session.Hold,
            Say);
        using var migration = new MigrationControl(session, settings.IsIncoming);
        var control = new SessionControl(session, migration);
        using var moves = new MigrationNotice(migration, Say, failed: () => control.End(ShutdownCause.Error));
        using var saver = new SnapshotSaver(session, settings, control, migration);
        using var monitor = new MachineMonitor(control, migration, sockets, machine.Fail, saver.Command);
        using var signals = new TerminationSignals(() => control.End(ShutdownCause.Signal));
        terminal.Connect(session.Machine.Uart.PostInput, leave: () => control.End(ShutdownCause.Console), failed: machine.Fail);
        from?.Listen(migration);
        RunOutcome outcome = session.Run();
        control.Ended(outcome);
        terminal.Dispose();
        migration.Finish();
        if (statsFile is not null)
            MachineStatistics.Write(session, statsFile);
        return signals.ExitStatus ?? (moves.HasFailed ? MachineFailed : ExitCode(outcome));
    }

    private static void Say(string line) => Console.Error.WriteLine("meanwhile: " + line);

    /// <summary>The guest's end as an exit code: power off 0, panic 1, a failure of the machine 3.</summary>
    internal static int ExitCode(RunOutcome outcome)
    {
        switch (outcome.Kind)
        {
            case RunOutcomeKind.PowerOff or RunOutcomeKind.Stopped:
                return 0;
            case RunOutcomeKind.WarmReset:
                Console.Error.WriteLine("meanwhile: the guest panicked");
                return 1;
            default:
                Console.Error.WriteLine($"meanwhile: the machine failed: {outcome.Message}");
                if (Environment.GetEnvironmentVariable("MEANWHILE_DEBUG") is not null)
                    Console.Error.WriteLine(outcome.Exception);
                return MachineFailed;
        }
    }

    internal static DiskOptions ParseDisk(string text)
    {
        const string ReadOnly = ",ro";
        bool isReadOnly = text.EndsWith(ReadOnly, StringComparison.Ordinal);
        return new DiskOptions(isReadOnly ? text[..^ReadOnly.Length] : text, isReadOnly);
    }
}
