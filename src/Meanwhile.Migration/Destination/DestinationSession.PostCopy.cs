using Meanwhile.Memory;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Destination;

/// <content>Pages, before and after the guest runs; requests; recovery.</content>
public sealed partial class DestinationSession
{
    private readonly Queue<long> requests = new();
    private bool hasRun; // Machine.Run has returned.

    internal override PullResult PullData(Connection connection, FrameWriter into)
    {
        lock (Gate)
        {
            // Devices may want pages for their state before the guest is this side's; the source answers after RUN.
            if (connection != urgent || requests.Count == 0 || state.State is not (DestinationState.Running or DestinationState.Recovering))
                return new PullResult(PullKind.Idle);
            into.Begin(FrameKind.Request);
            int count = Math.Min(requests.Count, Protocol.PagesInRequest);
            into.UInt16((ushort)count);
            for (int i = 0; i < count; i++)
                into.UInt64((ulong)requests.Dequeue());
        }
        connection.Seal(into);
        return new PullResult(PullKind.Frame);
    }

    // The guest waits for a page; it is asked for once on each urgent connection.
    private void PageWanted(long page)
    {
        Step(() =>
        {
            if (!missing[page] || !requested.Add(page))
                return;
            counts.Requests++;
            if (urgent is null || !MayAsk)
                return; // It is asked for when there is a link again, or when the guest runs.
            requests.Enqueue(page);
            urgent.SignalWake();
        });
    }

    // What devices touch as they are restored is wanted before RUN, when the source would still keep its pages for itself.
    private bool MayAsk => state.State is DestinationState.Running or DestinationState.Recovering;

    // Under the lock: what was asked for over a connection that is gone, or not yet at all, was perhaps never heard.
    private void AskForAll()
    {
        requests.Clear();
        if (urgent is null || !MayAsk)
            return;
        for (long page = requested.NextPage(0); page < requested.Count; page = requested.NextPage(page + 1))
            requests.Enqueue(page);
        if (requests.Count != 0)
            urgent.SignalWake();
    }

    // Not under the lock: two channels bring pages at the same time, and memory takes them from any thread.
    private void PagesReceived(Connection connection, bool compressed, ReadOnlySpan<byte> payload)
    {
        bool before;
        lock (Gate)
        {
            if (connection != main && connection != urgent)
                return;
            before = state.State == DestinationState.Receiving && connection == main;
            if (!before && state.State is not (DestinationState.Running or DestinationState.Recovering or DestinationState.Completed))
                throw new ProtocolException($"a Pages frame, while the migration is {Phase.Name()}");
        }
        // Each connection's own: the thread of one that is lost may still be at work when the next brings pages.
        PagesReader pages = connection.Pages ??= new PagesReader(memory.PageCount);
        ReadOnlySpan<byte> content = pages.Read(payload, compressed);
        if (before)
            TakeBeforeRun(pages, content);
        else
            TakeArrived(pages, content);
    }

    private void TakeBeforeRun(PagesReader pages, ReadOnlySpan<byte> content)
    {
        long zero = 0;
        for (int i = 0; i < pages.Pages.Length; i++)
            memory.Write(pages.Pages[i], content.Slice(i * Protocol.PageSize, Protocol.PageSize));
        foreach ((long first, long count) in pages.Zeros)
        {
            memory.Discard(first, count);
            zero += count;
        }
        lock (Gate)
        {
            counts.Normal += pages.Pages.Length;
            counts.Zero += zero;
        }
    }

    private void TakeArrived(PagesReader pages, ReadOnlySpan<byte> content)
    {
        Span<bool> taken = stackalloc bool[Protocol.PagesInFrame];
        ReadOnlySpan<long> arrived = pages.Pages;
        lock (Gate)
        {
            for (int i = 0; i < arrived.Length; i++)
                taken[i] = IsMissing(arrived[i]);
        }
        for (int i = 0; i < arrived.Length;)
        {
            int run = 0;
            while (i + run < arrived.Length && taken[i + run])
                run++;
            if (run != 0)
                memory.PagesArrived(arrived.Slice(i, run), content.Slice(i * Protocol.PageSize, run * Protocol.PageSize));
            i += run + 1;
        }
        foreach ((long first, long count) in pages.Zeros)
            TakeZeros(first, count);
        lock (Gate)
        {
            // A page leaves the set after memory has it: what a recovery asks for again is at most what memory then ignores.
            for (int i = 0; i < arrived.Length; i++)
                counts.Normal += taken[i] && Arrived(arrived[i]) ? 1 : 0;
            CheckAllArrived();
        }
    }

    private void TakeZeros(long first, long count)
    {
        for (long page = first; page < first + count; page++)
        {
            lock (Gate)
            {
                if (!IsMissing(page))
                    continue;
            }
            memory.ZeroPageArrived(page);
            lock (Gate)
                counts.Zero += Arrived(page) ? 1 : 0;
        }
    }

    // Under the lock.
    private bool IsMissing(long page)
    {
        if (missing[page])
            return true;
        counts.Duplicates++;
        return false;
    }

    // Under the lock.
    private bool Arrived(long page)
    {
        requested.Remove(page);
        return missing.Remove(page);
    }

    // Under the lock.
    private void CheckAllArrived()
    {
        if (!missing.IsEmpty || !hasRun || !state.TryTake(DestinationInput.AllArrived))
            return;
        error = null;
        counts.End(Clock.Now);
        Then(machine.AllArrived);
        main?.Enqueue(FrameKind.Done, []);
        ReportState();
    }

    /// <summary>
    /// The guest has ended (it was switched off, reset or stopped for good) and no vCPU runs: what is missing of it is not wanted any more, and is zero
    /// from now on, so that who boots again waits for nothing. For the source that is the migration's end as any other. Synchronous.
    /// </summary>
    public void GuestEnded()
    {
        var dropped = new PageBitmap(missing.Count);
        lock (Gate)
        {
            if (state.State is not (DestinationState.Running or DestinationState.Paused or DestinationState.Recovering))
                return;
            dropped.UnionWith(missing);
        }
        // Memory takes each page once: what arrives at this moment, or later, cannot come over what the next guest writes.
        for (long page = dropped.NextPage(0); page < dropped.Count; page = dropped.NextPage(page + 1))
            memory.ZeroPageArrived(page);
        Step(() =>
        {
            missing.Clear();
            requested.Clear();
            requests.Clear();
            CheckAllArrived();
        });
    }

    // Under the lock: the source is back, with proof that it is the one.
    private string? Recover(Connection connection)
    {
        // It noticed first that the old connections are gone.
        if (main is not null)
            LinkLost("The source recovers the migration over a new connection.");
        DestinationPosition where;
        if (state.State == DestinationState.GaveUp)
            where = DestinationPosition.GaveUp;
        else if (state.State == DestinationState.Completed)
            where = DestinationPosition.HasRun;
        else if (state.TryTake(DestinationInput.Reconnected))
            where = state.State == DestinationState.Recovering ? DestinationPosition.HasRun : DestinationPosition.AwaitsRun;
        else
            return $"there is nothing to recover: the migration is {Phase.Name()}.";
        main = connection;
        counts.Recoveries++;
        var writer = new FrameWriter();
        writer.Begin(FrameKind.Position);
        writer.UInt8((byte)where);
        writer.UInt64(where == DestinationPosition.GaveUp ? 0 : (ulong)missing.CountPages());
        connection.Enqueue(FrameKind.Position, writer.Payload.ToArray());
        if (where == DestinationPosition.GaveUp)
        {
            connection.End();
            Over(true);
            return null;
        }
        foreach (byte[] ranges in PageRanges.Encode(missing))
            connection.Enqueue(FrameKind.Missing, ranges);
        ReportState();
        return null;
    }
}
