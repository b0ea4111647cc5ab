using Meanwhile.Hypervisor.AsyncPageFaults;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Tests.AsyncPageFaults;

/// <summary>A guest's half of the protocol in the shape of the queue's counterpart: shared block, event and interrupt, nothing of arm64.</summary>
internal sealed class FakeArchitecture : IAsyncPageFaultArchitecture
{
    /// <summary>What stands in the guest's way, before the block is looked at.</summary>
    public AsyncPageFaultDecision Refusal { get; set; } = AsyncPageFaultDecision.Notified;

    /// <summary>0 free, 1 page-not-present, 2 page-ready.</summary>
    public int Reason { get; private set; }

    public uint Token { get; private set; }

    public bool Unacknowledged { get; private set; }

    public uint UndeliveredToken { get; private set; }

    public int Resets { get; private set; }

    public bool CanNotifyReady => Reason == 0 && !Unacknowledged;

    public AsyncPageFaultDecision CanNotify(in VcpuExit fault)
    {
        if (Refusal != AsyncPageFaultDecision.Notified)
            return Refusal;
        return Reason == 0 ? AsyncPageFaultDecision.Notified : AsyncPageFaultDecision.BlockBusy;
    }

    public void NotifyNotPresent(uint token)
    {
        Assert.Equal(0, Reason);
        (Reason, Token) = (1, token);
        UndeliveredToken = token;
    }

    public void CancelNotPresent()
    {
        Assert.NotEqual(0u, UndeliveredToken);
        (Reason, Token) = (0, 0);
        UndeliveredToken = 0;
    }

    public void NotifyReady(uint token)
    {
        Assert.True(CanNotifyReady);
        (Reason, Token) = (2, token);
        Unacknowledged = true;
    }

    public void Reset() => Resets++;

    public string Configuration => "fake";

    public void Save(StateWriter writer)
    {
    }

    public void Restore(StateReader reader)
    {
    }

    /// <summary>The guest's event handler: takes the token of a page that is not present.</summary>
    public uint TakeNotPresent()
    {
        Assert.Equal(1, Reason);
        UndeliveredToken = 0;
        (uint token, Token) = (Token, 0);
        Reason = 0;
        return token;
    }

    /// <summary>The guest's interrupt handler, up to the acknowledgement: takes the token of a page that is ready.</summary>
    public uint TakeReady()
    {
        Assert.Equal(2, Reason);
        (uint token, Token) = (Token, 0);
        Reason = 0;
        return token;
    }

    /// <summary>IRQ_ACK.</summary>
    public void Acknowledge() => Unacknowledged = false;
}

/// <summary>A queue whose pages come when the test says so.</summary>
internal sealed class QueueFixture : IMemoryClock
{
    public QueueFixture(int vcpuId = 0, int slots = AsyncPageFaultQueue.DefaultSlots)
    {
        Queue = new AsyncPageFaultQueue(vcpuId, Architecture, Request, this, () => Kicks++, slots);
    }

    public FakeArchitecture Architecture { get; } = new();

    public AsyncPageFaultQueue Queue { get; }

    /// <summary>Pages asked for, with the callbacks.</summary>
    public List<(long Page, Action Ready)> Requests { get; } = [];

    /// <summary>Requests are answered inline: the page was there after all.</summary>
    public bool ReadyInline { get; set; }

    public int Kicks { get; private set; }

    public long Now { get; set; }

    public bool IsVirtual => true;

    public void Schedule(long delay, Action callback) => Scheduled.Enqueue(callback);

    /// <summary>What is to happen later.</summary>
    public Queue<Action> Scheduled { get; } = new();

    public bool Fault(long page) =>
        Queue.TryHandleAsynchronously(new VcpuExit(VcpuExitReason.MemoryFault) { PhysicalAddress = ((ulong)page << 12) + 0x123 }, page);

    /// <summary>A fault of which the guest is told and whose token it takes at once.</summary>
    public uint FaultAndTake(long page)
    {
        Assert.True(Fault(page));
        return Architecture.TakeNotPresent();
    }

    public void PageArrives(long page)
    {
        int index = Requests.FindIndex(request => request.Page == page);
        Action ready = Requests[index].Ready;
        Requests.RemoveAt(index);
        ready();
    }

    private void Request(long page, Action ready)
    {
        if (ReadyInline)
            ready();
        else
            Requests.Add((page, ready));
    }
}
