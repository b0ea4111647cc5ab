using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Translator;

/// <summary>An entry of the jump cache: where the code of a virtual address is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JumpCacheEntry
{
    /// <summary>Virtual address.</summary>
    public ulong Address;

    /// <summary>The <see cref="CpuState.JumpKey"/> of its range when the entry was made.</summary>
    public ulong Key;

    /// <summary>Entry of the unit in executable memory. Aligned.</summary>
    public nint Code;

    /// <summary>In the second level: the <see cref="JumpCache"/>'s count of clearings when the entry was made; else 0.</summary>
    public long Clearings;
}

/// <summary>
/// Targets of jumps that cannot be linked, by virtual address: indirect ones, and those to another page. One for each PE, read by translated
/// code.
/// </summary>
/// <remarks>
/// A key holds the context number of the address range, the exception level and the FP mode: so an entry that was made under another context
/// never matches, and a switch of context leaves all of them in place. It is compared apart from the address, because a guest may jump to any
/// 64 bits, also to those that a key and an address would be together.
/// Code finds an entry by a target's low 16 bits times 8, and does not ask whether the target is aligned. A misaligned one falls between entries, where
/// its low two bits, n, make n words further stand in the address's place; it is never found, because those words have 0 in these bits.
/// A second, larger level has what other addresses displaced; without it the dispatcher would have to walk and to look up by physical address.
/// When one page's translation is invalidated and entries were made for it, all are forgotten: pages are remembered by a hash, so that
/// pages of data, which are invalidated often, cost nothing.
/// Unsafe: memory of a fixed size, at a fixed distance behind the PE's <see cref="CpuState"/>, so that code needs no pointer to it; indices are masked.
/// </remarks>
internal sealed unsafe class JumpCache : IDisposable
{
    /// <summary>log2 of the entries.</summary>
    public const int Bits = 16 - 2;

    /// <summary>log2 of the bytes of an entry.</summary>
    public const int EntryBits = 5;

    /// <summary>Bytes of the entries, and of one more, into which the last one's misaligned neighbours reach.</summary>
    public static readonly int Size = (Count + 1) * sizeof(JumpCacheEntry);

    /// <summary>As the current key: matches nothing.</summary>
    public const ulong NoKey = 1UL << 62;

    /// <summary>The key of an empty entry, which is never the current one.</summary>
    private const ulong EmptyKey = 1UL << 63;

    private const int Count = 1 << Bits;
    private const int PageHashBits = 14;

    /// <summary>log2 of the second level's entries.</summary>
    public const int SecondBits = 17;

    /// <summary>An address's place in the second level: the top bits of this times its words.</summary>
    public const uint SecondHash = 0x9E37_79B1;

    private const int SecondCount = 1 << SecondBits;

    private readonly ulong[] pages = new ulong[1 << PageHashBits >> 6];
    private readonly CpuState* state;
    private readonly JumpCacheEntry* entries;

    /// <summary>An empty cache.</summary>
    /// <param name="state">The PE's, with <see cref="Size"/> bytes at <see cref="Core.JumpCacheOffset"/> for the entries, which translated code reads.</param>
    public JumpCache(CpuState* state)
    {
        this.state = state;
        entries = (JumpCacheEntry*)((byte*)state + Core.JumpCacheOffset);
        NativeMemory.Clear(entries, (nuint)Size);
        // The host gives zeroed memory as it is used; count 0 is nobody's.
        state->JumpCacheSeconds = (JumpCacheEntry*)NativeMemory.AllocZeroed((nuint)(SecondCount * sizeof(JumpCacheEntry)));
        ClearEntries();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(pages);
        ClearEntries();
    }

    /// <summary>Forgets the entries of one page of virtual addresses, if there are any.</summary>
    public void ClearPage(ulong va)
    {
        (int word, ulong bit) = PageBit(va);
        if ((pages[word] & bit) != 0)
            Clear();
    }

    /// <summary>The code of <paramref name="va"/>, or 0.</summary>
    public nint Find(ulong va, ulong key)
    {
        JumpCacheEntry* entry = EntryOf(va);
        if (entry->Address == va && entry->Key == key)
            return entry->Code;
        entry = Neighbour(entry);
        if (entry->Address == va && entry->Key == key)
            return entry->Code;
        entry = SecondOf(va);
        if (entry->Address != va || entry->Key != key || entry->Clearings != state->JumpCacheClearings)
            return 0;
        EnterFirst(va, key, entry->Code);
        return entry->Code;
    }

    /// <summary>Enters the code of <paramref name="va"/>. What was in its place goes to the neighbour's.</summary>
    public void Enter(ulong va, ulong key, nint code)
    {
        EnterFirst(va, key, code);
        JumpCacheEntry* second = SecondOf(va);
        second->Address = va;
        second->Key = key;
        second->Code = code;
        second->Clearings = state->JumpCacheClearings;
        (int word, ulong bit) = PageBit(va);
        pages[word] |= bit;
    }

    /// <summary>Makes the host give memory for the second level before it is used.</summary>
    public void Prepare()
    {
        for (int n = 0; n < SecondCount; n += 4096 / sizeof(JumpCacheEntry))
            Volatile.Write(ref state->JumpCacheSeconds[n].Clearings, Volatile.Read(ref state->JumpCacheSeconds[n].Clearings));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(state->JumpCacheSeconds);
        state->JumpCacheSeconds = null;
    }

    private void EnterFirst(ulong va, ulong key, nint code)
    {
        JumpCacheEntry* entry = EntryOf(va);
        if (entry->Address != va || entry->Key != key)
            *Neighbour(entry) = *entry;
        entry->Address = va;
        entry->Key = key;
        entry->Code = code;
    }

    /// <summary>The other entry where an address may stand; translated code looks there when it is not in its own place.</summary>
    private JumpCacheEntry* Neighbour(JumpCacheEntry* entry) => entries + ((entry - entries) ^ 1);

    private JumpCacheEntry* EntryOf(ulong va) => entries + ((va >> 2) & (Count - 1));

    /// <summary>Tag bits (TBI) do not count: an invalidation may come with others.</summary>
    private static (int Word, ulong Bit) PageBit(ulong va)
    {
        ulong page = va >> 12 & 0xF_FFFF_FFFF;
        int hash = (int)((page ^ (page >> PageHashBits)) & ((1 << PageHashBits) - 1));
        return (hash >> 6, 1UL << (hash & 63));
    }

    private JumpCacheEntry* SecondOf(ulong va) => state->JumpCacheSeconds + ((((uint)va >> 2) * SecondHash) >> (32 - SecondBits));

    private void ClearEntries()
    {
        state->JumpCacheClearings++;
        for (int n = 0; n < Count; n++)
            entries[n].Key = EmptyKey;
    }
}
