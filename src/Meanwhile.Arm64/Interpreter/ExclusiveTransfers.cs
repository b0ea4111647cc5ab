using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Interpreter;

/// <summary>
/// The PE's exclusive monitor (DDI0487 B2.9), the local and the global one at once: a mark holds the physical address and the value that was
/// read there, and a store passes when memory, compared and exchanged atomically, still has that value. Stores of other
/// observers need not know about marks.
/// </summary>
internal static unsafe class ExclusiveMonitor
{
    /// <summary>Marks <paramref name="size"/> bytes at <paramref name="va"/>, just read. Memory that is not RAM is never marked: its store-exclusives fail.</summary>
    internal static void Mark(CpuState* s, ulong va, int size, ulong low, ulong high)
    {
        s->ExclusiveSize = GuestAccess.TryPhysicalAddress(s, va, out s->ExclusiveAddress) ? (byte)size : (byte)0;
        s->ExclusiveLow = low;
        s->ExclusiveHigh = high;
    }

    /// <summary>
    /// Where a store-exclusive writes. False: the access faulted. <paramref name="host"/> null: the monitor does not pass and the store
    /// fails without an access. An alignment fault comes first either way.
    /// </summary>
    internal static bool TryPass(CpuState* s, Insn* i, ulong va, int size, out byte* host)
    {
        host = null;
        if (s->ExclusiveSize != size && (va & (ulong)(size - 1)) == 0)
            return true;
        host = GuestAccess.HostForAtomic(s, i, va, size, AccessFlags.Ordered | AccessFlags.StoreOnly);
        if (host is null)
            return false;
        if (!GuestAccess.TryPhysicalAddress(s, va, out ulong physicalAddress) || physicalAddress != s->ExclusiveAddress)
            host = null;
        return true;
    }

    /// <summary>Ends a store-exclusive: the monitor is open, and X[M] holds the status, 0 for success.</summary>
    internal static bool Finish(CpuState* s, Insn* i, bool stored)
    {
        s->ExclusiveSize = 0;
        s->X[i->M] = stored ? 0u : 1u;
        return true;
    }
}

/// <summary>LDXR, LDAXR of a <typeparamref name="T"/>. The host's loads are acquires.</summary>
internal readonly unsafe struct LoadExclusive<T> : ITransfer
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!GuestAccess.TryRead(s, i, va, out T value, LoadOrdered<T>.FlagsFor(va)))
            return false;
        ExclusiveMonitor.Mark(s, va, sizeof(T), ulong.CreateTruncating(value), 0);
        s->X[i->D] = ulong.CreateTruncating(value);
        return true;
    }
}

/// <summary>LDXP, LDAXP of two words: one 8-byte access.</summary>
internal readonly unsafe struct LoadExclusiveWordPair : ITransfer
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!GuestAccess.TryRead(s, i, va, out ulong value, LoadOrdered<ulong>.FlagsFor(va)))
            return false;
        ExclusiveMonitor.Mark(s, va, sizeof(ulong), value, 0);
        s->X[i->D] = (uint)value;
        s->X[i->A] = value >> 32;
        return true;
    }
}

/// <summary>LDXP, LDAXP of two doublewords. They are one access only once the matching store has succeeded, which compares both.</summary>
internal readonly unsafe struct LoadExclusiveDoublewordPair : ITransfer
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!GuestAccess.TryRead(s, i, va, out Vector128<ulong> value, (va & 15) == 0 ? AccessFlags.None : AccessFlags.Ordered))
            return false;
        ulong low = value.GetElement(0), high = value.GetElement(1);
        ExclusiveMonitor.Mark(s, va, 16, low, high);
        s->X[i->D] = low;
        s->X[i->A] = high;
        return true;
    }
}

/// <summary>STXR, STLXR of a <typeparamref name="T"/>: status in X[M]. The host's interlocked operations are full barriers.</summary>
internal readonly unsafe struct StoreExclusive<T> : ITransfer
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!ExclusiveMonitor.TryPass(s, i, va, sizeof(T), out byte* host))
            return false;
        T expected = T.CreateTruncating(s->ExclusiveLow);
        // HostForAtomic answered with aligned writable guest RAM.
        return ExclusiveMonitor.Finish(
            s, i, host is not null && Interlocked.CompareExchange(ref Unsafe.AsRef<T>(host), T.CreateTruncating(s->X[i->D]), expected) == expected);
    }
}

/// <summary>STXP, STLXP of two words.</summary>
internal readonly unsafe struct StoreExclusiveWordPair : ITransfer
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!ExclusiveMonitor.TryPass(s, i, va, sizeof(ulong), out byte* host))
            return false;
        ulong value = (uint)s->X[i->D] | s->X[i->A] << 32;
        // As in StoreExclusive.
        return ExclusiveMonitor.Finish(
            s, i, host is not null && Interlocked.CompareExchange(ref Unsafe.AsRef<ulong>(host), value, s->ExclusiveLow) == s->ExclusiveLow);
    }
}

/// <summary>STXP, STLXP of two doublewords.</summary>
internal readonly unsafe struct StoreExclusiveDoublewordPair : ITransfer
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!ExclusiveMonitor.TryPass(s, i, va, 16, out byte* host))
            return false;
        return ExclusiveMonitor.Finish(
            s,
            i,
            host is not null && WideAtomics.CompareExchange(host, s->ExclusiveLow, s->ExclusiveHigh, s->X[i->D], s->X[i->A], out _, out _));
    }
}

/// <summary>LDAR of a <typeparamref name="T"/>. The host's loads are acquires.</summary>
internal readonly unsafe struct LoadOrdered<T> : ITransfer
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags) => Load<T, General<T>>.Try(s, i, va, FlagsFor(va));

    /// <summary>Aligned accesses need nothing special and may take the fast path; the slow path raises the alignment fault of the others.</summary>
    internal static AccessFlags FlagsFor(ulong va) => (va & (ulong)(sizeof(T) - 1)) == 0 ? AccessFlags.None : AccessFlags.Ordered;
}

/// <summary>STLR of a <typeparamref name="T"/>.</summary>
internal readonly unsafe struct StoreOrdered<T> : ITransfer
    where T : unmanaged, IBinaryInteger<T>
{
    public static bool Try(CpuState* s, Insn* i, ulong va, AccessFlags flags)
    {
        if (!Store<T, General<T>>.Try(s, i, va, LoadOrdered<T>.FlagsFor(va)))
            return false;
        // The host's stores are releases, but a later LDAR must not overtake this one (B2.3.7), as the host's store buffer would let it.
        Interlocked.MemoryBarrier();
        return true;
    }
}
