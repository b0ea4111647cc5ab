using System.CommandLine;
using Meanwhile.Cli.Bench.Restore;
using Meanwhile.Cli.Guest;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile bench restore</c>.</summary>
internal static class BenchRestoreCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Option<string> suite = BenchOption.Suite();
        Option<string> memory = BenchOption.Memory("512M");
        var percent = new Option<int>("--percent")
        {
            Description = "part of guest RAM that the guest's program holds and reads back (1..80)",
            DefaultValueFactory = _ => 60,
        };
        var latency = new Option<string>("--latency")
        {
            Description = "latency of a read of the snapshot, on the machine's clock",
            DefaultValueFactory = _ => "1ms",
        };
        var clock = new Option<string>("--clock")
        {
            Description = "virtual: figures repeat to the digit; real: the host's time",
            DefaultValueFactory = _ => "virtual",
        };
        clock.AcceptOneOf("real", "virtual");
        Option<string?> json = BenchOption.Json();
        var command = new Command("restore", "Restore a snapshot eagerly, lazily, and lazily with asynchronous page faults.")
        {
            suite, memory, percent, latency, clock, json,
        };
        command.SetAction(parse =>
        {
            int part = parse.GetValue(percent);
            var options = new RestoreBenchOptions
            {
                Suite = parse.GetValue(suite)!,
                GuestMemoryMiB = Quantity.Mebibytes("--memory", parse.GetValue(memory)!),
                Percent = Quantity.InRange("--percent", part, 1, 80),
                LatencyUs = Quantity.Nanoseconds("--latency", parse.GetValue(latency)!) / 1000,
                VirtualClock = parse.GetValue(clock) == "virtual",
            };
            string? file = parse.GetValue(json);
            if (file is not null)
                JsonFile.Check(file);
            GuestImage image = GuestCommand.Build(options.Suite, GuestCommand.DefaultMirror);
            RestoreBenchJson report = Progress.Show("starting", progress => new RestoreBench(options, image, progress).Run());
            RestoreReport.Print(Progress.Output(), report);
            if (file is not null)
                JsonFile.Write(file, report, RestoreBenchJsonContext.Default.RestoreBenchJson);
            return 0;
        });
        return command;
    }
}
