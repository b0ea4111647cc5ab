using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>The walk cache: what a TLB miss needs of the tables above the last one (DDI0487 D8.13.2, intermediate caching of table entries).</content>
/// <remarks>
/// Tagged with contexts, so that whatever gives out new numbers empties it. Entries of last-level tables are read again each time; a block's
/// descriptor is kept, as the TLB keeps pages', until it is invalidated.
/// Unsafe: host addresses of tables are those of <c>tablePages</c>, valid until FlushTlb, which gives out new numbers.
/// </remarks>
public sealed unsafe partial class Core
{
    private const int WalkCacheSize = 256;

    private readonly WalkCacheEntry[] walkCache = new WalkCacheEntry[WalkCacheSize];
    private bool walkCacheIsEmpty;

    private ref WalkCacheEntry WalkCacheSlot(ulong va) => ref walkCache[(va >> WalkCacheEntry.RegionBits) & (WalkCacheSize - 1)];

    private ulong WalkCacheTag(ulong va) => (va & ~WalkCacheEntry.RegionMask) | State->TlbTag[va >> 55 & 1];

    /// <summary>Finishes a walk for <paramref name="va"/> with what is known of its region. False: nothing is.</summary>
    private bool TryWalkFromCache(ulong va, ref VaRange range, ref Stage1Translation t)
    {
        ref WalkCacheEntry cached = ref WalkCacheSlot(va);
        if (cached.Tag != WalkCacheTag(va))
            return false;
        ulong hierarchy = range.HierarchyDisabled ? 0 : cached.Hierarchy;
        if (cached.Table == null)
        {
            FinishWalk(va, cached.Block, cached.DescriptorAddress, cached.Level, cached.SizeBits, hierarchy, ref t);
            return true;
        }
        ulong index = (va & WalkCacheEntry.RegionMask) >> range.GranuleBits;
        ulong descriptor = Volatile.Read(ref Unsafe.AsRef<ulong>(cached.Table + index));
        t.Level = 3;
        if ((descriptor & 3) != 3)
        {
            t.Fault = FaultStatus.Translation | 3;
            return true;
        }
        FinishWalk(va, descriptor, cached.DescriptorAddress + (index << 3), 3, range.GranuleBits, hierarchy, ref t);
        return true;
    }

    /// <summary>A walk for <paramref name="va"/> has come to a table of pages: <paramref name="host"/> is where its descriptor stands.</summary>
    private void RememberTable(ulong va, int granuleBits, ulong* host, ulong address, ulong hierarchy)
    {
        ulong index = (va & WalkCacheEntry.RegionMask) >> granuleBits;
        ref WalkCacheEntry entry = ref WalkCacheSlot(va);
        entry.Tag = WalkCacheTag(va);
        entry.Table = host - index;
        entry.DescriptorAddress = address - (index << 3);
        entry.Hierarchy = hierarchy;
        walkCacheIsEmpty = false;
    }

    /// <summary>A walk for <paramref name="va"/> has ended at a block. One whose descriptor the hardware may have to update is read each time.</summary>
    private void RememberBlock(ulong va, in Stage1Translation t, ulong hierarchy)
    {
        if (t.Fault != FaultStatus.None || t.Old || t.Clean)
            return;
        RecordLargeMapping(va, t.SizeBits);
        ref WalkCacheEntry entry = ref WalkCacheSlot(va);
        entry.Tag = WalkCacheTag(va);
        entry.Table = null;
        entry.DescriptorAddress = t.DescriptorAddress;
        entry.Block = t.Descriptor;
        entry.Hierarchy = hierarchy;
        entry.Level = t.Level;
        entry.SizeBits = t.SizeBits;
        walkCacheIsEmpty = false;
    }

    /// <summary>Forgets all of it: an entry of a table above may have changed, which any number of regions are reached by.</summary>
    private void ClearWalkCache()
    {
        if (walkCacheIsEmpty)
            return;
        for (int n = 0; n < WalkCacheSize; n++)
            walkCache[n].Tag = TlbEntry.Invalid;
        walkCacheIsEmpty = true;
    }

    /// <summary>Forgets the block that <paramref name="va"/> is in, no larger than a region.</summary>
    private void ForgetCachedBlock(ulong va)
    {
        ref WalkCacheEntry entry = ref WalkCacheSlot(va);
        if (entry.Table == null)
            entry.Tag = TlbEntry.Invalid;
    }
}
