using System.Numerics;

namespace Meanwhile.Arm64.Mmu;

/// <summary>One of the two VA ranges of the EL1&amp;0 regime, decoded from TCR_EL1 and TTBRn_EL1 once per change (DDI0487 D8.2).</summary>
internal struct VaRange
{
    /// <summary>Physical address of the table of the initial lookup level.</summary>
    public ulong TableBase;

    /// <summary>Bits of the input address: 64 - TnSZ.</summary>
    public int InputBits;

    /// <summary>log2 of the granule size: 12, 14 or 16.</summary>
    public int GranuleBits;

    /// <summary>Initial lookup level.</summary>
    public int StartLevel;

    /// <summary>EPDn, or a TnSZ outside 16..39, for which a level 0 translation fault is one of the permitted choices.</summary>
    public bool WalkDisabled;

    /// <summary>TBIn: bits 63..56 of an address are ignored.</summary>
    public bool TopByteIgnored;

    /// <summary>E0PDn: unprivileged accesses take a level 0 translation fault (FEAT_E0PD).</summary>
    public bool UnprivilegedDenied;

    /// <summary>HPDn: APTable, PXNTable and UXNTable are ignored (FEAT_HPDS).</summary>
    public bool HierarchyDisabled;

    /// <summary>Address bits that one level resolves.</summary>
    public readonly int Stride => GranuleBits - 3;

    /// <summary>The lower range (TTBR0_EL1) or the upper one (TTBR1_EL1).</summary>
    public static VaRange Decode(ulong tcr, ulong ttbr, bool upper)
    {
        uint half = (uint)(upper ? tcr >> 16 : tcr) & 0xFFFF;
        int size = (int)(half & 0x3F);
        int granule = upper
            ? (half >> 14) switch { 1 => 14, 3 => 16, _ => 12 }
            : (half >> 14) switch { 1 => 16, 2 => 14, _ => 12 };
        int inputBits = 64 - Math.Clamp(size, 16, 39);
        int stride = granule - 3;
        int levels = (inputBits - granule + stride - 1) / stride;
        // The initial table may have fewer entries than a granule holds, and is aligned to its own size, at least 64 bytes.
        int tableBits = Math.Max(inputBits - granule - ((levels - 1) * stride) + 3, 6);
        int which = upper ? 1 : 0;
        return new VaRange
        {
            TableBase = ttbr & 0x0000_FFFF_FFFF_FFFE & (ulong.MaxValue << tableBits),
            InputBits = inputBits,
            GranuleBits = granule,
            StartLevel = 4 - levels,
            WalkDisabled = (half & 0x80) != 0 || size is < 16 or > 39,
            TopByteIgnored = (tcr >> (37 + which) & 1) != 0,
            HierarchyDisabled = (tcr >> (41 + which) & 1) != 0,
            UnprivilegedDenied = (tcr >> (55 + which) & 1) != 0,
        };
    }

    /// <summary>False when the bits above the input address are not all equal to bit 55 (D8.2.1), tag byte aside.</summary>
    public readonly bool Contains(ulong va)
    {
        ulong extended = TopByteIgnored ? (ulong)((long)(va << 8) >> 8) : va;
        return BitOperations.LeadingZeroCount((va >> 55 & 1) != 0 ? ~extended : extended) >= 64 - InputBits;
    }
}
