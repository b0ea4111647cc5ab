using Meanwhile.Arm64;
using Meanwhile.Arm64.Bench;

// Guest instructions per second of host processor time (so that other processes do not count), for a few small loops, on both engines.
// In Release: dotnet run -c Release --project bench/Meanwhile.Arm64.Bench
const long Instructions = 200_000_000;
Console.WriteLine($"{"M instructions/s",-40} {"interpreter",12} {"translator",12} {"ratio",8}");
foreach (Workload workload in Workload.All)
{
    double interpreter = Measure(workload, ExecutionEngine.Interpreter), translator = Measure(workload, ExecutionEngine.Translator);
    Console.WriteLine($"{workload.Name,-40} {interpreter,12:F1} {translator,12:F1} {translator / interpreter,8:F1}");
}

static double Measure(Workload workload, ExecutionEngine engine)
{
    using var machine = new BenchMachine(workload.Words, engine);
    machine.Run(10_000_000); // Let the host's JIT settle.
    Thread.Sleep(300);
    machine.Run(10_000_000);
    TimeSpan start = Environment.CpuUsage.TotalTime;
    machine.Run(Instructions);
    return Instructions / (Environment.CpuUsage.TotalTime - start).TotalSeconds / 1e6;
}
