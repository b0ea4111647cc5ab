using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices;

/// <content>Saving and restoring. What the host has sent and nobody has read goes along.</content>
public sealed partial class Pl011
{
    /// <summary>Bits of an entry of the receive FIFO: data and four kinds of error.</summary>
    private const ushort EntryBits = 0xFFF;
    private const uint ErrorBits = 0xF;

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (gate)
        {
            writer.WriteWords([receiveStatus, lowPower, integerBaud, fractionalBaud, lineControl, control]);
            writer.WriteWords([fifoLevels, interruptMask, rawInterrupts, dmaControl]);
            writer.WriteByte((byte)receive.Count);
            foreach (ushort entry in receive)
                writer.WriteUInt16(entry);
            writer.WriteBytes([.. pendingInput]);
        }
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        lock (gate)
        {
            receiveStatus = reader.ReadUInt32() & ErrorBits;
            lowPower = reader.ReadUInt32() & Writable.LowPower;
            integerBaud = reader.ReadUInt32() & Writable.IntegerBaud;
            fractionalBaud = reader.ReadUInt32() & Writable.FractionalBaud;
            lineControl = reader.ReadUInt32() & Writable.LineControl;
            control = reader.ReadUInt32() & Writable.Control;
            fifoLevels = reader.ReadUInt32() & Writable.FifoLevels;
            interruptMask = reader.ReadUInt32() & Interrupt.All;
            rawInterrupts = reader.ReadUInt32() & Interrupt.All;
            dmaControl = reader.ReadUInt32() & Writable.DmaControl;
            modem = ModemInputs();
            int entries = reader.ReadByte();
            reader.Require(entries <= FifoDepth, $"{entries} bytes in a FIFO of {FifoDepth}");
            receive.Clear();
            for (int index = 0; index < entries; index++)
                receive.Enqueue((ushort)(reader.ReadUInt16() & EntryBits));
            // What this side's host has sent already comes after what the other's had.
            byte[] later = [.. pendingInput];
            pendingInput.Clear();
            foreach (byte value in (byte[])[.. reader.ReadBytes(), .. later])
                pendingInput.Enqueue(value);
            UpdateLine();
        }
    }
}
