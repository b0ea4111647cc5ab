using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Devices;

/// <summary>Devices' way into guest RAM: translates guest-physical addresses and pins.</summary>
internal sealed class GuestDmaMemory(GuestRam ram, GuestPhysicalMemory memory) : IDmaMemory
{
    // A range of this length that does not start at a page's first byte touches one page more.
    public ulong MaximumLength => (ulong)(GuestRam.MaximumPinnedPages - 1) * GuestRam.PageSize;

    public bool TryPin(ulong guestPhysicalAddress, ulong length, bool write, Action<PinnedMemory> ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        if (length == 0 || length > MaximumLength || !memory.TryGetOffset(guestPhysicalAddress, length, out long offset))
            return false;
        ram.Pin(offset, (long)length, write, () => ready(new PinnedGuestRam(ram, offset, (int)length)));
        return true;
    }

    private sealed unsafe class PinnedGuestRam(GuestRam ram, long offset, int length) : PinnedMemory
    {
        // Valid while pinned, and the pin is undone only by Dispose.
        private byte* pointer = ram.HostAddress(offset);

        public override byte* Pointer => pointer;

        public override int Length => length;

        public override void Dispose()
        {
            if (pointer is null)
                return;
            pointer = null;
            ram.Unpin(offset, length);
        }
    }
}
