using System.Text.Json;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Tests.Bench.Guests;

/// <summary>The rounds of <c>bench cpus</c>, with shell commands as guests that print what a guest prints.</summary>
public sealed class CpuScaling_Tests
{
    private static readonly Workload Float = Workload.All.Single(workload => workload.Name == "float");

    private readonly List<string> steps = [];

    [Fact]
    public void Runs_take_turns_and_their_order_turns_around()
    {
        IReadOnlyList<CpuScalingSeries> rows = Run(rounds: 2, Side("ours"), Side("native"));

        Assert.Equal(["ours", "native"], rows.Select(row => row.Side));
        Assert.All(rows, row => Assert.Equal((2, 2), (row.One.Count, row.Many.Count)));
        string[] round = ["ours, 1 process on 1 CPU", "ours, 2 processes on 2 CPUs", "native, 1 process on 1 CPU", "native, 2 processes on 2 CPUs"];
        Assert.Equal([.. round, .. round.Reverse()], steps.Select(step => step[(step.IndexOf(", ", StringComparison.Ordinal) + 2)..step.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public void Another_result_than_that_of_one_process_is_an_error()
    {
        UserError error = Assert.Throws<UserError>(() => Run(rounds: 1, new CpuScalingSide(Shell("ours", "same"), Shell("ours", "same"))));
        Assert.Equal("workload float, ours: 2 processes at once came to other results than one. One:\nsame\n2 at once:\nsame\n", error.Message);
    }

    [Fact]
    public void Work_a_second_is_by_rounds_and_2_when_nothing_is_lost()
    {
        CpuScalingSeries row = Row();
        Assert.Equal([2, 1, 1.6], row.Ratios);
        // One process used 1 s of CPU time, two used 2 s, 4 s and 2.5 s together.
        Assert.Equal([2, 1, 1.6], row.CpuRatios);
    }

    [Fact]
    public void The_report_has_every_time_and_the_ratios()
    {
        var report = new CpuScalingJson(2, "meanwhile, translator", null, [CpuScalingRowJson.Of(Row())]);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(report, CpuScalingJsonContext.Default.CpuScalingJson));

        Assert.Equal(2, json.RootElement.GetProperty("cpus").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("native").ValueKind);
        JsonElement row = Assert.Single(json.RootElement.GetProperty("workloads").EnumerateArray());
        Assert.Equal(("float", "ours"), (row.GetProperty("name").GetString(), row.GetProperty("side").GetString()));
        Assert.Equal([1, 1, 1], row.GetProperty("oneSeconds").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([1, 2, 1.25], row.GetProperty("manySeconds").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(
            (1.6, 1.0, 2.0, 1.6),
            (Number("ratioMedian"), Number("ratioMinimum"), Number("ratioMaximum"), Number("cpuRatioMedian")));

        double Number(string name) => row.GetProperty(name).GetDouble();
    }

    [Fact]
    public void A_guest_of_two_CPUs_is_told_to_run_two_processes()
    {
        var plan = new BootPlan("/initrd", [Float], NativeRoot: "/root", Processes: 2);
        IReadOnlyList<string> command = BenchSide.Ours("/kernel", "interpreter", cpus: 2).Command(plan);
        Assert.EndsWith("-- /bench/run -p 2 float", command[^1], StringComparison.Ordinal);
        Assert.Equal("2", command.SkipWhile(word => word != "--cpus").ElementAt(1));
        Assert.Equal(["/root", "-p", "2", "float"], BenchSide.Native().Command(plan).TakeLast(4));
    }

    private static CpuScalingSeries Row()
    {
        var row = new CpuScalingSeries("ours", Float, 2);
        row.One.AddRange(Enumerable.Repeat(new WorkloadTime("float", 1, 1, 1, ""), 3));
        row.Many.AddRange(((double[])[1, 2, 1.25]).Select(seconds => new WorkloadTime("float", seconds, 2 * seconds, seconds, "")));
        return row;
    }

    private IReadOnlyList<CpuScalingSeries> Run(int rounds, params CpuScalingSide[] sides) =>
        new CpuScaling(new BootPlan("/initrd", [Float]), sides, 2, rounds, steps.Add).Run();

    private static CpuScalingSide Side(string name) => new(Shell(name, "same"), Shell(name, "same\nsame"));

    private static BenchSide Shell(string name, string result) => new(
        name, name, _ => ["sh", "-c", $"echo 'init: running /bench/run'; echo 'bench: begin float 1.00'; echo '{result}'; echo 'bench: end float 0 2.00'"]);
}
