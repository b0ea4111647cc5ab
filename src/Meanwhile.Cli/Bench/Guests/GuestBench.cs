using System.Globalization;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>One kind of boot: an initial RAM disk and the workloads that are run on it, one after the other.</summary>
/// <param name="Initrd">Path of the initial RAM disk.</param>
/// <param name="Workloads">What is run and counted, in order.</param>
/// <param name="MoreWords">More words for the kernel's command line; they may override ours.</param>
internal sealed record BootPlan(string Initrd, IReadOnlyList<Workload> Workloads, string MoreWords = "");

/// <summary>
/// Runs the boots of all rounds. The sides take turns, and so does which of them is first (ours, peer, peer, ours, …), so that what the
/// host does beside it, and whatever gets slower with time, meets both alike.
/// </summary>
internal sealed class GuestBench(IReadOnlyList<BootPlan> plans, BenchSide ours, BenchSide? peer, int rounds, Action<string> progress)
{
    private readonly Dictionary<string, WorkloadSeries> series =
        plans.SelectMany(plan => plan.Workloads).ToDictionary(workload => workload.Name, workload => new WorkloadSeries(workload));

    /// <summary>From the start of the process to init, on our side.</summary>
    public List<double> OurStartSeconds { get; } = [];

    /// <summary>The same of the peer.</summary>
    public List<double> PeerStartSeconds { get; } = [];

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
                foreach (BenchSide side in Turns(round))
                    Boot(round, plan, side);
                if (peer is not null)
                    Compare(plan);
            }
        }
        return [.. plans.SelectMany(plan => plan.Workloads).Select(workload => series[workload.Name])];
    }

    /// <summary>The sides of a round (1, 2, …) in their order.</summary>
    internal IEnumerable<BenchSide> Turns(int round) =>
        peer is null ? [ours] : round % 2 == 1 ? [ours, peer] : [peer, ours];

    private void Boot(int round, BootPlan plan, BenchSide side)
    {
        string where = $"round {round} of {rounds}, {side.Name}";
        progress($"{where}: booting");
        GuestBootResult result = GuestBoot.Run(
            side.Command(plan),
            plan.Workloads,
            time => progress(string.Create(CultureInfo.InvariantCulture, $"{where}: {time.Name} {time.Seconds:F2} s")));
        (side == ours ? OurStartSeconds : PeerStartSeconds).Add(result.StartSeconds);
        if (side == ours)
            OurFeatures = result.CoreFeatures;
        else
            PeerFeatures = result.CoreFeatures;
        foreach (WorkloadTime time in result.Times)
        {
            // A boot's time is taken at each boot, but counts in the plan that has it only.
            if (plan.Workloads.Any(workload => workload.Name == time.Name))
                (side == ours ? series[time.Name].Ours : series[time.Name].Peer).Add(time);
        }
    }

    private void Compare(BootPlan plan)
    {
        foreach (Workload workload in plan.Workloads)
        {
            string mine = series[workload.Name].Ours[^1].Output, other = series[workload.Name].Peer[^1].Output;
            if (mine != other)
                throw new UserError($"workload {workload.Name}: the sides came to different results, so one of them is wrong. Ours:\n{mine}The peer's:\n{other}");
        }
    }
}
