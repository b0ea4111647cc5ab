using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>The commands that do something with a migration. Texts are QEMU's, so that scripts which look at them find what they look for.</summary>
internal sealed class MigrationCommands(IMigrationControl migration, MigrationSettings settings)
{
    /// <summary>All of them.</summary>
    public IEnumerable<QmpCommand> All =>
    [
        new("query-migrate", json => MigrationReport.Write(json, migration.Query())),
        new("migrate", (arguments, _) => Migrate(arguments)),
        new("migrate-incoming", (arguments, _) => Listen(arguments)),
        new("migrate-recover", (arguments, _) => Recover(arguments)),
        new("migrate-start-postcopy", StartPostcopy),
        new("migrate-pause", Pause),
        new("migrate_cancel", Cancel),
    ];

    private MigrationState State => migration.Query().State;

    private void Migrate(QmpArguments arguments)
    {
        string? uri = Uri(arguments);
        bool resume = arguments.OptionalBoolean("resume") ?? false;
        // Over QMP a migration never holds its client up.
        arguments.OptionalBoolean("detach");
        arguments.End();
        MigrationAddress address = MigrationUri.Parse(uri ?? throw new QmpException("need either 'uri' or 'channels' argument"));
        MigrationInfo info = migration.Query();
        MigrationState state = info.State;
        if (resume && (state != MigrationState.PostcopyPaused || info.IsIncoming))
            throw new QmpException("Cannot resume if there is no paused migration");
        if (resume)
        {
            migration.Configure(settings.ForStart());
            migration.Resume(address);
            return;
        }
        if (info.IsIncoming && state != MigrationState.Completed)
            throw new QmpException("Guest is waiting for an incoming migration");
        if (state.IsUnderWay())
            throw new QmpException("There's a migration process in progress");
        if (state == MigrationState.Completed && !info.IsIncoming)
            throw new QmpException("Can't migrate the vm that was paused due to previous migration");
        migration.Configure(settings.ForStart());
        migration.Start(address);
    }

    private void Listen(QmpArguments arguments)
    {
        string uri = Uri(arguments) ?? throw new QmpException("need either 'uri' or 'channels' argument");
        arguments.OptionalBoolean("exit-on-error");
        arguments.End();
        MigrationAddress address = MigrationUri.Parse(uri);
        if (!migration.IsIncoming)
            throw new QmpException("'-incoming' was not specified on the command line");
        if (State is not (MigrationState.None or MigrationState.Failed))
            throw new QmpException("The incoming migration has already been started");
        migration.Configure(settings.ForStart());
        migration.Listen(address);
    }

    private void Recover(QmpArguments arguments)
    {
        MigrationAddress address = MigrationUri.Parse(arguments.RequiredString("uri"));
        arguments.End();
        if (migration.Query() is not { IsIncoming: true, State: MigrationState.PostcopyPaused })
            throw new QmpException("Migrate recover can only be run when postcopy is paused.");
        migration.Configure(settings.ForStart());
        migration.Recover(address);
    }

    private void StartPostcopy()
    {
        MigrationState state = State;
        if (!settings.Current.Has(MigrationCapability.PostcopyRam))
            throw new QmpException("Enable postcopy with migrate_set_capability before the start of migration");
        if (!state.IsUnderWay())
            throw new QmpException("Postcopy must be started after migration has been started");
        migration.StartPostcopy();
    }

    private void Pause()
    {
        if (State is not (MigrationState.PostcopyActive or MigrationState.PostcopyRecover))
            throw new QmpException("migrate-pause is currently only supported during postcopy-active or postcopy-recover state");
        migration.Pause();
    }

    private void Cancel()
    {
        MigrationInfo info = migration.Query();
        MigrationState state = info.State;
        if (state.IsPostcopy() && !info.AwaitsSource)
            throw new QmpException("Postcopy migration in progress, cannot cancel.");
        if (state.IsUnderWay())
            migration.Cancel();
    }

    private static string? Uri(QmpArguments arguments)
    {
        string? uri = arguments.OptionalString("uri");
        if (arguments.Names.Contains("channels"))
            throw new QmpException("Parameter 'channels' is not supported; give 'uri' (tcp:HOST:PORT or unix:PATH)");
        return uri;
    }
}
