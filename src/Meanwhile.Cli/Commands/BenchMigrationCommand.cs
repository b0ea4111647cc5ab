using System.CommandLine;
using Meanwhile.Cli.Bench.Migration;
using Meanwhile.Cli.Guest;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile bench migration</c>.</summary>
internal static class BenchMigrationCommand
{
    private const long Megabyte = 1_000_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<string> suite = BenchOption.Suite();
        Option<string> memory = BenchOption.Memory("1G");
        var bandwidth = new Option<int>("--bandwidth") { Description = "megabytes a second of the link (1..100000)", DefaultValueFactory = _ => 100 };
        var roundTrip = new Option<string>("--rtt") { Description = "round trip time of the link", DefaultValueFactory = _ => "500us" };
        var rounds = new Option<int>("--rounds") { Description = "migrations (1..100)", DefaultValueFactory = _ => 5 };
        var passes = new Option<int?>("--passes") { Description = "times that the memory thread writes every page (2..1000); default: enough for the migrations" };
        var percent = new Option<int>("--percent") { Description = "part of the guest's available memory that the memory thread uses (1..95)", DefaultValueFactory = _ => 90 };
        Option<string> engine = EngineOption.Create();
        Option<string?> json = BenchOption.Json();
        var command = new Command(
            "migration",
            "Reproduce the third test of the \"Support Asynchronous Page Fault\" series: a guest that writes memory and calculates moves by post-copy a number of times, "
            + "feature off and on, over a modelled link on the virtual clock, so that figures repeat to the digit.")
        {
            suite, memory, bandwidth, roundTrip, rounds, passes, percent, engine, json, BenchMigrationRealCommand.Create(),
        };
        command.SetAction(parse =>
        {
            int count = Quantity.InRange("--rounds", parse.GetValue(rounds), 1, 100);
            var options = new MigrationBenchOptions
            {
                MemoryMiB = Quantity.Mebibytes("--memory", parse.GetValue(memory)!),
                Bandwidth = Quantity.InRange("--bandwidth", parse.GetValue(bandwidth), 1, 100_000) * Megabyte,
                RoundTrip = Quantity.Nanoseconds("--rtt", parse.GetValue(roundTrip)!),
                Rounds = count,
                Passes = Quantity.InRange("--passes", parse.GetValue(passes) ?? 12 * count, 2, 1000),
                Percent = Quantity.InRange("--percent", parse.GetValue(percent), 1, 95),
                Engine = EngineOption.Parse(parse.GetValue(engine)),
            };
            string? file = parse.GetValue(json);
            if (file is not null)
                JsonFile.Check(file);
            GuestImage image = GuestCommand.Build(parse.GetValue(suite)!, GuestCommand.DefaultMirror);
            IReadOnlyList<MigrationRun> runs = Progress.Show("starting", progress => new MigrationBench(options, image, progress).Run());
            MigrationBenchReport.Print(Progress.Output(), options, runs);
            if (file is not null)
            {
                var report = new MigrationBenchJson("virtual", options.MemoryMiB, options.Bandwidth, options.RoundTrip, options.Percent, options.Passes, runs);
                JsonFile.Write(file, report, MigrationBenchJsonContext.Default.MigrationBenchJson);
            }
            return 0;
        });
        return command;
    }
}
