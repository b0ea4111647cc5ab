namespace Meanwhile.Hypervisor;

/// <content>Slowing the guest down, so that a migration can keep up with what it writes (QEMU's auto-converge).</content>
public sealed partial class VirtualMachine
{
    /// <summary>Time that a vCPU runs between two pauses.</summary>
    private const long ThrottleSlice = 10_000_000;

    private int throttlePercent;
    private int throttles;

    /// <summary>See <see cref="Throttle"/>.</summary>
    public int ThrottlePercent => Volatile.Read(ref throttlePercent);

    /// <summary>Nanoseconds of a pause, of which there is one in each slice.</summary>
    internal long ThrottlePause => ThrottleSlice * ThrottlePercent / (100 - ThrottlePercent);

    /// <summary>From now on each vCPU stands still for so many percent of its time; 0: no longer. Any thread.</summary>
    public void Throttle(int percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 99);
        Volatile.Write(ref throttlePercent, percent);
        // Ends the series of pauses that is under way, if there is one.
        int series = Interlocked.Increment(ref throttles);
        if (percent != 0)
            Clock.Schedule(ThrottleSlice, () => PauseForThrottle(series));
    }

    private void PauseForThrottle(int series)
    {
        if (series != Volatile.Read(ref throttles) || disposed)
            return;
        foreach (Vcpu vcpu in Vcpus)
            vcpu.MakeRequest(VcpuRequests.Throttle);
        Clock.Schedule(ThrottlePause + ThrottleSlice, () => PauseForThrottle(series));
    }
}
