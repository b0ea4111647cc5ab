namespace Meanwhile.Arm64.Mmu;

/// <summary>What stands at a guest-physical page.</summary>
public enum PhysicalPageKind : byte
{
    /// <summary>RAM that is resident: <see cref="PhysicalPage.Host"/> points at its first byte.</summary>
    Ram,

    /// <summary>RAM that is not resident now: the core leaves with a stage-2 fault.</summary>
    NotPresent,

    /// <summary>No RAM: the core leaves with an MMIO exit; who handles it may find that there is no device either.</summary>
    Mmio,
}

/// <summary>The answer of <see cref="IPhysicalMemory.Resolve"/>.</summary>
public readonly unsafe struct PhysicalPage(PhysicalPageKind kind, byte* host, bool writable)
{
    /// <summary>What stands there.</summary>
    public PhysicalPageKind Kind { get; } = kind;

    /// <summary>First byte of the 4 KiB page in host memory; valid until the core is told to flush its TLB. Null unless RAM.</summary>
    public byte* Host { get; } = host;

    /// <summary>The page may be written through <see cref="Host"/>; false when a write must be resolved again first (dirty tracking).</summary>
    public bool Writable { get; } = writable;
}

/// <summary>Stage 2 as the core sees it: asked on a TLB fill and for each translation table entry, never on a TLB hit.</summary>
public interface IPhysicalMemory
{
    /// <summary>
    /// Resolves the 4 KiB page that holds <paramref name="physicalAddress"/>. Records the page as accessed, and as dirty when
    /// <paramref name="forWrite"/>. Never blocks.
    /// </summary>
    PhysicalPage Resolve(ulong physicalAddress, bool forWrite);

    /// <summary>
    /// Zeroes the 64-byte block at <paramref name="physicalAddress"/>, aligned to 64, of a page that <see cref="Resolve"/> finds
    /// <see cref="PhysicalPageKind.NotPresent"/>, without its content being brought (DC ZVA). False: that cannot be done.
    /// </summary>
    bool TryZeroBlock(ulong physicalAddress) => false;

    /// <summary>
    /// The PEs that share this memory and may run at the same time: maintenance broadcasts reach them. Null for a single PE.
    /// </summary>
    InnerShareableDomain? Domain => null;
}
