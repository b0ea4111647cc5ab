namespace Meanwhile.Hypervisor.Devices;

/// <summary>Guest-physical addresses that lead to devices. Devices are mapped before the machine runs; lookups take no lock.</summary>
public sealed class MmioBus
{
    private readonly List<Mapping> mappings = [];
    private long unmappedAccesses;

    private readonly record struct Mapping(ulong Base, ulong Size, IMmioDevice Device);

    /// <summary>Accesses that met no device.</summary>
    public long UnmappedAccesses => Interlocked.Read(ref unmappedAccesses);

    /// <summary>Maps a device.</summary>
    /// <exception cref="ArgumentException">The range is empty, wraps around, or overlaps a mapping.</exception>
    public void Map(ulong guestPhysicalAddress, ulong size, IMmioDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (size == 0 || guestPhysicalAddress + (size - 1) < guestPhysicalAddress)
            throw new ArgumentException($"A device cannot be mapped at 0x{guestPhysicalAddress:x} with size 0x{size:x}.", nameof(size));
        if (Overlaps(guestPhysicalAddress, size))
            throw new ArgumentException($"The range 0x{guestPhysicalAddress:x}, size 0x{size:x}, overlaps another device's.", nameof(guestPhysicalAddress));
        int index = mappings.FindIndex(mapping => mapping.Base > guestPhysicalAddress);
        mappings.Insert(index < 0 ? mappings.Count : index, new Mapping(guestPhysicalAddress, size, device));
    }

    /// <summary>True when a device is mapped somewhere in the range.</summary>
    public bool Overlaps(ulong guestPhysicalAddress, ulong size) => mappings.Exists(mapping =>
        mapping.Base <= guestPhysicalAddress + (size - 1) && guestPhysicalAddress <= mapping.Base + (mapping.Size - 1));

    /// <summary>Reads; 0 where no device is, or where the access leaves one.</summary>
    public ulong Read(ulong guestPhysicalAddress, int size) =>
        Find(guestPhysicalAddress, size) is { } mapping ? mapping.Device.Read(guestPhysicalAddress - mapping.Base, size) : 0;

    /// <summary>Writes; ignored where no device is, or where the access leaves one.</summary>
    public void Write(ulong guestPhysicalAddress, int size, ulong value)
    {
        if (Find(guestPhysicalAddress, size) is { } mapping)
            mapping.Device.Write(guestPhysicalAddress - mapping.Base, size, value);
    }

    private Mapping? Find(ulong address, int size)
    {
        int low = 0;
        int high = mappings.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            Mapping mapping = mappings[middle];
            ulong offset = address - mapping.Base;
            if (address < mapping.Base)
                high = middle - 1;
            else if (offset >= mapping.Size)
                low = middle + 1;
            else if ((ulong)size <= mapping.Size - offset)
                return mapping;
            else
                break;
        }

        Interlocked.Increment(ref unmappedAccesses);
        return null;
    }
}
