namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>Tells who sits at a machine's console what becomes of its guest, and ends a machine whose guest never comes.</summary>
internal sealed class MigrationNotice : IDisposable
{
    private readonly MigrationControl migration;
    private readonly Action<string> say;
    private readonly Action failed;
    private bool hasArrived;

    /// <summary>Begins.</summary>
    /// <param name="migration">The machine's.</param>
    /// <param name="say">Takes lines for the user.</param>
    /// <param name="failed">Ends the machine: the guest that was to come never runs here.</param>
    public MigrationNotice(MigrationControl migration, Action<string> say, Action failed)
    {
        this.migration = migration;
        this.say = say;
        this.failed = failed;
        migration.StateChanged += OnState;
        migration.IncomingFailed += OnFailed;
    }

    /// <summary>The guest that was to come never runs here.</summary>
    public bool HasFailed { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        migration.StateChanged -= OnState;
        migration.IncomingFailed -= OnFailed;
    }

    private void OnState(MigrationState state)
    {
        MigrationInfo info = migration.Query();
        switch (state)
        {
            case MigrationState.Setup when info is { IsIncoming: true, Listening: { } address }:
                say($"waiting for a guest on {address}");
                break;
            case MigrationState.PostcopyActive or MigrationState.Completed when info.IsIncoming && !hasArrived:
                hasArrived = true;
                say("the guest has arrived and runs");
                break;
            case MigrationState.Completed when !info.IsIncoming:
                say("the guest has moved to the destination; end this machine with Ctrl-A x or the monitor's quit");
                break;
            case MigrationState.PostcopyPaused:
                say($"the migration is paused: {info.Error}");
                break;
            case MigrationState.Failed when !info.IsIncoming:
                say($"the migration failed: {info.Error}");
                break;
        }
    }

    private void OnFailed(string reason)
    {
        HasFailed = true;
        say($"no guest has come: {reason}");
        failed();
    }
}
