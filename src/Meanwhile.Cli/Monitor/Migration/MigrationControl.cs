using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>
/// Migrations of a session's machine over sockets: to it, when it was made for that, and away from it, as often as one fails or is
/// cancelled. It is disposed before the session.
/// </summary>
internal sealed class MigrationControl : IMigrationControl, IDisposable
{
    private readonly MachineSession session;
    private readonly IncomingSide? incoming;
    private MigrationConfiguration configuration = new();
    private OutgoingSide? outgoing;
    private IMigrationSide? current;

    /// <summary>Nothing begins yet.</summary>
    /// <param name="session">The machine's.</param>
    /// <param name="isIncoming">It was made for a guest from elsewhere.</param>
    public MigrationControl(MachineSession session, bool isIncoming)
    {
        this.session = session;
        if (!isIncoming)
            return;
        current = incoming = new IncomingSide(session);
        Follow(incoming);
        incoming.Failed += reason => IncomingFailed?.Invoke(reason);
    }

    /// <inheritdoc/>
    public event Action<MigrationState>? StateChanged;

    /// <summary>The guest that was to come never runs here, for this reason. Any thread.</summary>
    public event Action<string>? IncomingFailed;

    /// <inheritdoc/>
    public bool IsIncoming => incoming is not null;

    /// <inheritdoc/>
    public MigrationInfo Query() => Volatile.Read(ref current)?.Info() ?? new MigrationInfo();

    /// <inheritdoc/>
    // One bulk connection carries all that a core in software writes.
    public bool Supports(MigrationCapability capability) => capability != MigrationCapability.Multifd;

    /// <inheritdoc/>
    public void Configure(MigrationConfiguration next)
    {
        if (outgoing is { } side && side.Info().State.IsUnderWay())
            side.Configure(next);
        configuration = next;
    }

    /// <inheritdoc/>
    public void Start(MigrationAddress address)
    {
        if (session.Clock.IsVirtual)
            throw new QmpException("A machine on the virtual clock cannot migrate over sockets, which have times of their own; run it with --clock real");
        lock (session.LeavingGate)
            Leave(address);
    }

    /// <inheritdoc/>
    public void Resume(MigrationAddress address) => Outgoing.Resume(address);

    /// <inheritdoc/>
    public void Listen(MigrationAddress address) => Incoming.Listen(address, configuration);

    /// <inheritdoc/>
    public void Recover(MigrationAddress address) => Incoming.Recover(address);

    /// <inheritdoc/>
    public void StartPostcopy() => Outgoing.StartPostcopy();

    /// <inheritdoc/>
    public void Pause() => current?.Pause();

    /// <inheritdoc/>
    public void Cancel() => current?.Cancel();

    /// <summary>After the machine's end: the other side hears what it must know of it, if it can be told.</summary>
    public void Finish() => incoming?.Finish();

    /// <inheritdoc/>
    public void Dispose()
    {
        outgoing?.Dispose();
        incoming?.Dispose();
    }

    private OutgoingSide Outgoing => outgoing ?? throw new QmpException("There is no migration away from here");

    private IncomingSide Incoming => incoming ?? throw new QmpException("This machine was not made to take a guest in");

    private void Leave(MigrationAddress address)
    {
        if (session.IsBeingSaved)
            throw new QmpException("There's a snapshot being saved; wait for its end, and try again");
        IMigrationSide? before = current;
        var side = new OutgoingSide(session, address, configuration);
        Follow(side);
        // Before anything is told of it.
        Volatile.Write(ref current, side);
        try
        {
            side.Start();
        }
        catch (QmpException)
        {
            Volatile.Write(ref current, before);
            side.Dispose();
            throw;
        }
        outgoing?.Dispose();
        outgoing = side;
    }

    private void Follow(IMigrationSide side)
    {
        MigrationState told = MigrationState.None;
        side.Changed += phase =>
        {
            // Who listens goes on to do so when a source was sent away.
            MigrationState state = phase == MigrationPhase.None ? MigrationState.Setup : MigrationInfo.StateOf(phase);
            if (side == Volatile.Read(ref current) && state != told)
                StateChanged?.Invoke(told = state);
        };
    }
}
