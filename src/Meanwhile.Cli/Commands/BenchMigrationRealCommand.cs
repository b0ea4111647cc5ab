using System.CommandLine;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Bench.Migration.Real;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile bench migration real</c>.</summary>
internal static class BenchMigrationRealCommand
{
    private const int MostRounds = 100;
    private const int LeastMemory = 512;
    private const int MostMemory = 16 << 10;
    private const int Good = 0;
    private const int WrongMemory = 1;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = $"migrations of each side at each bandwidth (1..{MostRounds})", DefaultValueFactory = _ => 3 };
        var bandwidth = new Option<int[]>("--bandwidth")
        {
            Description = "MB (10^6 bytes) a second that may be sent, before and after the switch; 0: no limit. More than one may be given",
            HelpName = "MB...",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [0, 100, 20],
        };
        var memory = new Option<int>("--memory") { Description = $"guest RAM in MiB ({LeastMemory}..{MostMemory}); its program goes through all but {MovingGuest.OthersMiB}", DefaultValueFactory = _ => 1024 };
        var order = new Option<string>("--order") { Description = "in which order the program takes pages: each far from the one before, or next to it", DefaultValueFactory = _ => "scattered" };
        order.AcceptOneOf("scattered", "sequential");
        Option<string> engine = EngineOption.Create();
        var peer = new Option<string?>("--peer") { Description = "the qemu-system-aarch64 to compare with; default as with 'bench guest'" };
        var fetchPeer = new Option<bool>("--fetch-peer") { Description = "fetch QEMU 10 from Debian 12's backports into the cache (35 MB; nothing is installed) and compare with that" };
        var noPeer = new Option<bool>("--no-peer") { Description = "measure ours only" };
        var noOurs = new Option<bool>("--no-ours") { Description = "measure the peer only" };
        var peerNoPreempt = new Option<bool>("--peer-no-preempt") { Description = "measure the peer without its preempt channel, too" };
        Option<string> suite = BenchOption.Suite();
        Option<string?> json = BenchOption.Json();
        var command = new Command(
            "real",
            "Move a guest that calculates and goes through its memory to another process over a loopback socket, post-copy: ours and QEMU's, by turns.")
        {
            rounds, bandwidth, memory, order, engine, peer, fetchPeer, noPeer, noOurs, peerNoPreempt, suite, json,
        };
        command.SetAction(parse => Run(new RealMigrationOptions
        {
            Rounds = parse.GetValue(rounds),
            Bandwidths = parse.GetValue(bandwidth)!,
            MemoryMiB = parse.GetValue(memory),
            IsScattered = parse.GetValue(order) == "scattered",
            Engine = parse.GetValue(engine)!,
            Peer = parse.GetValue(peer),
            FetchPeer = parse.GetValue(fetchPeer),
            NoPeer = parse.GetValue(noPeer),
            NoOurs = parse.GetValue(noOurs),
            PeerNoPreempt = parse.GetValue(peerNoPreempt),
            Suite = parse.GetValue(suite)!,
            Json = parse.GetValue(json),
        }));
        return command;
    }

    /// <summary>Checks what the user gave, prepares the guest, measures and reports.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UserError">Something given is not possible, or a machine failed.</exception>
    internal static int Run(RealMigrationOptions options)
    {
        Quantity.InRange("--rounds", options.Rounds, 1, MostRounds);
        Quantity.InRange("--memory", options.MemoryMiB, LeastMemory, MostMemory);
        long[] bandwidths = [.. options.Bandwidths.Select(limit => Quantity.InRange("--bandwidth", limit, 0, 1_000_000) * 1_000_000L).Distinct()];
        if (options.NoPeer && (options.NoOurs || options.PeerNoPreempt || options.FetchPeer || options.Peer is not null))
            throw new UserError("--no-peer excludes --peer, --fetch-peer, --peer-no-preempt and --no-ours: measure ours alone, or beside another");
        if (options.Json is not null)
            JsonFile.Check(options.Json);
        Qemu? qemu = options.NoPeer ? null : BenchGuestCommand.FindPeer(options.Peer, options.FetchPeer);
        if (qemu is null && options.NoOurs)
            throw new UserError("--no-ours: there is no peer to measure; --fetch-peer fetches one");
        GuestImage image = GuestCommand.Build(options.Suite, GuestCommand.DefaultMirror);
        string initrd = Progress.Show("preparing the guest", progress => MigrationImage.Make(image, options.Suite, progress));
        var guest = new MovingGuest(image.Kernel, initrd, options.MemoryMiB, options.IsScattered);
        MigrationSide[] sides =
        [
            .. options.NoOurs ? [] : (MigrationSide[])[MigrationSide.Ours(guest, options.Engine)],
            .. qemu is null ? [] : (MigrationSide[])[MigrationSide.Peer(guest, qemu, preempts: true)],
            .. qemu is null || !options.PeerNoPreempt ? [] : (MigrationSide[])[MigrationSide.Peer(guest, qemu, preempts: false)],
        ];
        Console.WriteLine($"guest: Linux {image.KernelRelease} of Debian {options.Suite}, {guest.MemoryMiB} MiB, {guest.WorkMiB} of them in use");
        return Run(guest, sides, bandwidths, options.Rounds, options.Json);
    }

    private static int Run(MovingGuest guest, IReadOnlyList<MigrationSide> sides, IReadOnlyList<long> bandwidths, int rounds, string? file)
    {
        RealMigrationReport.PrintSides(Console.Out, sides);
        using TerminationSignals signals = TerminationSignals.EndInOrder();
        IReadOnlyList<MigrationSeries> all = Progress.Show("starting", progress => new RealMigrationBench(sides, bandwidths, rounds, progress) { Pages = guest.MemoryMiB * 256L }.Run());
        RealMigrationReport.PrintTable(Progress.Output(), all);
        RealMigrationReport.PrintRequirements(Console.Out, all);
        bool isRight = RealMigrationReport.CheckMemory(Console.Out, all);
        if (file is not null)
            JsonFile.Write(file, RealMigrationJson.Of(guest, all), RealMigrationJsonContext.Default.RealMigrationJson);
        return isRight ? Good : WrongMemory;
    }
}
