using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>TLB invalidation by address (DDI0487 D8.13).</content>
public sealed unsafe partial class Core
{
    private const int RegionBits = 21;
    private const int HugeRegionBits = 30;

    /// <summary>Bits of a page address with a context that say which page it is, whatever the context and the tag byte: bit 55 and bits 47..12.</summary>
    private const ulong PageIdentity = 0x0080_FFFF_FFFF_F000;

    /// <summary>Regions that have entries made from a mapping larger than 4 KiB: an invalidation by address looks for the other pieces only there.</summary>
    private readonly RegionSet largeRegions = new(RegionBits, 1024);

    /// <summary>Regions that have entries made from a mapping larger than those; none is larger than these (D8.2).</summary>
    private readonly RegionSet hugeRegions = new(HugeRegionBits, 64);

    private void ForgetLargeMappings()
    {
        largeRegions.Clear();
        hugeRegions.Clear();
    }

    /// <summary>Remembers that a 4 KiB entry for <paramref name="va"/> is a piece of a larger mapping.</summary>
    private void RecordLargeMapping(ulong va, int sizeBits) => (sizeBits > RegionBits ? hugeRegions : largeRegions).Add(va);

    /// <summary>
    /// TLBI VAE1, VALE1, VAAE1, VAALE1: forgets translations of <paramref name="va"/> under every ASID, which is more than some of them ask.
    /// </summary>
    private void ForgetAddress(ulong va, bool lastLevelOnly)
    {
        if (!lastLevelOnly)
            ClearWalkCache();
        if (hugeRegions.MayContain(va))
        {
            // Its pieces may be anywhere in the arrays.
            ForgetAllTranslations();
            return;
        }
        ForgetCachedBlock(va);
        if (largeRegions.MayContain(va))
        {
            ForgetRegion(va);
            largeRegions.Remove(va);
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
        for (int array = 0; array < ArrayCount; array++)
        {
            TlbEntry* entry = TlbEntry.Of(DataTlb(array), va, State->TlbMask);
            if (((TlbEntry.PageAndContext(entry->ReadTag) ^ va) & PageIdentity) == 0)
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

    /// <summary>Forgets the page of <paramref name="va"/> and every piece of a larger mapping in its region.</summary>
    private void ForgetRegion(ulong va)
    {
        clearJumpCache = true;
        const ulong region = PageIdentity & (ulong.MaxValue << RegionBits);
        // The pages of a region lie side by side, as far as the array reaches.
        int pieces = Math.Min(TlbSize, 1 << (RegionBits - 12));
        for (int array = 0; array < ArrayCount; array++)
        {
            TlbEntry* first = TlbEntry.Of(DataTlb(array), va & region, State->TlbMask);
            for (int n = 0; n < pieces; n++)
            {
                TlbEntry* entry = first + n;
                if (((TlbEntry.PageAndContext(entry->ReadTag) ^ va) & region) == 0)
                {
                    entry->ReadTag = TlbEntry.Invalid;
                    entry->WriteTag = TlbEntry.Invalid;
                }
            }
        }
        for (int n = 0; n < FetchArrayCount * FetchTlbEntry.Count; n++)
        {
            if (((fetchTlbs[n].Tag ^ va) & region) == 0)
                fetchTlbs[n].Tag = TlbEntry.Invalid;
        }
    }
}
