using System.Numerics;
using System.Runtime.InteropServices;

namespace Meanwhile.Memory;

/// <summary>A set of pages of RAM: one bit a page. Not thread safe.</summary>
public sealed class PageBitmap
{
    private const int WordBits = 64;

    private readonly ulong[] words;
    private long population; // -1: to be counted.

    /// <summary>No page of <paramref name="count"/>.</summary>
    public PageBitmap(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (long)Array.MaxLength * WordBits);
        Count = count;
        words = new ulong[(count + WordBits - 1) / WordBits];
    }

    /// <summary>Pages that may be in the set: RAM's.</summary>
    public long Count { get; }

    /// <summary>True when no page is in the set.</summary>
    public bool IsEmpty => CountPages() == 0;

    /// <summary>The bits: page n is bit n % 64 of word n / 64; bits past <see cref="Count"/> are clear and must stay so. Not to be written through once the set
    /// is used otherwise again.</summary>
    public Span<ulong> Words
    {
        get
        {
            population = -1;
            return words;
        }
    }

    /// <summary>The bits as bytes: page n is bit n % 8 of byte n / 8 (the host is little-endian).</summary>
    public Span<byte> Bytes => MemoryMarshal.AsBytes(Words);

    /// <summary>Whether a page is in the set.</summary>
    public bool this[long page] => (words[Checked(page) / WordBits] >> (int)(page % WordBits) & 1) != 0;

    /// <summary>Puts a page in; false when it was there.</summary>
    public bool Add(long page)
    {
        ref ulong word = ref words[Checked(page) / WordBits];
        ulong bit = 1UL << (int)(page % WordBits);
        bool added = (word & bit) == 0;
        word |= bit;
        if (added && population >= 0)
            population++;
        return added;
    }

    /// <summary>Takes a page out; false when it was not there.</summary>
    public bool Remove(long page)
    {
        ref ulong word = ref words[Checked(page) / WordBits];
        ulong bit = 1UL << (int)(page % WordBits);
        bool removed = (word & bit) != 0;
        word &= ~bit;
        if (removed && population >= 0)
            population--;
        return removed;
    }

    /// <summary>Puts the pages of a range in.</summary>
    public void AddRange(long first, long count)
    {
        if (first < 0 || count < 0 || count > Count - first)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"{count} pages from there are not inside RAM of {Count} pages.");
        population = -1;
        for (long page = first; page < first + count;)
        {
            int bit = (int)(page % WordBits);
            int run = (int)Math.Min(WordBits - bit, first + count - page);
            words[page / WordBits] |= ulong.MaxValue >> (WordBits - run) << bit;
            page += run;
        }
    }

    /// <summary>Takes all pages out.</summary>
    public void Clear()
    {
        words.AsSpan().Clear();
        population = 0;
    }

    /// <summary>Puts all pages in.</summary>
    public void AddAll() => AddRange(0, Count);

    /// <summary>Puts the pages of another set in.</summary>
    public void UnionWith(PageBitmap other)
    {
        CheckSameCount(other);
        population = -1;
        for (int i = 0; i < words.Length; i++)
            words[i] |= other.words[i];
    }

    /// <summary>Takes the pages of another set out.</summary>
    public void ExceptWith(PageBitmap other)
    {
        CheckSameCount(other);
        population = -1;
        for (int i = 0; i < words.Length; i++)
            words[i] &= ~other.words[i];
    }

    /// <summary>Keeps only the pages that are in another set, too.</summary>
    public void IntersectWith(PageBitmap other)
    {
        CheckSameCount(other);
        population = -1;
        for (int i = 0; i < words.Length; i++)
            words[i] &= other.words[i];
    }

    /// <summary>How many pages are in the set. Counted again only after changes of many.</summary>
    public long CountPages()
    {
        if (population >= 0)
            return population;
        long count = 0;
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        return population = count;
    }

    /// <summary>The first page at or after <paramref name="from"/> that is in the set, or <see cref="Count"/>.</summary>
    public long NextPage(long from) => Next(from, flip: 0);

    /// <summary>The first page at or after <paramref name="from"/> that is not in the set, or <see cref="Count"/>.</summary>
    public long NextGap(long from) => Math.Min(Next(from, flip: ulong.MaxValue), Count);

    private long Next(long from, ulong flip)
    {
        if (from >= Count)
            return Count;
        ulong mask = ulong.MaxValue << (int)(Checked(from) % WordBits);
        for (long i = from / WordBits; i < words.Length; i++)
        {
            ulong word = (words[i] ^ flip) & mask;
            if (word != 0)
                return (i * WordBits) + BitOperations.TrailingZeroCount(word);
            mask = ulong.MaxValue;
        }
        return Count;
    }

    private long Checked(long page)
    {
        if ((ulong)page >= (ulong)Count)
            throw new ArgumentOutOfRangeException(nameof(page), page, $"Outside RAM of {Count} pages.");
        return page;
    }

    private void CheckSameCount(PageBitmap other)
    {
        if (other.Count != Count)
            throw new ArgumentException($"A set of {other.Count} pages is not of the same RAM as one of {Count}.", nameof(other));
    }
}
