using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices;

/// <summary>Arm PrimeCell real-time clock PL031 (DDI0224): seconds, counted on the machine's clock from a start epoch.</summary>
public sealed class Pl031 : IBoardDevice
{
    private const uint PeripheralId = 0x0004_1031;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly Lock gate = new();
    private readonly IInterruptLine line;
    private readonly IClock clock;
    private readonly uint epoch;

    private uint offset;
    private uint match;
    private uint load;
    private uint interruptMask;
    private bool rawInterrupt;
    private IScheduledEvent? alarm;
    private int alarmGeneration;
    private long alarms;

    /// <summary>A clock that drives <paramref name="line"/> on its alarm.</summary>
    /// <param name="line">The interrupt.</param>
    /// <param name="clock">The machine's clock.</param>
    /// <param name="epoch">Seconds since 1970-01-01 at the clock's time zero.</param>
    public Pl031(IInterruptLine line, IClock clock, long epoch)
    {
        this.line = line;
        this.clock = clock;
        this.epoch = (uint)epoch;
        Reset();
    }

    /// <inheritdoc/>
    public string Name => "pl031";

    /// <inheritdoc/>
    public IEnumerable<DeviceStatistic> Statistics => [new("alarms", Volatile.Read(ref alarms))];

    /// <inheritdoc/>
    public void Reset()
    {
        lock (gate)
        {
            CancelAlarm();
            offset = epoch;
            match = load = interruptMask = 0;
            rawInterrupt = false;
            UpdateLine();
        }
    }

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (gate)
        {
            writer.WriteWords([epoch, offset, Counter, match, load, interruptMask]);
            writer.WriteBoolean(rawInterrupt);
            writer.WriteBoolean(alarm is not null);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// On the virtual clock time goes on where it stood. On the real one the guest sees this host's time, as far from it as it had set its clock
    /// from the other's, and an alarm that passed in between rings.
    /// </remarks>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        lock (gate)
        {
            uint epochThere = reader.ReadUInt32();
            uint offsetThere = reader.ReadUInt32();
            uint counterThere = reader.ReadUInt32();
            CancelAlarm();
            offset = clock.IsVirtual ? offsetThere : epoch + (offsetThere - epochThere);
            match = reader.ReadUInt32();
            load = reader.ReadUInt32();
            interruptMask = reader.ReadUInt32() & 1;
            rawInterrupt = reader.ReadBoolean();
            if (reader.ReadBoolean())
            {
                int passed = (int)(Counter - counterThere);
                if (passed >= 0 && match - counterThere <= (uint)passed)
                    RingAlarm();
                else
                    SetAlarm();
            }

            UpdateLine();
        }
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        lock (gate)
        {
            return offset switch
            {
                Register.Data => Counter,
                Register.Match => match,
                Register.Load => load,
                Register.Control => 1, // RTC start: once enabled it cannot be stopped; it is enabled from reset.
                Register.InterruptMask => interruptMask,
                Register.RawInterrupt => rawInterrupt ? 1u : 0,
                Register.MaskedInterrupt => rawInterrupt ? interruptMask : 0,
                _ => PrimeCellId.Read(offset, PeripheralId),
            };
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        uint data = (uint)value;
        lock (gate)
        {
            switch (offset)
            {
                case Register.Match:
                    match = data;
                    SetAlarm();
                    break;
                case Register.Load:
                    load = data;
                    this.offset = data - ElapsedSeconds;
                    SetAlarm();
                    break;
                case Register.InterruptMask:
                    interruptMask = data & 1;
                    break;
                case Register.InterruptClear:
                    if ((data & 1) != 0)
                        rawInterrupt = false;
                    break;
                default:
                    return;
            }

            UpdateLine();
        }
    }

    private uint ElapsedSeconds => (uint)(clock.Now / NanosecondsPerSecond);

    private uint Counter => offset + ElapsedSeconds;

    private void SetAlarm()
    {
        CancelAlarm();
        uint remaining = match - Counter;
        if (remaining == 0)
        {
            RingAlarm();
            return;
        }

        int generation = alarmGeneration;
        long due = ((clock.Now / NanosecondsPerSecond) + remaining) * NanosecondsPerSecond;
        alarm = clock.ScheduleAt(due, () =>
        {
            lock (gate)
            {
                // On the real clock a cancelled alarm may be on its way already.
                if (generation != alarmGeneration)
                    return;
                alarm = null;
                RingAlarm();
            }
        });
    }

    private void RingAlarm()
    {
        alarms++;
        rawInterrupt = true;
        UpdateLine();
    }

    private void CancelAlarm()
    {
        alarmGeneration++;
        alarm?.Cancel();
        alarm = null;
    }

    private void UpdateLine() => line.SetLevel(rawInterrupt && interruptMask != 0);

    /// <summary>Offsets, DDI0224 table 3-1.</summary>
    private static class Register
    {
        public const ulong Data = 0x00;
        public const ulong Match = 0x04;
        public const ulong Load = 0x08;
        public const ulong Control = 0x0C;
        public const ulong InterruptMask = 0x10;
        public const ulong RawInterrupt = 0x14;
        public const ulong MaskedInterrupt = 0x18;
        public const ulong InterruptClear = 0x1C;
    }
}
