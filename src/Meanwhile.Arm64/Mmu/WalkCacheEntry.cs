namespace Meanwhile.Arm64.Mmu;

/// <summary>
/// One entry of the walk cache: where a walk for a 2 MiB region ends. A table whose entries are pages, or a block that is as large or larger.
/// </summary>
internal unsafe struct WalkCacheEntry
{
    /// <summary>log2 of a region's size.</summary>
    public const int RegionBits = 21;

    /// <summary>Address bits within a region.</summary>
    public const ulong RegionMask = (1UL << RegionBits) - 1;

    /// <summary>Address of the region and the context, as in <see cref="TlbEntry"/>, or <see cref="TlbEntry.Invalid"/>.</summary>
    public ulong Tag;

    /// <summary>Host address of the descriptor of the region's first page, which stand in one page of 4 KiB; null: the region is in a block.</summary>
    public ulong* Table;

    /// <summary>Guest-physical address of the same, or of the block's descriptor.</summary>
    public ulong DescriptorAddress;

    /// <summary>A block's descriptor.</summary>
    public ulong Block;

    /// <summary>The or-ed table descriptors above.</summary>
    public ulong Hierarchy;

    /// <summary>A block's lookup level.</summary>
    public int Level;

    /// <summary>log2 of a block's size.</summary>
    public int SizeBits;
}
