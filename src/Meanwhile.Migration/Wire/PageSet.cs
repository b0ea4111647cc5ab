using System.Numerics;

namespace Meanwhile.Migration.Wire;

/// <summary>A set of pages of one RAM: a bit per page, and how many there are. Not synchronised.</summary>
public sealed class PageSet
{
    private readonly ulong[] words;

    /// <summary>An empty set of pages below <paramref name="pageCount"/>.</summary>
    public PageSet(long pageCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageCount);
        PageCount = pageCount;
        words = new ulong[(pageCount + 63) / 64];
    }

    /// <summary>Pages of the RAM.</summary>
    public long PageCount { get; }

    /// <summary>Pages in the set.</summary>
    public long Count { get; private set; }

    /// <summary>The bits, 64 pages a word: for who keeps a bitmap of the same form. Call <see cref="Recount"/> after writing.</summary>
    public Span<ulong> Words => words;

    /// <summary>True when the page is in the set.</summary>
    public bool Contains(long page) => (words[page >> 6] >> (int)page & 1) != 0;

    /// <summary>Adds a page; false when it was there.</summary>
    public bool Add(long page)
    {
        if (Contains(page))
            return false;
        words[page >> 6] |= 1UL << (int)page;
        Count++;
        return true;
    }

    /// <summary>Takes a page out; false when it was not there.</summary>
    public bool Remove(long page)
    {
        if (!Contains(page))
            return false;
        words[page >> 6] &= ~(1UL << (int)page);
        Count--;
        return true;
    }

    /// <summary>Adds pages <paramref name="first"/> and so on.</summary>
    public void AddRange(long first, long count)
    {
        for (long page = first; page < first + count;)
        {
            if ((page & 63) == 0 && first + count - page >= 64)
            {
                Count += 64 - BitOperations.PopCount(words[page >> 6]);
                words[page >> 6] = ulong.MaxValue;
                page += 64;
            }
            else
            {
                Add(page++);
            }
        }
    }

    /// <summary>Adds what is in another set of the same RAM.</summary>
    public void AddAll(PageSet other)
    {
        for (int i = 0; i < words.Length; i++)
            words[i] |= other.words[i];
        Recount();
    }

    /// <summary>Takes out what is in another set of the same RAM.</summary>
    public void RemoveAll(PageSet other)
    {
        for (int i = 0; i < words.Length; i++)
            words[i] &= ~other.words[i];
        Recount();
    }

    /// <summary>Keeps only what is in another set of the same RAM, too.</summary>
    public void KeepOnly(PageSet other)
    {
        for (int i = 0; i < words.Length; i++)
            words[i] &= other.words[i];
        Recount();
    }

    /// <summary>Takes everything out.</summary>
    public void Clear()
    {
        Array.Clear(words);
        Count = 0;
    }

    /// <summary>Counts again, after <see cref="Words"/> was written.</summary>
    public void Recount()
    {
        long count = 0;
        if ((PageCount & 63) != 0)
            words[^1] &= (1UL << (int)(PageCount & 63)) - 1;
        foreach (ulong word in words)
            count += BitOperations.PopCount(word);
        Count = count;
    }

    /// <summary>The first page of the set at or after <paramref name="from"/>; -1 when there is none.</summary>
    public long Next(long from)
    {
        if (from >= PageCount)
            return -1;
        long index = from >> 6;
        ulong word = words[index] & (ulong.MaxValue << (int)from);
        while (word == 0)
        {
            if (++index >= words.Length)
                return -1;
            word = words[index];
        }
        return (index << 6) + BitOperations.TrailingZeroCount(word);
    }

    /// <summary>How many pages from <paramref name="first"/> on are in the set, one after the other.</summary>
    public long RunLength(long first)
    {
        long page = first;
        while (page < PageCount)
        {
            ulong absent = ~words[page >> 6] >> (int)(page & 63);
            if (absent != 0)
                return Math.Min(page + BitOperations.TrailingZeroCount(absent), PageCount) - first;
            page += 64 - (page & 63);
        }
        return PageCount - first;
    }
}
