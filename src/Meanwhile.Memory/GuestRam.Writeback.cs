using Meanwhile.Memory.Pages;
using Meanwhile.Memory.Sources;
using Meanwhile.Memory.Statistics;

namespace Meanwhile.Memory;

/// <content>Writing evicted pages to the store, and what happens when that fails: nothing is lost, and nothing goes on until <see cref="Resume"/>.</content>
public sealed unsafe partial class GuestRam
{
    private readonly SlotAllocator? slots;
    private readonly LatencyHistogram writeLatency = new();
    private bool stalled;
    private bool storeFull; // No slot was free when one was wanted, and none was released since.
    private long orphanSlots; // Slots that belong to no page, in use until the transfers end that they are part of.
    private long writes;
    private long writeOperations;

    /// <summary>
    /// A page could not be written or read: the message says why. Dirty pages stay resident and failed reads wait until
    /// <see cref="Resume"/>; raised once until then, on any thread.
    /// </summary>
    public event Action<string>? Stalled;

    /// <summary>True between <see cref="Stalled"/> and <see cref="Resume"/>.</summary>
    public bool IsStalled
    {
        get
        {
            lock (gate)
                return stalled;
        }
    }

    /// <summary>Tries again what failed. No effect when nothing did.</summary>
    public void Resume()
    {
        var outbox = default(Outbox);
        lock (gate)
        {
            stalled = false;
            storeFull = false;
            if (failedReads.Count != 0)
                (outbox.Reads ??= []).AddRange(failedReads);
            failedReads.Clear();
            WantReclaim(ref outbox);
        }
        Deliver(ref outbox);
    }

    private void Stall(string message, ref Outbox outbox)
    {
        if (stalled)
            return;
        stalled = true;
        outbox.Stall = message;
    }

    // Gives each page a slot, in clusters of consecutive ones. Pages for which there is none stay resident.
    private void PlanWrites(List<long> writing, List<WriteCluster> clusters, ref Outbox outbox)
    {
        int planned = 0;
        while (planned < writing.Count)
        {
            int wanted = Math.Min(options.WriteCluster, writing.Count - planned);
            int count = slots!.Allocate(wanted, out int first);
            if (count == 0 && GiveUpCleanCopies(writing.Count - planned))
                continue;
            if (count == 0)
                break;
            long[] cluster = new long[count];
            for (int i = 0; i < count; i++)
            {
                cluster[i] = writing[planned + i];
                pages.Slot(cluster[i]) = first + i;
                pages.SetState(cluster[i], PageState.Writing);
            }
            clusters.Add(new WriteCluster(first, cluster));
            planned += count;
        }
        if (planned == writing.Count)
            return;
        storeFull = true;
        // Slots that are on their way back are worth waiting for: those of rescued pages and of pages that are being copied, and copies of pages that are being read.
        if (orphanSlots == 0 && reading == 0)
            Stall($"The page store is full: all of its {options.Store!.SlotCount} pages are in use.", ref outbox);
        for (; planned < writing.Count; planned++)
            StayResident(writing[planned]);
    }

    // Slots that hold a copy of what is resident: each can be had back for a later write of that page.
    private bool GiveUpCleanCopies(int wanted)
    {
        int before = slots!.Free;
        for (long page = 0; page < pages.Count && slots.Free - before < wanted; page++)
        {
            if (pages.State(page) == PageState.Resident && pages.Slot(page) != PageTable.NoSlot)
                MarkDirty(page);
        }
        return slots.Free != before;
    }

    private void ReleaseSlot(int slot)
    {
        if (IsKeptForCopy(slot))
            return;
        slots!.Release(slot);
        storeFull = false;
    }

    private void StayResident(long page)
    {
        leaving--;
        pages.SetState(page, PageState.Resident);
    }

    private void SubmitWrite(WriteCluster cluster)
    {
        lock (gate)
            CountInFlight();
        long start = options.Clock!.Now;
        Span<nint> hosts = stackalloc nint[cluster.Pages.Length];
        for (int i = 0; i < hosts.Length; i++)
            hosts[i] = (nint)(memory + (cluster.Pages[i] << PageShift));
        options.Store!.Write(cluster.FirstSlot, hosts, error => WriteCompleted(cluster, start, error));
    }

    private void WriteCompleted(WriteCluster cluster, long start, string? error)
    {
        List<long> dropping = [];
        var outbox = default(Outbox);
        lock (gate)
        {
            if (disposed)
                return;
            inFlight--;
            if (error is null)
            {
                writes += cluster.Pages.Length;
                writeOperations++;
                writeLatency.Record(options.Clock!.Now - start);
            }
            else
            {
                Stall(error, ref outbox);
            }
            for (int i = 0; i < cluster.Pages.Length; i++)
                PageWritten(cluster.Pages[i], cluster.FirstSlot + i, error is null, dropping);
            WantReclaim(ref outbox);
        }
        Deliver(ref outbox);
        Drop(dropping);
    }

    private void PageWritten(long page, int slot, bool success, List<long> dropping)
    {
        // Rescued meanwhile, and perhaps on its way to another slot by now: this one has no owner.
        bool current = pages.State(page) == PageState.Writing && pages.Slot(page) == slot;
        if (current && success)
        {
            pages.SetState(page, PageState.Dropping);
            dropping.Add(page);
            return;
        }
        ReleaseSlot(slot);
        if (!current)
        {
            orphanSlots--;
            return;
        }
        pages.Slot(page) = PageTable.NoSlot;
        StayResident(page);
    }
}
