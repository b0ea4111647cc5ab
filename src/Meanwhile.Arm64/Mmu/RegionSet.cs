namespace Meanwhile.Arm64.Mmu;

/// <summary>
/// Aligned regions of the address space that have some property, for a question that may be answered with yes too often: where two regions
/// share a slot, the slot stands for every region.
/// </summary>
/// <param name="regionBits">log2 of a region's size.</param>
/// <param name="slotCount">Slots, a power of two.</param>
internal sealed class RegionSet(int regionBits, int slotCount)
{
    private const ulong Every = ulong.MaxValue;

    /// <summary>Bits of an address that say which page it is, whatever its tag byte: bit 55 and bits 47..12.</summary>
    private const ulong Identity = 0x0080_FFFF_FFFF_F000;

    /// <summary>A slot is 0, a region's number plus one, or <see cref="Every"/>.</summary>
    private readonly ulong[] slots = new ulong[slotCount];

    /// <summary>Adds the region of <paramref name="va"/>.</summary>
    public void Add(ulong va)
    {
        ref ulong slot = ref SlotOf(va, out ulong number);
        slot = slot == 0 || slot == number ? number : Every;
    }

    /// <summary>Whether the region of <paramref name="va"/> may have been added.</summary>
    public bool MayContain(ulong va) => SlotOf(va, out ulong number) is ulong slot && (slot == number || slot == Every);

    /// <summary>Takes the region of <paramref name="va"/> out, where that is possible.</summary>
    public void Remove(ulong va)
    {
        ref ulong slot = ref SlotOf(va, out ulong number);
        if (slot == number)
            slot = 0;
    }

    /// <summary>Takes all out.</summary>
    public void Clear() => Array.Clear(slots);

    private ref ulong SlotOf(ulong va, out ulong number)
    {
        number = ((va & Identity) >> regionBits) + 1;
        return ref slots[(number - 1) & (ulong)(slotCount - 1)];
    }
}
