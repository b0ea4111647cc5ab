using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory;

/// <content>
/// Reclaim: second chance with two hands, in rounds. The back hand chooses as victims the pages whose accessed bit is still clear; the front
/// hand clears the bits of the pages ahead of it. One invalidation then makes all listeners forget both, so that a page in use sets its
/// bit again before the back hand reaches it. Two hands, because one that finds every page accessed goes round at once and takes the first
/// page it cleared, which had no chance.
/// </content>
public sealed unsafe partial class GuestRam
{
    private readonly SerialExecutor? reclaimer;
    private readonly List<long> victims = [];
    private readonly long lowWatermark;
    private readonly long highWatermark;
    private IInvalidationListener[] listeners = [];
    private readonly long wantedLead; // Resident pages that the front hand keeps between itself and the back hand.
    private long backHand;
    private long gap; // From the back hand to the front hand, in pages of RAM; less than a whole turn.
    private long lead; // The same in resident pages, about: pages between the hands come and go.
    private bool refilling; // Below the low watermark, or since then not yet at the high one.
    private bool aged; // The front hand has its lead.
    private long leaving; // Pages in Evicting, Writing or Dropping: frames that will be free without more reclaim.
    private bool reclaiming; // A step of reclaim is posted or running, or a round waits for acknowledgements.
    private int unacknowledged;
    private long droppedClean;
    private long zeroPages;
    private long rescued;
    private long reclaimRounds;

    private void WantReclaim(ref Outbox outbox)
    {
        if (reclaiming || reclaimer is null)
            return;
        UpdateRefilling();
        // The front hand gets its lead some time before the first victim is needed.
        if (!refilling && (aged || SoonFree() >= 2 * highWatermark))
            return;
        reclaiming = true;
        outbox.Reclaim = true;
    }

    private long SoonFree() => limit - used + leaving;

    private void UpdateRefilling()
    {
        if (SoonFree() < lowWatermark + frameQueue.Count)
            refilling = true;
        else if (MissingFrames() <= 0)
            refilling = false;
    }

    private long MissingFrames() => highWatermark + frameQueue.Count - SoonFree();

    private void ChooseVictims()
    {
        IInvalidationListener[] asked;
        lock (gate)
        {
            // Nothing cleared and nobody chosen: all is pinned, or cannot be written now. Whoever changes that wants reclaim again.
            UpdateRefilling();
            if (disposed || (aged && !refilling) || !MoveHands())
            {
                reclaiming = false;
                return;
            }
            reclaimRounds++;
            leaving += victims.Count;
            asked = listeners;
            unacknowledged = asked.Length + 1;
        }
        foreach (IInvalidationListener listener in asked)
            listener.RequestInvalidation(Acknowledge);
        Acknowledge();
    }

    // False when nothing could be done in two turns: all is pinned, or dirty and cannot be written.
    private bool MoveHands()
    {
        victims.Clear();
        aged = true;
        int candidates = 0;
        long budget = 2 * pages.Count;
        long moved;
        do
        {
            moved = MoveBackHand() + MoveFrontHand(ref candidates);
            budget -= moved;
        }
        while (candidates + victims.Count == 0 && moved != 0 && budget > 0);
        return candidates + victims.Count != 0;
    }

    private long MoveBackHand()
    {
        long wanted = refilling ? Math.Min(options.ReclaimBatch, MissingFrames()) : 0;
        long moved = 0;
        for (; victims.Count < wanted && gap > 0; moved++)
        {
            long page = backHand;
            backHand = backHand + 1 == pages.Count ? 0 : backHand + 1;
            gap--;
            if (pages.State(page) != PageState.Resident)
                continue;
            lead--;
            if (pages.Has(page, PageFlags.Pinned | PageFlags.Accessed) || !CanLeave(page))
                continue;
            pages.SetState(page, PageState.Evicting);
            victims.Add(page);
        }
        return moved;
    }

    private long MoveFrontHand(ref int candidates)
    {
        lead = gap == 0 ? 0 : Math.Max(0, lead);
        long moved = 0;
        for (; lead < wantedLead && gap < pages.Count - 1; moved++)
        {
            long page = backHand + gap < pages.Count ? backHand + gap : backHand + gap - pages.Count;
            gap++;
            if (pages.State(page) != PageState.Resident)
                continue;
            lead++;
            if (pages.Has(page, PageFlags.Pinned) || (!pages.Has(page, PageFlags.Accessed) && !CanLeave(page)))
                continue;
            pages.Clear(page, PageFlags.Accessed);
            candidates++;
        }
        return moved;
    }

    // While nothing can be written, only pages that need no writing can go. The look at the content is a hint: FinishRound looks again.
    private bool CanLeave(long page) => (!stalled && !storeFull) || !pages.Has(page, PageFlags.Dirty) || IsZero(page);

    private bool IsZero(long page) => !new ReadOnlySpan<byte>(memory + (page << PageShift), PageSize).ContainsAnyExcept((byte)0);

    private void Acknowledge()
    {
        if (Interlocked.Decrement(ref unacknowledged) == 0)
            reclaimer!.Post(FinishRound);
    }

    // Every listener has forgotten the victims: whoever wants one now asks and so rescues it.
    private void FinishRound()
    {
        HashSet<long> zero = FindZeroVictims();
        List<long> dropping = [];
        List<long> writing = [];
        List<WriteCluster> clusters = [];
        var outbox = default(Outbox);
        lock (gate)
        {
            if (disposed)
                return;
            foreach (long page in victims)
            {
                if (pages.State(page) != PageState.Evicting)
                    continue;
                bool dirty = pages.Has(page, PageFlags.Dirty);
                if (dirty && !zero.Contains(page))
                {
                    writing.Add(page);
                    continue;
                }
                if (dirty)
                    zeroPages++;
                else
                    droppedClean++;
                pages.Clear(page, PageFlags.Dirty);
                pages.SetState(page, PageState.Dropping);
                dropping.Add(page);
            }
            PlanWrites(writing, clusters, ref outbox);
        }
        Deliver(ref outbox);
        Drop(dropping);
        foreach (WriteCluster cluster in clusters)
            SubmitWrite(cluster);
        EndRound();
    }

    private void EndRound()
    {
        lock (gate)
        {
            UpdateRefilling();
            reclaiming = refilling && !disposed;
            if (!reclaiming)
                return;
        }
        reclaimer!.Post(ChooseVictims);
    }

    // Safe without the lock: a victim keeps its memory until this round drops it. One that is rescued meanwhile may change, and its
    // entry here is then not used.
    private HashSet<long> FindZeroVictims()
    {
        HashSet<long> zero = [];
        foreach (long page in victims)
        {
            if (pages.Has(page, PageFlags.Dirty) && IsZero(page))
                zero.Add(page);
        }
        return zero;
    }

    private void Rescue(long page)
    {
        rescued++;
        leaving--;
        // A write that is under way frees its slot when it ends: the page may change before that.
        if (pages.State(page) == PageState.Writing)
        {
            pages.Slot(page) = PageTable.NoSlot;
            orphanSlots++;
        }
        pages.SetState(page, PageState.Resident);
    }

    // Gives back the host memory of pages in state Dropping, then their frames to who waits for them.
    private void Drop(List<long> dropping)
    {
        if (dropping.Count == 0)
            return;
        for (int i = 0; i < dropping.Count;)
        {
            int run = 1;
            while (i + run < dropping.Count && dropping[i + run] == dropping[i] + run)
                run++;
            // Cannot fail for a range of our own anonymous mapping (madvise(2)), and must not: the page would keep its old bytes.
            if (Host.Libc.Advise((nint)(memory + (dropping[i] << PageShift)), (nuint)((long)run << PageShift), Host.Libc.MadvDontNeed) != 0)
                throw new InvalidOperationException($"Cannot give back guest RAM: {Host.Libc.LastErrorMessage()}.");
            i += run;
        }
        var outbox = default(Outbox);
        lock (gate)
        {
            foreach (long page in dropping)
                Dropped(page, ref outbox);
            ServeFrameQueue(ref outbox);
        }
        Deliver(ref outbox);
    }

    private void Dropped(long page, ref Outbox outbox)
    {
        used--;
        leaving--;
        pages.Clear(page, PageFlags.Accessed | PageFlags.Dirty);
        bool elsewhere = pages.Slot(page) != PageTable.NoSlot || pages.Has(page, PageFlags.InOrigin);
        pages.SetState(page, elsewhere ? PageState.Absent : PageState.Untouched);
        if (elsewhere)
            absent++;
        if (!waiters.ContainsKey(page))
            return;
        // Wanted again when it was too late to rescue it. Behind those who wait already.
        waitsForFrames++;
        pages.Set(page, PageFlags.Queued);
        frameQueue.Enqueue(page);
    }
}
