using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Source;

/// <content>Frames in and out, and the status.</content>
public sealed partial class SourceSession
{
    /// <inheritdoc/>
    public override MigrationStatus Status()
    {
        lock (Gate)
        {
            long now = Clock.Now;
            double seconds = counts.PagesTime(now) / 1e9;
            long left = GuestIsElsewhere || state.State is SourceState.PreCopy or SourceState.Quiescing or SourceState.SwitchingOver
                ? (toSend.CountPages() + zeros.CountPages()) * Protocol.PageSize
                : 0;
            return new MigrationStatus
            {
                Phase = Phase,
                Error = error,
                TotalTime = state.State == SourceState.Idle ? 0 : counts.TotalTime(now),
                SetupTime = state.State == SourceState.Idle ? 0 : counts.SetupTime(now),
                Downtime = counts.Downtime,
                ExpectedDowntime = convergence.ExpectedDowntime,
                Transferred = counts.Transferred,
                PreCopyBytes = counts.PreCopyBytes,
                DowntimeBytes = counts.DowntimeBytes,
                PostCopyBytes = counts.PostCopyBytes,
                Throughput = seconds > 0 ? counts.Transferred * 8 / 1e6 / seconds : 0,
                Remaining = left,
                Total = memory.PageCount * Protocol.PageSize,
                Duplicate = counts.Zero,
                Normal = counts.Normal,
                DirtySyncCount = counts.Syncs,
                DirtyPagesRate = counts.DirtyRate,
                PagesPerSecond = seconds > 0 ? (long)((counts.Normal + counts.Zero) / seconds) : 0,
                PostCopyRequests = counts.Requests,
                ThrottlePercent = state.State is SourceState.PreCopy or SourceState.Quiescing ? convergence.ThrottlePercent : 0,
                Recoveries = counts.Recoveries,
            };
        }
    }

    internal override void Sent(long bytes) => counts.AddTransferred(bytes);

    internal override bool HasRoom(Connection connection) => true;

    internal override bool IsBackground(Connection connection) => connection.Channel == ChannelKind.Main && State is SourceState.PostCopy;

    internal override PullResult PullData(Connection connection, FrameWriter into)
    {
        if (connection.Channel == ChannelKind.Urgent)
            return PullUrgent(connection, into);
        return State switch
        {
            SourceState.PreCopy => PullPreCopy(connection, into),
            SourceState.SwitchingOver => PullSwitchOver(connection, into),
            SourceState.RunSent or SourceState.PostCopy => PullPostCopy(connection, into),
            _ => new PullResult(PullKind.Idle),
        };
    }

    internal override void FrameReceived(Connection connection, FrameKind kind, bool compressed, ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(kind, payload);
        lock (Gate)
        {
            if (connection != main && connection != urgent)
                return;
            if (kind is FrameKind.Failed or FrameKind.Refuse)
                PeerFailed(kind, ref reader);
            else if (connection == urgent)
                UrgentFrame(connection, kind, ref reader);
            else
                MainFrame(connection, kind, ref reader);
        }
    }

    private void PeerFailed(FrameKind kind, ref PayloadReader reader)
    {
        string text = reader.Text();
        reader.End();
        LinkLost($"The destination {(kind == FrameKind.Refuse ? "refused" : "says")}: {text}");
    }

    private void UrgentFrame(Connection connection, FrameKind kind, ref PayloadReader reader)
    {
        if (kind != FrameKind.Request)
            throw new ProtocolException($"a {kind} frame on the urgent channel");
        int count = reader.UInt16();
        if (count is 0 or > Protocol.PagesInRequest)
            throw new ProtocolException($"a request for {count} pages, not 1 to {Protocol.PagesInRequest}");
        Span<long> pages = stackalloc long[Protocol.PagesInRequest];
        for (int i = 0; i < count; i++)
        {
            ulong page = reader.UInt64();
            if (page >= (ulong)toSend.Count)
                throw new ProtocolException($"a request for page {page}, outside guest RAM of {toSend.Count} pages");
            pages[i] = (long)page;
        }
        reader.End();
        PagesRequested(connection, pages[..count]);
    }

    private void MainFrame(Connection connection, FrameKind kind, ref PayloadReader reader)
    {
        switch (kind)
        {
            case FrameKind.Accept when state.TryTake(SourceInput.Accepted):
                BeginPreCopy();
                ReportState();
                break;
            case FrameKind.RoundAck when state.State is SourceState.PreCopy or SourceState.Quiescing or SourceState.SwitchingOver:
                RoundEnded(reader.UInt32());
                break;
            case FrameKind.Ready when state.State == SourceState.SwitchingOver:
                QueueRun(connection);
                break;
            case FrameKind.CodeReady when codeFrames > 0:
                CodeIsReady();
                break;
            case FrameKind.Running:
                PeerRuns();
                break;
            case FrameKind.Done when state.State is SourceState.PostCopy or SourceState.RunSent:
                AllArrived();
                break;
            case FrameKind.Position:
                ReadPosition(ref reader);
                break;
            case FrameKind.Missing when state.State == SourceState.Recovering && positionPages > 0:
                ReadMissing(ref reader);
                break;
            default:
                throw new ProtocolException($"a {kind} frame, while the migration is {Phase.Name()}");
        }
        reader.End();
    }

    private void ReadPosition(ref PayloadReader reader)
    {
        var where = (DestinationPosition)reader.UInt8();
        ulong missing = reader.UInt64();
        if (where is not (DestinationPosition.AwaitsRun or DestinationPosition.HasRun or DestinationPosition.GaveUp) || missing > (ulong)toSend.Count)
            throw new ProtocolException($"a Position frame that says {(byte)where} and {missing} pages");
        reader.End();
        PositionBegins(where, (long)missing);
    }

    private void ReadMissing(ref PayloadReader reader)
    {
        // A range may continue in the next frame, so order is checked within one frame and repetition by the count.
        long from = 0;
        do
        {
            (long first, long count) = PageRanges.Read(ref reader, toSend.Count, ref from);
            PositionPages(first, count);
        }
        while (reader.Left != 0);
        PositionGrows();
    }
}
