using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>Noting which pages this PE uses. Entering a translation notes its page; what was entered before is listed here.</content>
/// <remarks>Unsafe: reads the TLBs that <c>AllocateTlbs</c> has allocated, on the PE's thread.</remarks>
public sealed unsafe partial class Core
{
    private WorkingSet? listedIn;

    /// <summary>Where pages and code are noted, in full from the next <see cref="FlushTlb"/> on; null: nowhere. Any thread.</summary>
    public WorkingSet? WorkingSet
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>
    /// The first flush for a working set: what EL1 used of its own range and nothing has displaced from the TLB, current or not. A kernel does some things
    /// once a second. Data TLBs alone, which are the same on both execution engines.
    /// </summary>
    private void ListEarlierUse()
    {
        WorkingSet? set = WorkingSet;
        if (set == listedIn)
            return;
        listedIn = set;
        if (set is null)
            return;
        translated?.Unlink();
        for (int array = 1; array < ArrayCount; array++)
        {
            TlbEntry* tlb = DataTlb(array);
            for (TlbEntry* entry = tlb; entry < tlb + TlbSize; entry++)
            {
                if (entry->ReadTag != TlbEntry.Invalid && (TlbEntry.PageAndContext(entry->ReadTag) >> 55 & 1) != 0)
                    set.AddEarlier(entry->PhysicalPage, PageUse.PrivilegedData);
            }
        }
    }
}
