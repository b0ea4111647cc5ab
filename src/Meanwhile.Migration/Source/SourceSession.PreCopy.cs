using Meanwhile.Memory;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;
using ZstdSharp;

namespace Meanwhile.Migration.Source;

/// <content>
/// Pre-copy: rounds over the pages that the destination lacks, until little enough is left. A round ends when the destination has
/// said so (ROUND_ACK): then its time is the link's, not that of filling buffers, and what the guest wrote meanwhile is collected once.
/// </content>
public sealed partial class SourceSession
{
    // Batches being read or waiting to be sent: with pages in a swap file, what keeps its workers busy.
    private const int BulkBatches = 2;

    private readonly PageBitmap dirty; // Where the dirty log is collected; emptied into toSend.
    private readonly PageBitmap zeros; // Pages known to be zero, to be sent as ranges alone.
    private PageReads bulkReads;
    private readonly BandwidthLimit limit = new();
    private readonly Convergence convergence = new();
    private Compressor? compressor; // The main channel's puller's.
    private long cursor;
    private uint round;
    private bool roundSent; // ROUND is on its way, or its acknowledgment is being acted on.
    private bool collecting;
    private long roundStart;
    private long roundBytes;
    private bool logging;
    private bool postCopyWanted;
    private int epoch; // Of deadlines: those of another time do nothing.

    /// <summary>Switches to post-copy as soon as can be.</summary>
    /// <returns>Null, or why that cannot be.</returns>
    public string? StartPostCopy()
    {
        string? refusal = null;
        Step(() =>
        {
            if (!options.PostCopy)
                refusal = "Post-copy was not enabled before the migration began (capability postcopy-ram).";
            else if (state.State is SourceState.Connecting or SourceState.Describing or SourceState.PreCopy)
                postCopyWanted = true;
            else
                refusal = $"Post-copy begins from pre-copy: the migration is {Phase.Name()}.";
            main?.SignalWake();
        });
        return refusal;
    }

    // Under the lock, at ACCEPT.
    private void BeginPreCopy()
    {
        Then(() =>
        {
            memory.StartDirtyLog();
            var known = new PageBitmap(memory.PageCount);
            memory.AddKnownZero(known);
            Step(() =>
            {
                logging = true;
                if (state.State != SourceState.PreCopy)
                {
                    Then(memory.StopDirtyLog);
                    logging = false;
                    return;
                }
                toSend.AddAll();
                toSend.ExceptWith(known);
                zeros.UnionWith(known);
                counts.PagesBegin(Clock.Now);
                roundStart = Clock.Now;
                roundBytes = counts.Transferred;
                round = 1;
                main?.SignalWake();
            });
        });
        if (options.PostCopy)
            Then(() => UrgentWanted?.Invoke());
    }

    // The main channel in pre-copy. Not under the lock.
    private PullResult PullPreCopy(Connection connection, FrameWriter into)
    {
        bool sendsWorkingSet;
        lock (Gate)
        {
            if (state.State != SourceState.PreCopy || round == 0)
                return new PullResult(PullKind.Idle);
            // Without the urgent channel nobody could ask for a page.
            if (postCopyWanted && urgent is { IsOpen: true } && !collecting && workingSetStep != WorkingSetStep.Sending && PrepareSwitchOver())
                return new PullResult(PullKind.Idle);
            if (roundSent || collecting)
                return new PullResult(PullKind.Idle);
            if (limit.Wait(Clock.Now) is > 0 and long wait)
                return new PullResult(PullKind.Wait, wait);
            sendsWorkingSet = workingSetStep == WorkingSetStep.Sending;
        }
        if (sendsWorkingSet)
            return PullWorkingSet(connection, into);
        PullResult result = PullBulk(connection, into, InOrder, Protocol.PagesInFrame);
        if (result.Kind != PullKind.End)
            return result;
        lock (Gate)
        {
            if (state.State == SourceState.PreCopy && !roundSent)
            {
                roundSent = true;
                connection.Enqueue(FrameKind.Round, BitConverter.GetBytes(round));
            }
        }
        return new PullResult(PullKind.Idle);
    }

    // The next page of a round; -1: there is none.
    private long InOrder()
    {
        if (toSend.IsEmpty)
            return -1;
        long page = toSend.NextPage(cursor);
        if (page == toSend.Count)
            page = toSend.NextPage(0);
        cursor = page + 1;
        return page;
    }

    /// <summary>
    /// Writes one PAGES frame from what is read, or begins to read more. End: there is nothing to read any more and nothing on its way.
    /// </summary>
    private PullResult PullBulk(Connection connection, FrameWriter into, Func<long> choose, int most)
    {
        while (true)
        {
            PageBatch? ready;
            PageBatch? started = null;
            lock (Gate)
            {
                if (connection != main)
                    return new PullResult(PullKind.Idle);
                if (!zeros.IsEmpty)
                {
                    counts.Zero += PagesPayload.WriteZeros(into, zeros);
                    connection.Seal(into);
                    CountPages(connection, into.Frame.Length);
                    return new PullResult(PullKind.Frame);
                }
                ready = bulkReads.TakeReady();
                if (ready is null)
                {
                    if (!bulkReads.MayStart)
                        return new PullResult(PullKind.Idle);
                    long page = choose();
                    if (page < 0)
                        return new PullResult(bulkReads.IsIdle ? PullKind.End : PullKind.Idle);
                    started = bulkReads.Start();
                    for (; page >= 0; page = choose())
                    {
                        toSend.Remove(page);
                        started.Add(page);
                        if (started.Count == most)
                            break;
                    }
                }
            }
            if (ready is not null)
                return SendBatch(connection, into, ready, bulkReads);
            Read(started!, bulkReads, connection);
        }
    }

    private void Read(PageBatch batch, PageReads reads, Connection connection)
    {
        reads.Read(batch, (read, failure) => Step(() =>
        {
            // After a lost link the channels have other PageReads, and these pages are to be sent again.
            if (reads != bulkReads && reads != urgentReads)
                return;
            reads.Completed(read);
            if (failure is not null)
                MemoryFailed(failure);
            else
                connection.SignalWake();
        }));
    }

    private PullResult SendBatch(Connection connection, FrameWriter into, PageBatch batch, PageReads reads)
    {
        (int normal, int zero) = PagesPayload.Write(into, batch, CompressorFor(connection));
        connection.Seal(into);
        lock (Gate)
        {
            reads.Release(batch);
            counts.Normal += normal;
            counts.Zero += zero;
            CountPages(connection, into.Frame.Length);
        }
        return new PullResult(PullKind.Frame);
    }

    private Compressor? CompressorFor(Connection connection)
    {
        // The urgent channel does without: a compressor costs more time than it saves on a page or two.
        if (!Compresses || connection.Channel != ChannelKind.Main)
            return null;
        return compressor ??= new Compressor(options.CompressionLevel!.Value);
    }

    // Under the lock.
    private void CountPages(Connection connection, int bytes)
    {
        // The limit is the background's: a page that a vCPU stands still for neither waits for it nor uses it up.
        if (connection.Channel == ChannelKind.Main)
            limit.Spend(Clock.Now, bytes, Clock.IsVirtual);
        if (state.State == SourceState.PreCopy)
            counts.PreCopyBytes += bytes;
        else if (state.State == SourceState.SwitchingOver)
            counts.DowntimeBytes += bytes;
        else
            counts.PostCopyBytes += bytes;
    }

    // Under the lock: a page's content cannot be had.
    private void MemoryFailed(string failure) => LinkLost($"A page of guest RAM cannot be read: {failure}");

    // Under the lock, at ROUND_ACK.
    private void RoundEnded(uint number)
    {
        if (state.State != SourceState.PreCopy)
            return; // The switch-over has overtaken it.
        if (!roundSent || number != round)
            throw new ProtocolException($"the end of round {number} in round {round}");
        long sent = counts.Transferred - roundBytes;
        long elapsed = Clock.Now - roundStart;
        collecting = true;
        CollectDirty(written => Collected(written, sent, elapsed));
    }

    // Under the lock: takes what the guest has written since the last time; then, under it again, says how many pages those are.
    private void CollectDirty(Action<long> collected) => Then(() => memory.CollectDirty(dirty, () => Step(() =>
    {
        counts.Syncs++;
        long written = dirty.CountPages();
        toSend.UnionWith(dirty);
        // Known to be zero before it was written, and nobody was told yet.
        zeros.ExceptWith(dirty);
        dirty.Clear();
        collected(written);
    })));

    private void Collected(long written, long sent, long elapsed)
    {
        collecting = false;
        counts.DirtyRate = elapsed > 0 ? (long)(written * 1e9 / elapsed) : 0;
        if (state.State != SourceState.PreCopy)
            return;
        roundSent = false;
        round++;
        roundStart = Clock.Now;
        roundBytes = counts.Transferred;
        switch (convergence.RoundEnded(options, sent, elapsed, toSend.CountPages() * Protocol.PageSize))
        {
            case RoundDecision.SwitchOver:
                BeginSwitchOver(withMissing: false);
                break;
            case RoundDecision.PostCopy:
                postCopyWanted = true;
                break;
            case RoundDecision.Throttle:
                int percent = convergence.ThrottlePercent;
                Then(() => machine.Throttle(percent));
                break;
            default:
                break;
        }
        main?.SignalWake();
    }
}
