namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>A buffer of a descriptor chain: a range of guest-physical addresses that the guest claims to be RAM.</summary>
internal readonly record struct DescriptorSegment(ulong Address, uint Length);

/// <summary>A descriptor chain, checked for form: first what the device reads, then what it writes (virtio 1.2, 2.7.4.2).</summary>
internal sealed class DescriptorChain(ushort head)
{
    private readonly List<DescriptorSegment> readable = [];
    private readonly List<DescriptorSegment> writable = [];

    /// <summary>Index of the first descriptor: the chain's name in the used ring.</summary>
    public ushort Head { get; } = head;

    /// <summary>Number of buffers.</summary>
    public int Count => readable.Count + writable.Count;

    /// <summary>Bytes the device reads.</summary>
    public ulong ReadableLength { get; private set; }

    /// <summary>Bytes the device may write.</summary>
    public ulong WritableLength { get; private set; }

    /// <summary>What the device reads.</summary>
    public IReadOnlyList<DescriptorSegment> Readable => readable;

    /// <summary>What the device writes.</summary>
    public IReadOnlyList<DescriptorSegment> Writable => writable;

    public void Add(in Descriptor descriptor)
    {
        if (descriptor.Length == 0)
            throw new GuestRingException("a descriptor has no length");
        var segment = new DescriptorSegment(descriptor.Address, descriptor.Length);
        if (descriptor.IsWritable)
        {
            writable.Add(segment);
            WritableLength += descriptor.Length;
        }
        else
        {
            if (writable.Count != 0)
                throw new GuestRingException("a device-readable descriptor follows a device-writable one");
            readable.Add(segment);
            ReadableLength += descriptor.Length;
        }
    }
}

/// <summary>An entry of the descriptor table (virtio 1.2, 2.7.5), copied out of guest RAM once.</summary>
internal readonly struct Descriptor(ulong address, uint length, ushort flags, ushort next)
{
    public const int Size = 16;

    public ulong Address { get; } = address;

    public uint Length { get; } = length;

    public ushort Next { get; } = next;

    public bool HasNext => (flags & 1) != 0;

    public bool IsWritable => (flags & 2) != 0;

    public bool IsIndirect => (flags & 4) != 0;
}
