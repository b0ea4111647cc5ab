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
/// Saves the running guest to a file: QMP's <c>x-snapshot-save</c>. The guest is held for a moment, and that moment is what is saved: it goes on while
/// the file is written, and pages that it changes are copied first. Whether or not it could be saved, it goes on as if nothing had been.
/// </summary>
internal sealed class SnapshotSaver : IDisposable
{
    /// <summary>The command's name; QMP's mark for commands that QEMU does not have.</summary>
    public const string CommandName = "x-snapshot-save";

    // Copies of pages that the guest writes meanwhile: at most so many, and at most that part of what it may have in memory.
    private const long MostCopies = (1L << 30) / GuestRam.PageSize;
    private const long PartOfMemory = 4;

    private readonly MachineSession session;
    private readonly MachineSettings settings;
    private readonly IMachineControl control;
    private readonly IMigrationControl? migration;
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending = new();

    /// <summary>For a machine that does not run yet.</summary>
    /// <param name="session">The machine.</param>
    /// <param name="settings">What it was made from.</param>
    /// <param name="control">What it is doing.</param>
    /// <param name="migration">Whether it is leaving: both hold the guest still, and one would let it go on under the other; null: it cannot leave.</param>
    public SnapshotSaver(MachineSession session, MachineSettings settings, IMachineControl control, IMigrationControl? migration)
    {
        this.session = session;
        this.settings = settings;
        this.control = control;
        this.migration = migration;
        control.Happened += OnHappened;
    }

    /// <summary>The command for the monitor.</summary>
    public QmpCommand Command => new(CommandName, (arguments, result) =>
    {
        string path = arguments.RequiredString("path");
        bool replace = arguments.OptionalBoolean("replace") ?? false;
        bool stop = arguments.OptionalBoolean("stop") ?? false;
        arguments.End();
        if (!Path.IsPathRooted(path))
            throw new QmpException("Parameter 'path' expects an absolute path");
        Report(path, Save(path, replace, stop, arguments.IsClientGone), result);
    })
    {
        TakesLong = true,
    };

    /// <summary>Ends a save that is under way, which leaves nothing behind.</summary>
    public void Dispose()
    {
        control.Happened -= OnHappened;
        ending.Cancel();
        // Until it has ended nothing of the machine may be taken away.
        lock (gate)
            ending.Dispose();
    }

    /// <summary>Saves, for the command or for who is sure that nobody ends the machine.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">It may take another's place.</param>
    /// <param name="stop">The guest does not go on when it is saved.</param>
    /// <param name="isGivenUp">Asked now and then: nobody wants it any more.</param>
    /// <exception cref="QmpException">It cannot be saved; the guest goes on.</exception>
    internal SaveTimes Save(string path, bool replace, bool stop, Func<bool>? isGivenUp = null)
    {
        RunState state = Begin();
        try
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(ending.IsCancellationRequested, this);
                using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
                var options = new SnapshotOptions
                {
                    Description = default,
                    State = default,
                    VirtualClock = session.Clock as VirtualClock,
                    Replace = replace,
                    Cancellation = cancellation.Token,
                    Watch = () =>
                    {
                        if (isGivenUp?.Invoke() == true)
                            cancellation.Cancel();
                    },
                };
                // On the virtual clock the guest has no time in which it could run: that stands still while this process works.
                bool goesOn = state == RunState.Running && !stop && !session.Clock.IsVirtual;
                long start = Stopwatch.GetTimestamp();
                TimeSpan held = goesOn ? SaveMoment(path, options) : SaveStill(path, options, stop);
                return new SaveTimes(held, Stopwatch.GetElapsedTime(start));
            }
        }
        finally
        {
            lock (session.LeavingGate)
                session.IsBeingSaved = false;
        }
    }

    private RunState Begin()
    {
        lock (session.LeavingGate)
        {
            if (session.IsBeingSaved)
                throw new QmpException("There's a snapshot being saved; wait for its end, and try again");
            RunState state = control.State;
            if (state is not (RunState.Running or RunState.Paused) || !session.Machine.Hypervisor.IsRunning)
            {
                throw new QmpException(state == RunState.IoError
                    ? "The guest is held because its swap file fails; make room for that first"
                    : $"There is no guest here to save now ({state.Name()})");
            }
            if (migration?.Query().State.IsUnderWay() == true)
                throw new QmpException("There's a migration process in progress; wait for its end, or cancel it with migrate_cancel, and try again");
            session.IsBeingSaved = true;
            return state;
        }
    }

    // The guest stands still for all of it.
    private TimeSpan SaveStill(string path, SnapshotOptions options, bool stop)
    {
        var hold = new SnapshotHold(session.Hold, MostCopies);
        hold.Hold();
        try
        {
            Quiesce();
            try
            {
                Write(path, WithState(options));
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
            hold.Release();
        }
        return hold.Total;
    }

    // The guest goes on while the file is written. When it ends meanwhile, another boots only after that.
    private TimeSpan SaveMoment(string path, SnapshotOptions options)
    {
        GuestRam ram = session.Machine.Ram;
        var hold = new SnapshotHold(session.Hold, Math.Clamp(ram.Statistics().Limit / PartOfMemory, 1, MostCopies));
        bool isQuiesced = false;
        hold.Hold();
        try
        {
            Quiesce();
            isQuiesced = true;
            CopyOnWriteImage image;
            try
            {
                options = WithState(options);
                image = BeginImage(ram);
            }
            finally
            {
                session.Machine.Continue();
            }
            using (image)
            {
                hold.Release();
                Action watch = options.Watch!;
                Write(path, options with
                {
                    Image = image,
                    Watch = () =>
                    {
                        hold.Watch(image);
                        watch();
                    },
                    AllRead = () =>
                    {
                        image.Dispose();
                        hold.Release();
                    },
                });
            }
        }
        finally
        {
            if (isQuiesced)
                session.GuestGoesOn();
            hold.Release();
        }
        return hold.Total;
    }

    // The vCPUs are between two instructions, and forget their addresses before the next.
    private static CopyOnWriteImage BeginImage(GuestRam ram)
    {
        using var forgotten = new ManualResetEventSlim();
        CopyOnWriteImage image = ram.BeginCopyOnWrite(forgotten.Set);
        forgotten.Wait();
        return image;
    }

    private void Quiesce()
    {
        string? failure = session.QuiesceGuest(
            () =>
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
            },
            session.Machine.Continue);
        if (failure is not null)
            throw new QmpException($"The guest cannot be held still: {failure}");
    }

    private SnapshotOptions WithState(SnapshotOptions options) => options with
    {
        Description = new SavedMachine(MachineDescription.Of(session.Machine), settings).ToBytes(),
        State = MachineState.Save(session.Machine),
    };

    private void Write(string path, SnapshotOptions options)
    {
        try
        {
            SnapshotWriter.Save(path, session.Machine.Ram, options);
        }
        catch (SnapshotException error)
        {
            throw new QmpException(error.Message);
        }
        catch (OperationCanceledException)
        {
            throw new QmpException($"Snapshot {path} was not written: {(ending.IsCancellationRequested ? "the machine ends" : "whoever wanted it has gone")}");
        }
    }

    // The machine is not taken away before the monitor has answered, which waits for the save.
    private void OnHappened(MachineEvent what)
    {
        if (what is MachineEvent.Shutdown)
            ending.Cancel();
    }

    private static void Report(string path, SaveTimes times, Utf8JsonWriter result)
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
            result.WriteNumber("stopped-ms", Milliseconds(times.Held));
            result.WriteNumber("total-ms", Milliseconds(times.Total));
            result.WriteEndObject();
        }
        catch (SnapshotException error)
        {
            throw new QmpException($"The snapshot was written and is gone already: {error.Message}");
        }
    }

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
