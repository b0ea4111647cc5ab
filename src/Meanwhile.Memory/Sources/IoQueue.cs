using System.Diagnostics.CodeAnalysis;

namespace Meanwhile.Memory.Sources;

/// <summary>
/// How a page source's blocking input and output becomes asynchronous: at most a given number of operations in flight, and each completes
/// a given latency after it was done. Somebody waits for a read, nobody for a write: reads go first, and writes leave a quarter of the
/// workers to them. (Writes do not starve: a read needs a frame, and without writes there are none.) On the real clock worker threads do
/// the work; on the virtual clock it is done inline when it is its turn and only the completion is an event, so that a run does not depend
/// on the host's disk.
/// </summary>
public sealed class IoQueue : IDisposable
{
    private readonly IMemoryClock clock;
    private readonly int workers;
    private readonly long latency;
    private readonly object gate = new(); // A monitor, not a Lock: Dispose waits on it.
    private readonly Queue<Operation> waitingReads = new();
    private readonly Queue<Operation> waitingWrites = new();
    private readonly Queue<Operation> runnable = new(); // In flight, for the next thread.
    private readonly List<Thread> threads = [];
    private readonly SemaphoreSlim work = new(0);
    private int idleThreads;
    private int inFlight;
    private int writesInFlight;
    private int completing;
    private bool stopping;

    /// <summary>A worker thread threw. Without a listener the process ends.</summary>
    public event Action<Exception>? Failed;

    /// <param name="clock">The machine's clock.</param>
    /// <param name="workers">Most operations in flight.</param>
    /// <param name="latency">Nanoseconds from an operation's end to its completion.</param>
    /// <param name="name">Of the worker threads.</param>
    public IoQueue(IMemoryClock clock, int workers, long latency, string name)
    {
        this.clock = clock;
        this.workers = workers;
        this.latency = latency;
        Name = name;
    }

    private string Name { get; }

    /// <summary>Queues a blocking operation that answers null or what went wrong, which <paramref name="completed"/> gets. Any thread.</summary>
    public void Submit(bool write, Func<string?> operation, Action<string?> completed)
    {
        lock (gate)
        {
            if (stopping)
                return;
            (write ? waitingWrites : waitingReads).Enqueue(new Operation(write, operation, completed));
        }
        Start();
    }

    /// <summary>
    /// Waits for operations and completions that are running; the others are forgotten. Not to be called from a completion.
    /// </summary>
    public void Dispose()
    {
        lock (gate)
        {
            stopping = true;
            waitingReads.Clear();
            waitingWrites.Clear();
            runnable.Clear();
        }
        work.Release(threads.Count + 1);
        foreach (Thread thread in threads)
            thread.Join();
        // Completions with a latency run on the clock's thread.
        lock (gate)
        {
            while (completing != 0)
                Monitor.Wait(gate);
        }
    }

    // Takes as many operations from the queues as may be in flight: runs them here, or lets the threads have them.
    private void Start()
    {
        while (true)
        {
            Operation? next;
            lock (gate)
            {
                if (stopping || !TryTakeNext(out next))
                    return;
                inFlight++;
                writesInFlight += next.IsWrite ? 1 : 0;
                if (!clock.IsVirtual)
                {
                    runnable.Enqueue(next);
                    StartThreadIfNeeded();
                    work.Release();
                    continue;
                }
            }
            Run(next);
        }
    }

    private bool TryTakeNext([NotNullWhen(true)] out Operation? next)
    {
        next = null;
        if (inFlight >= workers)
            return false;
        if (waitingReads.TryDequeue(out next))
            return true;
        return writesInFlight < workers - (workers / 4) && waitingWrites.TryDequeue(out next);
    }

    private void StartThreadIfNeeded()
    {
        if (threads.Count >= workers || idleThreads >= runnable.Count)
            return;
        var thread = new Thread(Work) { IsBackground = true, Name = Name };
        threads.Add(thread);
        thread.Start();
    }

    private void Work()
    {
        while (true)
        {
            lock (gate)
                idleThreads++;
            work.Wait();
            Operation? next;
            lock (gate)
            {
                idleThreads--;
                if (stopping || !runnable.TryDequeue(out next))
                    return;
            }
            try
            {
                Run(next);
            }
            catch (Exception exception) when (Failed is { } failed)
            {
                failed(exception);
            }
        }
    }

    private void Run(Operation operation)
    {
        string? error = operation.Work();
        if (latency == 0 && !clock.IsVirtual)
            Complete(operation, error);
        else
            clock.Schedule(latency, () => Complete(operation, error));
    }

    private void Complete(Operation operation, string? error)
    {
        lock (gate)
        {
            inFlight--;
            writesInFlight -= operation.IsWrite ? 1 : 0;
            if (stopping)
                return;
            completing++;
        }
        try
        {
            Start();
            operation.Completed(error);
        }
        finally
        {
            lock (gate)
            {
                completing--;
                Monitor.PulseAll(gate);
            }
        }
    }

    private sealed record Operation(bool IsWrite, Func<string?> Work, Action<string?> Completed);
}
