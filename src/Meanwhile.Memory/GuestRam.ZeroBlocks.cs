using Meanwhile.Memory.Pages;

namespace Meanwhile.Memory;

/// <content>
/// Zeroing without reading: an operating system clears a page before it uses it again, and what the page held before need not be brought
/// back for that. Blocks that were zeroed while a page's content is elsewhere are remembered; when all are, the content is forgotten.
/// </content>
public sealed unsafe partial class GuestRam
{
    /// <summary>Size of what <see cref="TryZeroBlock"/> zeroes, in bytes; aligned to itself.</summary>
    public const int ZeroBlockSize = 64;

    private const int ZeroBlockShift = 6;

    // Absent or Reading pages with zeroed blocks, a bit each. A page that becomes resident loses its entry.
    private readonly Dictionary<long, ulong> zeroedBlocks = [];
    private long overwritten;

    /// <summary>
    /// Zeroes the 64-byte block at byte offset <paramref name="offset"/> of a page that is not resident, without making it so. False, and nothing
    /// is done, for any other page: the caller writes it as usual.
    /// </summary>
    public bool TryZeroBlock(long offset)
    {
        CheckOffset(offset);
        long page = offset >> PageShift;
        if (pages.State(page) is not (PageState.Absent or PageState.Reading))
            return false;
        lock (gate)
        {
            PageState state = pages.State(page);
            // What the page held before is read when it is still to be saved: it is brought, and copied before it is written.
            if (disposed || state is not (PageState.Absent or PageState.Reading) || !IsPreserved(page))
                return false;
            Log(page);
            ulong blocks = zeroedBlocks.GetValueOrDefault(page) | 1UL << (int)((offset & (PageSize - 1)) >> ZeroBlockShift);
            if (blocks != ulong.MaxValue || state == PageState.Reading)
                zeroedBlocks[page] = blocks;
            else
                ForgetContent(page);
        }
        return true;
    }

    // All of it was overwritten: the page is as if it had never held anything.
    private void ForgetContent(long page)
    {
        zeroedBlocks.Remove(page);
        ForgetCopy(page);
        pages.Clear(page, PageFlags.InOrigin | PageFlags.Dirty);
        pages.SetState(page, PageState.Untouched);
        absent--;
        overwritten++;
    }

    // A read has filled the page with what it held before its blocks were zeroed.
    private void ApplyZeroedBlocks(long page)
    {
        if (!zeroedBlocks.Remove(page, out ulong blocks))
            return;
        // The page has host memory, and nobody else may use it before it is resident.
        ClearBlocks(memory + (page << PageShift), blocks);
        MarkDirty(page);
    }

    private static void ClearBlocks(byte* content, ulong blocks)
    {
        for (int block = 0; block < PageSize / ZeroBlockSize; block++)
        {
            if ((blocks >> block & 1) != 0)
                new Span<byte>(content + (block << ZeroBlockShift), ZeroBlockSize).Clear();
        }
    }
}
