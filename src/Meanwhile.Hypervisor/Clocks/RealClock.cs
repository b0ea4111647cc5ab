using System.Diagnostics;

namespace Meanwhile.Hypervisor.Clocks;

/// <summary>The host's monotonic time, with a thread that runs events when they are due. What an interactive guest uses.</summary>
public sealed class RealClock : IClock, IDisposable
{
    private readonly Lock gate = new();
    private readonly EventQueue events = new();
    private readonly HostAlarm alarm = new();
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly Thread thread;
    private bool disposed;

    /// <summary>A clock that begins at 0 now.</summary>
    public RealClock()
    {
        thread = new Thread(RunEvents) { IsBackground = true, Name = "clock" };
        thread.Start();
    }

    /// <summary>An event threw, on the clock's thread. The others still come. Without a listener the process ends.</summary>
    public event Action<Exception>? Failed;

    /// <inheritdoc/>
    public bool IsVirtual => false;

    /// <inheritdoc/>
    public long Now => (long)((Int128)(Stopwatch.GetTimestamp() - start) * 1_000_000_000 / Stopwatch.Frequency);

    /// <inheritdoc/>
    public void Schedule(long delay, Action callback)
    {
        long now = Now;
        ScheduleAt(delay > long.MaxValue - now ? long.MaxValue : now + Math.Max(delay, 0), callback);
    }

    /// <inheritdoc/>
    public IScheduledEvent ScheduleAt(long time, Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        ScheduledEvent scheduled;
        bool first;
        lock (gate)
        {
            scheduled = events.Add(time, callback, Cancel);
            first = events.First == scheduled;
        }

        if (first)
            alarm.Wake();
        return scheduled;
    }

    /// <summary>Stops the events; those not yet due never run.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
        }

        alarm.Wake();
        if (thread != Thread.CurrentThread)
            thread.Join();
    }

    private void RunEvents()
    {
        while (true)
        {
            ScheduledEvent? due = null;
            long delay = -1;
            lock (gate)
            {
                if (disposed)
                    break;
                if (events.First is { } next)
                {
                    delay = next.Time - Now;
                    if (delay <= 0)
                    {
                        due = next;
                        events.Remove(next);
                    }
                }
            }

            if (due is null)
            {
                alarm.Wait(delay);
                continue;
            }

            try
            {
                due.Callback();
            }
            catch (Exception exception) when (Failed is { } failed)
            {
                failed(exception);
            }
        }

        alarm.Dispose();
    }

    private void Cancel(ScheduledEvent scheduled)
    {
        lock (gate)
            events.Remove(scheduled);
    }
}
