using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Source;

/// <content>
/// Post-copy: requested pages on the urgent channel, at once; the others on the main one, near what was requested first, in
/// frames short enough that a request's answer does not stand behind one for long.
/// </content>
public sealed partial class SourceSession
{
    private const int UrgentBatches = 8;
    private const int MostPagesInAnswer = 16;

    // As long as nothing is known of the link.
    private const int PagesInFirstPush = 4;

    // A frame of the background push takes at most this long on a link that sends one frame at a time: what an answer may have to wait for.
    private const long LongestPushTime = 500_000;

    // Over sockets both channels send at once, and what is long for a frame is only that the order of pushing changes with the next.
    private const long LongestPushTimeOverSockets = 3_000_000;

    // And one of an answer: the page that a vCPU stands still for comes first, and does not wait for its neighbours to be there, too.
    private const long LongestAnswerTime = 50_000;

    private PageReads urgentReads;
    private Queue<long> requested = new();
    private PushOrder pushOrder = new();
    private long positionPages = -1; // MISSING pages that are still to come in a recovery; -1: no POSITION yet.
    private DestinationPosition position;

    private PullResult PullPostCopy(Connection connection, FrameWriter into)
    {
        int most;
        lock (Gate)
        {
            if (!pagesFollow)
                return new PullResult(PullKind.Idle);
            if (limit.Wait(Clock.Now) is > 0 and long wait)
                return new PullResult(PullKind.Wait, wait);
            most = PagesInPush();
        }
        PullResult result = PullBulk(connection, into, () => pushOrder.Next(toSend), most);
        return result.Kind == PullKind.End ? new PullResult(PullKind.Idle) : result;
    }

    private int PagesInPush()
    {
        double bandwidth = Bandwidth();
        if (!Clock.IsVirtual)
            return bandwidth == 0 ? Protocol.PagesInFrame : PagesIn(LongestPushTimeOverSockets, bandwidth, Protocol.PagesInFrame);
        return bandwidth == 0 ? PagesInFirstPush : PagesIn(LongestPushTime, bandwidth, Protocol.PagesInFrame);
    }

    private double Bandwidth()
    {
        double bandwidth = limit.BytesPerSecond != 0 ? limit.BytesPerSecond : convergence.Bandwidth;
        return bandwidth == 0 ? MeasuredBandwidth() : bandwidth;
    }

    private int PagesInAnswer()
    {
        // Over sockets what was asked for together is answered together; what a vCPU stands still for comes by itself.
        if (!Clock.IsVirtual)
            return MostPagesInAnswer;
        double bandwidth = MeasuredBandwidth();
        return bandwidth == 0 ? 1 : PagesIn(LongestAnswerTime, bandwidth, MostPagesInAnswer);
    }

    private static int PagesIn(long time, double bandwidth, int most) => (int)Math.Clamp(bandwidth * time / 1e9 / Protocol.PageSize, 1, most);

    private double MeasuredBandwidth()
    {
        long time = counts.PagesTime(Clock.Now);
        return time > 2_000_000 ? counts.Transferred * 1e9 / time : 0;
    }

    private PullResult PullUrgent(Connection connection, FrameWriter into)
    {
        while (true)
        {
            PageBatch? ready;
            PageBatch? started = null;
            lock (Gate)
            {
                if (connection != urgent || state.State is not (SourceState.RunSent or SourceState.PostCopy))
                    return new PullResult(PullKind.Idle);
                ready = urgentReads.TakeReady();
                if (ready is null)
                {
                    if (!urgentReads.MayStart || (started = NextAnswer()) is null)
                        return new PullResult(PullKind.Idle);
                }
            }
            if (ready is not null)
                return SendBatch(connection, into, ready, urgentReads);
            Read(started!, urgentReads, connection);
        }
    }

    // Under the lock. Pages that are on their way already are not sent again.
    private PageBatch? NextAnswer()
    {
        PageBatch? batch = null;
        int most = PagesInAnswer();
        while (requested.TryDequeue(out long page))
        {
            if (!toSend.Remove(page))
                continue;
            batch ??= urgentReads.Start();
            batch.Add(page);
            if (batch.Count == most)
                break;
        }
        return batch;
    }

    // Under the lock, at REQUEST.
    private void PagesRequested(Connection connection, ReadOnlySpan<long> pages)
    {
        if (state.State is not (SourceState.RunSent or SourceState.PostCopy or SourceState.Recovering))
            throw new ProtocolException("a request for pages while no guest runs there");
        foreach (long page in pages)
        {
            counts.Requests++;
            // Bounded by RAM: a page is queued only while it is still to be sent, and a peer that repeats itself is not listened to.
            if (toSend[page] && requested.Count < toSend.Count)
                requested.Enqueue(page);
            pushOrder.Requested(page);
        }
        connection.SignalWake();
    }

    // Under the lock, at DONE.
    private void AllArrived()
    {
        if (state.State == SourceState.RunSent)
            throw new ProtocolException("Done before Running");
        if (!state.TryTake(SourceInput.AllArrived))
            return;
        error = null;
        toSend.Clear();
        counts.End(Clock.Now);
        main?.Enqueue(FrameKind.Bye, []);
        main?.End();
        urgent?.End();
        ReportState();
    }

    // Under the lock: what was on its way is lost; the destination will say what it has.
    private void ResetPostCopy()
    {
        epoch++;
        bulkReads = new PageReads(memory, BulkBatches);
        urgentReads = new PageReads(memory, UrgentBatches);
        requested = new Queue<long>();
        pushOrder = new PushOrder();
        positionPages = -1;
        codeFrames = 0;
    }

    // Under the lock, at POSITION.
    private void PositionBegins(DestinationPosition where, long missing)
    {
        if (state.State != SourceState.Recovering || positionPages >= 0)
            throw new ProtocolException("a Position frame outside a recovery");
        position = where;
        positionPages = missing;
        toSend.Clear();
        PositionGrows();
    }

    // Under the lock, at MISSING.
    private void PositionPages(long first, long count)
    {
        if (count > positionPages)
            throw new ProtocolException("a Missing frame with more pages than were announced");
        toSend.AddRange(first, count);
        positionPages -= count;
    }

    private void PositionGrows()
    {
        if (positionPages != 0 || state.State != SourceState.Recovering)
            return;
        switch (position)
        {
            case DestinationPosition.HasRun:
                state.TryTake(SourceInput.PeerHasRun);
                counts.Downtime ??= Clock.Now - counts.Stopped;
                main!.Enqueue(FrameKind.Resume, []);
                break;
            case DestinationPosition.AwaitsRun:
                main!.Enqueue(FrameKind.Run, []);
                state.TryTake(SourceInput.PeerAwaitsRun);
                break;
            default:
                GuestComesBack();
                return;
        }
        error = null;
        if (pagesFollow && !toSend.IsEmpty)
            Then(() => UrgentWanted?.Invoke());
        main!.SignalWake();
        ReportState();
        if (position == DestinationPosition.HasRun && toSend.IsEmpty)
            AllArrived();
    }

    // The destination has proved who it is and says that the guest never ran there and never will: it is here again.
    private void GuestComesBack()
    {
        state.TryTake(SourceInput.PeerGaveUp);
        error = "The destination gave the migration up before it ran the guest. The guest goes on here.";
        DropConnections();
        bool throttles = convergence.ThrottlePercent != 0;
        Then(() =>
        {
            if (throttles)
                machine.Throttle(0);
            machine.Continue();
        });
        counts.End(Clock.Now);
        ReportState();
    }
}
