namespace Meanwhile.Arm64.Mmu;

/// <summary>What a stage-1 walk found: the leaf entry with the attributes of the tables above it applied (DDI0487 D8.3, D8.4).</summary>
internal struct Stage1Translation
{
    /// <summary>A <see cref="FaultStatus"/>; the other fields are complete only for <see cref="FaultStatus.None"/>.</summary>
    public int Fault;

    /// <summary>Physical address of the 4 KiB page; with <see cref="FaultStatus.TableNotPresent"/>, of the table entry.</summary>
    public ulong PhysicalPage;

    /// <summary>Where the leaf stands, and its value.</summary>
    public ulong DescriptorAddress, Descriptor;

    /// <summary>log2 of the size that the leaf maps.</summary>
    public int SizeBits;

    /// <summary>The leaf's lookup level.</summary>
    public int Level;

    /// <summary>AP[1] with APTable[0] applied: EL0 has access.</summary>
    public bool User;

    /// <summary>AP[2] with APTable[1] and the dirty bit modifier applied: a write is a permission fault.</summary>
    public bool ReadOnly;

    /// <summary>Writable, but the first write must clear AP[2] in the leaf (FEAT_HAFDBS dirty state).</summary>
    public bool Clean;

    /// <summary>The leaf's access flag is clear and hardware must set it.</summary>
    public bool Old;

    public bool Pxn, Uxn;

    /// <summary>nG: the translation belongs to the current ASID only.</summary>
    public bool NonGlobal;

    /// <summary>MAIR_EL1's attribute byte and the leaf's shareability, as PAR_EL1 shows them.</summary>
    public byte Attributes, Shareability;

    /// <summary>Device memory of any kind.</summary>
    public readonly bool Device => (Attributes & 0xF0) == 0;
}
