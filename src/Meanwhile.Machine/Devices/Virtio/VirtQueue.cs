using System.Buffers.Binary;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>Where the driver has put a queue, and what it may use on it.</summary>
internal readonly record struct VirtQueueLayout(int Index, int Size, ulong Descriptors, ulong Driver, ulong Device, ulong Features);

/// <summary>
/// A split virtqueue in use (virtio 1.2, 2.7), from QueueReady = 1 until the device's reset. The three rings stay pinned; buffers and
/// indirect
/// tables are pinned a page at a time. All methods but <see cref="Close"/> run on the device's work queue. Rings are only touched with the
/// transport's gate held and the queue open, so nothing is written into guest RAM once the guest has seen the reset done. Unsafe code goes
/// through the rings' pins, whose lengths the layout gives and whose indexes are masked by the queue's size.
/// </summary>
internal sealed class VirtQueue
{
    /// <summary>Largest queue offered.</summary>
    public const int MaximumSize = 256;

    /// <summary>Longest chain with an indirect table; what QEMU accepts, since Linux may exceed the queue size there.</summary>
    private const int MaximumIndirectChain = 1024;

    private const int PieceSize = 4096;

    private readonly VirtioMmio transport;
    private readonly VirtQueueLayout layout;
    private readonly bool eventIndex;
    private readonly bool indirect;

    private PinnedMemory? descriptorTable;
    private PinnedMemory? availableRing;
    private PinnedMemory? usedRing;
    private bool open;
    private bool closed;
    private ushort nextAvailable;
    private ushort nextUsed;
    private int inFlight;
    private int notified;

    public VirtQueue(VirtioMmio transport, in VirtQueueLayout layout)
    {
        this.transport = transport;
        this.layout = layout;
        eventIndex = (layout.Features & VirtioFeature.EventIndex) != 0;
        indirect = (layout.Features & VirtioFeature.IndirectDescriptors) != 0;
    }

    /// <summary>Number of the queue.</summary>
    public int Index => layout.Index;

    /// <summary>A device that serves this queue in order keeps here that it is doing so.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Features the driver accepted.</summary>
    public ulong Features => layout.Features;

    /// <summary>Writes where it is in its rings. With no chain taken and not given back.</summary>
    public void Save(StateWriter writer)
    {
        writer.WriteUInt64(layout.Features);
        writer.WriteUInt16(nextAvailable);
        writer.WriteUInt16(nextUsed);
    }

    /// <summary>Before it is opened: goes on where a queue in another machine was. Any number is one of a ring.</summary>
    public void ContinueAt(ushort available, ushort used) => (nextAvailable, nextUsed) = (available, used);

    /// <summary>Pins the rings. False when the guest's addresses are wrong.</summary>
    public async ValueTask<bool> OpenAsync()
    {
        int size = layout.Size;
        if (size is 0 or > MaximumSize || !int.IsPow2(size))
            throw new GuestRingException($"queue size {size} is not a power of two up to {MaximumSize}");
        if ((layout.Descriptors & 15) != 0 || (layout.Driver & 1) != 0 || (layout.Device & 3) != 0)
            throw new GuestRingException("a ring is misaligned");

        PinnedMemory descriptors = await PinAsync(layout.Descriptors, (ulong)size * Descriptor.Size, write: false);
        PinnedMemory? available = null;
        PinnedMemory? used = null;
        bool taken = false;
        try
        {
            available = await PinAsync(layout.Driver, 6 + (2 * (ulong)size), write: false);
            used = await PinAsync(layout.Device, 6 + (8 * (ulong)size), write: true);
            lock (transport.Gate)
            {
                if (closed)
                    return false;
                (descriptorTable, availableRing, usedRing) = (descriptors, available, used);
                open = taken = true;
                return true;
            }
        }
        finally
        {
            // From then on the pins are Close's to undo, and it may have done so by now.
            if (!taken)
            {
                descriptors.Dispose();
                available?.Dispose();
                used?.Dispose();
            }
        }
    }

    /// <summary>Ends all use of guest RAM. With the gate held.</summary>
    public void Close()
    {
        closed = true;
        if (!open)
            return;
        open = false;
        descriptorTable!.Dispose();
        availableRing!.Dispose();
        usedRing!.Dispose();
    }

    /// <summary>True when a notification is not under way already; at most one waits, however often the guest notifies.</summary>
    public bool TryBeginNotification() => Interlocked.Exchange(ref notified, 1) == 0;

    /// <summary>The notification is about to be served.</summary>
    public void EndNotification() => Volatile.Write(ref notified, 0);

    /// <summary>Takes the next available chain's head, if there is one.</summary>
    public unsafe bool TryPop(out ushort head)
    {
        lock (transport.Gate)
        {
            head = 0;
            if (!open)
                return false;
            byte* ring = availableRing!.Pointer;
            ushort index = Volatile.Read(ref *(ushort*)(ring + 2));
            if (index == nextAvailable)
            {
                if (!eventIndex)
                    return false;
                // Ask for a notification of the next buffer, then look again: the driver may have added it before it saw the request.
                Volatile.Write(ref *(ushort*)(usedRing!.Pointer + 4 + (8 * layout.Size)), nextAvailable);
                Interlocked.MemoryBarrier();
                index = Volatile.Read(ref *(ushort*)(ring + 2));
                if (index == nextAvailable)
                    return false;
            }

            if ((ushort)(index - nextAvailable) > layout.Size)
                throw new GuestRingException("the available index is further ahead than the queue is long");
            if (inFlight >= layout.Size)
                throw new GuestRingException("more buffers are available than there are descriptors");
            head = Volatile.Read(ref *(ushort*)(ring + 4 + (2 * (nextAvailable & (layout.Size - 1)))));
            if (head >= layout.Size)
                throw new GuestRingException($"available descriptor {head} is outside the table");
            nextAvailable++;
            inFlight++;
            return true;
        }
    }

    /// <summary>Reads the chain that starts at <paramref name="head"/>.</summary>
    public async ValueTask<DescriptorChain> ReadChainAsync(ushort head)
    {
        var chain = new DescriptorChain(head);
        int index = head;
        for (int steps = 0; ; steps++)
        {
            if (steps >= layout.Size)
                throw new GuestRingException("a descriptor chain has a loop");
            Descriptor descriptor = ReadDescriptor(index);
            if (descriptor.IsIndirect)
            {
                if (!indirect || descriptor.HasNext)
                    throw new GuestRingException("an indirect descriptor that was not negotiated or has a successor");
                await ReadIndirectAsync(chain, descriptor);
                return chain;
            }

            chain.Add(descriptor);
            if (!descriptor.HasNext)
                return chain;
            index = descriptor.Next;
            if (index >= layout.Size)
                throw new GuestRingException($"descriptor {index} is outside the table");
        }
    }

    /// <summary>Copies device-readable bytes from <paramref name="offset"/> in the chain on.</summary>
    public ValueTask CopyFromGuestAsync(DescriptorChain chain, ulong offset, Memory<byte> destination) =>
        CopyAsync(chain.Readable, offset, destination, toGuest: false);

    /// <summary>Copies to device-writable bytes from <paramref name="offset"/> in the chain on.</summary>
    public ValueTask CopyToGuestAsync(DescriptorChain chain, ulong offset, Memory<byte> source) =>
        CopyAsync(chain.Writable, offset, source, toGuest: true);

    /// <summary>Gives a chain back, and interrupts the driver when it wants that.</summary>
    /// <param name="head">The chain.</param>
    /// <param name="written">Bytes written into its device-writable part.</param>
    public unsafe void Complete(ushort head, uint written)
    {
        lock (transport.Gate)
        {
            if (!open)
                throw new QueueClosedException();
            byte* ring = usedRing!.Pointer;
            byte* element = ring + 4 + (8 * (nextUsed & (layout.Size - 1)));
            *(uint*)element = head;
            *(uint*)(element + 4) = written;
            ushort previous = nextUsed++;
            inFlight--;
            Volatile.Write(ref *(ushort*)(ring + 2), nextUsed);
            // The index must be seen before we look whether the driver wants to be told (2.7.7.2).
            Interlocked.MemoryBarrier();
            if (WantsInterrupt(previous))
                transport.RaiseInterrupt(VirtioInterrupt.UsedBuffer);
        }
    }

    private unsafe bool WantsInterrupt(ushort previous)
    {
        byte* ring = availableRing!.Pointer;
        if (!eventIndex)
            return (Volatile.Read(ref *(ushort*)ring) & 1) == 0;
        ushort usedEvent = Volatile.Read(ref *(ushort*)(ring + 4 + (2 * layout.Size)));
        return (ushort)(nextUsed - usedEvent - 1) < (ushort)(nextUsed - previous);
    }

    private Descriptor ReadDescriptor(int index)
    {
        lock (transport.Gate)
        {
            if (!open)
                throw new QueueClosedException();
            return ParseDescriptor(descriptorTable!.Span.Slice(index * Descriptor.Size, Descriptor.Size));
        }
    }

    private async ValueTask ReadIndirectAsync(DescriptorChain chain, Descriptor table)
    {
        if (table.Length == 0 || table.Length % Descriptor.Size != 0)
            throw new GuestRingException("an indirect table is not a whole number of descriptors");
        uint count = table.Length / Descriptor.Size;
        if (count > MaximumIndirectChain)
            throw new GuestRingException("an indirect table is too long");

        var entries = new byte[table.Length];
        await CopyAsync([new(table.Address, table.Length)], 0, entries, toGuest: false);
        uint index = 0;
        for (uint steps = 0; ; steps++)
        {
            if (steps >= count)
                throw new GuestRingException("an indirect descriptor chain has a loop");
            Descriptor descriptor = ParseDescriptor(entries.AsSpan((int)index * Descriptor.Size, Descriptor.Size));
            if (descriptor.IsIndirect)
                throw new GuestRingException("an indirect descriptor inside an indirect table");
            chain.Add(descriptor);
            if (!descriptor.HasNext)
                return;
            index = descriptor.Next;
            if (index >= count)
                throw new GuestRingException($"descriptor {index} is outside its indirect table");
        }
    }

    private static Descriptor ParseDescriptor(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]));

    private async ValueTask CopyAsync(IReadOnlyList<DescriptorSegment> segments, ulong offset, Memory<byte> host, bool toGuest)
    {
        foreach (DescriptorSegment segment in segments)
        {
            if (host.IsEmpty)
                return;
            if (offset >= segment.Length)
            {
                offset -= segment.Length;
                continue;
            }

            ulong address = segment.Address + offset;
            ulong remaining = Math.Min(segment.Length - offset, (ulong)host.Length);
            offset = 0;
            while (remaining != 0)
            {
                // One page at a time: a request that waits for a page holds no other, so requests cannot wait for each other in a circle.
                int length = (int)Math.Min(remaining, PieceSize - (address & (PieceSize - 1)));
                using (PinnedMemory pin = await PinAsync(address, (ulong)length, toGuest))
                    CopyPiece(pin, host.Span[..length], toGuest);
                host = host[length..];
                address += (ulong)length;
                remaining -= (ulong)length;
            }
        }

        if (!host.IsEmpty)
            throw new GuestRingException("a request is shorter than its kind needs");
    }

    private void CopyPiece(PinnedMemory pin, Span<byte> host, bool toGuest)
    {
        lock (transport.Gate)
        {
            if (closed)
                throw new QueueClosedException();
            if (toGuest)
                host.CopyTo(pin.Span);
            else
                pin.Span.CopyTo(host);
        }
    }

    private PinOperation PinAsync(ulong address, ulong length, bool write)
    {
        var operation = new PinOperation(transport.Post);
        return transport.Memory.TryPin(address, length, write, operation.Complete)
            ? operation
            : throw new GuestRingException($"0x{address:x} is not RAM");
    }
}
