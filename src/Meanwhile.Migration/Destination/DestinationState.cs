using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;

namespace Meanwhile.Migration.Destination;

/// <summary>Where a <see cref="DestinationSession"/> is. From <see cref="Running"/> on the guest is the destination's.</summary>
internal enum DestinationState
{
    /// <summary>Nobody has come, or who came was sent away.</summary>
    Listening = 1,

    /// <summary>A source has proved itself; its machine is not known yet.</summary>
    Comparing,

    /// <summary>Pages come.</summary>
    Receiving,

    /// <summary>The source's guest stands still; the list of missing pages and state come.</summary>
    SwitchingOver,

    /// <summary>State is being restored.</summary>
    Restoring,

    /// <summary>The guest could run.</summary>
    Ready,

    /// <summary>READY was said and the link is gone: the source may have said RUN or not, so the guest is not run.</summary>
    PausedBeforeRun,

    /// <summary>As before, and the source is back.</summary>
    RecoveringBeforeRun,

    /// <summary>The guest runs; pages may be missing.</summary>
    Running,

    /// <summary>The guest runs, pages are missing, the link is gone.</summary>
    Paused,

    /// <summary>As before, and the source is back.</summary>
    Recovering,

    /// <summary>The guest runs, all is here.</summary>
    Completed,

    /// <summary>The guest never runs here.</summary>
    Failed,

    /// <summary>The guest never runs here, though the source may believe so: it is told when it recovers.</summary>
    GaveUp,
}

/// <summary>What changes a <see cref="DestinationState"/>.</summary>
internal enum DestinationInput
{
    /// <summary>A source has proved itself.</summary>
    Open = 1,

    /// <summary>The machines are the same.</summary>
    Same,

    /// <summary>SWITCH.</summary>
    Switch,

    /// <summary>PREPARE.</summary>
    Prepare,

    /// <summary>State is restored.</summary>
    Restored,

    /// <summary>RUN.</summary>
    Run,

    /// <summary>No page is missing.</summary>
    AllArrived,

    /// <summary>A connection is lost, a frame was no good, or this side cannot go on.</summary>
    Lost,

    /// <summary>FAILED or CANCEL: the source says that it keeps the guest.</summary>
    SourceKeeps,

    /// <summary>The source is back.</summary>
    Reconnected,

    /// <summary>RESUME.</summary>
    Resume,

    /// <summary>The user gives up.</summary>
    GiveUp,
}

/// <summary>The destination's table (docs/migration.md has it as a picture).</summary>
internal static class DestinationTable
{
    public static readonly Transition<DestinationState, DestinationInput>[] Lines =
    [
        new(DestinationState.Listening, DestinationInput.Open, DestinationState.Comparing),
        new(DestinationState.Listening, DestinationInput.GiveUp, DestinationState.Failed),
        new(DestinationState.Comparing, DestinationInput.Same, DestinationState.Receiving),
        new(DestinationState.Comparing, DestinationInput.Lost, DestinationState.Listening),
        new(DestinationState.Comparing, DestinationInput.SourceKeeps, DestinationState.Listening),
        new(DestinationState.Comparing, DestinationInput.GiveUp, DestinationState.Failed),
        new(DestinationState.Receiving, DestinationInput.Switch, DestinationState.SwitchingOver),
        new(DestinationState.Receiving, DestinationInput.Lost, DestinationState.Failed),
        new(DestinationState.Receiving, DestinationInput.SourceKeeps, DestinationState.Failed),
        new(DestinationState.Receiving, DestinationInput.GiveUp, DestinationState.Failed),
        new(DestinationState.SwitchingOver, DestinationInput.Prepare, DestinationState.Restoring),
        new(DestinationState.SwitchingOver, DestinationInput.Lost, DestinationState.Failed),
        new(DestinationState.SwitchingOver, DestinationInput.SourceKeeps, DestinationState.Failed),
        new(DestinationState.SwitchingOver, DestinationInput.GiveUp, DestinationState.Failed),
        new(DestinationState.Restoring, DestinationInput.Restored, DestinationState.Ready),
        new(DestinationState.Restoring, DestinationInput.Lost, DestinationState.Failed),
        new(DestinationState.Restoring, DestinationInput.SourceKeeps, DestinationState.Failed),
        new(DestinationState.Restoring, DestinationInput.GiveUp, DestinationState.Failed),
        new(DestinationState.Ready, DestinationInput.Run, DestinationState.Running),
        new(DestinationState.Ready, DestinationInput.Lost, DestinationState.PausedBeforeRun),
        new(DestinationState.Ready, DestinationInput.SourceKeeps, DestinationState.Failed),
        new(DestinationState.PausedBeforeRun, DestinationInput.Reconnected, DestinationState.RecoveringBeforeRun),
        new(DestinationState.PausedBeforeRun, DestinationInput.GiveUp, DestinationState.GaveUp),
        new(DestinationState.RecoveringBeforeRun, DestinationInput.Run, DestinationState.Running),
        new(DestinationState.RecoveringBeforeRun, DestinationInput.Lost, DestinationState.PausedBeforeRun),
        new(DestinationState.Running, DestinationInput.AllArrived, DestinationState.Completed),
        new(DestinationState.Running, DestinationInput.Lost, DestinationState.Paused),
        new(DestinationState.Paused, DestinationInput.Reconnected, DestinationState.Recovering),
        new(DestinationState.Paused, DestinationInput.AllArrived, DestinationState.Completed),
        new(DestinationState.Recovering, DestinationInput.Resume, DestinationState.Running),
        new(DestinationState.Recovering, DestinationInput.AllArrived, DestinationState.Completed),
        new(DestinationState.Recovering, DestinationInput.Lost, DestinationState.Paused),
    ];

    /// <summary>The state in QEMU's terms.</summary>
    public static MigrationPhase Phase(DestinationState state, bool pagesFollow) => state switch
    {
        DestinationState.Listening => MigrationPhase.None,
        DestinationState.Comparing => MigrationPhase.Setup,
        DestinationState.Receiving => MigrationPhase.Active,
        DestinationState.SwitchingOver or DestinationState.Restoring or DestinationState.Ready => MigrationPhase.Device,
        DestinationState.PausedBeforeRun or DestinationState.Paused => MigrationPhase.PostCopyPaused,
        DestinationState.RecoveringBeforeRun or DestinationState.Recovering => MigrationPhase.PostCopyRecover,
        DestinationState.Running => pagesFollow ? MigrationPhase.PostCopyActive : MigrationPhase.Device,
        DestinationState.Completed => MigrationPhase.Completed,
        _ => MigrationPhase.Failed,
    };
}
