namespace Meanwhile.Migration.Status;

/// <summary>Where a migration is, in QEMU's terms.</summary>
public enum MigrationPhase
{
    /// <summary>There has been none.</summary>
    None = 0,

    /// <summary>Connecting, comparing.</summary>
    Setup,

    /// <summary>Pre-copy.</summary>
    Active,

    /// <summary>The guest stands still; state is on its way.</summary>
    Device,

    /// <summary>The guest runs on the destination, its memory follows.</summary>
    PostCopyActive,

    /// <summary>The link is gone and the guest is the destination's: to be recovered.</summary>
    PostCopyPaused,

    /// <summary>A new connection takes it up again.</summary>
    PostCopyRecover,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>It failed; see the error.</summary>
    Failed,

    /// <summary>On the way to <see cref="Cancelled"/>.</summary>
    Cancelling,

    /// <summary>The user cancelled it.</summary>
    Cancelled,
}

/// <summary>Names of phases.</summary>
public static class MigrationPhases
{
    /// <summary>QEMU's name.</summary>
    public static string Name(this MigrationPhase phase) => phase switch
    {
        MigrationPhase.None => "none",
        MigrationPhase.Setup => "setup",
        MigrationPhase.Active => "active",
        MigrationPhase.Device => "device",
        MigrationPhase.PostCopyActive => "postcopy-active",
        MigrationPhase.PostCopyPaused => "postcopy-paused",
        MigrationPhase.PostCopyRecover => "postcopy-recover",
        MigrationPhase.Completed => "completed",
        MigrationPhase.Failed => "failed",
        MigrationPhase.Cancelling => "cancelling",
        MigrationPhase.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };

    /// <summary>Nothing more happens.</summary>
    public static bool IsFinal(this MigrationPhase phase) =>
        phase is MigrationPhase.Completed or MigrationPhase.Failed or MigrationPhase.Cancelled;
}
