using Meanwhile.Arm64.Mmu;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor;

/// <summary>A range of guest-physical addresses that is RAM; KVM's memory slot.</summary>
/// <param name="GuestPhysicalAddress">First address; a multiple of <see cref="GuestRam.PageSize"/>.</param>
/// <param name="RamOffset">Byte offset in <see cref="GuestRam"/>; a multiple of <see cref="GuestRam.PageSize"/>.</param>
/// <param name="Size">Size in bytes; a multiple of <see cref="GuestRam.PageSize"/>.</param>
public readonly record struct MemorySlot(ulong GuestPhysicalAddress, long RamOffset, long Size);

/// <summary>Stage 2: guest-physical addresses to pages of <see cref="GuestRam"/>, through memory slots.</summary>
public sealed unsafe class GuestPhysicalMemory : IPhysicalMemory
{
    private readonly GuestRam ram;
    private MemorySlot[] slots = [];

    internal GuestPhysicalMemory(GuestRam ram) => this.ram = ram;

    /// <inheritdoc/>
    public InnerShareableDomain Domain { get; } = new();

    /// <summary>The slots.</summary>
    public IReadOnlyList<MemorySlot> Slots => slots;

    /// <summary>Adds a slot; before the machine runs.</summary>
    /// <exception cref="ArgumentException">The slot is empty, unaligned, outside RAM, or overlaps another.</exception>
    public void AddSlot(MemorySlot slot)
    {
        const ulong Mask = GuestRam.PageSize - 1;
        bool aligned = ((slot.GuestPhysicalAddress | (ulong)slot.RamOffset | (ulong)slot.Size) & Mask) == 0;
        if (!aligned || slot.Size <= 0 || slot.RamOffset < 0 || slot.RamOffset > ram.Size - slot.Size)
            throw new ArgumentException($"{slot} does not fit RAM of {ram.Size} bytes.", nameof(slot));
        ulong last = slot.GuestPhysicalAddress + (ulong)slot.Size - 1;
        if (last < slot.GuestPhysicalAddress || Array.Exists(slots, other =>
            other.GuestPhysicalAddress <= last && slot.GuestPhysicalAddress <= other.GuestPhysicalAddress + (ulong)other.Size - 1))
        {
            throw new ArgumentException($"{slot} overlaps another slot or the end of the address space.", nameof(slot));
        }

        slots = [.. slots, slot];
    }

    /// <summary>Offset in RAM of a range of guest-physical addresses; false unless it is wholly in one slot and not empty.</summary>
    public bool TryGetOffset(ulong guestPhysicalAddress, ulong length, out long offset)
    {
        foreach (ref readonly MemorySlot slot in slots.AsSpan())
        {
            ulong inSlot = guestPhysicalAddress - slot.GuestPhysicalAddress;
            if (inSlot < (ulong)slot.Size && length - 1 < (ulong)slot.Size - inSlot)
            {
                offset = slot.RamOffset + (long)inSlot;
                return true;
            }
        }

        offset = 0;
        return false;
    }

    /// <inheritdoc/>
    public PhysicalPage Resolve(ulong physicalAddress, bool forWrite)
    {
        if (!TryGetOffset(physicalAddress & ~(ulong)(GuestRam.PageSize - 1), GuestRam.PageSize, out long offset))
            return new PhysicalPage(PhysicalPageKind.Mmio, null, false);
        // The pointer is the page's until the invalidation that the vCPU is registered for.
        return ram.Resolve(offset, forWrite, out byte* host, out bool writable) == GuestPageState.Resident
            ? new PhysicalPage(PhysicalPageKind.Ram, host, writable)
            : new PhysicalPage(PhysicalPageKind.NotPresent, null, false);
    }

    /// <inheritdoc/>
    public bool TryZeroBlock(ulong physicalAddress) =>
        TryGetOffset(physicalAddress, GuestRam.ZeroBlockSize, out long offset) && ram.TryZeroBlock(offset);
}
