using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Translator;

/// <summary>An entry of the jump cache: where the code of a virtual address is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JumpCacheEntry
{
    /// <summary>Virtual address, exclusive-or the <see cref="CpuState.JumpKey"/> of its range.</summary>
    public ulong Key;

    /// <summary>Entry of the unit in executable memory.</summary>
    public nint Code;
}

/// <summary>
/// Targets of jumps that cannot be linked, by virtual address: indirect ones, and those to another page. One for each PE, read by translated
/// code. The entries of a page lie together, so that invalidating its translation clears one group.
/// </summary>
/// <remarks>
/// A key holds the context number of the address range, the exception level and the FP mode in bits 61..48, where an address has copies of
/// bit 55 (DDI0487 D8.2): so an entry that was made under another context never matches, and a switch of context leaves all of them
/// in place. Bits 63 and 62 stay those of the address; <see cref="NoKey"/> has them different, which no address has.
/// Unsafe: native memory of a fixed size; indices are masked.
/// </remarks>
internal static unsafe class JumpCache
{
    /// <summary>log2 of the entries for a page's addresses.</summary>
    public const int SlotBits = 5;

    /// <summary>log2 of the groups.</summary>
    public const int GroupBits = 8;

    /// <summary>Entries in all.</summary>
    public const int Count = 1 << (SlotBits + GroupBits);

    /// <summary>A key that matches nothing, in an entry or as the current one.</summary>
    public const ulong NoKey = 1UL << 62;

    private const int SlotsPerGroup = 1 << SlotBits;

    /// <summary>Bits of an address that choose the entry, for PEXT: 6..2 and 19..12.</summary>
    public const ulong IndexBits = 0x000F_F07C;

    /// <summary>Allocates an empty cache.</summary>
    public static JumpCacheEntry* Allocate()
    {
        var cache = (JumpCacheEntry*)NativeMemory.AlignedAlloc((nuint)(Count * sizeof(JumpCacheEntry)), 64);
        Clear(cache);
        return cache;
    }

    /// <summary>Forgets everything.</summary>
    public static void Clear(JumpCacheEntry* cache) => ClearEntries(cache, Count);

    /// <summary>Forgets the entries of one page of virtual addresses, and others that share its group.</summary>
    public static void ClearPage(JumpCacheEntry* cache, ulong va) => ClearEntries(Group(cache, va), SlotsPerGroup);

    /// <summary>Enters the code of <paramref name="va"/>.</summary>
    public static void Enter(JumpCacheEntry* cache, ulong va, ulong key, nint code)
    {
        JumpCacheEntry* entry = Group(cache, va) + ((va >> 2) & (SlotsPerGroup - 1));
        entry->Key = va ^ key;
        entry->Code = code;
    }

    private static JumpCacheEntry* Group(JumpCacheEntry* cache, ulong va) =>
        cache + (((va >> 12) & ((1 << GroupBits) - 1)) << SlotBits);

    private static void ClearEntries(JumpCacheEntry* entry, int count)
    {
        for (int n = 0; n < count; n++)
            entry[n].Key = NoKey;
    }
}
