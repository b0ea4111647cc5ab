using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Hypervisor.Clocks;

namespace Meanwhile.Hypervisor;

/// <content>Holding the machine still, for saving and restoring its state.</content>
public sealed partial class VirtualMachine
{
    /// <summary>Rounds of due events in <see cref="TryDrain"/> before it only looks whether all is done: a chain of events may have no end.</summary>
    private const int MostRounds = 1 << 16;

    private string? unusable;

    /// <summary>
    /// As <see cref="Pause"/>, and the guest's counter stands still, until <see cref="Release"/>. To be called where pausing is done when it returns: not
    /// in the middle of a vCPU's exit. It and <see cref="Pause"/> do not undo each other.
    /// </summary>
    public void Hold()
    {
        lock (stateGate)
        {
            held = true;
            AwaitParked();
        }

        counter.Stop();
    }

    /// <summary>Lets the counter and the vCPUs go on, these unless the machine is paused.</summary>
    /// <exception cref="InvalidOperationException">The machine cannot run; see <see cref="MakeUnusable"/>.</exception>
    public void Release()
    {
        ThrowIfUnusable();
        bool moved = counter.Start();
        foreach (GenericTimer timer in timers)
            timer.CounterStarted(moved);
        held = false;
        WakeAll();
    }

    /// <summary>
    /// With the machine held: waits until <paramref name="isDone"/>. On the virtual clock by running what is due now, then, while that was not
    /// enough, by going on to the next event.
    /// </summary>
    /// <param name="isDone">Whether it is so.</param>
    /// <param name="limit">For how long, on the machine's clock.</param>
    /// <returns>False: it was not so in time, or there is nothing left that could make it so.</returns>
    public bool TryDrain(Func<bool> isDone, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(isDone);
        if (Clock is not VirtualClock clock)
            return SpinWait.SpinUntil(isDone, limit);

        for (int round = 0; round < MostRounds && clock.NextEventTime <= clock.Now; round++)
            clock.RunNextEvent();
        return clock.RunUntil(isDone, limit);
    }

    /// <summary>The machine is half one thing and half another, and must not run.</summary>
    /// <param name="why">For the exception of who tries.</param>
    public void MakeUnusable(string why) => unusable = why;

    /// <summary>Undoes <see cref="MakeUnusable"/>, by who knows that its reason is gone.</summary>
    public void MakeUsable() => unusable = null;

    /// <exception cref="InvalidOperationException">See <see cref="MakeUnusable"/>.</exception>
    public void ThrowIfUnusable()
    {
        if (unusable is { } why)
            throw new InvalidOperationException($"The machine cannot run: {why}");
    }
}
