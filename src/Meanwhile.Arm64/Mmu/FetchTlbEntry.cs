namespace Meanwhile.Arm64.Mmu;

/// <summary>One entry of a direct-mapped instruction TLB, tagged as <see cref="TlbEntry"/> is.</summary>
internal unsafe struct FetchTlbEntry
{
    /// <summary>Entries in one instruction TLB.</summary>
    public const int Count = 512;

    /// <summary>Page address and context, or <see cref="TlbEntry.Invalid"/>.</summary>
    public ulong Tag;

    /// <summary>Guest-physical address of the page; log2 of the mapping's size in bits 5..0.</summary>
    public ulong PhysicalPage;

    /// <summary>Host address of the page.</summary>
    public byte* Host;
}
