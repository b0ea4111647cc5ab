using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Cli.Tests.Guests;
using Meanwhile.Hypervisor;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>What a monitor sees and does of a machine of this process. What the states mean is QAPI's RunState.</summary>
public sealed class SessionControl_Tests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CapturedConsole console = new();
    private readonly FakeMigration migration = new();
    private readonly List<MachineEvent> events = [];
    private readonly MachineSession session;
    private readonly SessionControl control;

    public SessionControl_Tests()
    {
        session = new MachineSession(new MachineSettings { Kernel = folder.Write("off", FlatPrograms.PowerOff), Memory = 64 << 20, VirtualClock = true }, console);
        control = new SessionControl(session, migration);
        control.Happened += events.Add;
    }

    public void Dispose()
    {
        session.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_guest_that_switches_itself_off_is_told_once()
    {
        Assert.Equal(RunState.Prelaunch, control.State);
        control.Ended(session.Run());
        control.Ended(new RunOutcome(RunOutcomeKind.Fault));
        Assert.Equal([new MachineEvent.Shutdown(ShutdownCause.GuestShutdown)], events);
        Assert.Equal(RunState.Shutdown, control.State);
    }

    [Fact]
    public void A_guest_that_has_switched_itself_off_is_not_waited_for_to_be_saved_or_moved()
    {
        session.Run();
        Assert.Equal("The machine ends.", session.QuiesceGuest(() => throw new InvalidOperationException(), () => { }));
    }

    [Theory]
    [InlineData(RunOutcomeKind.WarmReset, "guest-panic", true)]
    [InlineData(RunOutcomeKind.Fault, "host-error", false)]
    public void Other_ends_have_their_reasons(RunOutcomeKind kind, string reason, bool isGuest)
    {
        control.Ended(new RunOutcome(kind));
        Assert.Equal([new MachineEvent.Shutdown(new ShutdownCause(reason, isGuest))], events);
    }

    [Fact]
    public void A_machine_that_is_told_to_quit_ends_for_that_reason()
    {
        control.Quit();
        control.Ended(session.Run());
        Assert.Equal([new MachineEvent.Shutdown(ShutdownCause.Quit)], events);
    }

    [Fact]
    public void A_full_swap_file_and_the_user_hold_the_guest_each_for_itself()
    {
        session.Booting += _ => Assert.Fail("It must not boot here.");
        control.Stop();
        control.Stop();
        session.Hold.Hold(HoldReasons.Swap);
        session.Hold.Release(HoldReasons.Swap);
        Assert.True(session.Machine.Hypervisor.IsPaused);
        session.Hold.Hold(HoldReasons.Swap);
        Assert.Contains("swap file fails", Assert.Throws<QmpException>(control.Continue).Message, StringComparison.Ordinal);
        Assert.True(session.Machine.Hypervisor.IsPaused);
        session.Hold.Release(HoldReasons.Swap);
        Assert.False(session.Machine.Hypervisor.IsPaused);
        control.Continue();
        Assert.Equal([new MachineEvent.Stopped(), new MachineEvent.Resumed()], events);
    }

    [Fact]
    public void A_power_button_is_pressed_once_the_guest_runs_and_only_on_a_machine_that_has_one()
    {
        Assert.StartsWith("The guest has not started yet", Assert.Throws<QmpException>(control.PowerDown).Message, StringComparison.Ordinal);
        using var other = new MachineSession(
            new MachineSettings { Kernel = folder.Write("off", FlatPrograms.PowerOff), Memory = 64 << 20, VirtualClock = true, PowerButton = true }, console);
        var pressed = new SessionControl(other, migration: null);
        var happened = new List<MachineEvent>();
        pressed.Happened += happened.Add;
        string? refused = null;
        session.Booting += _ => refused = Assert.Throws<QmpException>(control.PowerDown).Message;
        other.Booting += _ => pressed.PowerDown();
        session.Run();
        Assert.StartsWith("This machine has no power button: ", refused, StringComparison.Ordinal);
        other.Run();
        Assert.Equal([new MachineEvent.PowerDown()], happened);
    }

    [Theory]
    [InlineData("Device", nameof(RunState.FinishMigrate), "Migration is not finalized yet")]
    [InlineData("PostcopyActive", nameof(RunState.FinishMigrate), "Migration is not finalized yet")]
    [InlineData("PostcopyPaused", nameof(RunState.FinishMigrate), "Migration is not finalized yet")]
    [InlineData("Completed", nameof(RunState.PostMigrate), "The guest has moved")]
    public void A_guest_that_has_left_does_not_go_on_here(string state, string expected, string error)
    {
        session.Hold.Hold(HoldReasons.User);
        migration.Info = new MigrationInfo { State = Enum.Parse<MigrationState>(state) };
        Assert.Equal(Enum.Parse<RunState>(expected), control.State);
        Assert.StartsWith(error, Assert.Throws<QmpException>(control.Continue).Message, StringComparison.Ordinal);
        Assert.Contains("power it down there", Assert.Throws<QmpException>(control.PowerDown).Message, StringComparison.Ordinal);
        Assert.Contains("reset it there", Assert.Throws<QmpException>(control.Reset).Message, StringComparison.Ordinal);
        Assert.True(session.Machine.Hypervisor.IsPaused);
    }

    [Theory]
    [InlineData("Cancelled")]
    [InlineData("Failed")]
    public void Clients_hear_of_a_guest_that_stops_to_leave_and_of_one_that_stays_after_all(string end)
    {
        migration.Info = new MigrationInfo { State = MigrationState.Active };
        Assert.Empty(events);
        migration.Info = new MigrationInfo { State = MigrationState.Device };
        Assert.Equal([new MachineEvent.Stopped()], events);
        migration.Info = new MigrationInfo { State = Enum.Parse<MigrationState>(end) };
        Assert.Equal([new MachineEvent.Stopped(), new MachineEvent.Resumed()], events);
    }

    [Fact]
    public void Clients_of_both_sides_hear_once_of_a_guest_that_moves()
    {
        var incoming = new FakeMigration { IsIncoming = true };
        var there = new SessionControl(session, incoming);
        var arrivals = new List<MachineEvent>();
        there.Happened += arrivals.Add;
        foreach (MigrationState state in new[] { MigrationState.Setup, MigrationState.Active, MigrationState.Device, MigrationState.PostcopyActive, MigrationState.Completed })
        {
            migration.Info = new MigrationInfo { State = state };
            incoming.Info = new MigrationInfo { State = state, IsIncoming = true };
        }
        Assert.Equal([new MachineEvent.Stopped()], events);
        Assert.Equal([new MachineEvent.Resumed()], arrivals);
    }

    [Fact]
    public void To_quit_is_final_whatever_comes_with_it()
    {
        control.Quit();
        session.Reset();
        Assert.Equal(RunOutcomeKind.Stopped, session.Run().Kind);
    }

    [Theory]
    [InlineData("None", nameof(RunState.InMigrate))]
    [InlineData("Setup", nameof(RunState.InMigrate))]
    [InlineData("Active", nameof(RunState.InMigrate))]
    [InlineData("Failed", nameof(RunState.InMigrate))]
    [InlineData("PostcopyActive", nameof(RunState.Running))]
    [InlineData("PostcopyPaused", nameof(RunState.Running))]
    [InlineData("Completed", nameof(RunState.Running))]
    public void A_guest_that_comes_in_is_here_from_the_switch_over(string state, string expected)
    {
        var incoming = new FakeMigration { IsIncoming = true, Info = new MigrationInfo { State = Enum.Parse<MigrationState>(state), IsIncoming = true } };
        Assert.Equal(Enum.Parse<RunState>(expected), new SessionControl(session, incoming).State);
    }
}
