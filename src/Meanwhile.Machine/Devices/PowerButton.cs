using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices;

/// <summary>
/// The board's power button: a key on a line of the GPIO controller, which is high while it is pressed. As QEMU's <c>gpio-key</c> it is let go by itself, after
/// 100 ms of the machine's clock; later when the guest stands still, because a driver that is told of the press looks whether it lasts.
/// </summary>
public sealed class PowerButton : IStateSection
{
    /// <summary>How long a press lasts, in nanoseconds.</summary>
    public const long PressTime = 100_000_000;

    private readonly Lock gate = new();
    private readonly IInterruptLine line;
    private readonly IClock clock;
    private readonly Func<bool> standsStill;

    private bool isAboutToBePressed;
    private bool isPressed;
    private bool stoodStill;
    private long releaseTime;
    private IScheduledEvent? release;
    private int releaseGeneration;

    /// <summary>A button that nobody presses.</summary>
    /// <param name="line">The line that it drives.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="standsStill">Whether the guest's vCPUs are held while the clock goes on.</param>
    public PowerButton(IInterruptLine line, IClock clock, Func<bool> standsStill)
    {
        this.line = line;
        this.clock = clock;
        this.standsStill = standsStill;
    }

    /// <inheritdoc/>
    public string SectionName => "power-button";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <summary>Presses it; the time begins anew when it is pressed already. Any thread.</summary>
    /// <remarks>
    /// On the virtual clock in an event of its own: the time of a guest that idles flies, and a press that another thread makes in the middle of that could be
    /// over before the guest runs.
    /// </remarks>
    public void Press()
    {
        lock (gate)
        {
            if (!clock.IsVirtual)
            {
                PressFor(PressTime);
            }
            else if (!isAboutToBePressed)
            {
                isAboutToBePressed = true;
                clock.Schedule(0, OnPress);
            }
        }
    }

    /// <summary>Lets it go: a machine that is switched on has no press of the time before.</summary>
    public void Reset()
    {
        lock (gate)
            LetGo();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (gate)
            writer.WriteInt64(isPressed ? Math.Max(releaseTime - clock.Now, 0) : -1);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// After the GPIO controller's, which knows the level from before: on the real clock the button may have been let go between the two saves, and
    /// the guest then sees that edge here.
    /// </remarks>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        long remaining = reader.ReadInt64();
        reader.Require(remaining is >= -1 and <= PressTime, $"a power button that is pressed for {remaining} ns");
        lock (gate)
        {
            if (remaining < 0)
                LetGo();
            else
                PressFor(remaining);
        }
    }

    private void OnPress()
    {
        lock (gate)
        {
            isAboutToBePressed = false;
            PressFor(PressTime);
        }
    }

    private void PressFor(long time)
    {
        Forget();
        isPressed = true;
        stoodStill = standsStill();
        releaseTime = clock.Now + time;
        int generation = releaseGeneration;
        release = clock.ScheduleAt(releaseTime, () => OnRelease(generation));
        line.SetLevel(true);
    }

    private void OnRelease(int generation)
    {
        lock (gate)
        {
            // On the real clock a cancelled event may be on its way already.
            if (generation != releaseGeneration)
                return;
            // What has begun or ends in a standstill was no press of the whole time.
            if (stoodStill || standsStill())
                PressFor(PressTime);
            else
                LetGo();
        }
    }

    private void LetGo()
    {
        Forget();
        isPressed = false;
        line.SetLevel(false);
    }

    private void Forget()
    {
        releaseGeneration++;
        release?.Cancel();
        release = null;
    }
}
