using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Machine.Devices;

/// <summary>
/// Arm PrimeCell UART PL011 (DDI0183). Transmission takes no time, so the transmit FIFO is always empty. As on QEMU's board it sends and
/// receives whether or not CR.UARTEN is set, because programs for that board rely on it.
/// </summary>
public sealed partial class Pl011 : IBoardDevice
{
    private const int FifoDepth = 16;
    private const uint PeripheralId = 0x0014_1011;
    private const uint ControlReset = 0x300;
    private const uint FifoLevelReset = 0x12;

    private readonly Lock gate = new();
    private readonly IInterruptLine line;
    private readonly IConsoleBackend backend;
    private readonly Queue<ushort> receive = new(FifoDepth);
    private readonly Queue<byte> pendingInput = new();

    private uint receiveStatus;
    private uint lowPower;
    private uint integerBaud;
    private uint fractionalBaud;
    private uint lineControl;
    private uint control;
    private uint fifoLevels;
    private uint interruptMask;
    private uint rawInterrupts;
    private uint dmaControl;
    private uint modem;
    private long bytesSent;
    private long bytesReceived;
    private long overruns;

    /// <summary>A UART that drives <paramref name="line"/> and sends to <paramref name="backend"/>.</summary>
    public Pl011(IInterruptLine line, IConsoleBackend backend)
    {
        this.line = line;
        this.backend = backend;
        Reset();
    }

    /// <inheritdoc/>
    public string Name => "pl011";

    /// <inheritdoc/>
    public IEnumerable<DeviceStatistic> Statistics =>
    [
        new("bytes-sent", Volatile.Read(ref bytesSent)),
        new("bytes-received", Volatile.Read(ref bytesReceived)),
        new("overruns", Volatile.Read(ref overruns)),
    ];

    /// <summary>Input from the host, for example a key. Kept until the guest has room for it. Any thread.</summary>
    public void PostInput(ReadOnlySpan<byte> input)
    {
        lock (gate)
        {
            foreach (byte value in input)
                pendingInput.Enqueue(value);
            FillReceiveFifo();
            UpdateLine();
        }
    }

    /// <inheritdoc/>
    public void Reset()
    {
        lock (gate)
        {
            KeepUnread();
            receiveStatus = lowPower = integerBaud = fractionalBaud = lineControl = 0;
            interruptMask = rawInterrupts = dmaControl = 0;
            control = ControlReset;
            fifoLevels = FifoLevelReset;
            modem = ModemInputs();
            FillReceiveFifo();
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
                Register.Data => ReadData(),
                Register.ReceiveStatus => receiveStatus,
                Register.Flags => Flags(),
                Register.LowPower => lowPower,
                Register.IntegerBaud => integerBaud,
                Register.FractionalBaud => fractionalBaud,
                Register.LineControl => lineControl,
                Register.Control => control,
                Register.FifoLevels => fifoLevels,
                Register.InterruptMask => interruptMask,
                Register.RawInterrupts => rawInterrupts,
                Register.MaskedInterrupts => rawInterrupts & interruptMask,
                Register.DmaControl => dmaControl,
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
                case Register.Data:
                    Transmit((byte)data);
                    break;
                case Register.ReceiveStatus:
                    // ECR: a write of any value clears the errors.
                    receiveStatus = 0;
                    break;
                case Register.LowPower:
                    lowPower = data & Writable.LowPower;
                    break;
                case Register.IntegerBaud:
                    integerBaud = data & Writable.IntegerBaud;
                    break;
                case Register.FractionalBaud:
                    fractionalBaud = data & Writable.FractionalBaud;
                    break;
                case Register.LineControl:
                    lineControl = data & Writable.LineControl;
                    FillReceiveFifo();
                    break;
                case Register.Control:
                    control = data & Writable.Control;
                    UpdateModem();
                    break;
                case Register.FifoLevels:
                    fifoLevels = data & Writable.FifoLevels;
                    break;
                case Register.InterruptMask:
                    interruptMask = data & Interrupt.All;
                    break;
                case Register.InterruptClear:
                    rawInterrupts &= ~data;
                    break;
                case Register.DmaControl:
                    dmaControl = data & Writable.DmaControl;
                    break;
                default:
                    return;
            }

            UpdateLine();
        }
    }

    // Input that no program has read is not lost when the machine starts or starts again: the host may have sent it before.
    private void KeepUnread()
    {
        if (receive.Count > 0 && !LoopBack)
        {
            byte[] later = [.. pendingInput];
            pendingInput.Clear();
            foreach (ushort entry in receive)
                pendingInput.Enqueue((byte)entry);
            foreach (byte value in later)
                pendingInput.Enqueue(value);
        }

        receive.Clear();
    }

    private bool FifosEnabled => (lineControl & 0x10) != 0;

    private bool LoopBack => (control & 0x80) != 0;

    private int ReceiveDepth => FifosEnabled ? FifoDepth : 1;

    /// <summary>IFLS.RXIFLSEL: 1/8, 1/4, 1/2, 3/4, 7/8 of the FIFO; the rest is reserved.</summary>
    private int ReceiveTrigger => !FifosEnabled ? 1 : ((fifoLevels >> 3) & 7) switch
    {
        0 => 2,
        1 => 4,
        2 => 8,
        3 => 12,
        _ => 14,
    };

    private uint ReadData()
    {
        if (!receive.TryDequeue(out ushort entry))
            return 0;
        receiveStatus = (receiveStatus & 0x8) | ((uint)entry >> 8);
        FillReceiveFifo();
        if (receive.Count < ReceiveTrigger)
            rawInterrupts &= ~Interrupt.Receive;
        if (receive.Count == 0)
            rawInterrupts &= ~Interrupt.ReceiveTimeout;
        UpdateLine();
        return entry;
    }

    private void Transmit(byte value)
    {
        if (LoopBack)
        {
            if (receive.Count >= ReceiveDepth)
            {
                // DDI0183 3.3.2: the data in the FIFO stays, what comes is lost.
                overruns++;
                receiveStatus |= 0x8;
                rawInterrupts |= Interrupt.Overrun;
            }
            else
            {
                Receive(value);
                rawInterrupts |= Interrupt.ReceiveTimeout;
            }
        }
        else
        {
            bytesSent++;
            backend.Write([value]);
        }

        // The FIFO went below its trigger level again at once.
        rawInterrupts |= Interrupt.Transmit;
    }

    private void FillReceiveFifo()
    {
        bool received = false;
        while (!LoopBack && receive.Count < ReceiveDepth && pendingInput.TryDequeue(out byte value))
        {
            Receive(value);
            received = true;
        }

        // The line falls silent when the host has nothing more. The 32 bit periods until the timeout pass at once.
        if (received && pendingInput.Count == 0)
            rawInterrupts |= Interrupt.ReceiveTimeout;
    }

    private void Receive(byte value)
    {
        bytesReceived++;
        receive.Enqueue(value);
        if (receive.Count >= ReceiveTrigger)
            rawInterrupts |= Interrupt.Receive;
    }

    private uint Flags()
    {
        uint flags = FlagBit.TransmitEmpty | modem;
        if (receive.Count >= ReceiveDepth)
            flags |= FlagBit.ReceiveFull;
        if (receive.Count == 0)
            flags |= FlagBit.ReceiveEmpty;
        return flags;
    }

    /// <summary>The modem status inputs: a peer that is always there or, in loop-back mode, our own outputs (DDI0183 2.4.5).</summary>
    private uint ModemInputs()
    {
        if (!LoopBack)
            return FlagBit.ClearToSend | FlagBit.DataSetReady | FlagBit.CarrierDetect;
        uint inputs = 0;
        if ((control & 0x0800) != 0)
            inputs |= FlagBit.ClearToSend;
        if ((control & 0x0400) != 0)
            inputs |= FlagBit.DataSetReady;
        if ((control & 0x1000) != 0)
            inputs |= FlagBit.CarrierDetect;
        if ((control & 0x2000) != 0)
            inputs |= FlagBit.RingIndicator;
        return inputs;
    }

    private void UpdateModem()
    {
        uint changed = modem ^ ModemInputs();
        modem ^= changed;
        if ((changed & FlagBit.RingIndicator) != 0)
            rawInterrupts |= Interrupt.RingIndicator;
        if ((changed & FlagBit.ClearToSend) != 0)
            rawInterrupts |= Interrupt.ClearToSend;
        if ((changed & FlagBit.CarrierDetect) != 0)
            rawInterrupts |= Interrupt.CarrierDetect;
        if ((changed & FlagBit.DataSetReady) != 0)
            rawInterrupts |= Interrupt.DataSetReady;
        FillReceiveFifo();
    }

    private void UpdateLine() => line.SetLevel((rawInterrupts & interruptMask) != 0);

    /// <summary>Offsets, DDI0183 table 3-1.</summary>
    private static class Register
    {
        public const ulong Data = 0x00;
        public const ulong ReceiveStatus = 0x04;
        public const ulong Flags = 0x18;
        public const ulong LowPower = 0x20;
        public const ulong IntegerBaud = 0x24;
        public const ulong FractionalBaud = 0x28;
        public const ulong LineControl = 0x2C;
        public const ulong Control = 0x30;
        public const ulong FifoLevels = 0x34;
        public const ulong InterruptMask = 0x38;
        public const ulong RawInterrupts = 0x3C;
        public const ulong MaskedInterrupts = 0x40;
        public const ulong InterruptClear = 0x44;
        public const ulong DmaControl = 0x48;
    }

    /// <summary>Bits that a write changes, DDI0183 3.3.</summary>
    private static class Writable
    {
        public const uint LowPower = 0xFF;
        public const uint IntegerBaud = 0xFFFF;
        public const uint FractionalBaud = 0x3F;
        public const uint LineControl = 0xFF;
        public const uint Control = 0xFF87;
        public const uint FifoLevels = 0x3F;
        public const uint DmaControl = 0x7;
    }

    private static class Interrupt
    {
        public const uint RingIndicator = 1 << 0;
        public const uint ClearToSend = 1 << 1;
        public const uint CarrierDetect = 1 << 2;
        public const uint DataSetReady = 1 << 3;
        public const uint Receive = 1 << 4;
        public const uint Transmit = 1 << 5;
        public const uint ReceiveTimeout = 1 << 6;
        public const uint Overrun = 1 << 10;
        public const uint All = 0x7FF;
    }

    private static class FlagBit
    {
        public const uint ClearToSend = 1 << 0;
        public const uint DataSetReady = 1 << 1;
        public const uint CarrierDetect = 1 << 2;
        public const uint ReceiveEmpty = 1 << 4;
        public const uint ReceiveFull = 1 << 6;
        public const uint TransmitEmpty = 1 << 7;
        public const uint RingIndicator = 1 << 8;
    }
}
