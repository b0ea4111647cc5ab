using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Clocks;

/// <summary>
/// Guest time made of executed instructions: time stands still while the host works, jumps to the next event while the guest idles, and
/// events run between two guest instructions at an exact instruction count. With one vCPU a run is a pure function of its inputs.
/// </summary>
/// <remarks>
/// The vCPU's run loop owns the clock: it calls the internal members. <see cref="ScheduleAt"/>, <see cref="Schedule"/> and
/// <see cref="IScheduledEvent.Cancel"/> may come from any thread; what comes from another thread than the vCPU's (console input) is the one
/// thing that makes a run depend on the host.
/// </remarks>
public sealed class VirtualClock : IClock
{
    /// <summary>
    /// Idling does not lead past this time: 146 years. As much is left for instructions before time would overflow, whatever timers a guest sets.
    /// </summary>
    internal const long Horizon = 1L << 62;

    private readonly Lock gate = new();
    private readonly EventQueue events = new();
    private readonly long nanoseconds;
    private readonly long instructions;
    private Func<long> instructionsRetired = static () => 0;
    private Action wake = static () => { };
    private int owner;
    private bool guestRunning;
    private long skipped;
    private long published;

    /// <summary>A clock on which <paramref name="instructions"/> guest instructions take <paramref name="nanoseconds"/> nanoseconds.</summary>
    /// <param name="nanoseconds">Numerator of the time of one instruction; the default 4/1 is 250 million instructions a second.</param>
    /// <param name="instructions">Denominator of the time of one instruction.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not in 1..1,000,000.</exception>
    public VirtualClock(int nanoseconds = 4, int instructions = 1)
    {
        const int Largest = 1_000_000;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(nanoseconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(instructions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanoseconds, Largest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instructions, Largest);
        this.nanoseconds = nanoseconds;
        this.instructions = instructions;
    }

    /// <inheritdoc/>
    public bool IsVirtual => true;

    /// <inheritdoc/>
    /// <remarks>Exact on the vCPU's thread; on another thread, while the guest runs, the time of the last boundary.</remarks>
    public long Now
    {
        get
        {
            int running = Volatile.Read(ref owner);
            return running == 0 || running == Environment.CurrentManagedThreadId ? Compute() : Volatile.Read(ref published);
        }
    }

    /// <summary>Nanoseconds of <see cref="Now"/> that passed by idling, not by instructions.</summary>
    public long Skipped => Volatile.Read(ref skipped);

    /// <summary>How instructions make time, for people.</summary>
    internal string Rate => $"{nanoseconds} ns in {instructions} instructions";

    /// <summary>When the next event is due; null without one.</summary>
    public long? NextEventTime
    {
        get
        {
            lock (gate)
                return events.First?.Time;
        }
    }

    /// <inheritdoc/>
    public void Schedule(long delay, Action callback) => ScheduleAt(SaturatingAdd(Now, Math.Max(delay, 0)), callback);

    /// <inheritdoc/>
    public IScheduledEvent ScheduleAt(long time, Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        time = Math.Max(time, Now);
        ScheduledEvent scheduled;
        bool tell;
        lock (gate)
        {
            scheduled = events.Add(time, callback, Cancel);
            // The budget of a run under way was computed without this event; and an idle vCPU may be waiting for it.
            tell = events.First == scheduled && (guestRunning || owner != Environment.CurrentManagedThreadId);
        }

        if (tell)
            wake();
        return scheduled;
    }

    /// <summary>
    /// With the machine stopped: time jumps to the next event, and what is due runs on the calling thread (a loader that waits for guest
    /// RAM). False when there is no event.
    /// </summary>
    public bool RunNextEvent() => AdvanceToNextEvent() && RunDueEvents();

    /// <summary>As <see cref="RunNextEvent"/>, again and again.</summary>
    /// <param name="isDone">Until it is so; asked before each event.</param>
    /// <param name="limit">But not for longer, of this clock's time; null: for as long as there are events.</param>
    /// <returns>False: it was not so in time, or no event is left that could make it so.</returns>
    public bool RunUntil(Func<bool> isDone, TimeSpan? limit = null)
    {
        ArgumentNullException.ThrowIfNull(isDone);
        long end = limit is { } time ? SaturatingAdd(Now, (long)time.TotalMicroseconds * 1000) : long.MaxValue;
        while (!isDone())
        {
            if (Now > end || !RunNextEvent())
                return false;
        }

        return true;
    }

    /// <summary>Connects the clock to the vCPU whose instructions it counts.</summary>
    /// <param name="retired">Instructions executed so far; never falls.</param>
    /// <param name="kick">Ends the run under way at the next boundary and wakes an idle vCPU. Any thread.</param>
    internal void Attach(Func<long> retired, Action kick)
    {
        instructionsRetired = retired;
        wake = kick;
    }

    /// <summary>Writes how the time came about.</summary>
    internal void Save(StateWriter writer)
    {
        writer.WriteUInt32((uint)nanoseconds);
        writer.WriteUInt32((uint)instructions);
        writer.WriteInt64(Skipped);
    }

    /// <summary>Takes that, with the vCPU's instructions restored already. Events keep their absolute times.</summary>
    internal void Restore(StateReader reader)
    {
        reader.RequireUInt32((uint)nanoseconds, "the time of instructions");
        reader.RequireUInt32((uint)instructions, "the number of instructions of that time");
        long idle = reader.ReadInt64();
        reader.Require(idle is >= 0 and <= Horizon, $"{idle} ns of idle time");
        reader.Require(idle + Executed <= Horizon, "a time beyond the clock's horizon");
        Volatile.Write(ref skipped, idle);
        Volatile.Write(ref published, Compute());
    }

    /// <summary>The calling thread runs the vCPU from now on.</summary>
    internal void EnterOwner()
    {
        Volatile.Write(ref published, Compute());
        Volatile.Write(ref owner, Environment.CurrentManagedThreadId);
    }

    /// <summary>The calling thread no longer runs the vCPU.</summary>
    internal void LeaveOwner() => Volatile.Write(ref owner, 0);

    /// <summary>How many instructions may run before the next event is due; 0 when one is due now. Else the guest counts as running.</summary>
    internal long BeginRun(long most)
    {
        long now = Compute();
        Volatile.Write(ref published, now);
        lock (gate)
        {
            long budget = most;
            if (events.First is { } next)
            {
                if (next.Time <= now)
                    return 0;
                budget = Math.Min(most, InstructionsUntil(next.Time));
            }

            guestRunning = true;
            return budget;
        }
    }

    /// <summary>The guest stopped at a boundary.</summary>
    internal void EndRun()
    {
        lock (gate)
            guestRunning = false;
        Volatile.Write(ref published, Compute());
    }

    /// <summary>
    /// Runs the events that are due and were scheduled before this call; what they schedule for now waits for the next call, so that an
    /// endless chain of such events cannot keep the vCPU from its requests. True when one ran.
    /// </summary>
    internal bool RunDueEvents()
    {
        long now = Compute();
        bool any = false;
        long limit = -1;
        while (true)
        {
            ScheduledEvent? next;
            lock (gate)
            {
                if (limit < 0)
                    limit = events.NextSequence;
                next = events.First;
                if (next is null || next.Time > now || next.Sequence >= limit)
                    return any;
                events.Remove(next);
            }

            next.Callback();
            any = true;
        }
    }

    /// <summary>The guest idles: time jumps to the next event. False when there is none to jump to (see <see cref="Horizon"/>).</summary>
    internal bool AdvanceToNextEvent()
    {
        long now = Compute();
        lock (gate)
        {
            if (events.First is not { Time: <= Horizon } next)
                return false;
            if (next.Time > now)
                Volatile.Write(ref skipped, skipped + (next.Time - now));
        }

        Volatile.Write(ref published, Compute());
        return true;
    }

    private void Cancel(ScheduledEvent scheduled)
    {
        lock (gate)
            events.Remove(scheduled);
    }

    private long Compute() => Volatile.Read(ref skipped) + (long)Executed;

    private Int128 Executed => (Int128)instructionsRetired() * nanoseconds / instructions;

    private long InstructionsUntil(long time)
    {
        // The smallest n with floor(n * nanoseconds / instructions) >= time - skipped, less what ran already.
        Int128 count = (((Int128)(time - skipped) * instructions) + nanoseconds - 1) / nanoseconds;
        return (long)Int128.Min(count - instructionsRetired(), long.MaxValue);
    }

    private static long SaturatingAdd(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
