using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Cli.Snapshots;
using Meanwhile.Cli.Tests.Guests;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Cli.Tests.Snapshots;

/// <summary>What happens to a save, and to the guest, while it is under way.</summary>
public sealed class SnapshotSaver_Tests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder folder = new();
    private readonly CapturedConsole console = new();
    private readonly MachineSession session;
    private readonly MigrationControl migration;
    private readonly SessionControl control;
    private readonly SnapshotSaver saver;
    private readonly Thread runner;

    public SnapshotSaver_Tests()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File("saved"))!);
        var settings = new MachineSettings { Kernel = folder.Write("rounds", FlatPrograms.Rounds(256, 8)), Memory = 96 << 20 };
        session = new MachineSession(settings, console);
        migration = new MigrationControl(session, isIncoming: false);
        control = new SessionControl(session, migration);
        saver = new SnapshotSaver(session, settings, control, migration);
        runner = new Thread(() => control.Ended(session.Run()));
        runner.Start();
        AwaitRound();
    }

    public void Dispose()
    {
        control.End(ShutdownCause.Quit);
        runner.Join();
        saver.Dispose();
        migration.Dispose();
        session.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_save_that_is_given_up_at_any_time_leaves_nothing_and_a_guest_that_goes_on()
    {
        foreach (int calls in (int[])[1, 2, 20, 200, 300])
        {
            int left = calls;
            QmpException error = Assert.Throws<QmpException>(() => saver.Save(File("saved"), replace: false, stop: false, () => --left == 0));
            Assert.Contains("was not written", error.Message, StringComparison.Ordinal);
            Assert.Empty(Files);
            AwaitRound();
        }
        SaveAndCheck();
    }

    [Fact]
    public void A_save_that_cannot_be_written_leaves_nothing_and_a_guest_that_goes_on()
    {
        Assert.Throws<QmpException>(() => saver.Save(File("no/folder"), replace: false, stop: false));
        AwaitRound();
        SaveAndCheck();
    }

    [Fact]
    public void The_machine_s_end_ends_a_save()
    {
        QmpException error = Assert.Throws<QmpException>(() => saver.Save(File("saved"), replace: false, stop: false, () =>
        {
            control.End(ShutdownCause.Quit);
            return false;
        }));
        Assert.Contains("the machine ends", error.Message, StringComparison.Ordinal);
        Assert.True(runner.Join(Patience));
        Assert.Empty(Files);
    }

    [Fact]
    public void Neither_another_save_nor_a_migration_begins_during_one()
    {
        Exception? other = null, away = null;
        saver.Save(File("saved"), replace: false, stop: false, () =>
        {
            other ??= Record.Exception(() => saver.Save(File("other"), replace: false, stop: false));
            away ??= Record.Exception(() => migration.Start(MigrationUri.Parse($"unix:{File("nobody")}")));
            return false;
        });
        Assert.StartsWith("There's a snapshot being saved", Assert.IsType<QmpException>(other).Message, StringComparison.Ordinal);
        Assert.StartsWith("There's a snapshot being saved", Assert.IsType<QmpException>(away).Message, StringComparison.Ordinal);
        Assert.Equal([File("saved")], Files);
        Assert.Equal(MigrationState.None, migration.Query().State);
    }

    [Fact]
    public void The_guest_may_be_stopped_and_reset_while_it_is_saved_and_boots_when_it_is()
    {
        string? atReset = null;
        RunState? then = null;
        saver.Save(File("saved"), replace: false, stop: false, () =>
        {
            if (atReset is null)
            {
                control.Stop();
                then = control.State;
                control.Continue();
                atReset = console.Text;
                control.Reset();
            }
            return false;
        });
        Assert.Equal(RunState.Paused, then);
        Assert.Equal(1, atReset!.Count(character => character == 'R'));
        // It finds the memory of its first life, which a reset leaves.
        Await(() => console.Text.Count(character => character == 'R') == 2);
        Check();
    }

    [Fact]
    public void A_guest_that_writes_too_much_is_held_until_that_is_written()
    {
        var image = session.Machine.Ram.BeginCopyOnWrite(() => { });
        var hold = new SnapshotHold(session.Hold, mostCopies: 4);
        Await(() => image.Copies >= 4);
        hold.Watch(image);
        Assert.Equal(RunState.SaveVm, control.State);
        long copies = image.Copies;
        var reader = new PageReader(session.Machine.Ram, image);
        var batch = new long[PageReader.MaximumBatch];
        for (long page = 0; page < session.Machine.Ram.Size / GuestRam.PageSize; page += batch.Length)
        {
            Assert.True(image.Copies <= copies);
            for (int i = 0; i < batch.Length; i++)
                batch[i] = page + i;
            reader.Read(batch, Assert.Null);
        }
        hold.Watch(image);
        image.Dispose();
        Assert.Equal((RunState.Running, true), (control.State, hold.Total > TimeSpan.Zero));
        AwaitRound();
    }

    private string[] Files => Directory.GetFiles(Path.GetDirectoryName(File("saved"))!);

    private string File(string name) => folder.File(Path.Combine("out", name));

    private void SaveAndCheck()
    {
        saver.Save(File("saved"), replace: false, stop: false);
        Check();
        AwaitRound();
    }

    private void Check()
    {
        Assert.Equal([File("saved")], Files);
        using SnapshotFile file = SnapshotFile.Open(File("saved"));
        Assert.Null(file.Verify());
        var restoredConsole = new CapturedConsole();
        using RestoredMachine restored = RestoredMachine.Open(File("saved"), new RestoreOptions(), restoredConsole);
        restored.Start();
        var thread = new Thread(() => restored.Session.Run());
        thread.Start();
        Await(() => restoredConsole.Text.Count(character => character == 'C') >= 2);
        restored.Session.Stop();
        Assert.True(thread.Join(Patience));
        Assert.DoesNotContain('X', restoredConsole.Text);
    }

    private void AwaitRound()
    {
        int before = console.Text.Length;
        Await(() => console.Text.Length >= before + 2);
        Assert.DoesNotContain('X', console.Text);
    }

    private static void Await(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience));
}
