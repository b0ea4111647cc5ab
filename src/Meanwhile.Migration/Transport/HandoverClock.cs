using Meanwhile.Memory;

namespace Meanwhile.Migration.Transport;

/// <summary>
/// The clock of a modelled link between two machines of one process. It goes with the source's clock while the guest is there, and with the
/// destination's from the switch on (<see cref="MoveTo"/>): its own time is continuous, and what was scheduled on the one comes on the other
/// after as long as was left.
/// </summary>
public sealed class HandoverClock(IMemoryClock first) : IMemoryClock
{
    private sealed record Pending(long Due, Action Callback);

    private readonly Lock gate = new();
    private readonly LinkedList<Pending> pending = new(); // In order of due time, then of scheduling.
    private IMemoryClock current = first;
    private long ahead; // Of the current clock.

    /// <inheritdoc/>
    public long Now
    {
        get
        {
            lock (gate)
                return current.Now + ahead;
        }
    }

    /// <inheritdoc/>
    public bool IsVirtual => current.IsVirtual;

    /// <inheritdoc/>
    public void Schedule(long delay, Action callback)
    {
        delay = Math.Max(delay, 0);
        IMemoryClock on;
        LinkedListNode<Pending> node;
        lock (gate)
        {
            on = current;
            long now = current.Now + ahead;
            node = new LinkedListNode<Pending>(new Pending(delay > long.MaxValue - now ? long.MaxValue : now + delay, callback));
            LinkedListNode<Pending>? before = pending.Last;
            while (before is not null && before.Value.Due > node.Value.Due)
                before = before.Previous;
            if (before is null)
                pending.AddFirst(node);
            else
                pending.AddAfter(before, node);
        }
        on.Schedule(delay, () => Fire(node, on));
    }

    /// <summary>From now on time passes as on <paramref name="next"/>.</summary>
    public void MoveTo(IMemoryClock next)
    {
        List<LinkedListNode<Pending>> moved = [];
        long now;
        lock (gate)
        {
            if (next == current)
                return;
            now = current.Now + ahead;
            current = next;
            ahead = now - next.Now;
            for (LinkedListNode<Pending>? node = pending.First; node is not null; node = node.Next)
                moved.Add(node);
        }
        foreach (LinkedListNode<Pending> node in moved)
            next.Schedule(Math.Max(0, node.Value.Due - now), () => Fire(node, next));
    }

    // What the clock of another time calls is not due by this one, and what ran is not run again.
    private void Fire(LinkedListNode<Pending> node, IMemoryClock on)
    {
        lock (gate)
        {
            if (on != current || node.List is null)
                return;
            pending.Remove(node);
        }
        node.Value.Callback();
    }
}
