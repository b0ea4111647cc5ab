namespace Meanwhile.Hypervisor;

/// <summary>
/// How long a vCPU that halts looks for what ends the halt before its thread sleeps, as KVM does (Documentation/virt/kvm/halt-polling.rst): CPUs
/// that wait for each other wake in less time than a thread of the host needs to. One that halts for longer does not poll.
/// </summary>
internal sealed class HaltPolling
{
    /// <summary>Where it begins, in nanoseconds.</summary>
    internal const long Shortest = 10_000;

    /// <summary>KVM's halt_poll_ns, in nanoseconds.</summary>
    internal const long Longest = 200_000;

    /// <summary>Nanoseconds to poll in the next halt.</summary>
    internal long Limit { get; private set; }

    /// <summary>Learns from a halt that took so many nanoseconds.</summary>
    internal void Record(long halted)
    {
        if (halted > Longest)
            Limit = 0;
        else if (halted > Limit)
            Limit = Math.Clamp(2 * Limit, Shortest, Longest);
    }
}
