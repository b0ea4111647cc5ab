using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Migration;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary><c>meanwhile migrate</c> with a machine whose migration goes as the test says.</summary>
public sealed class MigrateCommand_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeMigration migration = new();
    private readonly MachineMonitor monitor;
    private readonly string socket;

    public MigrateCommand_Tests()
    {
        socket = folder.File("qmp");
        monitor = new MachineMonitor(new FakeMachine(), migration, [socket], error => Assert.Fail(error.ToString()));
    }

    public void Dispose()
    {
        monitor.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_post_copy_is_started_when_memory_goes_over_and_ends_with_a_table()
    {
        migration.Reaction = call => migration.Info = call == "start-postcopy"
            ? new MigrationInfo { State = MigrationState.Completed, TotalTime = 2422, Ram = new MigrationStats { Total = 8 << 20, Duplicate = 1234, PostcopyRequests = 78 } }
            : new MigrationInfo { State = MigrationState.Active, Ram = new MigrationStats { Total = 8 << 20, Remaining = 4 << 20 } };
        using CommandProcess migrate = Migrate("--postcopy", "--bandwidth", "100M", "--downtime-limit", "50ms", "--compress");
        Assert.Equal(0, migrate.WaitForExit());
        Assert.Equal(["start tcp:127.0.0.1:4444", "start-postcopy"], migration.Calls);
        Assert.Equal(100UL << 20, migration.Configuration.MaximumBandwidth);
        Assert.Equal(50, migration.Configuration.DowntimeLimit);
        Assert.Equal(MigrationCompression.Zstd, migration.Configuration.Compression);
        Assert.True(migration.Configuration.Has(MigrationCapability.PostcopyPreempt));
        Assert.Matches(@"total time\W+2,422 ms", migrate.Output);
        Assert.Matches(@"duplicate\W+1,234 pages", migrate.Output);
        Assert.Matches(@"postcopy request count\W+78", migrate.Output);
        Assert.Contains("active, 50 % sent", migrate.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Failed", "the migration failed: no route")]
    [InlineData("PostcopyPaused", "the connection is lost: no route")]
    [InlineData("Cancelled", "cancelled; the guest goes on here")]
    public void What_did_not_work_out_is_said_and_is_exit_code_1(string state, string text)
    {
        migration.Reaction = _ => migration.Info = new MigrationInfo { State = Enum.Parse<MigrationState>(state), Error = "no route" };
        using CommandProcess migrate = Migrate();
        Assert.Equal(1, migrate.WaitForExit());
        Assert.Contains(text, migrate.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_cancels()
    {
        migration.Reaction = call => migration.Info = new MigrationInfo { State = call == "cancel" ? MigrationState.Cancelled : MigrationState.Active };
        using CommandProcess migrate = Migrate();
        migrate.WaitForError("active");
        migrate.Kill("TERM");
        Assert.Equal(143, migrate.WaitForExit());
        Assert.Equal(["start tcp:127.0.0.1:4444", "cancel"], migration.Calls);
    }

    [Fact]
    public void A_machine_s_refusal_is_exit_code_2()
    {
        migration.Info = new MigrationInfo { State = MigrationState.Active };
        using CommandProcess migrate = Migrate();
        Assert.Equal(2, migrate.WaitForExit());
        Assert.Contains("There's a migration process in progress", migrate.Errors, StringComparison.Ordinal);
    }

    private CommandProcess Migrate(params string[] options) => CommandProcess.Meanwhile(["migrate", socket, "tcp:127.0.0.1:4444", .. options]);
}
