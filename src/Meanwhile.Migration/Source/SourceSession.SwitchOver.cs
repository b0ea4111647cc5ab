using System.IO.Hashing;
using Meanwhile.Memory;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Source;

/// <content>
/// The switch-over, one for both kinds: stop the guest; send the last pages (pre-copy) or the list of those missing (post-copy); send state;
/// at READY send RUN. It has a deadline, because the guest stands still meanwhile.
/// </content>
public sealed partial class SourceSession
{
    private const int StatePiece = 1 << 18;

    private bool withMissing; // What is left follows after the guest runs.
    private bool pagesFollow;
    private bool quiescing;
    private bool quiesced;
    private byte[]? savedState;
    private bool stateQueued;
    private bool runQueued;

    // Under the lock, in PreCopy.
    private void BeginSwitchOver(bool withMissing)
    {
        if (!state.TryTake(SourceInput.SwitchOver))
            return;
        this.withMissing = withMissing;
        quiescing = true;
        counts.Stopped = Clock.Now;
        // The guest stands still: no limit holds for what it waits for.
        limit.BytesPerSecond = 0;
        int begun = ++epoch;
        Clock.Schedule(options.SwitchOverTimeout, () => Step(() => DeadlinePassed(begun)));
        Then(() => machine.Quiesce(failure => Step(() => QuiesceEnded(failure))));
        ReportState();
    }

    private void DeadlinePassed(int begun)
    {
        if (begun == epoch && state.State is SourceState.Quiescing or SourceState.SwitchingOver)
            GiveUp($"The switch-over did not get as far as running the guest on the destination in {options.SwitchOverTimeout / 1_000_000} ms: the link or the destination is too slow.");
    }

    private void QuiesceEnded(string? failure)
    {
        quiescing = false;
        if (state.State != SourceState.Quiescing)
        {
            // It was given up meanwhile.
            if (failure is null)
                Then(machine.Continue);
            state.TryTake(SourceInput.Settled);
            ReportState();
            return;
        }
        if (failure is not null)
        {
            GiveUp($"The guest cannot be stopped: {failure}");
            return;
        }
        quiesced = true;
        state.TryTake(SourceInput.Quiesced);
        ReportState();
        CollectDirty(_ => LastCollected());
    }

    private void LastCollected()
    {
        if (state.State != SourceState.SwitchingOver)
            return;
        int begun = epoch;
        Then(() =>
        {
            byte[] saved = machine.Save();
            var known = new PageBitmap(memory.PageCount);
            memory.AddKnownZero(known);
            long[] used = memory.WorkingSet();
            Step(() =>
            {
                if (begun != epoch || state.State != SourceState.SwitchingOver)
                    return;
                if (saved.Length > Protocol.LongestState)
                {
                    GiveUp($"The machine's state has {saved.Length} bytes, more than {Protocol.LongestState}.");
                    return;
                }
                // Zero pages cost a few bytes: they need not be missed.
                known.IntersectWith(toSend);
                zeros.UnionWith(known);
                toSend.ExceptWith(zeros);
                SetWorkingSet(used);
                savedState = saved;
                main?.SignalWake();
            });
        });
    }

    // The main channel while the guest stands still. Not under the lock.
    private PullResult PullSwitchOver(Connection connection, FrameWriter into)
    {
        lock (Gate)
        {
            if (savedState is null || stateQueued)
                return new PullResult(PullKind.Idle);
        }
        // Post-copy: zero pages, and batches that were read already.
        PullResult result = PullBulk(connection, into, withMissing ? () => -1 : InOrder, Protocol.PagesInFrame);
        if (result.Kind != PullKind.End)
            return result;
        lock (Gate)
        {
            if (state.State == SourceState.SwitchingOver && !stateQueued)
                QueueState(connection);
        }
        return new PullResult(PullKind.Idle);
    }

    // Under the lock.
    private void QueueState(Connection connection)
    {
        stateQueued = true;
        pagesFollow = !toSend.IsEmpty;
        byte[] saved = savedState!;
        var writer = new FrameWriter();
        writer.Begin(FrameKind.Switch);
        new SwitchPayload(toSend.CountPages(), saved.Length, XxHash3.HashToUInt64(saved)).Write(writer);
        connection.Enqueue(FrameKind.Switch, writer.Payload.ToArray());
        foreach (byte[] ranges in PageRanges.Encode(toSend))
            connection.Enqueue(FrameKind.Missing, ranges);
        for (int at = 0; at < saved.Length; at += StatePiece)
            connection.Enqueue(FrameKind.State, saved.AsSpan(at, Math.Min(StatePiece, saved.Length - at)).ToArray());
        connection.Enqueue(FrameKind.Prepare, []);
    }

    // Under the lock, at READY: the point of no return is when RUN leaves this session.
    private void QueueRun(Connection connection)
    {
        if (!stateQueued || runQueued)
            throw new ProtocolException("a Ready frame that was not asked for");
        runQueued = true;
        connection.Enqueue(FrameKind.Run, [], taken: () =>
        {
            if (!state.TryTake(SourceInput.RunTaken))
                throw new InvalidOperationException($"RUN is sent in state {state.State}.");
            GuestHasLeft();
        });
    }

    // Under the lock, once.
    private void GuestHasLeft()
    {
        quiesced = logging = false;
        ForgetWorkingSet();
        pushOrder.BeginWith(workingSet);
        limit.BytesPerSecond = options.MaxPostCopyBandwidth;
        Then(() =>
        {
            memory.StopDirtyLog();
            machine.Left();
        });
        ReportState();
        main?.SignalWake();
    }

    // Under the lock, at RUNNING.
    private void PeerRuns()
    {
        if (!state.TryTake(SourceInput.PeerRuns))
        {
            if (state.State == SourceState.PostCopy && counts.Recoveries != 0)
                return; // After a recovery the destination may say it again.
            throw new ProtocolException($"a Running frame, while the migration is {Phase.Name()}");
        }
        counts.Downtime ??= Clock.Now - counts.Stopped;
        SendWorkingSetUnasked();
        ReportState();
    }
}
