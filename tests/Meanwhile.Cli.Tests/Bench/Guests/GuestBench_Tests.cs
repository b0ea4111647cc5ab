using System.Text.Json;
using Meanwhile.Cli.Bench.Guests;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Tests.Bench.Guests;

/// <summary>The rounds, with shell commands as guests that print what a guest prints.</summary>
public sealed class GuestBench_Tests
{
    private static readonly Workload Md5 = Workload.All.Single(workload => workload.Name == "md5");

    private readonly List<string> steps = [];

    [Fact]
    public void Sides_take_turns_and_so_does_who_is_first()
    {
        var bench = Bench(Side("ours", "same"), Side("peer", "same"), rounds: 3);
        WorkloadSeries series = Assert.Single(bench.Run());

        string[] order = [.. steps.Where(step => step.EndsWith("booting", StringComparison.Ordinal)).Select(step => step.Split(", ")[1].Split(':')[0])];
        Assert.Equal(["ours", "peer", "peer", "ours", "ours", "peer"], order);
        Assert.Equal(3, series.Ours.Count);
        Assert.Equal(3, series.Peer.Count);
        Assert.Equal(3, bench.OurStartSeconds.Count);
        Assert.Equal("fp ours", bench.OurFeatures);
        Assert.Equal("fp peer", bench.PeerFeatures);
    }

    [Fact]
    public void Without_a_peer_ours_runs_alone()
    {
        WorkloadSeries series = Assert.Single(Bench(Side("ours", "same"), peer: null, rounds: 2).Run());
        Assert.Equal(2, series.Ours.Count);
        Assert.Empty(series.Peer);
    }

    [Fact]
    public void Different_results_are_an_error_that_shows_both()
    {
        UserError error = Assert.Throws<UserError>(() => Bench(Side("ours", "2f28"), Side("peer", "2f29"), rounds: 1).Run());
        Assert.Equal("workload md5: the sides came to different results, so one of them is wrong. Ours:\n2f28\nThe peer's:\n2f29\n", error.Message);
    }

    [Fact]
    public void The_host_itself_is_a_third_side_of_the_turns_and_has_no_boot()
    {
        var bench = Bench(new BenchSides(Side("ours", "same"), Side("peer", "same"), Native("same")), 2, Workload.Boot, Md5);
        IReadOnlyList<WorkloadSeries> series = bench.Run();

        string[] order = [.. steps.Where(step => step.EndsWith("ing", StringComparison.Ordinal)).Select(step => step.Split(", ")[1])];
        Assert.Equal(["ours: booting", "peer: booting", "native: running", "native: running", "peer: booting", "ours: booting"], order);
        Assert.Equal([2, 2, 0], Counts(series[0]));
        Assert.Equal([2, 2, 2], Counts(series[1]));
        Assert.Null(series[0].RatioToNative);

        static int[] Counts(WorkloadSeries row) => [row.Ours.Count, row.Peer.Count, row.Native.Count];
    }

    [Fact]
    public void Our_own_memory_is_read_from_the_statistics_of_each_boot()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("stats");
        BenchSide ours = Shell("ours", $"echo 'init: running /bench/run'; echo '{{\"hostMemory\": {{\"own\": 86000000}}}}' > {file}; echo 'bench: begin md5 1.00'; echo 'bench: end md5 0 2.00'");
        var bench = Bench(new BenchSides(ours with { StatisticsFile = file }), 2, Md5);
        bench.Run();
        Assert.Equal([86000000, 86000000], bench.OurOwnBytes);
        Assert.Contains($"--stats {file}", BenchSide.Quote(BenchSide.Ours("/kernel", "translator", statisticsFile: file).Command(new BootPlan("/initrd", [Md5]))), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_runs_on_the_host_when_only_a_boot_is_measured()
    {
        var bench = Bench(new BenchSides(Side("ours", "same"), Native: Shell("native", "exit 1")), 1, Workload.Boot);
        Assert.Single(Assert.Single(bench.Run()).Ours);
    }

    [Fact]
    public void A_result_that_differs_on_the_host_is_an_error()
    {
        UserError error = Assert.Throws<UserError>(() => Bench(new BenchSides(Side("ours", "2f28"), Native: Native("2f29")), 1, Md5).Run());
        Assert.EndsWith("Ours:\n2f28\nThe native's:\n2f29\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_depends_on_the_processor_is_compared_with_the_peers_alone()
    {
        Workload gcc = Workload.All.Single(workload => workload.Name == "gcc");
        BenchSides other = new(Side("ours", "arm64", "gcc"), Native: Native("x86", "gcc"));
        Assert.Equal("x86\n", Assert.Single(Assert.Single(Bench(other, 1, gcc).Run()).Native).Output);
        BenchSides wrong = new(Side("ours", "arm64", "gcc"), Side("peer", "arm65", "gcc"));
        Assert.Throws<UserError>(() => Bench(wrong, 1, gcc).Run());
    }

    [Fact]
    public void A_guest_that_ends_early_is_an_error_with_the_end_of_its_console()
    {
        UserError error = Assert.Throws<UserError>(() => Bench(Shell("ours", "echo bench: begin md5 1.0; echo Oops"), null, rounds: 1).Run());
        Assert.StartsWith("the guest's process ended without having run md5 while workload md5 ran.", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("bench: begin md5 1.0\nOops\n", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_that_fails_is_an_error_with_what_it_said()
    {
        UserError error = Assert.Throws<UserError>(() => Bench(Shell("ours", "echo no such machine >&2; exit 3"), null, rounds: 1).Run());
        Assert.StartsWith("the guest's process ended with exit code 3. no such machine The end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var side = new BenchSide("ours", "none", _ => ["/missing/program"]);
        Assert.StartsWith("'/missing/program' cannot be started", Assert.Throws<UserError>(() => Bench(side, null, rounds: 1).Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_has_every_time_the_ratios_and_the_mean()
    {
        BootPlan plan = new("/initrd", [Md5]);
        BenchSide ours = Side("ours", "same"), peer = Side("peer", "same") with { Description = "QEMU 10.0.2 (Debian)" };
        WorkloadSeries[] series = [Statistics_Tests.Series("md5", ours: [1, 3, 2], peer: [2, 2, 2])];
        GuestBenchJson report = GuestBenchJson.Of([plan], new BenchSides(ours, peer), series, []);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(report, GuestBenchJsonContext.Default.GuestBenchJson));

        JsonElement root = json.RootElement;
        Assert.Equal("QEMU 10.0.2 (Debian)", root.GetProperty("peer").GetString());
        Assert.Equal(1.0, root.GetProperty("geometricMean").GetDouble());
        JsonElement workload = Assert.Single(root.GetProperty("workloads").EnumerateArray());
        Assert.Equal("md5", workload.GetProperty("name").GetString());
        Assert.Equal([1, 3, 2], workload.GetProperty("oursSeconds").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([2, 2, 2], workload.GetProperty("peerSeconds").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal([3, 9, 6], workload.GetProperty("oursCpuSeconds").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(1.0, workload.GetProperty("ratioMedian").GetDouble());
        Assert.Equal(0.5, workload.GetProperty("ratioMinimum").GetDouble());
        Assert.Equal(1.5, workload.GetProperty("ratioMaximum").GetDouble());
        Assert.Empty(workload.GetProperty("nativeSeconds").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, workload.GetProperty("ratioToNative").ValueKind);
    }

    [Fact]
    public void The_report_has_the_hosts_own_times_and_the_ratio_to_them()
    {
        WorkloadSeries row = Statistics_Tests.Series("md5", ours: [1, 3, 2], peer: []);
        row.Native.AddRange(((double[])[0.5, 1, 0.2]).Select(seconds => new WorkloadTime("md5", seconds, seconds < 0.5 ? 0 : seconds, seconds, "")));
        BenchSides sides = new(Side("ours", "same"), Native: Native("same"));
        GuestBenchJson report = GuestBenchJson.Of([new("/initrd", [Workload.Boot]), new("/initrd", [Md5])], sides, [row], [104857600]);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(report, GuestBenchJsonContext.Default.GuestBenchJson));

        Assert.Equal("native", json.RootElement.GetProperty("native").GetString());
        Assert.Single(json.RootElement.GetProperty("nativeCommands").EnumerateArray());
        JsonElement workload = Assert.Single(json.RootElement.GetProperty("workloads").EnumerateArray());
        Assert.Equal([0.5, 1, 0.2], workload.GetProperty("nativeSeconds").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(3, workload.GetProperty("ratioToNative").GetDouble());
        // Ours: 3, 9 and 6 s of CPU time; the host's own: 0.5, 1 and 0 s, which is less than a step of 10 ms.
        Assert.Equal(9, workload.GetProperty("cpuRatioToNative").GetDouble());
        Assert.Equal([104857600], json.RootElement.GetProperty("oursOwnBytes").EnumerateArray().Select(value => value.GetInt64()));
    }

    [Fact]
    public void The_native_side_needs_root()
    {
        NativeRoots.Check(isPrivileged: true);
        Assert.StartsWith("--native: only root may", Assert.Throws<UserError>(() => NativeRoots.Check(isPrivileged: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_native_side_runs_the_scripts_in_its_root()
    {
        var plan = new BootPlan("/initrd", [Workload.Boot, Md5], NativeRoot: "/root of it");
        Assert.Equal("unshare --mount sh '/root of it/bench/native' '/root of it' md5", BenchSide.Quote(BenchSide.Native().Command(plan)));
    }

    [Fact]
    public void The_report_without_a_peer_says_null()
    {
        WorkloadSeries[] series = [Statistics_Tests.Series("md5", ours: [1], peer: [])];
        GuestBenchJson report = GuestBenchJson.Of([new("/initrd", [Md5])], new BenchSides(Side("ours", "same")), series, []);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(report, GuestBenchJsonContext.Default.GuestBenchJson));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("peer").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("geometricMean").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("workloads")[0].GetProperty("ratioMedian").ValueKind);
    }

    [Fact]
    public void Every_workload_has_a_script_and_every_script_a_workload()
    {
        string[] scripts = [.. GuestSources.Files("bench/workloads").Select(file => file.Name).Where(name => !name.Contains('.', StringComparison.Ordinal))];
        Assert.Equal(Workload.All.Where(workload => workload != Workload.Boot).Select(workload => workload.Name).Order(StringComparer.Ordinal), scripts);
    }

    [Fact]
    public void Commands_are_printed_as_a_shell_takes_them() =>
        Assert.Equal("qemu -M virt,gic-version=3 -append 'quiet -- /bench/run md5' ''", BenchSide.Quote(["qemu", "-M", "virt,gic-version=3", "-append", "quiet -- /bench/run md5", ""]));

    [Theory]
    [InlineData("", "kpti=off -- /bench/run md5")]
    [InlineData("kpti=on", "kpti=off kpti=on -- /bench/run md5")]
    public void The_kernel_is_told_what_to_run_and_the_users_words_come_last(string more, string end)
    {
        var plan = new BootPlan("/initrd", [Workload.Boot, Md5], more);
        Assert.EndsWith(end, BenchSide.Words(plan), StringComparison.Ordinal);
        Assert.Equal(BenchSide.Words(plan), BenchSide.Ours("/kernel", "interpreter").Command(plan)[^1]);
        Assert.Equal("console=ttyAMA0 panic=-1 reboot=panic_warm " + BenchSide.Words(plan), BenchSide.Peer("/kernel", new Qemu(["qemu"], "QEMU 10")).Command(plan)[^1]);
    }

    [Fact]
    public void Features_that_differ_are_named() =>
        Assert.Equal(
            "Core features of both: fp aes; of ours alone: sb; of the peer's alone: none.",
            GuestBenchReport.CompareFeatures("fp aes sb", "fp aes"));

    private GuestBench Bench(BenchSide ours, BenchSide? peer, int rounds) => Bench(new BenchSides(ours, peer), rounds, Md5);

    private GuestBench Bench(BenchSides sides, int rounds, params Workload[] workloads) => new([new BootPlan("/initrd", workloads)], sides, rounds, steps.Add);

    private static BenchSide Side(string name, string result, string workload = "md5") => Shell(
        name,
        $"echo 'Booting Linux on physical CPU 0'; echo 'init: running /bench/run'; echo 'bench: features fp {name}'; echo 'bench: begin {workload} 1.00'; echo {result}; echo 'bench: end {workload} 0 2.00'");

    private static BenchSide Native(string result, string workload = "md5") =>
        Shell("native", $"echo 'init: running /bench/run'; echo 'bench: begin {workload} 1.00'; echo {result}; echo 'bench: end {workload} 0 2.00'");

    private static BenchSide Shell(string name, string script) => new(name, name, _ => ["sh", "-c", script]);
}
