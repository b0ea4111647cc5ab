namespace Meanwhile.Cli.Bench.Guests;

/// <summary>One workload, once.</summary>
/// <param name="Name">The workload's.</param>
/// <param name="Seconds">Between its marks, on the host's clock.</param>
/// <param name="CpuSeconds">What the guest's process used of the host's CPUs meanwhile, all its threads together.</param>
/// <param name="GuestSeconds">The same on the guest's clock (10 ms fine), or null for what begins before it does.</param>
/// <param name="Output">What it printed: its result.</param>
internal sealed record WorkloadTime(string Name, double Seconds, double CpuSeconds, double? GuestSeconds, string Output);
