using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Devices;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;
using Meanwhile.Migration.State;

namespace Meanwhile.Cli.Snapshots;

/// <summary>A machine made from a snapshot, with the guest in it, which has not run yet.</summary>
internal sealed class RestoredMachine : IDisposable
{
    // Lazily: half of the reads that may be in flight, so that a page that somebody waits for finds one free. Eagerly: nobody waits for one page.
    private const int LazyWindow = 128, LazyCluster = 16, EagerWindow = 512, EagerCluster = 32;

    private readonly BackgroundFetch fetch;
    private readonly RestoreOptions options;

    private RestoredMachine(MachineSession session, MachineSettings settings, PageBitmap stored, RestoreOptions options)
    {
        Session = session;
        Settings = settings;
        this.options = options;
        fetch = options.Lazy
            ? new BackgroundFetch(session.Machine.Ram, stored, LazyWindow, LazyCluster)
            : new BackgroundFetch(session.Machine.Ram, stored, EagerWindow, EagerCluster);
    }

    /// <summary>The machine.</summary>
    public MachineSession Session { get; }

    /// <summary>What it was made from.</summary>
    public MachineSettings Settings { get; }

    /// <summary>Told once, on any thread, when the fetch of what is in the file has ended.</summary>
    public Action? AllThere { get; set; }

    /// <summary>Opens and checks a snapshot, makes its machine and restores the state; no page is read.</summary>
    /// <exception cref="UserError">The file or what belongs to it cannot be used; says what and why.</exception>
    public static RestoredMachine Open(string path, RestoreOptions options, IConsoleBackend console)
    {
        SnapshotFile file = Guarded(path, () => SnapshotFile.Open(path));
        MachineSession? session = null;
        try
        {
            SavedMachine saved = Guarded(path, () => SavedMachine.Parse(file.Description));
            if (saved.Machine.RamSize != file.RamSize)
                throw new UserError($"snapshot {path} cannot be used: it has {file.RamSize} bytes of RAM for a machine with {saved.Machine.RamSize}");
            MachineSettings settings = options.Over(saved.Settings) with
            {
                Origin = clock => new SnapshotPages(file, clock, options.Latency),
            };
            SettingsCheck.Check(settings);
            session = new MachineSession(settings, console);
            if (MachineDescription.Of(session.Machine).DifferenceFrom(saved.Machine) is { } difference)
                throw new UserError($"snapshot {path} cannot be restored here: {difference}");
            var stored = new PageBitmap(file.PageCount);
            file.AddStored(stored);
            session.Machine.Ram.MarkAbsent(stored);
            Guarded(path, () =>
            {
                MachineState.Restore(session.Machine, file.State.Span);
                return true;
            });
            // A run on the virtual clock that nobody gave a seed is the one that was saved, over again.
            if (!settings.VirtualClock || options.Seed is not null)
                session.Machine.BecomeClone(options.Seed ?? 0);
            // Who restores it wants it to run, also when it was stopped to be saved.
            session.Hold.Release(HoldReasons.User);
            session.MarkRestored();
            return new RestoredMachine(session, settings, stored, options);
        }
        catch
        {
            session?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads all pages, unless it is lazy, and lets the guest go on in <see cref="MachineSession.Run"/>.</summary>
    /// <exception cref="UserError">A page cannot be read.</exception>
    public void Start()
    {
        if (options.Lazy)
        {
            fetch.Start(_ => AllThere?.Invoke());
        }
        else
        {
            ReadAll();
            AllThere?.Invoke();
        }
        Session.Machine.Continue();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        fetch.Stop();
        Session.Dispose();
    }

    private void ReadAll()
    {
        GuestRam ram = Session.Machine.Ram;
        using var ended = new ManualResetEventSlim();
        string? failure = null;
        ram.Stalled += OnStalled;
        ram.Failed += OnFailed;
        try
        {
            fetch.Start(_ => ended.Set());
            if (Session.Clock is not VirtualClock clock)
                ended.Wait();
            else if (!clock.RunUntil(() => ended.IsSet))
                throw new InvalidOperationException("The snapshot's pages wait for an event that nobody has scheduled.");
        }
        finally
        {
            ram.Stalled -= OnStalled;
            ram.Failed -= OnFailed;
        }
        if (failure is not null)
            throw new UserError(failure.TrimEnd('.'));

        void OnStalled(string message)
        {
            failure ??= message;
            ended.Set();
        }

        void OnFailed(Exception exception) => OnStalled(exception.Message);
    }

    private static T Guarded<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (SnapshotException error)
        {
            throw new UserError(error.Message.TrimEnd('.'));
        }
        catch (StateFormatException error)
        {
            throw new UserError($"snapshot {path} cannot be used: {error.Message.TrimEnd('.')}");
        }
    }
}
