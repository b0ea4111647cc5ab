namespace Meanwhile.Hypervisor.Clocks;

/// <summary>
/// The time that a machine's guest sees in its counter: the machine's clock, less the times in which the guest was taken out of it (it was saved
/// and went on elsewhere, or was held for that). One for all vCPUs, KVM's per-VM counter offset.
/// </summary>
internal sealed class GuestCounter(IClock clock)
{
    private const long Running = -1;
    private long offset;
    private long stoppedAt = Running;

    /// <summary>Nanoseconds of guest time. Any thread.</summary>
    internal long Now
    {
        get
        {
            long stopped = Volatile.Read(ref stoppedAt);
            return stopped != Running ? stopped : clock.Now - Volatile.Read(ref offset);
        }
    }

    /// <summary>It stands still.</summary>
    internal bool IsStopped => Volatile.Read(ref stoppedAt) != Running;

    /// <summary>When the clock will be at a guest time, as it runs now.</summary>
    internal long ClockTime(long guestTime)
    {
        long moved = Volatile.Read(ref offset);
        return moved > 0 && guestTime > long.MaxValue - moved ? long.MaxValue : guestTime + moved;
    }

    /// <summary>Stands still from now on, with no vCPU running.</summary>
    internal void Stop()
    {
        if (!IsStopped)
            Volatile.Write(ref stoppedAt, Now);
    }

    /// <summary>Stands still at a time of another machine's guest.</summary>
    internal void StopAt(long guestTime) => Volatile.Write(ref stoppedAt, guestTime);

    /// <summary>Goes on from where it stands. True when that is another distance from the clock than before.</summary>
    internal bool Start()
    {
        if (!IsStopped)
            return false;
        long moved = clock.Now - stoppedAt;
        bool changed = moved != offset;
        Volatile.Write(ref offset, moved);
        Volatile.Write(ref stoppedAt, Running);
        return changed;
    }
}
