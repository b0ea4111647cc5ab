using Meanwhile.Arm64;
using Meanwhile.Arm64.Bench;

// Guest instructions per second of host processor time (so that other processes do not count), for a few small loops. In Release:
// dotnet run -c Release --project bench/Meanwhile.Arm64.Bench [--engine interpreter|translator|both] [part of a workload's name]
const long Instructions = 200_000_000;
ExecutionEngine[] engines = [ExecutionEngine.Interpreter, ExecutionEngine.Translator];
string filter = "";
for (int n = 0; n < args.Length; n++)
{
    if (args[n] != "--engine")
    {
        filter = args[n];
        continue;
    }
    string engine = ++n < args.Length ? args[n] : "";
    if (engine == "both")
        continue;
    if (!Enum.TryParse(engine, ignoreCase: true, out ExecutionEngine chosen) || !Enum.IsDefined(chosen) || char.IsDigit(engine[0]))
        return Refuse($"--engine {engine}: say interpreter, translator or both");
    engines = [chosen];
}
Workload[] workloads = [.. Workload.All.Where(w => w.Name.Contains(filter, StringComparison.OrdinalIgnoreCase))];
if (workloads.Length == 0)
    return Refuse($"no workload's name contains '{filter}': {string.Join("; ", Workload.All.Select(w => w.Name))}");
Console.WriteLine($"{"M instructions/s",-44}{string.Concat(engines.Select(e => $"{e.ToString().ToLowerInvariant(),14}"))}{(engines.Length == 2 ? "ratio" : ""),10}");
foreach (Workload workload in workloads)
{
    double[] speeds = [.. engines.Select(engine => Measure(workload, engine))];
    string ratio = speeds.Length == 2 ? $"{speeds[1] / speeds[0],10:F1}" : "";
    Console.WriteLine($"{workload.Name,-44}{string.Concat(speeds.Select(speed => $"{speed,14:F1}"))}{ratio}");
}
return 0;

static double Measure(Workload workload, ExecutionEngine engine)
{
    using var machine = new BenchMachine(workload.Words, engine);
    machine.Run(10_000_000); // Let the host's JIT settle.
    Thread.Sleep(300);
    machine.Run(10_000_000);
    TimeSpan start = Environment.CpuUsage.TotalTime;
    machine.Run(Instructions);
    TimeSpan elapsed = Environment.CpuUsage.TotalTime - start;
    return Instructions / elapsed.TotalSeconds / 1e6;
}

static int Refuse(string why)
{
    Console.Error.WriteLine(why);
    return 2;
}
