using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>TLB invalidation by address (DDI0487 D8.13).</content>
public sealed unsafe partial class Core
{
    private const int RegionBits = 21;
    private const int RegionSlots = 1024;
    private const ulong ManyRegions = ulong.MaxValue;

    /// <summary>Bits of a tag that say which page it is, whatever the context and the tag byte: bit 55 and bits 47..12.</summary>
    private const ulong PageIdentity = 0x0080_FFFF_FFFF_F000;

    /// <summary>
    /// 2 MiB regions that have entries made from a mapping larger than 4 KiB, so that an invalidation by address looks for the other
    /// pieces only there. A slot is 0, a region number plus one, or <see cref="ManyRegions"/> when regions collided in it.
    /// </summary>
    private readonly ulong[] largeRegions = new ulong[RegionSlots];

    /// <summary>For the lower and the upper range: log2 of the largest mapping over 2 MiB that has entries, or 0.</summary>
    private readonly int[] hugeMappingBits = new int[2];

    private static ulong RegionOf(ulong va) => (va & PageIdentity) >> RegionBits;

    private void ForgetLargeMappings()
    {
        Array.Clear(largeRegions);
        Array.Clear(hugeMappingBits);
    }

    /// <summary>Remembers that a 4 KiB entry for <paramref name="va"/> is a piece of a larger mapping.</summary>
    private void RecordLargeMapping(ulong va, int sizeBits)
    {
        if (sizeBits > RegionBits)
        {
            ref int huge = ref hugeMappingBits[va >> 55 & 1];
            huge = Math.Max(huge, sizeBits);
            return;
        }
        ref ulong slot = ref largeRegions[RegionOf(va) & (RegionSlots - 1)];
        ulong region = RegionOf(va) + 1;
        slot = slot == 0 || slot == region ? region : ManyRegions;
    }

    /// <summary>
    /// TLBI VAE1, VALE1, VAAE1, VAALE1: forgets translations of <paramref name="va"/> under every ASID, which is more than some of them ask.
    /// </summary>
    private void ForgetAddress(ulong va)
    {
        int huge = hugeMappingBits[va >> 55 & 1];
        ref ulong slot = ref largeRegions[RegionOf(va) & (RegionSlots - 1)];
        if (huge != 0)
        {
            ForgetBlock(va, huge);
        }
        else if (slot == ManyRegions || slot == RegionOf(va) + 1)
        {
            ForgetBlock(va, RegionBits);
            if (slot != ManyRegions)
                slot = 0;
        }
        else
        {
            ForgetPage(va);
        }
        InvalidateFetchPage();
    }

    private void ForgetPage(ulong va)
    {
        jumpCache.ClearPage(va);
        TlbEntry* entry = dataTlbs + ((va >> 12) & (TlbEntry.Count - 1));
        for (int array = 0; array < ArrayCount; array++, entry += TlbEntry.Count)
        {
            if (((entry->ReadTag ^ va) & PageIdentity) == 0)
            {
                entry->ReadTag = TlbEntry.Invalid;
                entry->WriteTag = TlbEntry.Invalid;
            }
        }
        FetchTlbEntry* fetch = fetchTlbs + ((va >> 12) & (FetchTlbEntry.Count - 1));
        for (int array = 0; array < FetchArrayCount; array++, fetch += FetchTlbEntry.Count)
        {
            if (((fetch->Tag ^ va) & PageIdentity) == 0)
                fetch->Tag = TlbEntry.Invalid;
        }
    }

    /// <summary>Forgets the page of <paramref name="va"/> and every piece of a larger mapping within the aligned block around it.</summary>
    private void ForgetBlock(ulong va, int sizeBits)
    {
        clearJumpCache = true;
        ulong block = PageIdentity & (ulong.MaxValue << sizeBits);
        // The pieces of a block lie side by side, as far as the array reaches.
        int pieces = (int)Math.Min(TlbEntry.Count, 1L << (sizeBits - 12));
        TlbEntry* first = dataTlbs + ((va >> 12) & (ulong)(TlbEntry.Count - pieces));
        for (int array = 0; array < ArrayCount; array++, first += TlbEntry.Count)
        {
            for (int n = 0; n < pieces; n++)
            {
                TlbEntry* entry = first + n;
                if (((entry->ReadTag ^ va) & block) == 0)
                {
                    entry->ReadTag = TlbEntry.Invalid;
                    entry->WriteTag = TlbEntry.Invalid;
                }
            }
        }
        for (int n = 0; n < FetchArrayCount * FetchTlbEntry.Count; n++)
        {
            if (((fetchTlbs[n].Tag ^ va) & block) == 0)
                fetchTlbs[n].Tag = TlbEntry.Invalid;
        }
    }
}
