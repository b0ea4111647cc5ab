using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64;

/// <summary>
/// The generic timer of one vCPU (DDI0487 D11): one counter, which physical and virtual view share (CNTVOFF is 0), and EL1's physical and
/// virtual timer. They are events of the machine's clock.
/// </summary>
public sealed class GenericTimer : IStateSection
{
    /// <summary>INTID of the EL1 virtual timer.</summary>
    public const int VirtualInterrupt = 27;

    /// <summary>INTID of the EL1 physical timer.</summary>
    public const int PhysicalInterrupt = 30;

    /// <summary>CNTFRQ_EL0, in hertz: one tick in <see cref="NanosecondsPerTick"/>.</summary>
    public const ulong Frequency = 62_500_000;

    private const long NanosecondsPerTick = 16;
    private readonly int index;
    private readonly IClock clock;
    private readonly GuestCounter counter;

    internal GenericTimer(int index, IClock clock, GuestCounter counter, IInterruptLine virtualLine, IInterruptLine physicalLine)
    {
        this.index = index;
        this.clock = clock;
        this.counter = counter;
        Virtual = new Comparator(this, virtualLine);
        Physical = new Comparator(this, physicalLine);
    }

    /// <summary>CNTPCT_EL0 and CNTVCT_EL0.</summary>
    public ulong Count => (ulong)(counter.Now / NanosecondsPerTick);

    /// <inheritdoc/>
    public string SectionName => $"timer{index}";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    internal Comparator Virtual { get; }

    internal Comparator Physical { get; }

    internal void Reset()
    {
        Virtual.Reset();
        Physical.Reset();
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        Virtual.Save(writer);
        Physical.Save(writer);
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        Virtual.Restore(reader);
        Physical.Restore(reader);
    }

    /// <summary>The counter goes on after it stood still. <paramref name="moved"/>: at another distance from the clock.</summary>
    internal void CounterStarted(bool moved)
    {
        Virtual.CounterStarted(moved);
        Physical.CounterStarted(moved);
    }

    /// <summary>CNTx_CTL, CNTx_CVAL and CNTx_TVAL of one timer, and its interrupt.</summary>
    internal sealed class Comparator(GenericTimer timer, IInterruptLine line)
    {
        private const ulong Enable = 1;
        private const ulong Mask = 2;
        private const ulong Status = 4;

        private readonly Lock gate = new();
        private ulong control;
        private ulong compareValue;
        private IScheduledEvent? alarm;
        private bool alarmDeferred;

        internal ulong Control
        {
            get
            {
                lock (gate)
                {
                    // D11.2.4: the condition is live, whether or not the event has run. UNKNOWN while disabled; here 0.
                    return control | (ConditionMet(timer.Count) ? Status : 0);
                }
            }

            set
            {
                lock (gate)
                {
                    control = value & (Enable | Mask);
                    Update();
                }
            }
        }

        internal ulong CompareValue
        {
            get
            {
                lock (gate)
                    return compareValue;
            }

            set
            {
                lock (gate)
                {
                    compareValue = value;
                    Update();
                }
            }
        }

        internal ulong TimerValue
        {
            // D11.2.4: the low 32 bits of the difference; a write is sign-extended.
            get => (uint)(CompareValue - timer.Count);
            set => CompareValue = timer.Count + (ulong)(int)(uint)value;
        }

        internal void Reset()
        {
            lock (gate)
            {
                control = 0;
                compareValue = 0;
                Update();
            }
        }

        internal void Save(StateWriter writer)
        {
            lock (gate)
            {
                writer.WriteUInt64(control);
                writer.WriteUInt64(compareValue);
            }
        }

        internal void Restore(StateReader reader)
        {
            lock (gate)
            {
                control = reader.ReadUInt64() & (Enable | Mask);
                compareValue = reader.ReadUInt64();
                Update();
            }
        }

        internal void CounterStarted(bool moved)
        {
            lock (gate)
            {
                // An alarm that is right stays: another would come after others of the same time.
                if (moved || alarmDeferred)
                    Update();
            }
        }

        private bool ConditionMet(ulong count) => (control & Enable) != 0 && count >= compareValue;

        private void OnAlarm()
        {
            lock (gate)
                Update();
        }

        /// <summary>Drives the line and plans the next look. Harmless to call too often: a cancelled event may still come.</summary>
        private void Update()
        {
            alarm?.Cancel();
            alarm = null;
            alarmDeferred = false;
            bool met = ConditionMet(timer.Count);
            line.SetLevel(met && (control & Mask) == 0);
            const ulong LastTick = long.MaxValue / NanosecondsPerTick;
            // A masked timer needs no event: its status is computed when read, and unmasking looks again.
            if (met || (control & (Enable | Mask)) != Enable || compareValue > LastTick)
                return;
            // When a counter that stands still gets there, nobody knows.
            if (timer.counter.IsStopped)
                alarmDeferred = true;
            else
                alarm = timer.clock.ScheduleAt(timer.counter.ClockTime((long)compareValue * NanosecondsPerTick), OnAlarm);
        }
    }
}
