using System.CommandLine;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile bench guest</c>.</summary>
internal static class BenchGuestCommand
{
    private const int MostRounds = 100;
    private const int SmallestGoodQemu = 10;

    private static readonly string[] Names = [.. Workload.All.Select(workload => workload.Name)];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var workloads = new Option<string[]>("--workload")
        {
            Description = $"run only these, of: {string.Join(", ", Names)}",
            HelpName = "NAME...",
            AllowMultipleArgumentsPerToken = true,
        };
        workloads.AcceptOneOf(Names);
        var rounds = new Option<int>("--rounds")
        {
            Description = $"times that each side runs everything (1..{MostRounds})",
            DefaultValueFactory = _ => 3,
        };
        Option<string> engine = EngineOption.Create();
        var peer = new Option<string?>("--peer")
        {
            Description = "the qemu-system-aarch64 to compare with; default: the one on the PATH when it is QEMU 10 or later, else the one that was fetched",
        };
        var fetchPeer = new Option<bool>("--fetch-peer")
        {
            Description = "fetch QEMU 10 from Debian 12's backports into the cache (35 MB; nothing is installed) and compare with that",
        };
        var noPeer = new Option<bool>("--no-peer")
        {
            Description = "measure our engine only",
        };
        var native = new Option<bool>("--native")
        {
            Description = "run the workloads on the host's own processor, too, in a root of the same suite below the cache (needs root)",
        };
        Option<string> suite = BenchOption.Suite();
        var append = new Option<string>("--append")
        {
            Description = "more words for the kernel's command line, on both sides: \"kpti=on mitigations=auto\" takes back what both are run without",
            DefaultValueFactory = _ => "",
        };
        Option<string?> json = BenchOption.Json();
        var command = new Command(
            "guest",
            $"Time workloads in a Debian guest ({BenchSide.MemoryMiB} MiB, one virtual CPU, real clock) on our engine and on QEMU's TCG, in turns: "
            + "kernel start, shell, checksums, compression, processes, system calls, memory, floating point, gcc, sqlite, openssl.")
        {
            workloads, rounds, engine, peer, fetchPeer, noPeer, native, suite, append, json,
        };
        command.SetAction(parse =>
        {
            int count = parse.GetValue(rounds);
            Quantity.InRange("--rounds", count, 1, MostRounds);
            string? file = parse.GetValue(json);
            if (file is not null)
                JsonFile.Check(file);
            string[] chosen = parse.GetValue(workloads) is { Length: > 0 } some ? some : Names;
            string words = parse.GetValue(append)!.Trim(), ours = parse.GetValue(engine)!;
            if (words.Split(' ').Contains("--"))
                throw new UserError("--append: what the guest runs is named with --workload; give words for its kernel only");
            if (parse.GetValue(noPeer) && (parse.GetValue(fetchPeer) || parse.GetValue(peer) is not null))
                throw new UserError("--no-peer excludes --peer and --fetch-peer: measure our engine alone, or beside another");
            if (parse.GetValue(native))
                NativeRoots.Check(Environment.IsPrivilegedProcess);
            Qemu? qemu = parse.GetValue(noPeer) ? null : FindPeer(parse.GetValue(peer), parse.GetValue(fetchPeer));
            Run([.. Workload.All.Where(workload => chosen.Contains(workload.Name))], words, count, ours, qemu, parse.GetValue(native), parse.GetValue(suite)!, file);
            return 0;
        });
        return command;
    }

    private static void Run(IReadOnlyList<Workload> workloads, string words, int rounds, string engine, Qemu? qemu, bool native, string suite, string? file)
    {
        GuestImage image = GuestCommand.Build(suite, GuestCommand.DefaultMirror);
        IReadOnlyList<BootPlan> plans = Progress.Show(
            "preparing the guest",
            progress => Plans(
                workloads,
                words,
                new BenchImages(image, suite, GuestCommand.DefaultMirror, progress),
                native ? new NativeRoots(suite, GuestCommand.DefaultMirror, progress) : null));
        string statistics = Path.GetTempFileName();
        var sides = new BenchSides(
            BenchSide.Ours(image.Kernel, engine, statisticsFile: statistics),
            qemu is null ? null : BenchSide.Peer(image.Kernel, qemu),
            native ? BenchSide.Native() : null);
        Console.WriteLine($"guest: Linux {image.KernelRelease} of Debian {suite}");
        GuestBenchReport.PrintSides(Console.Out, plans, sides);
        using TerminationSignals signals = TerminationSignals.EndInOrder();
        GuestBench bench;
        IReadOnlyList<WorkloadSeries> series;
        try
        {
            (bench, series) = Progress.Show("starting", progress =>
            {
                var runs = new GuestBench(plans, sides, rounds, progress);
                return (runs, runs.Run());
            });
        }
        finally
        {
            File.Delete(statistics);
        }
        GuestBenchReport.PrintTable(Progress.Output(), series, sides);
        GuestBenchReport.PrintNotes(Console.Out, bench, series);
        if (file is not null)
            JsonFile.Write(file, GuestBenchJson.Of(plans, sides, series, bench.OurOwnBytes), GuestBenchJsonContext.Default.GuestBenchJson);
    }

    private static BootPlan[] Plans(IReadOnlyList<Workload> workloads, string words, BenchImages images, NativeRoots? roots)
    {
        var plans = new List<BootPlan>();
        Workload[] plain = [.. workloads.Where(workload => !workload.NeedsDebian)], debian = [.. workloads.Where(workload => workload.NeedsDebian)];
        if (plain.Length > 0)
            plans.Add(new BootPlan(images.Plain(), plain, words, roots?.Plain()));
        if (debian.Length > 0)
            plans.Add(new BootPlan(images.WithDebian(), debian, words, roots?.WithDebian()));
        return [.. plans];
    }

    /// <summary>The peer to compare with, or null; says which and why when that is not what the user named.</summary>
    internal static Qemu? FindPeer(string? path, bool fetch)
    {
        if (path is not null && fetch)
            throw new UserError("--peer and --fetch-peer exclude each other: name a QEMU, or have one fetched");
        if (path is not null)
            return File.Exists(path) || HostCommand.Exists(path) ? Qemu.Of([path]) : throw new UserError($"--peer: '{path}' does not exist; give the path of a {Qemu.Program}");
        if (fetch)
            return Progress.Show("fetching QEMU", progress => QemuPackage.Fetch(GuestCommand.DefaultMirror, progress));
        Qemu? installed = Qemu.Installed();
        if (installed?.Major >= SmallestGoodQemu)
            return installed;
        if ((QemuPackage.Cached() ?? installed) is not { } found)
        {
            Console.Error.WriteLine(
                $"meanwhile: {Qemu.Program} is not installed, so only our engine is measured; --fetch-peer fetches QEMU 10 from Debian's backports into the cache");
            return null;
        }
        if (found == installed)
            Console.Error.WriteLine($"meanwhile: the installed peer is old ({found.Version}); --fetch-peer fetches QEMU 10 from Debian's backports into the cache");
        return found;
    }
}
