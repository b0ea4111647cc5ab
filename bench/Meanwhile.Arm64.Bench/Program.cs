using Meanwhile.Arm64;
using Meanwhile.Arm64.Bench;

// Guest instructions per second of host processor time (so that other processes do not count), for a few small loops. The engines take turns, and
// the median of the rounds' figures counts: for speeds and for ratios, each by itself. In Release:
// dotnet run -c Release --project bench/Meanwhile.Arm64.Bench [--engine interpreter|translator|both] [part of a workload's name]
const int Rounds = 7;
const double RoundSeconds = 0.05;
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
double integerRatios = 0;
int integerLoops = 0;
foreach (Workload workload in workloads)
{
    double[][] speeds = Measure(workload, engines);
    string ratio = "";
    if (engines.Length == 2)
    {
        double median = Median([.. speeds.Select(round => round[1] / round[0])]);
        ratio = $"{median,10:F1}";
        if (workload.IsInteger)
        {
            integerRatios += Math.Log(median);
            integerLoops++;
        }
    }
    Console.WriteLine($"{workload.Name,-44}{string.Concat(engines.Select((_, n) => $"{Median([.. speeds.Select(round => round[n])]),14:F1}"))}{ratio}");
}
if (integerLoops > 1)
    Console.WriteLine($"{$"geometric mean of {integerLoops} integer loops",-72}{Math.Exp(integerRatios / integerLoops),10:F1}");
return 0;

// A speed for each engine, in each round.
static double[][] Measure(Workload workload, ExecutionEngine[] engines)
{
    BenchMachine[] machines = [.. engines.Select(engine => new BenchMachine(workload.Words, engine))];
    foreach (BenchMachine machine in machines)
        machine.Run(2_000_000); // Let the host's JIT settle.
    Thread.Sleep(300);
    long[] instructions = [.. machines.Select(machine => (long)(Speed(machine, 2_000_000) * RoundSeconds * 1e6))];
    double[][] speeds = [.. Enumerable.Range(0, Rounds).Select(_ => machines.Select((machine, n) => Speed(machine, instructions[n])).ToArray())];
    foreach (BenchMachine machine in machines)
        machine.Dispose();
    return speeds;
}

static double Speed(BenchMachine machine, long instructions)
{
    TimeSpan start = Environment.CpuUsage.TotalTime;
    machine.Run(instructions);
    return instructions / (Environment.CpuUsage.TotalTime - start).TotalSeconds / 1e6;
}

static double Median(double[] values)
{
    Array.Sort(values);
    return values[values.Length / 2];
}

static int Refuse(string why)
{
    Console.Error.WriteLine(why);
    return 2;
}
