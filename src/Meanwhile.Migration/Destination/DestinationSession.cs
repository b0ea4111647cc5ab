using Meanwhile.Memory;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Destination;

/// <summary>
/// The side that a guest comes to. It runs the guest when RUN has come and not before; from then on the guest is its, whatever becomes of the link:
/// tasks that need missing pages wait.
/// </summary>
public sealed partial class DestinationSession : MigrationSession
{
    private readonly IIncomingMachine machine;
    private readonly IIncomingMemory memory;
    private readonly StateMachine<DestinationState, DestinationInput> state = new(DestinationState.Listening, DestinationTable.Lines);
    private readonly PageBitmap missing;
    private readonly PageBitmap requested;
    private readonly DestinationCounts counts = new();
    private Connection? main;
    private Connection? urgent;
    private byte[] sessionId = [];
    private byte[] secret = [];
    private string? error;

    /// <summary>A destination that waits for a source.</summary>
    /// <param name="machine">Made from the same options, and never run.</param>
    /// <param name="memory">Its RAM.</param>
    /// <param name="clock">The machine's clock; for a modelled link, the link's.</param>
    public DestinationSession(IIncomingMachine machine, IIncomingMemory memory, IMemoryClock clock)
        : base(clock)
    {
        this.machine = machine;
        this.memory = memory;
        missing = new PageBitmap(memory.PageCount);
        requested = new PageBitmap(memory.PageCount);
        memory.Wanted += PageWanted;
        memory.RoomMade += () => Step(() => main?.SignalRoom());
    }

    internal DestinationState State
    {
        get
        {
            lock (Gate)
                return state.State;
        }
    }

    internal bool PagesFollow => pagesFollow;

    /// <summary>True once the session needs no connection any more: the source has all it needs, or the guest never runs here.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The link is lost, the guest has not run here, and only the source knows whether it shall: a pause before RUN.</summary>
    public bool AwaitsSource => State is DestinationState.PausedBeforeRun or DestinationState.RecoveringBeforeRun;

    private MigrationPhase Phase => DestinationTable.Phase(state.State, pagesFollow);

    /// <summary>A transport has a new connection: whose, its greeting will say.</summary>
    public Connection Accept() => new(this);

    /// <summary>Closes the connections of a post-copy that hang, so that it can be recovered over others.</summary>
    /// <returns>Null, or why not.</returns>
    public string? Pause()
    {
        string? refusal = null;
        Step(() =>
        {
            if (state.State is DestinationState.Running or DestinationState.Recovering)
                LinkLost("The migration was paused by its user.");
            else
                refusal = $"Only a post-copy can be paused: the migration is {Phase.Name()}.";
        });
        return refusal;
    }

    /// <summary>The guest shall never run here. The source is told, now or when it recovers, and its guest goes on there.</summary>
    /// <returns>Null, or why that cannot be.</returns>
    public string? GiveUp()
    {
        string? refusal = null;
        Step(() =>
        {
            if (!state.TryTake(DestinationInput.GiveUp))
            {
                refusal = state.State is DestinationState.Ready or DestinationState.RecoveringBeforeRun
                    ? "The source is about to hand the guest over: pause the link, or wait."
                    : $"It is too late to give up: the migration is {Phase.Name()}.";
                return;
            }
            error = "The migration was given up here by its user.";
            main?.EndWith(FrameKind.Failed, "The migration was given up there by its user.");
            Over(state.State == DestinationState.Failed);
            ReportState();
        });
        return refusal;
    }

    /// <inheritdoc/>
    public override MigrationStatus Status()
    {
        long[] blocked = machine.BlockTimes();
        lock (Gate)
        {
            long now = Clock.Now;
            double seconds = counts.TotalTime(now) / 1e9;
            return new MigrationStatus
            {
                Phase = Phase,
                Error = error,
                TotalTime = counts.TotalTime(now),
                Transferred = counts.Received,
                Throughput = seconds > 0 ? counts.Received * 8 / 1e6 / seconds : 0,
                Remaining = missing.CountPages() * Protocol.PageSize,
                Total = memory.PageCount * Protocol.PageSize,
                Duplicate = counts.Zero,
                Normal = counts.Normal,
                Duplicates = counts.Duplicates,
                PagesPerSecond = seconds > 0 ? (long)((counts.Normal + counts.Zero) / seconds) : 0,
                PostCopyRequests = counts.Requests,
                VcpuBlockTime = blocked,
                Recoveries = counts.Recoveries,
            };
        }
    }

    internal override (byte[]? Secret, string? Refusal) Greeted(Hello hello)
    {
        if (hello.Purpose == ConnectionPurpose.Begin)
        {
            return state.State == DestinationState.Listening
                ? (hello.Secret, null)
                : (null, "another migration is under way or has been here: start a new process for each.");
        }
        if (sessionId.Length == 0 || !ConnectionSecrets.Same(sessionId, hello.SessionId))
            return (null, "this is not the destination of that migration (was it restarted?).");
        return (secret, null);
    }

    internal override string? Opened(Connection connection) => connection.Purpose switch
    {
        ConnectionPurpose.Begin => Begin(connection),
        ConnectionPurpose.Join => Join(connection),
        _ => Recover(connection),
    };

    internal override void Refused(Connection connection, string text) => Lost(connection, text);

    internal override void Lost(Connection connection, string reason)
    {
        if (connection == main || connection == urgent)
            LinkLost(reason);
        else if (state.State == DestinationState.Listening)
            error = $"A connection was turned away: {reason}";
    }

    internal override void Sent(long bytes)
    {
    }

    internal override bool HasRoom(Connection connection) => connection.Channel != ChannelKind.Main || memory.HasRoom;

    internal override bool IsBackground(Connection connection) => connection.Channel == ChannelKind.Main && State is DestinationState.Running;

    private protected override void EffectFailed(Exception exception) => LinkLost($"The destination cannot go on: {exception.Message}");

    private void ReportState() => Report(Phase);

    private string? Begin(Connection connection)
    {
        if (!state.TryTake(DestinationInput.Open))
            return "another migration is under way or has been here: start a new process for each.";
        main = connection;
        sessionId = connection.Greeting.SessionId;
        secret = connection.Greeting.Secret;
        error = null;
        counts.Begin(Clock.Now);
        ReportState();
        return null;
    }

    private string? Join(Connection connection)
    {
        if (main is null || urgent is not null)
            return "an urgent channel without a main one, or a second one.";
        urgent = connection;
        AskForAll();
        return null;
    }

    // Under the lock. A connection is gone, or this side cannot go on; what that means depends on whose the guest is.
    private void LinkLost(string reason)
    {
        if (!state.TryTake(DestinationInput.Lost))
            return;
        error = state.State switch
        {
            DestinationState.PausedBeforeRun =>
                $"{reason} The guest has not run here, and runs here only if the source recovers the migration. If the source reports failed or cancelled, its guest goes on there: quit here.",
            DestinationState.Paused =>
                $"{reason} The guest runs here; tasks that need its missing pages wait. Recover the migration with migrate-recover here and migrate with resume on the source. If the source is gone for good, the missing pages are too: the guest cannot go on.",
            DestinationState.Listening => $"A source was turned away: {reason}",
            _ => $"{reason} The guest never ran here and goes on at the source.",
        };
        main?.EndWith(FrameKind.Failed, reason);
        urgent?.Abort();
        main = urgent = null;
        if (state.State == DestinationState.Listening)
            sessionId = secret = [];
        if (state.State == DestinationState.Failed)
            Over(true);
        ReportState();
    }

    // Under the lock: the source has the last word before RUN.
    private void SourceKeeps(string text)
    {
        if (!state.TryTake(DestinationInput.SourceKeeps))
        {
            LinkLost(text);
            return;
        }
        error = $"{text} The guest never ran here and goes on at the source.";
        main?.Abort();
        urgent?.Abort();
        main = urgent = null;
        if (state.State == DestinationState.Listening)
            sessionId = secret = [];
        else
            Over(true);
        ReportState();
    }

    private void Over(bool over)
    {
        IsOver |= over;
        counts.End(Clock.Now);
    }
}
