using System.Globalization;
using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Hypervisor;

namespace Meanwhile.Cli.Monitor;

/// <summary>A monitor's view of a machine that this process runs.</summary>
internal sealed class SessionControl : IMachineControl
{
    private readonly MachineSession session;
    private readonly IMigrationControl? migration;
    private ShutdownCause? end;
    private volatile bool hasBooted;
    private bool isHere;

    /// <summary>Looks at a session that does not run yet.</summary>
    /// <param name="session">The session.</param>
    /// <param name="migration">Its migration; null: it cannot migrate.</param>
    public SessionControl(MachineSession session, IMigrationControl? migration)
    {
        this.session = session;
        this.migration = migration;
        isHere = migration is not { IsIncoming: true };
        session.Booting += OnBooting;
        if (migration is not null)
            migration.StateChanged += _ => OnMigration();
        session.Hold.Changed += isHeld => Happened?.Invoke(isHeld ? new MachineEvent.Stopped() : new MachineEvent.Resumed());
    }

    /// <inheritdoc/>
    public event Action<MachineEvent>? Happened;

    /// <inheritdoc/>
    public RunState State
    {
        get
        {
            if (Volatile.Read(ref end) is not null)
                return RunState.Shutdown;
            MigrationInfo info = migration?.Query() ?? new MigrationInfo();
            if (HasLeft(info))
                return info.State == MigrationState.Completed ? RunState.PostMigrate : RunState.FinishMigrate;
            if (migration is { IsIncoming: true } && !HasArrived(info))
                return RunState.InMigrate;
            HoldReasons reasons = session.Hold.Reasons;
            if (!hasBooted && migration is not { IsIncoming: true })
                return RunState.Prelaunch;
            if ((reasons & HoldReasons.Snapshot) != 0)
                return RunState.SaveVm;
            if ((reasons & HoldReasons.User) != 0)
                return RunState.Paused;
            return reasons == HoldReasons.None ? RunState.Running : RunState.IoError;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<VcpuInformation> Vcpus =>
        [.. session.Machine.Hypervisor.Vcpus.Select(vcpu => new VcpuInformation(vcpu.Index, ThreadOf(vcpu), session.AsyncPageFaults?.Statistics(vcpu)))];

    /// <inheritdoc/>
    public long MemorySize => session.Machine.Ram.Size;

    /// <inheritdoc/>
    public void Stop() => session.Hold.Hold(HoldReasons.User);

    /// <inheritdoc/>
    public void Continue()
    {
        if (State == RunState.FinishMigrate)
            throw new QmpException("Migration is not finalized yet");
        if (State == RunState.PostMigrate)
            throw new QmpException("The guest has moved to the destination; end this machine with 'quit'");
        session.Hold.Release(HoldReasons.User);
        if ((session.Hold.Reasons & HoldReasons.Swap) != 0)
            throw new QmpException("The guest is held because its swap file fails, and goes on when that works: make room for the file");
    }

    /// <inheritdoc/>
    public void Reset()
    {
        ThrowIfNotHere("reset it there");
        session.Reset();
    }

    /// <inheritdoc/>
    public void PowerDown()
    {
        ThrowIfNotHere("power it down there");
        if (session.Machine.PowerButton is not { } button)
            throw new QmpException("This machine has no power button: switch the guest off from inside (poweroff), or end the machine with 'quit'");
        Happened?.Invoke(new MachineEvent.PowerDown());
        button.Press();
    }

    /// <inheritdoc/>
    public void Quit() => End(ShutdownCause.Quit);

    /// <summary>Ends the machine for this reason; the first one counts.</summary>
    public void End(ShutdownCause cause)
    {
        Tell(cause);
        session.Stop();
    }

    /// <summary>The machine has ended so.</summary>
    public void Ended(RunOutcome outcome) => Tell(outcome.Kind switch
    {
        RunOutcomeKind.PowerOff => ShutdownCause.GuestShutdown,
        RunOutcomeKind.WarmReset => ShutdownCause.GuestPanic,
        _ => ShutdownCause.Error,
    });

    /// <summary>It is, or may be, the destination's guest now.</summary>
    private static bool HasLeft(MigrationInfo info) =>
        !info.IsIncoming && (info.State is MigrationState.Device or MigrationState.Completed || info.State.IsPostcopy());

    private static bool HasArrived(MigrationInfo info) =>
        !info.IsIncoming || info.State == MigrationState.Completed || (info.State.IsPostcopy() && !info.AwaitsSource);

    // To clients the guest stops when it leaves, and goes on when it has come in or comes back; unless it is held anyway.
    private void OnMigration()
    {
        bool now = State is not (RunState.InMigrate or RunState.FinishMigrate or RunState.PostMigrate);
        if (now == Interlocked.Exchange(ref isHere, now) || session.Hold.Reasons != HoldReasons.None)
            return;
        Happened?.Invoke(now ? new MachineEvent.Resumed() : new MachineEvent.Stopped());
    }

    private void ThrowIfNotHere(string instead)
    {
        RunState state = State;
        if (state is RunState.Prelaunch or RunState.InMigrate)
            throw new QmpException("The guest has not started yet; try again when query-status says that it runs");
        if (state is RunState.FinishMigrate or RunState.PostMigrate)
            throw new QmpException($"The guest has moved to the destination; {instead}");
    }

    private void Tell(ShutdownCause cause)
    {
        if (Interlocked.CompareExchange(ref end, cause, null) is null)
            Happened?.Invoke(new MachineEvent.Shutdown(cause));
    }

    private void OnBooting(bool? byGuest)
    {
        hasBooted = true;
        if (byGuest is { } isGuest)
            Happened?.Invoke(new MachineEvent.Reset(isGuest ? ShutdownCause.GuestReset : ShutdownCause.SystemReset));
    }

    // On the virtual clock the vCPU is the process's first thread. On the real one its thread has a name, by which the kernel knows it too.
    private int ThreadOf(Vcpu vcpu)
    {
        if (session.Clock.IsVirtual)
            return Environment.ProcessId;
        try
        {
            foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).TrimEnd('\n') == $"vcpu{vcpu.Index}")
                    return int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture);
            }
        }
        catch (IOException)
        {
            // A thread ended while we looked.
        }
        return 0;
    }
}
