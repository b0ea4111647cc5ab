using Meanwhile.Memory;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Source;

/// <summary>
/// The side that a guest leaves. Until RUN is handed to a transport the guest is here, and whatever goes wrong it goes on here; from that moment
/// on it never runs here again, unless the destination says that it never ran it and never will.
/// </summary>
public sealed partial class SourceSession : MigrationSession
{
    private readonly IOutgoingMachine machine;
    private readonly IOutgoingMemory memory;
    private readonly StateMachine<SourceState, SourceInput> state = new(SourceState.Idle, SourceTable.Lines);
    private byte[] sessionId = [];
    private byte[] secret = [];
    private readonly SourceCounts counts = new();
    private readonly PageBitmap toSend;
    private MigrationOptions options;
    private Connection? main;
    private Connection? urgent;
    private string? error;

    /// <summary>A migration that has not begun.</summary>
    /// <param name="machine">The machine that leaves.</param>
    /// <param name="memory">Its RAM.</param>
    /// <param name="clock">The machine's clock; for a modelled link, the link's.</param>
    /// <param name="options">Capabilities and parameters.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SourceSession(IOutgoingMachine machine, IOutgoingMemory memory, IMemoryClock clock, MigrationOptions options)
        : base(clock)
    {
        options.Validate();
        this.machine = machine;
        this.memory = memory;
        this.options = options;
        toSend = new PageBitmap(memory.PageCount);
        dirty = new PageBitmap(memory.PageCount);
        zeros = new PageBitmap(memory.PageCount);
        bulkReads = new PageReads(memory, BulkBatches);
        urgentReads = new PageReads(memory, UrgentBatches);
        limit.BytesPerSecond = options.MaxBandwidth;
    }

    /// <summary>An urgent connection is wanted, to the same address: <see cref="OpenUrgent"/>. Any thread; must not block.</summary>
    public event Action? UrgentWanted;

    /// <summary>
    /// Limits and thresholds, which may change at any time. Whether post-copy and compression are there was agreed at the beginning.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public MigrationOptions Options
    {
        get
        {
            lock (Gate)
                return options;
        }
        set
        {
            value.Validate();
            Step(() =>
            {
                options = state.State == SourceState.Idle ? value : value with { PostCopy = options.PostCopy, CompressionLevel = options.CompressionLevel };
                limit.BytesPerSecond = GuestIsElsewhere ? options.MaxPostCopyBandwidth : options.MaxBandwidth;
                main?.SignalWake();
            });
        }
    }

    internal SourceState State
    {
        get
        {
            lock (Gate)
                return state.State;
        }
    }

    /// <summary>True from the moment the guest belongs to the destination.</summary>
    private bool GuestIsElsewhere =>
        state.State is SourceState.RunSent or SourceState.PostCopy or SourceState.Paused or SourceState.Recovering or SourceState.Completed;

    private bool Compresses => options.CompressionLevel is not null && (main?.Agreed & Capabilities.Zstd) != 0;

    /// <summary>Begins; answers the main connection, which a transport shall make.</summary>
    /// <exception cref="InvalidOperationException">It has begun before.</exception>
    public Connection Start()
    {
        Step(() =>
        {
            if (!state.TryTake(SourceInput.Start))
                throw new InvalidOperationException("A migration session begins once.");
            counts.Begin(Clock.Now);
            sessionId = RandomBytes(Protocol.SessionIdSize);
            secret = RandomBytes(Protocol.SecretSize);
            main = Connect(ChannelKind.Main, ConnectionPurpose.Begin);
            ReportState();
        });
        return main!;
    }

    /// <summary>Answers the urgent connection, which a transport shall make to where the main one goes.</summary>
    public Connection OpenUrgent()
    {
        Step(() =>
        {
            urgent?.Abort();
            urgent = Connect(ChannelKind.Urgent, ConnectionPurpose.Join);
        });
        return urgent!;
    }

    /// <summary>Takes a paused migration up again over a new connection, which a transport shall make.</summary>
    /// <returns>Null and the connection, or why not.</returns>
    public string? TryRecover(out Connection? connection)
    {
        string? refusal = null;
        Connection? made = null;
        Step(() =>
        {
            if (!state.TryTake(SourceInput.Recover))
            {
                refusal = $"There is nothing to recover: the migration is {Phase.Name()}, not postcopy-paused.";
                return;
            }
            counts.Recoveries++;
            made = main = Connect(ChannelKind.Main, ConnectionPurpose.Recover);
            ReportState();
        });
        connection = made;
        return refusal;
    }

    /// <summary>Gives the migration up; the guest goes on here.</summary>
    /// <returns>Null, or why that is too late.</returns>
    public string? Cancel()
    {
        string? refusal = null;
        Step(() =>
        {
            if (state.State is SourceState.Cancelling or SourceState.Cancelled)
                return;
            if (!state.TryTake(SourceInput.Cancel))
            {
                refusal = GuestIsElsewhere && state.State != SourceState.Completed
                    ? "The guest runs on the destination already: the migration cannot be cancelled, only paused (migrate-pause) and recovered."
                    : $"There is nothing to cancel: the migration is {Phase.Name()}.";
                return;
            }
            main?.EndWith(FrameKind.Cancel);
            GuestStays();
        });
        return refusal;
    }

    /// <summary>Closes the connections of a post-copy that hang, so that it can be recovered over others.</summary>
    /// <returns>Null, or why not.</returns>
    public string? Pause()
    {
        string? refusal = null;
        Step(() =>
        {
            if (GuestIsElsewhere && state.State is not (SourceState.Completed or SourceState.Paused))
                LinkLost("The migration was paused by its user.");
            else
                refusal = $"Only a post-copy can be paused: the migration is {Phase.Name()}.";
        });
        return refusal;
    }

    private MigrationPhase Phase => SourceTable.Phase(state.State, pagesFollow);

    private Connection Connect(ChannelKind channel, ConnectionPurpose purpose)
    {
        Capabilities wanted = (options.PostCopy ? Capabilities.PostCopy | Capabilities.Code : 0) | (options.CompressionLevel is null ? 0 : Capabilities.Zstd);
        return new Connection(this, channel, purpose, wanted & Known, sessionId, secret);
    }

    private void ReportState() => Report(Phase);

    internal override (byte[]? Secret, string? Refusal) Greeted(Hello hello) => (null, "This is the source of a migration, not a destination.");

    internal override string? Opened(Connection connection)
    {
        if (connection == urgent)
        {
            connection.SignalWake();
            main?.SignalWake();
            return null;
        }
        if (connection != main || connection.Purpose == ConnectionPurpose.Recover)
            return null;
        state.TryTake(SourceInput.Open);
        if (options.PostCopy && (connection.Agreed & Capabilities.PostCopy) == 0)
        {
            GiveUp("The destination does not do post-copy: turn the capability postcopy-ram off, or use a newer program there.");
            return null;
        }
        Then(() =>
        {
            byte[] description = machine.Describe();
            Step(() => connection.Enqueue(FrameKind.Describe, description));
        });
        return null;
    }

    internal override void Refused(Connection connection, string text)
    {
        if (connection == main || connection == urgent)
            LinkLost($"The destination refused: {text}");
    }

    internal override void Lost(Connection connection, string reason)
    {
        if (connection == main || connection == urgent)
            LinkLost(reason);
    }

    private protected override void EffectFailed(Exception exception) => LinkLost($"The source cannot go on: {exception.Message}");

    // Under the lock. One connection is gone, or this migration cannot go on; what that means depends on whose the guest is.
    private void LinkLost(string reason)
    {
        if (!GuestIsElsewhere)
        {
            GiveUp(reason);
            return;
        }
        if (state.State == SourceState.Completed || !state.TryTake(SourceInput.Lost))
            return;
        error = $"{reason} The guest belongs to the destination and does not run here. Recover the migration with migrate-recover there and migrate with resume here.";
        DropConnections();
        ResetPostCopy();
        ReportState();
    }

    // Under the lock. Before RUN: the guest goes on here.
    private void GiveUp(string reason)
    {
        if (!state.TryTake(SourceInput.Lost))
            return;
        error = $"{reason} The guest goes on here.";
        main?.EndWith(FrameKind.Failed, reason);
        GuestStays();
    }

    // Under the lock, in Failed or Cancelling: undoes what was done to the guest.
    private void GuestStays()
    {
        urgent?.Abort();
        bool logs = logging;
        bool throttles = convergence.ThrottlePercent != 0;
        bool stands = quiesced;
        logging = quiesced = false;
        epoch++;
        ForgetWorkingSet();
        Then(() =>
        {
            if (logs)
                memory.StopDirtyLog();
            if (throttles)
                machine.Throttle(0);
            if (stands)
                machine.Continue();
        });
        // While the guest is still being stopped, QuiesceEnded lets it go on.
        if (!quiescing)
            state.TryTake(SourceInput.Settled);
        counts.End(Clock.Now);
        ReportState();
    }

    private void DropConnections()
    {
        main?.Abort();
        urgent?.Abort();
        main = urgent = null;
    }
}
