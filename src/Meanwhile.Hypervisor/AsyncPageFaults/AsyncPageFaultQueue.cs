using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;
using Meanwhile.Memory;
using Meanwhile.Memory.Statistics;

namespace Meanwhile.Hypervisor.AsyncPageFaults;

/// <summary>Asks for a page of guest RAM: <see cref="GuestRam.Request"/>.</summary>
public delegate void PageRequest(long pageIndex, Action ready);

/// <summary>
/// One vCPU's async page faults: which are outstanding, which of them have their page, and what the guest is told when. The
/// architecture-neutral half; the other is <see cref="IAsyncPageFaultArchitecture"/>. Of the vCPU's thread, but for the completion of pages.
/// </summary>
public sealed class AsyncPageFaultQueue
{
    /// <summary>How many faults one vCPU can have outstanding, as the guest is told.</summary>
    public const int DefaultSlots = 64;

    // A link's round trip: long enough for the guest to have put the task to sleep.
    private const long RehearsalTime = 500_000;

    // No page of RAM has it.
    private const ulong RehearsalGfn = ulong.MaxValue / GuestRam.PageSize;

    private const int TokenVcpuBits = 12;
    private const uint SequenceMask = uint.MaxValue >> TokenVcpuBits;

    private readonly Lock gate = new();
    private readonly uint vcpuId;
    private readonly IAsyncPageFaultArchitecture architecture;
    private readonly PageRequest requestPage;
    private readonly IMemoryClock clock;
    private readonly Action kick;
    private readonly GfnTable gfns;
    private readonly HashSet<uint> tokens = [];
    private readonly LinkedList<AsyncPageFaultWork> pending = new();
    private readonly LinkedList<AsyncPageFaultWork> completed = new();
    private readonly long[] decisions = new long[(int)AsyncPageFaultDecision.TableWalk + 1];
    private readonly LatencyHistogram pageLatency = new();
    private readonly LatencyHistogram readyLatency = new();
    private uint sequence;
    private int peakOutstanding;
    private long cancelled;
    private long readied;
    private long wakeAlls;
    private long dropped;
    private long rehearsed;

    /// <summary>An empty queue.</summary>
    /// <param name="vcpuId">The vCPU's number, less than 4096: part of each token.</param>
    /// <param name="architecture">How the guest is told.</param>
    /// <param name="requestPage">Makes a page resident.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="kick">Makes the vCPU look here before it runs on, and wakes it from a halt. Called on any thread, without a lock.</param>
    /// <param name="slots">Most outstanding faults.</param>
    public AsyncPageFaultQueue(
        int vcpuId, IAsyncPageFaultArchitecture architecture, PageRequest requestPage, IMemoryClock clock, Action kick, int slots = DefaultSlots)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)vcpuId, 1u << TokenVcpuBits, nameof(vcpuId));
        this.vcpuId = (uint)vcpuId;
        this.architecture = architecture;
        this.requestPage = requestPage;
        this.clock = clock;
        this.kick = kick;
        gfns = new GfnTable(slots);
    }

    /// <summary>How many faults can be outstanding.</summary>
    public int Slots => gfns.Capacity;

    /// <summary>
    /// Something can be told, or taken back, before the guest runs on: a vCPU halted in WFI is runnable. Completed work that the guest
    /// cannot take yet does not count: the interrupt that it has not acknowledged makes the vCPU runnable.
    /// </summary>
    public bool HasCompletedWork
    {
        get
        {
            lock (gate)
                return completed.Count != 0 && (architecture.CanNotifyReady || FindCompleted(architecture.UndeliveredToken) is not null);
        }
    }

    /// <summary>
    /// Decides about a fault on a page that is not resident. True: the guest goes on, because it is told or because the page is there
    /// already. False: the vCPU waits for the page.
    /// </summary>
    public bool TryHandleAsynchronously(in VcpuExit fault, long pageIndex)
    {
        ulong gfn = fault.PhysicalAddress / GuestRam.PageSize;
        AsyncPageFaultDecision decision = Decide(fault, gfn);
        if (decision == AsyncPageFaultDecision.Notified)
        {
            var work = new AsyncPageFaultWork(NextToken(), gfn, clock.Now);
            requestPage(pageIndex, () => Complete(work));
            if (TryMakePending(work))
            {
                gfns.TryAdd(gfn);
                architecture.NotifyNotPresent(work.Token);
            }
            else
            {
                decision = AsyncPageFaultDecision.ResidentAtOnce;
            }
        }
        lock (gate)
            decisions[(int)decision]++;
        return decision is AsyncPageFaultDecision.Notified or AsyncPageFaultDecision.ResidentAtOnce;
    }

    /// <summary>
    /// Tells the guest of a fault that was none; its page is ready after half a millisecond. The task that runs sleeps for that time, as for any other
    /// fault. False: the guest cannot be told now.
    /// </summary>
    public bool TryRehearse()
    {
        // As of a walk: one that a kernel which is told of its own faults, too, must not be told of.
        var fault = new VcpuExit(VcpuExitReason.MemoryFault) { PhysicalAddress = RehearsalGfn * GuestRam.PageSize, DuringTableWalk = true };
        if (Decide(fault, RehearsalGfn) != AsyncPageFaultDecision.Notified)
            return false;
        var work = new AsyncPageFaultWork(NextToken(), RehearsalGfn, clock.Now);
        TryMakePending(work);
        gfns.TryAdd(RehearsalGfn);
        architecture.NotifyNotPresent(work.Token);
        clock.Schedule(RehearsalTime, () => Complete(work));
        lock (gate)
            rehearsed++;
        return true;
    }

    /// <summary>
    /// Tells the guest of the first page that came, if it can be told now. What came before the guest had heard that it was missing is
    /// taken back instead.
    /// </summary>
    public void BeforeGuestEntry()
    {
        TakeBackUndelivered();
        if (!architecture.CanNotifyReady)
            return;
        AsyncPageFaultWork? work;
        lock (gate)
        {
            work = completed.First?.Value;
            if (work is null)
                return;
            completed.RemoveFirst();
            if (work.IsWakeAll)
            {
                wakeAlls++;
            }
            else
            {
                readied++;
                readyLatency.Record(clock.Now - work.Start);
            }
        }
        Forget(work);
        architecture.NotifyReady(work.Token);
    }

    /// <summary>
    /// Makes the guest wake every waiter, once: after the feature was enabled, so that no task waits for a fault that no host remembers.
    /// </summary>
    public void WakeAll()
    {
        lock (gate)
        {
            foreach (AsyncPageFaultWork work in completed)
            {
                if (work.IsWakeAll)
                    return;
            }
            completed.AddLast(new AsyncPageFaultWork(AsyncPageFaultWork.WakeAllToken, 0, clock.Now) { State = WorkState.Completed });
        }
        kick();
    }

    /// <summary>
    /// Forgets all that is outstanding, when the guest disables the feature or the vCPU is reset. Pages on their way still come. The
    /// architecture takes back its own notifications.
    /// </summary>
    public void Clear()
    {
        lock (gate)
        {
            foreach (AsyncPageFaultWork work in pending)
                work.State = WorkState.Dropped;
            dropped += gfns.Count;
            pending.Clear();
            completed.Clear();
            tokens.Clear();
            gfns.Clear();
        }
    }

    /// <summary>
    /// Writes where tokens are: tasks that wait for old ones are woken on the other side, and until then no new token may be one of theirs.
    /// </summary>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(sequence);
    }

    /// <summary>Takes that.</summary>
    public void Restore(StateReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        sequence = reader.ReadUInt32() & SequenceMask;
    }

    /// <summary>A snapshot of the counters. Any thread.</summary>
    public AsyncPageFaultStatistics Statistics()
    {
        lock (gate)
        {
            return new AsyncPageFaultStatistics((long[])decisions.Clone())
            {
                Cancelled = cancelled,
                Ready = readied,
                WakeAlls = wakeAlls,
                Dropped = dropped,
                Rehearsed = rehearsed,
                Outstanding = tokens.Count,
                PeakOutstanding = peakOutstanding,
                PageLatency = pageLatency.Copy(),
                ReadyLatency = readyLatency.Copy(),
            };
        }
    }

    private AsyncPageFaultDecision Decide(in VcpuExit fault, ulong gfn)
    {
        AsyncPageFaultDecision decision = architecture.CanNotify(fault);
        if (decision != AsyncPageFaultDecision.Notified)
            return decision;
        if (gfns.Contains(gfn))
            return AsyncPageFaultDecision.AlreadyOutstanding;
        return gfns.IsFull ? AsyncPageFaultDecision.TableFull : AsyncPageFaultDecision.Notified;
    }

    // Unique among the outstanding ones also after the sequence has wrapped; never 0, never the wake-all token.
    private uint NextToken()
    {
        uint token;
        do
        {
            sequence = (sequence + 1) & SequenceMask;
            token = (sequence << TokenVcpuBits) | vcpuId;
        }
        while (sequence == 0 || token == AsyncPageFaultWork.WakeAllToken || tokens.Contains(token));
        return token;
    }

    private bool TryMakePending(AsyncPageFaultWork work)
    {
        lock (gate)
        {
            if (work.State == WorkState.Completed)
                return false;
            work.State = WorkState.Pending;
            pending.AddLast(work);
            tokens.Add(work.Token);
            peakOutstanding = Math.Max(peakOutstanding, tokens.Count);
            return true;
        }
    }

    // The page is there. Any thread, also inline in the request.
    private void Complete(AsyncPageFaultWork work)
    {
        lock (gate)
        {
            if (work.State == WorkState.Dropped)
                return;
            bool told = work.State == WorkState.Pending;
            work.State = WorkState.Completed;
            if (!told)
                return;
            pageLatency.Record(clock.Now - work.Start);
            pending.Remove(work);
            completed.AddLast(work);
            // Those that follow before the vCPU looked need no kick of their own.
            if (completed.Count != 1)
                return;
        }
        kick();
    }

    private void TakeBackUndelivered()
    {
        AsyncPageFaultWork? work;
        lock (gate)
        {
            work = FindCompleted(architecture.UndeliveredToken);
            if (work is null)
                return;
            completed.Remove(work);
            cancelled++;
        }
        Forget(work);
        architecture.CancelNotPresent();
    }

    private AsyncPageFaultWork? FindCompleted(uint token)
    {
        if (token == 0)
            return null;
        foreach (AsyncPageFaultWork work in completed)
        {
            if (work.Token == token)
                return work;
        }
        return null;
    }

    private void Forget(AsyncPageFaultWork work)
    {
        if (work.IsWakeAll)
            return;
        gfns.Remove(work.Gfn);
        lock (gate)
            tokens.Remove(work.Token);
    }
}
