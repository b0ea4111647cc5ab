namespace Meanwhile.Hypervisor;

/// <content>Standing still for a while because the guest writes faster than its memory can be sent.</content>
public sealed partial class Vcpu
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>To be done before the guest is entered again. A vCPU that idles has time to give away anyway.</summary>
    private bool givesTimeAway;

    private void GiveTimeAway()
    {
        givesTimeAway = false;
        long end = machine.Clock.Now + machine.ThrottlePause;
        // On the virtual clock idling leads to the next event, which shall not be behind the end.
        if (virtualClock is not null)
            virtualClock.Schedule(machine.ThrottlePause, static () => { });
        while (machine.ThrottlePercent != 0 && ProcessRequests() && machine.Clock.Now < end)
        {
            if (virtualClock is null)
                wakeup.WaitOne((int)Math.Max(1, (end - machine.Clock.Now) / NanosecondsPerMillisecond));
            else
                Idle();
        }
    }
}
