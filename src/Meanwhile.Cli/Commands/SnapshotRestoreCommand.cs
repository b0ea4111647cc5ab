using System.CommandLine;
using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Snapshots;
using Meanwhile.Hypervisor;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile snapshot restore</c>.</summary>
internal static class SnapshotRestoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the snapshot; it is only read, and must stay as it is while the guest runs" };
        var lazy = new Option<bool>("--lazy")
        {
            Description = "run at once, whatever the size: pages are read when they are touched, and in the background",
        };
        var disk = new Option<string[]>("--disk")
        {
            Description = "disks in the place of those that the machine was saved with: all of them, in order, of the same sizes; ',ro' as there",
        };
        var memoryLimit = new Option<string?>("--memory-limit") { Description = "most guest RAM that may be resident. Default: all" };
        var swap = new Option<string?>("--swap") { Description = "swap file, made and removed again; default: one in the folder for temporary files" };
        var swapLatency = new Option<string>("--swap-latency")
        {
            Description = "added to each swap read and write, on the machine's clock",
            DefaultValueFactory = _ => "0us",
        };
        var latency = new Option<string>("--latency")
        {
            Description = "added to each read of the snapshot, on the machine's clock: 1ms, 200us",
            DefaultValueFactory = _ => "0us",
        };
        var seed = new Option<ulong?>("--seed")
        {
            Description = "on the virtual clock: make it another guest than the one that was saved, whose random numbers follow from this",
        };
        Option<string> engine = EngineOption.Create();
        var stats = new Option<string?>("--stats") { Description = "write counters to this file as JSON when the guest ends" };
        var qmp = new Option<string[]>("--qmp")
        {
            Description = "listen for QMP, the protocol of QEMU's monitor, on a unix socket made at this path; may be given more than once",
        };
        var command = new Command(
            "restore",
            "Make a machine from a snapshot and run it with its console on this terminal. Ctrl-A x leaves. Several may run from one file at once.")
        {
            file, lazy, disk, memoryLimit, swap, swapLatency, latency, seed, engine, stats, qmp,
        };
        command.SetAction(parse =>
        {
            string[]? disks = parse.GetResult(disk) is null ? null : parse.GetValue(disk);
            var options = new RestoreOptions
            {
                Lazy = parse.GetValue(lazy),
                Disks = disks is null ? null : [.. disks.Select(RunCommand.ParseDisk)],
                MemoryLimit = parse.GetValue(memoryLimit) is { } limit ? Quantity.Size("--memory-limit", limit) : null,
                Swap = parse.GetValue(swap),
                SwapLatency = Quantity.Nanoseconds("--swap-latency", parse.GetValue(swapLatency)!),
                Latency = Quantity.Nanoseconds("--latency", parse.GetValue(latency)!),
                Seed = parse.GetValue(seed),
                Engine = EngineOption.Parse(parse.GetValue(engine)),
            };
            return Run(parse.GetValue(file)!, options, parse.GetValue(stats), parse.GetValue(qmp) ?? []);
        });
        return command;
    }

    private static int Run(string file, RestoreOptions options, string? statsFile, string[] sockets)
    {
        if (statsFile is not null)
            MachineStatistics.CheckFile(statsFile);
        using var terminal = new TerminalConsole();
        using RestoredMachine restored = RestoredMachine.Open(file, options, terminal);
        MachineSession session = restored.Session;
        VirtualMachine machine = session.Machine.Hypervisor;
        using var migration = new MigrationControl(session, isIncoming: false);
        var control = new SessionControl(session, migration);
        using var saver = new SnapshotSaver(session, restored.Settings, control, migration);
        using var monitor = new MachineMonitor(control, migration, sockets, machine.Fail, saver.Command);
        using var signals = new TerminationSignals(() => control.End(ShutdownCause.Signal));
        if (!options.Lazy)
            restored.Start();
        // From here on a page that cannot be read holds the guest. Before, it is an error of this command.
        using SwapRetry retry = SwapRetry.Attach(
            session.Machine.Ram,
            machine,
            session.Hold,
            line => Console.Error.WriteLine("meanwhile: " + line),
            "make room for the swap file, or put the snapshot right");
        if (options.Lazy)
            restored.Start();
        terminal.Connect(session.Machine.Uart.PostInput, leave: () => control.End(ShutdownCause.Console), failed: machine.Fail);
        RunOutcome outcome = session.Run();
        control.Ended(outcome);
        terminal.Dispose();
        if (statsFile is not null)
            MachineStatistics.Write(session, statsFile);
        return signals.ExitStatus ?? RunCommand.ExitCode(outcome);
    }
}
