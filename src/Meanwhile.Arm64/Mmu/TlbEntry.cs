using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Mmu;

/// <summary>
/// One entry of a direct-mapped data TLB. An access hits when its page number, or-ed with the current <see cref="CpuState.DataTag"/>,
/// equals the tag of its kind. 32 bytes, native memory, also read by translated code.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct TlbEntry
{
    /// <summary>A tag that no access can have: an empty entry, or a kind of access that must take the slow path.</summary>
    public const ulong Invalid = ulong.MaxValue;

    /// <summary>log2 of an entry's size.</summary>
    public const int SizeBits = 5;

    /// <summary>Most entries that one TLB grows to, for which there is address space; the index is bits 12 and up of the virtual address.</summary>
    public const int MaximumCount = 1 << 16;

    /// <summary>Where the entry of a virtual address is in a TLB with <see cref="CpuState.TlbMask"/> <paramref name="mask"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TlbEntry* Of(TlbEntry* tlb, ulong va, uint mask) => (TlbEntry*)((byte*)tlb + ((uint)(va >> (12 - SizeBits)) & mask));

    /// <summary>
    /// The tag of a page address or-ed with a <see cref="CpuState.TlbTag"/>: rotated, which leaves the page number at its bottom. Code makes it with a shift,
    /// which is shorter than a mask.
    /// </summary>
    internal static ulong TagOf(ulong pageAndContext) => BitOperations.RotateRight(pageAndContext, 12);

    /// <summary>The page address and the context of a tag; <see cref="Invalid"/> of that.</summary>
    internal static ulong PageAndContext(ulong tag) => BitOperations.RotateLeft(tag, 12);

    /// <summary>Tag for reads, or <see cref="Invalid"/>.</summary>
    public ulong ReadTag;

    /// <summary>Tag for writes, or <see cref="Invalid"/> (read-only, or dirty state is not recorded yet).</summary>
    public ulong WriteTag;

    /// <summary>Host address minus virtual address of the page.</summary>
    public nint Addend;

    /// <summary>Guest-physical address of the page, with flags in the low 12 bits that only the MMU reads (global, …).</summary>
    public ulong PhysicalPage;
}
