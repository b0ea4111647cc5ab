using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>A migration as <c>query-migrate</c> shows it: QAPI's MigrationInfo. Times are milliseconds; null: not known, or not of this side.</summary>
internal sealed record MigrationInfo
{
    /// <summary>Times here are milliseconds, a session's nanoseconds.</summary>
    public const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>What it is doing.</summary>
    public MigrationState State { get; init; }

    /// <summary>This is the side that the guest comes to.</summary>
    public bool IsIncoming { get; init; }

    /// <summary>
    /// Where the guest comes to: the connection is lost, the guest has not run here, and whether it is the source's only the source can tell.
    /// </summary>
    public bool AwaitsSource { get; init; }

    /// <summary>Why it failed or was paused.</summary>
    public string? Error { get; init; }

    /// <summary>Since it was asked for, or until it ended.</summary>
    public long? TotalTime { get; init; }

    /// <summary>How long the guest stood still, when it is known.</summary>
    public long? Downtime { get; init; }

    /// <summary>How long the guest would stand still.</summary>
    public long? ExpectedDowntime { get; init; }

    /// <summary>From the request to the first page.</summary>
    public long? SetupTime { get; init; }

    /// <summary>Memory; null before the first page.</summary>
    public MigrationStats? Ram { get; init; }

    /// <summary>How much the vCPUs are held back, in percent; null: they are not.</summary>
    public int? CpuThrottlePercentage { get; init; }

    /// <summary>Where the guest comes to: how long all vCPUs at once waited for pages.</summary>
    public long? PostcopyBlockTime { get; init; }

    /// <summary>Where the guest comes to: how long each vCPU waited for pages.</summary>
    public IReadOnlyList<long>? PostcopyVcpuBlockTime { get; init; }

    /// <summary>Where connections are waited for.</summary>
    public MigrationAddress? Listening { get; init; }

    /// <summary>A session's status in these terms.</summary>
    public static MigrationInfo Of(MigrationStatus status, bool isIncoming)
    {
        MigrationState state = StateOf(status.Phase);
        bool isEarly = state is MigrationState.None or MigrationState.Setup || status.Transferred == 0;
        IReadOnlyList<long>? blocked = isEarly ? null : status.VcpuBlockTime?.Select(time => time / NanosecondsPerMillisecond).ToArray();
        return new MigrationInfo
        {
            State = state,
            IsIncoming = isIncoming,
            Error = status.Error,
            TotalTime = status.TotalTime / NanosecondsPerMillisecond,
            Downtime = status.Downtime / NanosecondsPerMillisecond,
            ExpectedDowntime = state == MigrationState.Active && !isIncoming ? status.ExpectedDowntime / NanosecondsPerMillisecond : null,
            SetupTime = isIncoming ? null : status.SetupTime / NanosecondsPerMillisecond,
            Ram = isEarly ? null : MigrationStats.Of(status),
            CpuThrottlePercentage = status.ThrottlePercent > 0 ? status.ThrottlePercent : null,
            // With one vCPU they are all. Of several it is not known how long they waited at once.
            PostcopyBlockTime = blocked is [long only] ? only : null,
            PostcopyVcpuBlockTime = blocked,
        };
    }

    /// <summary>A session's phase, by the same name.</summary>
    public static MigrationState StateOf(MigrationPhase phase) => phase switch
    {
        MigrationPhase.None => MigrationState.None,
        MigrationPhase.Setup => MigrationState.Setup,
        MigrationPhase.Active => MigrationState.Active,
        MigrationPhase.Device => MigrationState.Device,
        MigrationPhase.PostCopyActive => MigrationState.PostcopyActive,
        MigrationPhase.PostCopyPaused => MigrationState.PostcopyPaused,
        MigrationPhase.PostCopyRecover => MigrationState.PostcopyRecover,
        MigrationPhase.Completed => MigrationState.Completed,
        MigrationPhase.Failed => MigrationState.Failed,
        MigrationPhase.Cancelling => MigrationState.Cancelling,
        MigrationPhase.Cancelled => MigrationState.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, null),
    };
}

/// <summary>The memory part of a migration: QAPI's MigrationStats. Sizes are bytes.</summary>
internal sealed record MigrationStats
{
    /// <summary>Sent, with all that is around pages.</summary>
    public long Transferred { get; init; }

    /// <summary>Of that, before the guest moved.</summary>
    public long PrecopyBytes { get; init; }

    /// <summary>Of that, while the guest stood still.</summary>
    public long DowntimeBytes { get; init; }

    /// <summary>Of that, after the guest had moved.</summary>
    public long PostcopyBytes { get; init; }

    /// <summary>Still to be sent.</summary>
    public long Remaining { get; init; }

    /// <summary>Guest RAM.</summary>
    public long Total { get; init; }

    /// <summary>Pages of zeros, sent as such.</summary>
    public long Duplicate { get; init; }

    /// <summary>Pages that need not be sent.</summary>
    public long Skipped { get; init; }

    /// <summary>Pages sent with their content.</summary>
    public long Normal { get; init; }

    /// <summary>The content of these.</summary>
    public long NormalBytes { get; init; }

    /// <summary>Throughput in megabits per second.</summary>
    public double Mbps { get; init; }

    /// <summary>Pages written per second by the guest.</summary>
    public long DirtyPagesRate { get; init; }

    /// <summary>Times that the guest's writes were collected.</summary>
    public long DirtySyncCount { get; init; }

    /// <summary>Pages that the destination asked for.</summary>
    public long PostcopyRequests { get; init; }

    /// <summary>Size of a page.</summary>
    public int PageSize { get; init; }

    /// <summary>Sent over more than one connection.</summary>
    public long MultifdBytes { get; init; }

    /// <summary>Pages per second.</summary>
    public long PagesPerSecond { get; init; }

    /// <summary>A session's counts in these terms.</summary>
    public static MigrationStats Of(MigrationStatus status) => new()
    {
        Transferred = status.Transferred,
        PrecopyBytes = status.PreCopyBytes,
        DowntimeBytes = status.DowntimeBytes,
        PostcopyBytes = status.PostCopyBytes,
        Remaining = status.Remaining,
        Total = status.Total,
        Duplicate = status.Duplicate,
        Skipped = status.Skipped,
        Normal = status.Normal,
        NormalBytes = status.NormalBytes,
        Mbps = status.Throughput,
        DirtyPagesRate = status.DirtyPagesRate,
        DirtySyncCount = status.DirtySyncCount,
        PostcopyRequests = status.PostCopyRequests,
        PageSize = status.PageSize,
        MultifdBytes = status.MultifdBytes,
        PagesPerSecond = status.PagesPerSecond,
    };
}
