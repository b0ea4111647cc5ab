using Meanwhile.Arm64.Bench;

// Guest instructions per second of host processor time (so that other processes do not count), for a few small loops. In Release: dotnet run -c Release --project bench/Meanwhile.Arm64.Bench
const long Instructions = 200_000_000;
foreach (Workload workload in Workload.All)
{
    using var machine = new BenchMachine(workload.Words);
    machine.Run(10_000_000); // Let the host's JIT settle.
    Thread.Sleep(300);
    machine.Run(10_000_000);
    TimeSpan start = Environment.CpuUsage.TotalTime;
    machine.Run(Instructions);
    TimeSpan elapsed = Environment.CpuUsage.TotalTime - start;
    Console.WriteLine($"{workload.Name,-40} {Instructions / elapsed.TotalSeconds / 1e6,8:F1} M instructions/s");
}
