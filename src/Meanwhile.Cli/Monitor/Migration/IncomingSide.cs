using Meanwhile.Cli.Machines;
using Meanwhile.Cli.Machines.Moves;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Machines;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>The migration to a session's machine, which was made for a guest from elsewhere.</summary>
internal sealed class IncomingSide : IMigrationSide
{
    // A source that does not answer has its own user to tell it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DestinationSession destination;
    private IncomingMigration? link;
    private MigrationTls? tls;
    private bool hasEnded;

    /// <summary>Does not listen yet.</summary>
    /// <param name="session">The machine's.</param>
    public IncomingSide(MachineSession session)
    {
        var guest = new IncomingGuest(session.Machine, session.ArrivingPages!, session.Arrive);
        destination = new DestinationSession(new ArrivingGuest(session, guest), guest, session.Clock);
        destination.PhaseChanged += phase => Changed?.Invoke(phase);
        session.GuestEnded += () =>
        {
            hasEnded = true;
            destination.GuestEnded();
        };
    }

    /// <inheritdoc/>
    public event Action<MigrationPhase>? Changed;

    /// <summary>The guest never runs here, for the reason given, and the source knows all that it has to. Any thread.</summary>
    public event Action<string>? Failed;

    /// <inheritdoc/>
    public MigrationInfo Info()
    {
        MigrationInfo info = MigrationInfo.Of(destination.Status(), isIncoming: true) with { AwaitsSource = destination.AwaitsSource };
        if (info.State is not (MigrationState.None or MigrationState.Setup or MigrationState.PostcopyPaused))
            return info;
        // To users there is a migration from the moment on which one may come.
        return info with { State = info.State == MigrationState.None && link is not null ? MigrationState.Setup : info.State, Listening = link?.Address };
    }

    /// <summary>Waits for a source.</summary>
    /// <exception cref="QmpException">It cannot; it may be tried again.</exception>
    public void Listen(MigrationAddress address, MigrationConfiguration configuration)
    {
        MigrationTls? credentials = MigrationTransport.Credentials(configuration, isDestination: true);
        try
        {
            MigrationTransport.Try(() => link = new IncomingMigration(destination, address, credentials));
        }
        catch (QmpException)
        {
            credentials?.Dispose();
            throw;
        }
        tls = credentials;
        link!.Over += OnOver;
        Changed?.Invoke(MigrationPhase.Setup);
    }

    /// <summary>Waits for the source of a post-copy that is paused.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    public void Recover(MigrationAddress address) => MigrationTransport.Try(() => link!.Recover(address));

    /// <inheritdoc/>
    public void Pause() => MigrationTransport.Check(destination.Pause());

    /// <inheritdoc/>
    public void Cancel()
    {
        MigrationTransport.Check(destination.GiveUp());
        link?.CheckOver();
    }

    /// <summary>After the machine's end: the source of a guest that has ended here hears that nothing is to follow, if it can be told.</summary>
    public void Finish()
    {
        if (hasEnded)
            link?.AwaitClosed(Patience);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        link?.Dispose();
        tls?.Dispose();
    }

    private void OnOver()
    {
        MigrationStatus status = destination.Status();
        if (status.Phase == MigrationPhase.Failed)
            Failed?.Invoke(status.Error ?? "");
    }
}
