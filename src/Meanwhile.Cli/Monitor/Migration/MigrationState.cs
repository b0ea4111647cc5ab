namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>QAPI's MigrationStatus, as far as it can be here.</summary>
internal enum MigrationState
{
    /// <summary>There was no migration.</summary>
    None,

    /// <summary>Connects; or, incoming, waits for a connection.</summary>
    Setup,

    /// <summary>Pre-copy.</summary>
    Active,

    /// <summary>The guest is stopped, and its state goes over.</summary>
    Device,

    /// <summary>The guest runs on the destination, and its memory follows.</summary>
    PostcopyActive,

    /// <summary>The connection of a post-copy is gone.</summary>
    PostcopyPaused,

    /// <summary>A post-copy connects again.</summary>
    PostcopyRecover,

    /// <summary>All is over there.</summary>
    Completed,

    /// <summary>It did not work out.</summary>
    Failed,

    /// <summary>Is being cancelled.</summary>
    Cancelling,

    /// <summary>Was cancelled; the guest goes on here.</summary>
    Cancelled,
}

/// <summary>The names of migration states.</summary>
internal static class MigrationStateNames
{
    /// <summary>As <c>query-migrate</c> gives it.</summary>
    public static string Name(this MigrationState state) => state switch
    {
        MigrationState.None => "none",
        MigrationState.Setup => "setup",
        MigrationState.Active => "active",
        MigrationState.Device => "device",
        MigrationState.PostcopyActive => "postcopy-active",
        MigrationState.PostcopyPaused => "postcopy-paused",
        MigrationState.PostcopyRecover => "postcopy-recover",
        MigrationState.Completed => "completed",
        MigrationState.Failed => "failed",
        MigrationState.Cancelling => "cancelling",
        MigrationState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>There is a migration under way, so that another one must wait.</summary>
    public static bool IsUnderWay(this MigrationState state) =>
        state is not (MigrationState.None or MigrationState.Completed or MigrationState.Failed or MigrationState.Cancelled);

    /// <summary>The guest has left, or may have, so that only the destination may run it.</summary>
    public static bool IsPostcopy(this MigrationState state) =>
        state is MigrationState.PostcopyActive or MigrationState.PostcopyPaused or MigrationState.PostcopyRecover;
}
