namespace Meanwhile.Memory.Pages;

/// <summary>
/// Runs reclaim's steps one at a time, in order: on the virtual clock as events at the current time, else on a thread of its own, which says
/// when a step threw.
/// </summary>
internal sealed class SerialExecutor(IMemoryClock clock, string name, Action<Exception> failed) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<Action> steps = new();
    private readonly SemaphoreSlim ready = new(0);
    private Thread? thread;
    private bool stopping;

    /// <summary>Queues a step. Any thread; never runs it inline.</summary>
    public void Post(Action step)
    {
        if (clock.IsVirtual)
        {
            clock.Schedule(0, () =>
            {
                if (!stopping)
                    step();
            });
            return;
        }
        lock (gate)
        {
            if (stopping)
                return;
            steps.Enqueue(step);
            if (thread is null)
            {
                thread = new Thread(Work) { IsBackground = true, Name = name };
                thread.Start();
            }
        }
        ready.Release();
    }

    /// <summary>Waits for the step that is running; the others are forgotten. Not to be called from a step.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            steps.Clear();
        }
        ready.Release();
        thread?.Join();
    }

    private void Work()
    {
        while (true)
        {
            ready.Wait();
            Action? step;
            lock (gate)
            {
                if (stopping || !steps.TryDequeue(out step))
                    return;
            }
            try
            {
                step();
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }
}
