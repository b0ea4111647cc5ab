using Meanwhile.Cli.Bench.Migration.Real;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Tests.Bench.Migration.Real;

/// <summary>Rounds, their comparison, and the processes they are made of.</summary>
public sealed class RealMigrationBench_Tests
{
    private static readonly MigrationSide Ours = Side("ours", preempts: true);
    private static readonly MigrationSide Peer = Side("peer", preempts: true);
    private static readonly MigrationSide Slow = Side("peer, no preempt", preempts: false);
    private static readonly MigrationFigures Figures = new(10, 10, 20, 30, 5, 0.9, null, 1000, 700, 2000, 1900, 500, 7, 3, 0);

    [Fact]
    public void Sides_take_turns_and_so_does_who_is_first()
    {
        var order = new List<string>();
        IReadOnlyList<MigrationSeries> all = new RealMigrationBench([Ours, Peer], [0, 20_000_000], 2, _ => { }).Run((side, bandwidth) =>
        {
            order.Add($"{side.Name} {bandwidth / 1_000_000}");
            return Figures;
        });

        Assert.Equal(["ours 0", "peer 0", "ours 20", "peer 20", "peer 0", "ours 0", "peer 20", "ours 20"], order);
        Assert.Equal([(0, "ours"), (0, "peer"), (20_000_000, "ours"), (20_000_000, "peer")], all.Select(series => (series.Bandwidth, series.Side.Name)));
        Assert.All(all, series => Assert.Equal(2, series.Runs.Count));
    }

    [Fact]
    public void An_error_says_in_which_run()
    {
        var bench = new RealMigrationBench([Ours], [20_000_000], 3, _ => { });

        UserError error = Assert.Throws<UserError>(() => bench.Run((_, _) => throw new UserError("the source ended")));

        Assert.Equal("round 1 of 3, 20 MB/s, ours: the source ended", error.Message);
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10.1, 10, false)]
    public void Our_stop_may_be_no_longer(double ours, double peer, bool isMet) => Assert.Equal(isMet, Compare(Figures with { StopMs = ours }, Figures with { StopMs = peer })[0]);

    [Theory]
    [InlineData(20, 100, true)]
    [InlineData(21, 100, false)]
    public void Our_longest_gap_may_be_a_fifth(double ours, double peer, bool isMet) => Assert.Equal(isMet, Compare(Figures with { LongestGapMs = ours }, Figures with { LongestGapMs = peer })[1]);

    [Theory]
    [InlineData(0.85, true)]
    [InlineData(0.84, false)]
    public void Our_calculation_goes_on(double ours, bool isMet) => Assert.Equal(isMet, Compare(Figures with { Calculation = ours }, Figures)[2]);

    [Theory]
    [InlineData(1000, 1000, true)]
    [InlineData(999, 1000, false)]
    public void Our_pages_come_as_fast(double ours, double peer, bool isMet) => Assert.Equal(isMet, Compare(Figures with { PagesPerSecond = ours }, Figures with { PagesPerSecond = peer })[3]);

    [Theory]
    [InlineData(2000, 2000, true)]
    [InlineData(2001, 2000, false)]
    public void Our_whole_migration_takes_no_longer(double ours, double peer, bool isMet) => Assert.Equal(isMet, Compare(Figures with { TotalMs = ours }, Figures with { TotalMs = peer })[4]);

    [Fact]
    public void Without_either_side_nothing_is_compared()
    {
        Assert.Empty(MigrationComparison.All([new MigrationSeries(0, Ours, [Figures])]));
        Assert.Empty(MigrationComparison.All([new MigrationSeries(0, Peer, [Figures]), new MigrationSeries(0, Slow, [Figures])]));
    }

    [Fact]
    public void Wrong_memory_is_told_with_its_side()
    {
        var output = new StringWriter();

        Assert.False(RealMigrationReport.CheckMemory(output, [new MigrationSeries(20_000_000, Peer, [Figures, Figures with { Wrong = 4 }])]));
        Assert.Equal("20 MB/s, peer: the guest's memory was wrong (0, 4 values)\n", output.ToString());
        Assert.True(RealMigrationReport.CheckMemory(output, [new MigrationSeries(0, Ours, [Figures])]));
    }

    [Fact]
    public void A_process_that_ends_before_it_listens_is_an_error_with_what_it_said()
    {
        UserError error = Assert.Throws<UserError>(() => new MachineProcess(["sh", "-c", "echo no such machine >&2; exit 3"], "/missing/socket"));

        Assert.Equal("'sh -c 'echo no such machine >&2; exit 3'' ended with exit code 3. no such machine", error.Message);
    }

    [Fact]
    public void A_program_that_is_not_there_is_an_error() =>
        Assert.StartsWith("'/missing/qemu' cannot be started: ", Assert.Throws<UserError>(() => new MachineProcess(["/missing/qemu"], "/missing/socket")).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_the_destination_waits_for_a_guest()
    {
        MigrationSide ours = MigrationSide.Ours(new MovingGuest("/kernel", "/initrd", 1024, IsScattered: true), "translator");

        Assert.Equal(["--incoming", "defer"], ours.Command("/socket", true).TakeLast(2));
        Assert.Equal(ours.Command("/socket", true).SkipLast(2), ours.Command("/socket", false));
        Assert.EndsWith("-- /mover 819 scattered", ours.Command("/socket", false)[^1], StringComparison.Ordinal);
    }

    private static bool[] Compare(MigrationFigures ours, MigrationFigures peer)
    {
        // Without the preempt channel it is no measure, however slow.
        MigrationSeries[] all = [new(0, Slow, [Figures with { StopMs = 1e6 }]), new(0, Ours, [ours]), new(0, Peer, [peer])];
        return [.. Assert.Single(MigrationComparison.All(all)).Requirements.Select(requirement => requirement.IsMet)];
    }

    private static MigrationSide Side(string name, bool preempts) => new(name, name, preempts, (_, _) => []);
}
