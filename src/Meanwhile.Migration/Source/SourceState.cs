using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;

namespace Meanwhile.Migration.Source;

/// <summary>Where a <see cref="SourceSession"/> is. Up to <see cref="SwitchingOver"/> the guest is the source's.</summary>
internal enum SourceState
{
    /// <summary>Not begun.</summary>
    Idle = 1,

    /// <summary>The main connection greets.</summary>
    Connecting,

    /// <summary>The destination compares the machines.</summary>
    Describing,

    /// <summary>Rounds of pages; the guest runs.</summary>
    PreCopy,

    /// <summary>The guest is being stopped.</summary>
    Quiescing,

    /// <summary>The guest stands still; last pages and state are on their way.</summary>
    SwitchingOver,

    /// <summary>RUN has been handed to the transport: the guest is the destination's.</summary>
    RunSent,

    /// <summary>The guest runs there.</summary>
    PostCopy,

    /// <summary>The link is gone.</summary>
    Paused,

    /// <summary>A new connection asks the destination where it is.</summary>
    Recovering,

    /// <summary>All is there.</summary>
    Completed,

    /// <summary>It failed; the guest goes on here.</summary>
    Failed,

    /// <summary>Waits until the guest may go on.</summary>
    Cancelling,

    /// <summary>The guest goes on here.</summary>
    Cancelled,
}

/// <summary>What changes a <see cref="SourceState"/>.</summary>
internal enum SourceInput
{
    /// <summary>The user begins.</summary>
    Start = 1,

    /// <summary>The main connection is open.</summary>
    Open,

    /// <summary>ACCEPT.</summary>
    Accepted,

    /// <summary>Little enough is left, or post-copy is wanted.</summary>
    SwitchOver,

    /// <summary>The guest stands still.</summary>
    Quiesced,

    /// <summary>RUN is handed to the transport.</summary>
    RunTaken,

    /// <summary>RUNNING.</summary>
    PeerRuns,

    /// <summary>DONE.</summary>
    AllArrived,

    /// <summary>A connection is lost, a frame was no good, the peer or this side cannot go on.</summary>
    Lost,

    /// <summary>The user cancels.</summary>
    Cancel,

    /// <summary>The guest goes on after a cancel.</summary>
    Settled,

    /// <summary>The user recovers.</summary>
    Recover,

    /// <summary>POSITION: the destination has RUN.</summary>
    PeerHasRun,

    /// <summary>POSITION: the destination has no RUN yet.</summary>
    PeerAwaitsRun,

    /// <summary>POSITION: the destination will never run the guest.</summary>
    PeerGaveUp,
}

/// <summary>The source's table (docs/migration.md has it as a picture).</summary>
internal static class SourceTable
{
    public static readonly Transition<SourceState, SourceInput>[] Lines =
    [
        new(SourceState.Idle, SourceInput.Start, SourceState.Connecting),
        new(SourceState.Connecting, SourceInput.Open, SourceState.Describing),
        new(SourceState.Connecting, SourceInput.Lost, SourceState.Failed),
        new(SourceState.Connecting, SourceInput.Cancel, SourceState.Cancelling),
        new(SourceState.Describing, SourceInput.Accepted, SourceState.PreCopy),
        new(SourceState.Describing, SourceInput.Lost, SourceState.Failed),
        new(SourceState.Describing, SourceInput.Cancel, SourceState.Cancelling),
        new(SourceState.PreCopy, SourceInput.SwitchOver, SourceState.Quiescing),
        new(SourceState.PreCopy, SourceInput.Lost, SourceState.Failed),
        new(SourceState.PreCopy, SourceInput.Cancel, SourceState.Cancelling),
        new(SourceState.Quiescing, SourceInput.Quiesced, SourceState.SwitchingOver),
        new(SourceState.Quiescing, SourceInput.Lost, SourceState.Failed),
        new(SourceState.Quiescing, SourceInput.Cancel, SourceState.Cancelling),
        new(SourceState.SwitchingOver, SourceInput.RunTaken, SourceState.RunSent),
        new(SourceState.SwitchingOver, SourceInput.Lost, SourceState.Failed),
        new(SourceState.SwitchingOver, SourceInput.Cancel, SourceState.Cancelling),
        new(SourceState.Cancelling, SourceInput.Settled, SourceState.Cancelled),
        new(SourceState.RunSent, SourceInput.PeerRuns, SourceState.PostCopy),
        new(SourceState.RunSent, SourceInput.Lost, SourceState.Paused),
        new(SourceState.PostCopy, SourceInput.AllArrived, SourceState.Completed),
        new(SourceState.PostCopy, SourceInput.Lost, SourceState.Paused),
        new(SourceState.Paused, SourceInput.Recover, SourceState.Recovering),
        new(SourceState.Recovering, SourceInput.Lost, SourceState.Paused),
        new(SourceState.Recovering, SourceInput.PeerHasRun, SourceState.PostCopy),
        new(SourceState.Recovering, SourceInput.PeerAwaitsRun, SourceState.RunSent),
        new(SourceState.Recovering, SourceInput.PeerGaveUp, SourceState.Failed),
    ];

    /// <summary>The state in QEMU's terms.</summary>
    public static MigrationPhase Phase(SourceState state, bool pagesFollow) => state switch
    {
        SourceState.Idle => MigrationPhase.None,
        SourceState.Connecting or SourceState.Describing => MigrationPhase.Setup,
        SourceState.PreCopy => MigrationPhase.Active,
        SourceState.Quiescing or SourceState.SwitchingOver => MigrationPhase.Device,
        SourceState.RunSent or SourceState.PostCopy => pagesFollow ? MigrationPhase.PostCopyActive : MigrationPhase.Device,
        SourceState.Paused => MigrationPhase.PostCopyPaused,
        SourceState.Recovering => MigrationPhase.PostCopyRecover,
        SourceState.Completed => MigrationPhase.Completed,
        SourceState.Failed => MigrationPhase.Failed,
        SourceState.Cancelling => MigrationPhase.Cancelling,
        _ => MigrationPhase.Cancelled,
    };
}
