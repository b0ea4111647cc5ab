using System.Collections.Concurrent;

namespace Meanwhile.Hypervisor.Clocks;

/// <summary>The virtual clock's work queue: each item is an event at the current time, on the vCPU's thread.</summary>
internal sealed class EventWorkQueue(IClock clock) : IWorkQueue
{
    public void Post(Action work) => clock.Schedule(0, work);
}

/// <summary>The real clock's work queue: a thread of its own, which says when an item threw. Items left when it is disposed are dropped.</summary>
internal sealed class ThreadWorkQueue : IWorkQueue, IDisposable
{
    private readonly BlockingCollection<Action> items = [];
    private readonly Thread thread;
    private readonly Action<Exception> failed;
    private volatile bool disposed;

    internal ThreadWorkQueue(string name, Action<Exception> failed)
    {
        this.failed = failed;
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    public void Post(Action work)
    {
        if (disposed)
            return;
        try
        {
            items.Add(work);
        }
        catch (InvalidOperationException)
        {
            // Disposed meanwhile: the item is dropped like those that were queued.
        }
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        items.CompleteAdding();
        if (thread != Thread.CurrentThread)
            thread.Join();
    }

    private void Run()
    {
        foreach (Action work in items.GetConsumingEnumerable())
        {
            if (disposed)
                return;
            try
            {
                work();
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }
}
