using System.Globalization;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>One kind of boot: an initial RAM disk and the workloads that are run on it, one after the other.</summary>
/// <param name="Initrd">Path of the initial RAM disk.</param>
/// <param name="Workloads">What is run and counted, in order.</param>
/// <param name="MoreWords">More words for the kernel's command line; they may override ours.</param>
/// <param name="NativeRoot">Root folder of the same for the host's own processor, or null when that is not measured.</param>
/// <param name="Processes">How many processes run each workload at once.</param>
internal sealed record BootPlan(string Initrd, IReadOnlyList<Workload> Workloads, string MoreWords = "", string? NativeRoot = null, int Processes = 1);

/// <summary>
/// Runs the boots of all rounds. The sides take turns, and so does which of them is first (ours, peer, peer, ours, …), so that what the
/// host does beside it, and whatever gets slower with time, meets both alike.
/// </summary>
internal sealed class GuestBench(IReadOnlyList<BootPlan> plans, BenchSides sides, int rounds, Action<string> progress)
{
    private readonly Dictionary<string, WorkloadSeries> series =
        plans.SelectMany(plan => plan.Workloads).ToDictionary(workload => workload.Name, workload => new WorkloadSeries(workload));

    /// <summary>From the start of the process to init, on our side.</summary>
    public List<double> OurStartSeconds { get; } = [];

    /// <summary>The same of the peer.</summary>
    public List<double> PeerStartSeconds { get; } = [];

    /// <summary>Memory of the host that our process had at the end of each boot beside guest RAM and the code cache, in bytes.</summary>
    public List<long> OurOwnBytes { get; } = [];

    /// <summary>Features of our core, as its guest sees them.</summary>
    public string OurFeatures { get; private set; } = "";

    /// <summary>Features of the peer's core.</summary>
    public string PeerFeatures { get; private set; } = "";

    /// <summary>Runs everything.</summary>
    /// <exception cref="UserError">A guest failed, or the two sides came to different results.</exception>
    public IReadOnlyList<WorkloadSeries> Run()
    {
        for (int round = 1; round <= rounds; round++)
        {
            foreach (BootPlan plan in plans)
            {
                foreach (BenchSide side in sides.Turns(round).Where(side => sides.Runs(side, plan)))
                    Boot(round, plan, side);
                Compare(plan);
            }
        }
        return [.. plans.SelectMany(plan => plan.Workloads).Select(workload => series[workload.Name])];
    }

    private void Boot(int round, BootPlan plan, BenchSide side)
    {
        string where = $"round {round} of {rounds}, {side.Name}";
        progress($"{where}: {(side == sides.Native ? "running" : "booting")}");
        GuestBootResult result = GuestBoot.Run(
            side.Command(plan),
            side == sides.Native ? plan.Workloads.Where(workload => workload != Workload.Boot) : plan.Workloads,
            time => progress(string.Create(CultureInfo.InvariantCulture, $"{where}: {time.Name} {time.Seconds:F2} s")));
        if (side == sides.Ours)
        {
            OurStartSeconds.Add(result.StartSeconds);
            OurFeatures = result.CoreFeatures;
            if (side.StatisticsFile is { } file)
                OurOwnBytes.Add(HostMemory.ReadOwn(file));
        }
        else if (side == sides.Peer)
        {
            PeerStartSeconds.Add(result.StartSeconds);
            PeerFeatures = result.CoreFeatures;
        }
        foreach (WorkloadTime time in result.Times)
        {
            // A boot's time is taken at each boot, but counts in the plan that has it only.
            if (plan.Workloads.Any(workload => workload.Name == time.Name))
                series[time.Name].Of(side).Add(time);
        }
    }

    private void Compare(BootPlan plan)
    {
        foreach (Workload workload in plan.Workloads)
        {
            foreach (BenchSide other in sides.All.Where(side => side != sides.Ours && sides.Runs(side, plan)))
            {
                if (other != sides.Native || !(workload.KnowsProcessor || workload == Workload.Boot))
                    Compare(workload, other);
            }
        }
    }

    private void Compare(Workload workload, BenchSide other)
    {
        string mine = series[workload.Name].Ours[^1].Output, its = series[workload.Name].Of(other)[^1].Output;
        if (mine != its)
            throw new UserError($"workload {workload.Name}: the sides came to different results, so one of them is wrong. Ours:\n{mine}The {other.Name}'s:\n{its}");
    }
}
