using System.CommandLine;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile bench cpus</c>.</summary>
internal static class BenchCpusCommand
{
    private const int MostRounds = 100;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var cpus = new Option<int>("--cpus")
        {
            Description = "virtual CPUs, and processes at once, to compare with one; at most as many as the host has",
            DefaultValueFactory = _ => 2,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = $"times that everything is run (1..{MostRounds})",
            DefaultValueFactory = _ => 5,
        };
        Option<string> engine = EngineOption.Create();
        Option<string> suite = BenchOption.Suite();
        Option<string?> json = BenchOption.Json();
        var command = new Command(
            "cpus",
            "Time independent processes in a Debian guest, one on each of several virtual CPUs (real clock), against one on one, in turns; "
            + "as root the same on the host itself, which is the bound: a shell loop, and a calculation that needs no memory.")
        {
            cpus, rounds, engine, suite, json,
        };
        command.SetAction(parse =>
        {
            int many = parse.GetValue(cpus), count = parse.GetValue(rounds);
            CheckCpus(many, Environment.ProcessorCount);
            Quantity.InRange("--rounds", count, 1, MostRounds);
            string? file = parse.GetValue(json);
            if (file is not null)
                JsonFile.Check(file);
            Run(many, count, parse.GetValue(engine)!, parse.GetValue(suite)!, file);
            return 0;
        });
        return command;
    }

    /// <summary>Several, and each on a CPU of the host.</summary>
    internal static void CheckCpus(int cpus, int hostCpus)
    {
        if (hostCpus < 2)
            throw new UserError("--cpus: this host has one CPU, on which several cannot be measured");
        if (cpus < 2 || cpus > hostCpus)
            throw new UserError($"--cpus: {cpus} is not in 2..{hostCpus}; this host has {hostCpus} CPUs");
    }

    private static void Run(int cpus, int rounds, string engine, string suite, string? file)
    {
        GuestImage image = GuestCommand.Build(suite, GuestCommand.DefaultMirror);
        bool native = Environment.IsPrivilegedProcess;
        if (!native)
            Console.Error.WriteLine("meanwhile: the host itself is not measured: only root may change the root folder");
        BootPlan plan = Progress.Show("preparing the guest", progress => new BootPlan(
            new BenchImages(image, suite, GuestCommand.DefaultMirror, progress).Plain(),
            [.. Workload.All.Where(workload => workload.Name is "shell-loop" or "float")],
            NativeRoot: native ? new NativeRoots(suite, GuestCommand.DefaultMirror, progress).Plain() : null));
        var sides = new List<CpuScalingSide> { new(BenchSide.Ours(image.Kernel, engine), BenchSide.Ours(image.Kernel, engine, cpus)) };
        if (native)
            sides.Add(new CpuScalingSide(BenchSide.Native(), BenchSide.Native()));
        Console.WriteLine($"guest: Linux {image.KernelRelease} of Debian {suite}");
        foreach (CpuScalingSide side in sides)
        {
            Console.WriteLine($"{side.Name}: {side.One.Description}");
            Console.WriteLine("  " + BenchSide.Quote(side.One.Command(plan)));
            Console.WriteLine("  " + BenchSide.Quote(side.Many.Command(plan with { Processes = cpus })));
        }
        using TerminationSignals signals = TerminationSignals.EndInOrder();
        IReadOnlyList<CpuScalingSeries> series = Progress.Show("starting", progress => new CpuScaling(plan, sides, cpus, rounds, progress).Run());
        CpuScalingReport.PrintTable(Progress.Output(), series, cpus);
        if (file is null)
            return;
        var report = new CpuScalingJson(cpus, sides[0].One.Description, native ? sides[^1].One.Description : null, [.. series.Select(CpuScalingRowJson.Of)]);
        JsonFile.Write(file, report, CpuScalingJsonContext.Default.CpuScalingJson);
    }
}
