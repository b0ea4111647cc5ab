using Meanwhile.Cli.Bench.Migration.Real;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Tests.Bench.Migration.Real;

/// <summary>The driver of one migration, with two machines that do what a script says: the guest's clock stands at 0 when the host's does at 1000.</summary>
public sealed class RealMigration_Tests
{
    private const string Reply =
        """{"status": "completed", "total-time": 2000, "ram": {"normal": 500, "duplicate": 100, "postcopy-requests": 7}}""";

    private readonly FakeMovingMachine source = new();
    private readonly FakeMovingMachine destination = new();
    private readonly Queue<double> times = new([1001.0, 1002.0]);

    /// <summary>
    /// A second of undisturbed work at 1000 steps a second; told to move at 1002.0, stopped at 1002.1, goes on at 1002.15 with a gap of 0.3 s,
    /// works at 600 steps a second until all is there at 1003.15.
    /// </summary>
    public RealMigration_Tests()
    {
        source.Beat(1001, 0, 1, steps: 0, gap: 0.009, gapEnd: 0.9);
        source.Beat(1002, 1, 2, steps: 1000, gap: 0.004, gapEnd: 1.5);
        source.Beat(1002.1, 2, 2.1, steps: 1100);
        source.Scripts["migrate"] = () => source.Happen("MIGRATION", 1002.01, "active");
        source.Scripts["migrate-start-postcopy"] = () =>
        {
            source.Happen("STOP", 1002.1);
            destination.Happen("RESUME", 1002.15);
            destination.Beat(1002.65, 3, 2.6, steps: 1400, gap: 0.3, gapEnd: 2.4);
            destination.Beat(1003.15, 4, 3.1, steps: 1700, gap: 0.02, gapEnd: 2.8);
            source.Happen("MIGRATION", 1003.1, "completed");
            destination.Happen("MIGRATION", 1003.15, "completed");
        };
        destination.Scripts["query-migrate"] = () =>
        {
            destination.Beat(1004, 5, 3.95, steps: 2500, gap: 0.7, gapEnd: 3.9, passes: 3);
            // One pass that began before all was there, and one after.
            destination.WhileWaiting.Enqueue(() => destination.Beat(1005, 6, 4.95, passes: 4));
            destination.WhileWaiting.Enqueue(() => destination.Beat(1006, 7, 5.95, passes: 5, wrong: 3));
        };
        source.Migration = Reply;
        destination.Migration = """{"status": "completed", "postcopy-blocktime": 40, "postcopy-vcpu-blocktime": [40, 2]}""";
    }

    [Fact]
    public void Figures_come_from_the_guest_the_events_and_both_monitors()
    {
        MigrationFigures figures = Run();

        Assert.Equal(50, figures.StopMs, 3);
        Assert.Equal(50, figures.ClockStopMs, 3);
        Assert.Equal(350, figures.CalculationStopMs, 3);
        Assert.Equal(300, figures.LongestGapMs, 3);
        Assert.Equal(4, figures.LongestGapBeforeMs, 3);
        Assert.Equal(0.6, figures.Calculation, 3);
        Assert.Equal(42, figures.BlockedMs);
        Assert.Equal(256, figures.PagesPerSecond, 3);
        Assert.Equal(600, figures.PagesSent);
        Assert.Equal(2000, figures.TotalMs);
        Assert.Equal(1000, figures.PostcopyMs, 3);
        Assert.Equal(500, figures.NormalPages);
        Assert.Equal(7, figures.Requests);
        Assert.Equal(3, figures.Wrong);
    }

    [Fact]
    public void Both_are_driven_as_QEMU_is()
    {
        Run();

        const string Capabilities =
            """migrate-set-capabilities {"capabilities":[{"capability":"events","state":true},{"capability":"postcopy-ram","state":true},"""
            + """{"capability":"postcopy-blocktime","state":true},{"capability":"postcopy-preempt","state":true}]}""";
        const string Parameters = """migrate-set-parameters {"max-bandwidth":100000000,"max-postcopy-bandwidth":100000000}""";
        Assert.Equal(
            [Capabilities, Parameters, """migrate {"uri":"tcp:127.0.0.1:4444"}""", "migrate-start-postcopy {}", "query-migrate {}"],
            source.Calls.Where(IsMigration));
        Assert.Equal([Capabilities, Parameters, """migrate-incoming {"uri":"tcp:127.0.0.1:4444"}""", "query-migrate {}"], destination.Calls.Where(IsMigration));
    }

    [Fact]
    public void Without_the_preempt_channel_it_is_not_asked_for()
    {
        Run(preempts: false);

        Assert.DoesNotContain("postcopy-preempt", source.Calls[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_ends_is_named_with_what_it_said()
    {
        source.Scripts["migrate-start-postcopy"] = () => source.Ended = "ended with exit code 1. out of luck";

        Assert.StartsWith("the source ended with exit code 1. out of luck. The end of the source's console:\nbeat 0 ", Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_destination_that_hangs_up_while_it_is_asked_is_named()
    {
        destination.Scripts["migrate-incoming"] = () =>
        {
            destination.Ended = "ended with exit code 134. ";
            throw new UserError("the machine at '/tmp/x' has hung up");
        };

        Assert.StartsWith("the destination ended with exit code 134.", Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_fails_says_why()
    {
        source.Scripts["migrate-start-postcopy"] = () => source.Happen("MIGRATION", 1002.2, "failed");
        source.Migration = """{"status": "failed", "error-desc": "Unable to write to socket: Broken pipe"}""";

        Assert.StartsWith("the migration ended as 'failed' Unable to write to socket: Broken pipe.", Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_migration_that_never_completes_ends_the_run()
    {
        source.Scripts["migrate-start-postcopy"] = () => source.Happen("MIGRATION", 1002.2, "postcopy-active");

        Assert.StartsWith("the migration did not end within 0 minutes. ", Failure(waits: false), StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_is_refused_is_an_error()
    {
        source.Scripts["migrate-set-capabilities"] = () => throw new QmpException("Postcopy is not supported: Userfaultfd not available", "GenericError");

        Assert.StartsWith("Postcopy is not supported: Userfaultfd not available.", Failure(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_heartbeat_that_was_lost_on_the_way_is_an_error()
    {
        destination.WhileWaiting.Enqueue(() => destination.Beat(1005, 9, 4.95, passes: 9));
        destination.Scripts["query-migrate"] = () => destination.Beat(1004, 5, 3.95, passes: 3);

        Assert.StartsWith("heartbeat 6 is missing: 9 came instead.", Failure(), StringComparison.Ordinal);
    }

    private static bool IsMigration(string call) => !call.StartsWith("query-cpus-fast", StringComparison.Ordinal);

    private string Failure(bool waits = true) => Assert.Throws<UserError>(() => Run(waits: waits)).Message;

    private MigrationFigures Run(bool preempts = true, bool waits = true)
    {
        TimeSpan patience = waits ? TimeSpan.FromMinutes(2) : TimeSpan.Zero;
        var plan = new MigrationPlan(100_000_000, 512, preempts, SteadyBeats: 0, patience);
        return new RealMigration(source, destination, plan, "tcp:127.0.0.1:4444", times.Dequeue).Run();
    }
}
