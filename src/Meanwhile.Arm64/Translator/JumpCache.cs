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

    /// <summary>Entry of the unit in executable memory.</summary>
    public nint Code;

    /// <summary>Makes the size a power of two.</summary>
    public nint Unused;
}

/// <summary>
/// Targets of jumps that cannot be linked, by virtual address: indirect ones, and those to another page. One for each PE, read by translated
/// code.
/// </summary>
/// <remarks>
/// A key holds the context number of the address range, the exception level and the FP mode: so an entry that was made under another context
/// never matches, and a switch of context leaves all of them in place. It is compared apart from the address, because a guest may jump to any
/// 64 bits, also to those that a key and an address would be together.
/// When one page's translation is invalidated and entries were made for it, all are forgotten: pages are remembered by a hash, so that
/// pages of data, which are invalidated often, cost nothing.
/// Unsafe: native memory of a fixed size; indices are masked.
/// </remarks>
internal sealed unsafe class JumpCache : IDisposable
{
    /// <summary>log2 of the entries.</summary>
    public const int Bits = 14;

    /// <summary>Addresses are folded by this shift before bits <see cref="Bits"/>+1..2 are the index.</summary>
    public const int Fold = 14;

    /// <summary>log2 of the bytes of an entry.</summary>
    public const int EntryBits = 5;

    /// <summary>As the current key: matches nothing.</summary>
    public const ulong NoKey = 1UL << 62;

    /// <summary>The key of an empty entry, which is never the current one.</summary>
    private const ulong EmptyKey = 1UL << 63;

    private const int Count = 1 << Bits;
    private const int PageHashBits = 14;

    private readonly ulong[] pages = new ulong[1 << PageHashBits >> 6];

    /// <summary>An empty cache.</summary>
    public JumpCache()
    {
        Entries = (JumpCacheEntry*)NativeMemory.AlignedAlloc((nuint)(Count * sizeof(JumpCacheEntry)), 64);
        ClearEntries();
    }

    /// <summary>The entries, for translated code.</summary>
    public JumpCacheEntry* Entries { get; private set; }

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
        return entry->Key == key && entry->Address == va ? entry->Code : 0;
    }

    /// <summary>Enters the code of <paramref name="va"/>.</summary>
    public void Enter(ulong va, ulong key, nint code)
    {
        JumpCacheEntry* entry = EntryOf(va);
        entry->Address = va;
        entry->Key = key;
        entry->Code = code;
        (int word, ulong bit) = PageBit(va);
        pages[word] |= bit;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Entries);
        Entries = null;
    }

    private JumpCacheEntry* EntryOf(ulong va) => Entries + (((va ^ ((uint)va >> Fold)) >> 2) & (Count - 1));

    /// <summary>Tag bits (TBI) do not count: an invalidation may come with others.</summary>
    private static (int Word, ulong Bit) PageBit(ulong va)
    {
        ulong page = va >> 12 & 0xF_FFFF_FFFF;
        int hash = (int)((page ^ (page >> PageHashBits)) & ((1 << PageHashBits) - 1));
        return (hash >> 6, 1UL << (hash & 63));
    }

    private void ClearEntries()
    {
        for (int n = 0; n < Count; n++)
            Entries[n].Key = EmptyKey;
    }
}
