using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>Data accesses that miss the TLB, cross a page, are unaligned, or reach devices.</content>
/// <remarks>Unsafe: host pointers come from stage 2 for one page and are used within that page, before anything can invalidate them.</remarks>
public sealed unsafe partial class Core
{
    private const ulong SctlrA = 1UL << 1;
    private const ulong SctlrWxn = 1UL << 19;

    /// <summary>The RAM page that the slow path found last, which need not be in the TLB.</summary>
    private (ulong VirtualPage, ulong PhysicalPage) lastLocated;

    /// <summary>Where one access within a page leads.</summary>
    private struct Target
    {
        /// <summary>Host address of the first byte; null for a device.</summary>
        public byte* Host;

        /// <summary>Physical address of the first byte.</summary>
        public ulong PhysicalAddress;
    }

    internal partial bool TryReadSlow<T>(Insn* i, ulong va, out T value, AccessFlags flags)
        where T : unmanaged
    {
        value = default;
        if (!IsAlignmentPermitted(i, va, sizeof(T), AccessKind.Read, flags))
            return false;
        if (((va & 0xFFF) + (ulong)sizeof(T)) <= 0x1000)
        {
            if (!TryLocate(i, va, sizeof(T), AccessKind.Read, flags, out Target target))
                return false;
            if (target.Host != null)
            {
                value = Unsafe.ReadUnaligned<T>(target.Host);
                return true;
            }
            T data;
            if (!TryReadDevice(i, va, target.PhysicalAddress, (byte*)&data, sizeof(T)))
                return false;
            value = data;
            return true;
        }
        T joined;
        if (!TryReadAcross(i, va, (byte*)&joined, sizeof(T), flags))
            return false;
        value = joined;
        return true;
    }

    internal partial bool TryWriteSlow<T>(Insn* i, ulong va, T value, AccessFlags flags)
        where T : unmanaged
    {
        if (!IsAlignmentPermitted(i, va, sizeof(T), AccessKind.Write, flags))
            return false;
        if (((va & 0xFFF) + (ulong)sizeof(T)) > 0x1000)
            return TryWriteAcross(i, va, (byte*)&value, sizeof(T), flags);
        if (!TryLocate(i, va, sizeof(T), AccessKind.Write, flags, out Target target))
            return false;
        if (target.Host == null)
            return TryWriteDevice(i, va, target.PhysicalAddress, (byte*)&value, sizeof(T));
        Unsafe.WriteUnaligned(target.Host, value);
        return true;
    }

    internal partial byte* ResolveForAtomic(Insn* i, ulong va, int size, AccessFlags flags)
    {
        bool storeOnly = (flags & AccessFlags.StoreOnly) != 0;
        if (!IsAlignmentPermitted(i, va, size, storeOnly ? AccessKind.Write : AccessKind.Read, flags | AccessFlags.Ordered))
            return null;
        // ESR_EL1.WnR of an atomic is 0 when a read would have given the fault too.
        if (!storeOnly && !TryLocate(i, va, size, AccessKind.Read, flags, out _))
            return null;
        if (!TryLocate(i, va, size, AccessKind.Write, flags, out Target target))
            return null;
        if (target.Host == null)
            RaiseDataAbort(i, va, FaultStatus.UnsupportedAtomic, write: storeOnly);
        return target.Host;
    }

    /// <summary>The guest-physical address of <paramref name="va"/>, which the slow path has just accessed; false when it is a device's.</summary>
    internal bool TryLastPhysicalAddress(ulong va, out ulong physicalAddress)
    {
        physicalAddress = lastLocated.PhysicalPage | (va & 0xFFF);
        return lastLocated.VirtualPage == (va & ~0xFFFUL);
    }

    /// <summary>
    /// The physical address of RAM that was just accessed but is not in the TLB: the MMU is off, or alignment is checked. Nothing is raised.
    /// </summary>
    internal bool TryPhysicalAddressSlow(ulong va, out ulong physicalAddress)
    {
        Translate(va, AccessKind.Read, user: State->El == 0, pan: false, checkPermission: false, out Stage1Translation t);
        physicalAddress = t.PhysicalPage | (va & 0xFFF);
        return t.Fault == FaultStatus.None && Memory.Resolve(t.PhysicalPage, forWrite: false).Kind == PhysicalPageKind.Ram;
    }

    private bool TryReadAcross(Insn* i, ulong va, byte* data, int size, AccessFlags flags)
    {
        int firstSize = (int)(0x1000 - (va & 0xFFF));
        ulong second = va + (ulong)firstSize;
        if (!TryLocate(i, va, firstSize, AccessKind.Read, flags, out Target a, whole: false)
            || !TryLocate(i, second, size - firstSize, AccessKind.Read, flags, out Target b, whole: false))
            return false;
        return TryReadPart(i, va, a, data, firstSize) && TryReadPart(i, second, b, data + firstSize, size - firstSize);
    }

    private bool TryWriteAcross(Insn* i, ulong va, byte* data, int size, AccessFlags flags)
    {
        int firstSize = (int)(0x1000 - (va & 0xFFF));
        ulong second = va + (ulong)firstSize;
        if (!TryLocate(i, va, firstSize, AccessKind.Write, flags, out Target a, whole: false)
            || !TryLocate(i, second, size - firstSize, AccessKind.Write, flags, out Target b, whole: false))
            return false;
        return TryWritePart(i, va, a, data, firstSize) && TryWritePart(i, second, b, data + firstSize, size - firstSize);
    }

    private bool TryReadPart(Insn* i, ulong va, Target target, byte* data, int size)
    {
        if (target.Host == null)
            return TryReadDevice(i, va, target.PhysicalAddress, data, size);
        Unsafe.CopyBlockUnaligned(data, target.Host, (uint)size);
        return true;
    }

    private bool TryWritePart(Insn* i, ulong va, Target target, byte* data, int size)
    {
        if (target.Host == null)
            return TryWriteDevice(i, va, target.PhysicalAddress, data, size);
        // Each byte once: the framework's copy writes some twice, and another PE's store in between would be lost.
        for (int offset = 0; offset < size; offset++)
            Volatile.Write(ref target.Host[offset], data[offset]);
        return true;
    }

    /// <summary>Reads a device: aligned accesses as they are (16 bytes as two of 8), others byte by byte.</summary>
    private bool TryReadDevice(Insn* i, ulong va, ulong pa, byte* data, int size)
    {
        int unit = DeviceUnit(pa, size);
        for (int offset = 0; offset < size; offset += unit)
        {
            if (!TryTakeCompletedMmio(out ulong word))
            {
                LeaveForDevice(i, va + (ulong)offset, pa + (ulong)offset, AccessKind.Read, unit, 0);
                return false;
            }
            Unsafe.CopyBlockUnaligned(data + offset, &word, (uint)unit);
        }
        return true;
    }

    private bool TryWriteDevice(Insn* i, ulong va, ulong pa, byte* data, int size)
    {
        int unit = DeviceUnit(pa, size);
        for (int offset = 0; offset < size; offset += unit)
        {
            if (!TryTakeCompletedMmio(out _))
            {
                ulong word = 0;
                Unsafe.CopyBlockUnaligned(&word, data + offset, (uint)unit);
                LeaveForDevice(i, va + (ulong)offset, pa + (ulong)offset, AccessKind.Write, unit, word);
                return false;
            }
        }
        return true;
    }

    private static int DeviceUnit(ulong pa, int size) =>
        size is 1 or 2 or 4 or 8 or 16 && (pa & (ulong)(size - 1)) == 0 ? Math.Min(size, 8) : 1;

    private void LeaveForDevice(Insn* i, ulong va, ulong pa, AccessKind access, int size, ulong data) => State->Pending = new PendingEvent
    {
        Kind = PendingKind.Mmio,
        Access = access,
        Size = (byte)size,
        VirtualAddress = va,
        PhysicalAddress = pa,
        Data = data,
        ReturnAddress = State->CurrentPc(i),
    };

    /// <summary>Alignment that does not depend on the memory's type: SCTLR_EL1.A, and accesses that are atomic or ordered.</summary>
    private bool IsAlignmentPermitted(Insn* i, ulong va, int size, AccessKind access, AccessFlags flags)
    {
        if ((va & (ulong)(size - 1)) == 0)
            return true;
        if ((flags & AccessFlags.Ordered) == 0 && (State->System.SctlrEl1 & SctlrA) == 0)
            return true;
        RaiseDataAbort(i, va, FaultStatus.Alignment, access == AccessKind.Write);
        return false;
    }

    /// <summary>Translates an access that stays within a page, fills the TLB, and finds what stands there. False: Pending is set.</summary>
    /// <param name="i">The instruction.</param>
    /// <param name="va">First byte.</param>
    /// <param name="size">Bytes of it that are in this page.</param>
    /// <param name="access">Read or write.</param>
    /// <param name="flags">Whether it is unprivileged.</param>
    /// <param name="target">Where it leads.</param>
    /// <param name="whole">False when it is part of an access that crosses a page, or not for a device at all (DC ZVA).</param>
    private bool TryLocate(Insn* i, ulong va, int size, AccessKind access, AccessFlags flags, out Target target, bool whole = true)
    {
        CpuState* s = State;
        bool unprivileged = (flags & AccessFlags.Unprivileged) != 0;
        TlbEntry* tlb = unprivileged ? s->UnprivilegedTlb : s->DataTlb;
        TlbEntry* entry = TlbEntry.Of(tlb, va, s->TlbMask);
        ulong tag = (va >> 12) | s->DataTag[va >> 55 & 1];
        if ((access == AccessKind.Write ? entry->WriteTag : entry->ReadTag) == tag)
        {
            s->DataTlbHits++;
            target.Host = (byte*)va + entry->Addend;
            target.PhysicalAddress = (entry->PhysicalPage & ~0xFFFUL) | (va & 0xFFF);
            return true;
        }

        dataTlbMisses++;
        target = default;
        lastLocated = (1, 0);
        bool user = tlb == UserTlb;
        bool pan = !user && s->Pan != 0;
        Translate(va, access, user, pan, checkPermission: true, out Stage1Translation t);
        if (t.Fault != FaultStatus.None)
        {
            LeaveForWalk(i, va, in t, access);
            return false;
        }
        // Device memory never permits unaligned accesses (B2.7.2); one that crosses a page is unaligned.
        if (t.Device && (!whole || (va & (ulong)(size - 1)) != 0))
        {
            RaiseDataAbort(i, va, FaultStatus.Alignment, access == AccessKind.Write);
            return false;
        }
        PhysicalPage page = Memory.Resolve(t.PhysicalPage, access == AccessKind.Write);
        if (page.Kind == PhysicalPageKind.NotPresent)
        {
            LeaveForStageTwo(i, va, t.PhysicalPage | (va & 0xFFF), access, duringTableWalk: false);
            return false;
        }
        target.PhysicalAddress = t.PhysicalPage | (va & 0xFFF);
        if (page.Kind == PhysicalPageKind.Mmio)
            return true;
        WorkingSet?.Add(t.PhysicalPage, user ? PageUse.UnprivilegedData : PageUse.PrivilegedData);
        lastLocated = (va & ~0xFFFUL, t.PhysicalPage);
        target.Host = page.Host + (va & 0xFFF);
        if (!t.Device && (s->System.SctlrEl1 & SctlrA) == 0)
            FillData(tlb, va, in t, in page, user, pan);
        return true;
    }

    private void FillData(TlbEntry* tlb, ulong va, in Stage1Translation t, in PhysicalPage page, bool user, bool pan)
    {
        DataTlbFills++;
        ulong pageVa = va & ~0xFFFUL;
        ulong pageAndContext = TagForFill(va, in t);
        NoteFill(tlb, pageAndContext);
        ulong tag = TlbEntry.TagOf(pageAndContext);
        TlbEntry* entry = TlbEntry.Of(tlb, va, State->TlbMask);
        entry->ReadTag = Permits(in t, AccessKind.Read, user, pan) ? tag : TlbEntry.Invalid;
        entry->WriteTag = page.Writable && !t.Clean && Permits(in t, AccessKind.Write, user, pan) ? tag : TlbEntry.Invalid;
        entry->Addend = (nint)page.Host - (nint)pageVa;
        entry->PhysicalPage = t.PhysicalPage;
    }

    /// <summary>The tag of a new entry, after recording what later invalidations must know of the mapping.</summary>
    private ulong TagForFill(ulong va, in Stage1Translation t)
    {
        ulong upper = va >> 55 & 1;
        if (upper != 0 && t.NonGlobal && !upperRangeUsesAsid)
            UseAsidInUpperRange();
        if (t.SizeBits > 12)
            RecordLargeMapping(va, t.SizeBits);
        return (va & ~0xFFFUL) | State->TlbTag[upper];
    }

    /// <summary>Sets Pending after a walk that failed.</summary>
    private void LeaveForWalk(Insn* i, ulong va, in Stage1Translation t, AccessKind access)
    {
        if (t.Fault == FaultStatus.TableNotPresent)
            LeaveForStageTwo(i, va, t.PhysicalPage, access, duringTableWalk: true);
        else
            RaiseDataAbort(i, va, t.Fault, access == AccessKind.Write);
    }

    private void LeaveForStageTwo(Insn* i, ulong va, ulong pa, AccessKind access, bool duringTableWalk) => State->Pending = new PendingEvent
    {
        Kind = PendingKind.StageTwoFault,
        Access = access,
        DuringTableWalk = duringTableWalk,
        VirtualAddress = va,
        PhysicalAddress = pa,
        ReturnAddress = State->CurrentPc(i),
    };

    /// <summary>A data abort to EL1 (DDI0487 D17.2.37, ISS of Data Aborts; ISV is 0 at EL1).</summary>
    private void RaiseDataAbort(Insn* i, ulong va, int status, bool write, bool cacheMaintenance = false)
    {
        uint iss = (uint)status | (write ? 1u << 6 : 0) | (cacheMaintenance ? 1u << 8 : 0);
        ExceptionClass ec = State->El == 0 ? ExceptionClass.DataAbortLower : ExceptionClass.DataAbortSame;
        Raise.Exception(State, i, ec, iss, va);
    }
}
