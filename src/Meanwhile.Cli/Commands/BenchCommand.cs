using System.CommandLine;
using Meanwhile.Cli.Bench;
using Meanwhile.Cli.Guest;
using Spectre.Console;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile bench memory</c>, and where the other benchmarks hang.</summary>
internal static class BenchCommand
{
    private static readonly string[] AllTests = ["1.1", "1.2", "2.1", "2.2"];

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<string> suite = BenchOption.Suite();
        Option<string> memory = BenchOption.Memory("96M");
        var memoryLimit = new Option<string>("--memory-limit")
        {
            Description = "most guest RAM that may be resident",
            DefaultValueFactory = _ => "32M",
        };
        var percent = new Option<int>("--percent")
        {
            Description = "part of the guest's available memory that the test uses (1..95)",
            DefaultValueFactory = _ => 75,
        };
        var passes = new Option<int>("--passes")
        {
            Description = "times that tests 1.1 and 2.1 write every page; 1.2 and 2.2 write once more (1..1000)",
            DefaultValueFactory = _ => 1,
        };
        var swapLatency = new Option<string>("--swap-latency")
        {
            Description = "latency of a swap read or write",
            DefaultValueFactory = _ => "1ms",
        };
        var swap = new Option<string?>("--swap")
        {
            Description = "swap file; default: one in the folder for temporary files",
        };
        var clock = new Option<string>("--clock")
        {
            Description = "virtual: figures repeat to the digit; real: the host's time",
            DefaultValueFactory = _ => "virtual",
        };
        clock.AcceptOnlyFromAmong("real", "virtual");
        var tests = new Option<string[]>("--test")
        {
            Description = "run only this test (1.1, 1.2, 2.1, 2.2); may be given more than once",
            DefaultValueFactory = _ => AllTests,
        };
        tests.AcceptOnlyFromAmong(AllTests);
        Option<string?> json = BenchOption.Json();
        var command = new Command(
            "memory",
            "Reproduce the memory tests of the \"Support Asynchronous Page Fault\" series, feature off and on. "
            + "The series' own sizes: --memory 4096M --memory-limit 2048M --passes 2; that takes hours with the interpreter.")
        {
            suite, memory, memoryLimit, percent, passes, swapLatency, swap, clock, tests, json,
        };
        command.SetAction(parse =>
        {
            var options = new MemoryBenchOptions
            {
                Suite = parse.GetValue(suite)!,
                GuestMemoryMiB = Quantity.Mebibytes("--memory", parse.GetValue(memory)!),
                MemoryLimitMiB = Quantity.Mebibytes("--memory-limit", parse.GetValue(memoryLimit)!),
                Percent = Quantity.InRange("--percent", parse.GetValue(percent), 1, 95),
                Passes = Quantity.InRange("--passes", parse.GetValue(passes), 1, 1000),
                SwapLatencyUs = Quantity.Nanoseconds("--swap-latency", parse.GetValue(swapLatency)!) / 1000,
                Swap = parse.GetValue(swap),
                VirtualClock = parse.GetValue(clock) == "virtual",
                Tests = parse.GetValue(tests)!,
            };
            string? file = parse.GetValue(json);
            if (file is not null)
                JsonFile.Check(file);
            IReadOnlyList<MemoryRun> runs = Run(options);
            if (file is not null)
                WriteJson(options, runs, file);
            return 0;
        });
        return new Command("bench", "Measure")
        {
            command, BenchGuestCommand.Create(), BenchCpusCommand.Create(), BenchRestoreCommand.Create(), BenchMigrationCommand.Create(),
        };
    }

    /// <summary>Runs the tests with progress on standard error, and prints the tables.</summary>
    internal static IReadOnlyList<MemoryRun> Run(MemoryBenchOptions options)
    {
        GuestImage image = GuestCommand.Build(options.Suite, GuestCommand.DefaultMirror);
        IReadOnlyList<MemoryRun> runs = Progress.Show("starting", progress => new MemoryBench(options, image, progress).Run());
        IAnsiConsole console = Progress.Output();
        MemoryReport.PrintRuns(console, options, runs);
        MemoryReport.PrintComparison(console, runs);
        return runs;
    }

    private static void WriteJson(MemoryBenchOptions options, IReadOnlyList<MemoryRun> runs, string path)
    {
        string clock = options.VirtualClock ? "virtual" : "real";
        var report = new MemoryBenchJson(clock, options.GuestMemoryMiB, options.MemoryLimitMiB, options.SwapLatencyUs, runs);
        JsonFile.Write(path, report, BenchJsonContext.Default.MemoryBenchJson);
    }
}
