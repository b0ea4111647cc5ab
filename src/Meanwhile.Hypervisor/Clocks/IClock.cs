using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Clocks;

/// <summary>
/// The one clock of a virtual machine. Guest counter and timers, I/O latency, timeouts and statistics all come from it.
/// </summary>
public interface IClock : IMemoryClock
{
    /// <summary>As <see cref="IMemoryClock.Schedule"/>, at an absolute time, and cancellable.</summary>
    IScheduledEvent ScheduleAt(long time, Action callback);
}

/// <summary>A callback that is due in the future.</summary>
public interface IScheduledEvent
{
    /// <summary>Takes it back. No effect when it ran already (on the real clock it may be running just now on the clock's thread).</summary>
    void Cancel();
}

/// <summary>
/// Where a device does its work, off the vCPU: on the real clock a thread of its own, on the virtual clock an event at the current time.
/// Items run one at a time, in order.
/// </summary>
public interface IWorkQueue
{
    /// <summary>Queues <paramref name="work"/>. Any thread.</summary>
    void Post(Action work);
}
