namespace Meanwhile.Cli.Bench.Guests;

/// <summary>The sides that are measured.</summary>
/// <param name="Ours">This program.</param>
/// <param name="Peer">The one it is compared with, or null.</param>
/// <param name="Native">The host's own processor, or null.</param>
internal sealed record BenchSides(BenchSide Ours, BenchSide? Peer = null, BenchSide? Native = null)
{
    /// <summary>Those that are there.</summary>
    public IReadOnlyList<BenchSide> All { get; } = [.. ((BenchSide?[])[Ours, Peer, Native]).OfType<BenchSide>()];

    /// <summary>Their order in a round (1, 2, …), which turns around with each.</summary>
    public IEnumerable<BenchSide> Turns(int round) => round % 2 == 1 ? All : All.Reverse();

    /// <summary>Whether a side has something to do in a plan: there is no boot without a guest.</summary>
    public bool Runs(BenchSide side, BootPlan plan) => side != Native || plan.Workloads.Any(workload => workload != Workload.Boot);
}
