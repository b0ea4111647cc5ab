using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices;

/// <summary>
/// Arm PrimeCell general purpose input/output PL061 (DDI0190): eight lines, each an input that the board drives or an output that the guest does.
/// Interrupts follow the line's level, whoever drives it. Nothing is connected to the lines' alternate functions.
/// </summary>
public sealed class Pl061 : IBoardDevice
{
    /// <summary>Number of lines.</summary>
    public const int LineCount = 8;

    private const uint PeripheralId = 0x0004_1061;

    private readonly Lock gate = new();
    private readonly IInterruptLine line;

    // A bit for each line.
    private byte input;
    private byte output;
    private byte direction;
    private byte interruptSense;
    private byte interruptBothEdges;
    private byte interruptEvent;
    private byte interruptMask;
    private byte modeControl;
    private byte edges;
    private long inputChanges;

    /// <summary>A controller that drives <paramref name="line"/> while one of its interrupts is there and not masked. All inputs are low.</summary>
    public Pl061(IInterruptLine line)
    {
        this.line = line;
        Reset();
    }

    /// <inheritdoc/>
    public string Name => "pl061";

    /// <inheritdoc/>
    public IEnumerable<DeviceStatistic> Statistics => [new("input-changes", Volatile.Read(ref inputChanges))];

    /// <summary>What the board drives a line with, which the guest sees while it is an input.</summary>
    /// <param name="number">The line, from 0.</param>
    public IInterruptLine Input(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, LineCount);
        return new InputLine(this, (byte)(1 << number));
    }

    /// <inheritdoc/>
    /// <remarks>The inputs are the board's, and stay as they are.</remarks>
    public void Reset()
    {
        lock (gate)
        {
            output = direction = interruptSense = interruptBothEdges = interruptEvent = interruptMask = modeControl = edges = 0;
            UpdateLine();
        }
    }

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    /// <remarks>The inputs too, because an edge is one only after the other level; who drives them drives them again, to the level that they have then.</remarks>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (gate)
            writer.WriteRaw([input, output, direction, interruptSense, interruptBothEdges, interruptEvent, interruptMask, modeControl, edges]);
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        lock (gate)
        {
            input = reader.ReadByte();
            output = reader.ReadByte();
            direction = reader.ReadByte();
            interruptSense = reader.ReadByte();
            interruptBothEdges = reader.ReadByte();
            interruptEvent = reader.ReadByte();
            interruptMask = reader.ReadByte();
            modeControl = reader.ReadByte();
            edges = reader.ReadByte();
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
                <= Register.LastData => (offset & 3) == 0 ? (uint)(Levels & DataMask(offset)) : 0,
                Register.Direction => direction,
                Register.InterruptSense => interruptSense,
                Register.InterruptBothEdges => interruptBothEdges,
                Register.InterruptEvent => interruptEvent,
                Register.InterruptMask => interruptMask,
                Register.RawInterrupt => RawInterrupts,
                Register.MaskedInterrupt => (uint)(RawInterrupts & interruptMask),
                Register.ModeControl => modeControl,
                _ => PrimeCellId.Read(offset, PeripheralId),
            };
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        byte data = (byte)value;
        lock (gate)
        {
            byte before = Levels;
            switch (offset)
            {
                case <= Register.LastData when (offset & 3) == 0:
                    // Only outputs take it: an input's bit is not kept for the time when it becomes an output.
                    int written = DataMask(offset) & direction;
                    output = (byte)((output & ~written) | (data & written));
                    break;
                case Register.Direction:
                    direction = data;
                    break;
                case Register.InterruptSense:
                    interruptSense = data;
                    break;
                case Register.InterruptBothEdges:
                    interruptBothEdges = data;
                    break;
                case Register.InterruptEvent:
                    interruptEvent = data;
                    break;
                case Register.InterruptMask:
                    interruptMask = data;
                    break;
                case Register.InterruptClear:
                    edges &= (byte)~data;
                    break;
                case Register.ModeControl:
                    modeControl = data;
                    break;
                default:
                    return;
            }

            DetectEdges(before);
            UpdateLine();
        }
    }

    private byte Levels => (byte)((output & direction) | (input & ~direction));

    // Of a line that is sensed by level it is there as long as the level, whatever was cleared.
    private byte RawInterrupts => (byte)((edges & ~interruptSense) | (~(Levels ^ interruptEvent) & interruptSense));

    // Bits 9 to 2 of the address say which lines an access of GPIODATA is about (DDI0190, 2.2.3).
    private static byte DataMask(ulong offset) => (byte)(offset >> 2);

    private void Drive(byte bit, bool high)
    {
        lock (gate)
        {
            byte before = Levels;
            byte driven = (byte)(high ? input | bit : input & ~bit);
            if (driven != input)
                inputChanges++;
            input = driven;
            DetectEdges(before);
            UpdateLine();
        }
    }

    private void DetectEdges(byte before)
    {
        int changed = before ^ Levels;
        int wanted = interruptBothEdges | ~(Levels ^ interruptEvent);
        edges |= (byte)(changed & wanted & ~interruptSense);
    }

    private void UpdateLine() => line.SetLevel((RawInterrupts & interruptMask) != 0);

    private sealed class InputLine(Pl061 controller, byte bit) : IInterruptLine
    {
        public void SetLevel(bool asserted) => controller.Drive(bit, asserted);
    }

    /// <summary>Offsets, DDI0190 table 3-1.</summary>
    private static class Register
    {
        public const ulong LastData = 0x3FF;
        public const ulong Direction = 0x400;
        public const ulong InterruptSense = 0x404;
        public const ulong InterruptBothEdges = 0x408;
        public const ulong InterruptEvent = 0x40C;
        public const ulong InterruptMask = 0x410;
        public const ulong RawInterrupt = 0x414;
        public const ulong MaskedInterrupt = 0x418;
        public const ulong InterruptClear = 0x41C;
        public const ulong ModeControl = 0x420;
    }
}
