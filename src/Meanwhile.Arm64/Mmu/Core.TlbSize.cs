using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>How large the data TLBs are: as large as the work needs, which a page that comes back soon after it was displaced tells.</content>
/// <remarks>
/// Translated code and handlers take the size from <see cref="CpuState.TlbMask"/>, and no lookup of theirs is under way when an access fills an
/// entry. Decisions come from fills and their order alone, which are the same on both engines.
/// Unsafe: entries are addressed within what <c>AllocateTlbs</c> has allocated.
/// </remarks>
public sealed unsafe partial class Core
{
    private const int FirstTlbSize = 1024;
    private const int GrowthBits = 2;

    /// <summary>
    /// What was displaced while its context was in use: 16 bits of an entry's tag by its page number. 0: nothing.
    /// </summary>
    private readonly ushort[] displaced = new ushort[TlbEntry.MaximumCount];

    private int windowFills, windowReturns;

    /// <summary>Entries in each data TLB: a power of two.</summary>
    internal int TlbSize => (int)(State->TlbMask >> TlbEntry.SizeBits) + 1;

    private static uint MaskOf(int size) => (uint)(size - 1) << TlbEntry.SizeBits;

    /// <summary>Starts over with small TLBs, for tests of growth.</summary>
    internal void StartWithTlbSize(int size)
    {
        State->TlbMask = MaskOf(size);
        windowFills = windowReturns = 0;
        Array.Clear(displaced);
        ClearTlbs();
        FlushTlb();
    }

    /// <summary>A translation with <paramref name="tag"/> is about to be entered. May make the TLBs larger.</summary>
    private void NoteFill(TlbEntry* tlb, ulong tag)
    {
        windowFills++;
        if (displaced[PageIndex(tag)] == Signature(tag))
            windowReturns++;
        if (windowFills >= TlbSize)
        {
            // A quarter of a TLB's worth of fills were of pages that a larger one would still have.
            if (windowReturns >= windowFills / 4 && TlbSize < TlbEntry.MaximumCount)
                Grow();
            windowFills = windowReturns = 0;
        }
        TlbEntry* entry = TlbEntry.Of(tlb, tag, State->TlbMask);
        // What may be written may be read.
        ulong old = TlbEntry.PageAndContext(entry->ReadTag);
        uint context = (uint)old & 0xFFF;
        if (old != TlbEntry.Invalid && old != tag && (context == State->TlbTag[0] || context == State->TlbTag[1]))
            displaced[PageIndex(old)] = Signature(old);
    }

    private static int PageIndex(ulong tag) => (int)(tag >> 12) & (TlbEntry.MaximumCount - 1);

    /// <summary>The context, and as many bits of the page number above its index as there is room for; never 0.</summary>
    private static ushort Signature(ulong tag) => (ushort)(((tag << 4) | (tag >> 28 & 15)) + 1);

    /// <summary>Makes every data TLB larger; what they hold goes to its new places.</summary>
    private void Grow()
    {
        int size = TlbSize;
        int larger = Math.Min(size << GrowthBits, TlbEntry.MaximumCount);
        State->TlbMask = MaskOf(larger);
        for (int array = 0; array < ArrayCount; array++)
        {
            TlbEntry* tlb = DataTlb(array);
            Clear(tlb, size, larger);
            for (TlbEntry* entry = tlb; entry < tlb + size; entry++)
            {
                ulong tag = TlbEntry.PageAndContext(entry->ReadTag);
                TlbEntry* place = TlbEntry.Of(tlb, tag, State->TlbMask);
                if (tag == TlbEntry.Invalid || place == entry)
                    continue;
                *place = *entry;
                entry->ReadTag = entry->WriteTag = TlbEntry.Invalid;
            }
        }
    }

    private static void Clear(TlbEntry* tlb, int from, int to) => new Span<byte>(tlb + from, (to - from) * sizeof(TlbEntry)).Fill(0xFF);
}
