using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64.Mmu;

/// <summary>
/// Data accesses of instruction handlers: the inline TLB lookup, and the way to the slow path (<see cref="Core"/>'s MMU) for misses,
/// device memory, unaligned and page-crossing accesses. A false answer means that <see cref="CpuState.Pending"/> is set: the handler
/// returns <see cref="Status.Leave"/> without having changed any register.
/// </summary>
/// <remarks>
/// Guest memory is little-endian; so is the host. An access of up to 16 bytes that is naturally aligned is single-copy atomic on the
/// host for the sizes the architecture asks for (up to 8 bytes; 16 for LSE2, which is not advertised).
/// </remarks>
public static unsafe class GuestAccess
{
    private const int PageBits = 12;
    private const ulong PageMask = ~0xFFFUL;

    /// <summary>Reads a <typeparamref name="T"/> (1 to 16 bytes) at <paramref name="va"/> with the current privilege.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead<T>(CpuState* state, Insn* i, ulong va, out T value, AccessFlags flags = AccessFlags.None)
        where T : unmanaged
    {
        TlbEntry* entry = Lookup(state, va, flags);
        // The tag of the last byte makes the access stay within the entry's page; Addend was made from a resident page.
        if (entry->ReadTag == Tag(state, va) && (va & 0xFFF) <= (ulong)(0x1000 - sizeof(T)) && (flags & ~AccessFlags.Unprivileged) == 0)
        {
            state->DataTlbHits++;
            value = Unsafe.ReadUnaligned<T>((byte*)va + entry->Addend);
            return true;
        }
        return Core.Of(state).TryReadSlow(i, va, out value, flags);
    }

    /// <summary>Writes a <typeparamref name="T"/> (1 to 16 bytes) at <paramref name="va"/> with the current privilege.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite<T>(CpuState* state, Insn* i, ulong va, T value, AccessFlags flags = AccessFlags.None)
        where T : unmanaged
    {
        TlbEntry* entry = Lookup(state, va, flags);
        // As in TryRead.
        if (entry->WriteTag == Tag(state, va) && (va & 0xFFF) <= (ulong)(0x1000 - sizeof(T)) && (flags & ~AccessFlags.Unprivileged) == 0)
        {
            state->DataTlbHits++;
            Unsafe.WriteUnaligned((byte*)va + entry->Addend, value);
            return true;
        }
        return Core.Of(state).TryWriteSlow(i, va, value, flags);
    }

    /// <summary>Where <paramref name="size"/> bytes at <paramref name="va"/> can be read. False: only the slow path knows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryHostForRead(CpuState* state, ulong va, int size, out byte* host)
    {
        TlbEntry* entry = Lookup(state, va);
        host = (byte*)va + entry->Addend;
        return Count(state, entry->ReadTag == TagOfLast(state, va, size));
    }

    /// <summary>Where <paramref name="size"/> bytes at <paramref name="va"/> can be written. False: only the slow path knows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryHostForWrite(CpuState* state, ulong va, int size, out byte* host)
    {
        TlbEntry* entry = Lookup(state, va);
        host = (byte*)va + entry->Addend;
        return Count(state, entry->WriteTag == TagOfLast(state, va, size));
    }

    /// <summary>
    /// Where an atomic read-modify-write of <paramref name="size"/> bytes (a power of two) finds its naturally aligned RAM. Null:
    /// <see cref="CpuState.Pending"/> is set.
    /// </summary>
    internal static byte* HostForAtomic(CpuState* state, Insn* i, ulong va, int size, AccessFlags flags = AccessFlags.Ordered)
    {
        TlbEntry* entry = Lookup(state, va);
        ulong tag = Tag(state, va);
        // Aligned bytes cannot leave the page.
        return Count(state, entry->WriteTag == tag && entry->ReadTag == tag && (va & (ulong)(size - 1)) == 0)
            ? (byte*)va + entry->Addend
            : Core.Of(state).ResolveForAtomic(i, va, size, flags);
    }

    /// <summary>The guest-physical address of <paramref name="va"/>, which was just accessed; false when it is not RAM.</summary>
    internal static bool TryPhysicalAddress(CpuState* state, ulong va, out ulong physicalAddress)
    {
        TlbEntry* entry = Lookup(state, va);
        physicalAddress = (entry->PhysicalPage & PageMask) | (va & ~PageMask);
        return entry->ReadTag == Tag(state, va) || Core.Of(state).TryPhysicalAddressSlow(va, out physicalAddress);
    }

    /// <summary>Counts a hit; a miss is counted where the slow path looks again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Count(CpuState* state, bool hit)
    {
        state->DataTlbHits += hit ? 1 : 0;
        return hit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TlbEntry* Lookup(CpuState* state, ulong va, AccessFlags flags = AccessFlags.None) =>
        TlbEntry.Of((flags & AccessFlags.Unprivileged) == 0 ? state->DataTlb : state->UnprivilegedTlb, va, state->TlbMask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Tag(CpuState* state, ulong va) => (va >> PageBits) | state->DataTag[(va >> 55) & 1];

    /// <summary>
    /// The tag that the last byte of an access has, to be compared with the entry of its first: an access that leaves the page misses.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong TagOfLast(CpuState* state, ulong va, int size) =>
        ((va + (ulong)(size - 1)) >> PageBits) | state->DataTag[(va >> 55) & 1];
}

/// <summary>What is special about a data access.</summary>
[Flags]
public enum AccessFlags
{
    /// <summary>An ordinary access.</summary>
    None = 0,

    /// <summary>Made with EL0's permissions (LDTR, STTR), unless UAO is set.</summary>
    Unprivileged = 1,

    /// <summary>Must be naturally aligned whatever SCTLR_EL1.A says (exclusives, LSE atomics, acquire/release).</summary>
    Ordered = 2,

    /// <summary>An atomic access that is a store alone (store-exclusive): its faults are a write's, where others tell a read's first.</summary>
    StoreOnly = 4,
}
