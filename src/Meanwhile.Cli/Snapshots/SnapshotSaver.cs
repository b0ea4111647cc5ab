using System.Diagnostics;
using System.Text.Json;
using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;
using Meanwhile.Migration.State;

namespace Meanwhile.Cli.Snapshots;

/// <summary>
/// Saves the running guest to a file: QMP's <c>x-snapshot-save</c>. The guest stands still meanwhile and then goes on as if nothing had been, whether
/// or not it could be saved.
/// </summary>
/// <param name="session">The machine.</param>
/// <param name="settings">What it was made from.</param>
/// <param name="control">What it is doing.</param>
/// <param name="migration">Whether it is leaving: both hold the guest still, and one would let it go on under the other; null: it cannot leave.</param>
internal sealed class SnapshotSaver(MachineSession session, MachineSettings settings, IMachineControl control, IMigrationControl? migration) : IDisposable
{
    /// <summary>The command's name; QMP's mark for commands that QEMU does not have.</summary>
    public const string CommandName = "x-snapshot-save";

    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new();

    /// <summary>The command for the monitor.</summary>
    public QmpCommand Command => new(CommandName, (arguments, result) =>
    {
        string path = arguments.RequiredString("path");
        bool replace = arguments.OptionalBoolean("replace") ?? false;
        bool stop = arguments.OptionalBoolean("stop") ?? false;
        arguments.End();
        if (!Path.IsPathRooted(path))
            throw new QmpException("Parameter 'path' expects an absolute path");
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(ending.IsCancellationRequested, this);
            Report(path, Save(path, replace, stop), result);
        }
    });

    /// <summary>Ends a save that is under way, which leaves nothing behind.</summary>
    public void Dispose()
    {
        ending.Cancel();
        // Until it has ended nothing of the machine may be taken away.
        lock (gate)
            ending.Dispose();
    }

    /// <summary>Saves, for the command or for who is sure that nobody ends the machine. Answers how long the guest stood still.</summary>
    /// <exception cref="QmpException">It cannot be saved; the guest goes on.</exception>
    internal TimeSpan Save(string path, bool replace, bool stop)
    {
        RunState state = control.State;
        if (state is not (RunState.Running or RunState.Paused) || !session.Machine.Hypervisor.IsRunning)
        {
            throw new QmpException(state == RunState.IoError
                ? "The guest is held because its swap file fails; make room for that first"
                : $"There is no guest here to save now ({state.Name()})");
        }
        if (migration?.Query().State.IsUnderWay() == true)
            throw new QmpException("A migration is under way; wait for its end, or cancel it with migrate_cancel, and try again");
        long start = Stopwatch.GetTimestamp();
        session.Hold.Hold(HoldReasons.Snapshot);
        try
        {
            if (session.QuiesceGuest(Quiesce, session.Machine.Continue) is { } failure)
                throw new QmpException($"The guest cannot be held still: {failure}");
            try
            {
                Write(path, replace);
                if (stop)
                    session.Hold.Hold(HoldReasons.User);
            }
            finally
            {
                session.Machine.Continue();
                session.GuestGoesOn();
            }
        }
        finally
        {
            session.Hold.Release(HoldReasons.Snapshot);
        }
        return Stopwatch.GetElapsedTime(start);
    }

    private string? Quiesce()
    {
        try
        {
            session.Machine.Quiesce();
            return null;
        }
        catch (InvalidOperationException error)
        {
            return $"{error.Message} It goes on.";
        }
    }

    private void Write(string path, bool replace)
    {
        try
        {
            SnapshotWriter.Save(path, session.Machine.Ram, new SnapshotOptions
            {
                Description = new SavedMachine(MachineDescription.Of(session.Machine), settings).ToBytes(),
                State = MachineState.Save(session.Machine),
                VirtualClock = session.Clock as VirtualClock,
                Replace = replace,
                Cancellation = ending.Token,
            });
        }
        catch (SnapshotException error)
        {
            throw new QmpException(error.Message);
        }
        catch (OperationCanceledException)
        {
            throw new QmpException($"Snapshot {path} was not written: the machine ends");
        }
    }

    private static void Report(string path, TimeSpan stoodStill, Utf8JsonWriter result)
    {
        try
        {
            using SnapshotFile file = SnapshotFile.Open(path);
            result.WriteStartObject();
            result.WriteString("path", path);
            result.WriteNumber("bytes", file.FileLength);
            result.WriteNumber("pages", file.PageCount);
            result.WriteNumber("stored-pages", file.StoredPages);
            result.WriteNumber("page-size", GuestRam.PageSize);
            result.WriteNumber("stopped-ms", (long)stoodStill.TotalMilliseconds);
            result.WriteEndObject();
        }
        catch (SnapshotException error)
        {
            throw new QmpException($"The snapshot was written and is gone already: {error.Message}");
        }
    }
}
