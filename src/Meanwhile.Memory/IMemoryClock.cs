namespace Meanwhile.Memory;

/// <summary>The machine's one clock as the memory system sees it: latencies and statistics are measured on it, never on the host's.</summary>
public interface IMemoryClock
{
    /// <summary>Nanoseconds since the machine was made.</summary>
    long Now { get; }

    /// <summary>
    /// Calls <paramref name="callback"/> once, <paramref name="delay"/> nanoseconds from now or as soon after as can be. On the virtual
    /// clock it runs on the vCPU's thread between two guest instructions, in order of due time, then of scheduling; on the real clock on
    /// a thread of the clock's own, so it must be short and must not block.
    /// </summary>
    void Schedule(long delay, Action callback);

    /// <summary>True on the virtual clock: work that takes host time is done inline and its result delivered by <see cref="Schedule"/>.</summary>
    bool IsVirtual { get; }
}
