using System.Runtime.CompilerServices;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>The stage-1 translation table walk of the EL1&amp;0 regime (VMSAv8-64, DDI0487 D8).</content>
public sealed unsafe partial class Core
{
    /// <summary>ID_AA64MMFR0_EL1.PARange as bits: 44 (16 TiB).</summary>
    internal const int PhysicalAddressBits = 44;

    private const int TableCacheSize = 256;

    private VaRange lowerRange, upperRange;
    private int outputBits;
    private bool hardwareAccessFlag, hardwareDirtyState;

    /// <summary>Host addresses of pages that held translation tables, so that a walk asks stage 2 seldom. Emptied by FlushTlb.</summary>
    private readonly TablePage[] tablePages = new TablePage[TableCacheSize];

    private struct TablePage
    {
        public ulong PhysicalPage;
        public byte* Host;
    }

    private bool MmuEnabled => (State->System.SctlrEl1 & 1) != 0;

    /// <summary>
    /// Translates <paramref name="va"/> and checks permissions; updates access flag and dirty state when the access is permitted.
    /// </summary>
    /// <param name="va">Virtual address, tag byte included.</param>
    /// <param name="access">Read, write or execute.</param>
    /// <param name="user">The access is unprivileged.</param>
    /// <param name="pan">PSTATE.PAN applies to it.</param>
    /// <param name="checkPermission">False for cache maintenance, which stage 1 permissions do not concern.</param>
    /// <param name="t">The translation, or the fault.</param>
    private void Translate(ulong va, AccessKind access, bool user, bool pan, bool checkPermission, out Stage1Translation t)
    {
        if (!MmuEnabled)
        {
            TranslateFlat(va, out t);
            return;
        }
        while (true)
        {
            Walk(va, user, out t);
            if (t.Fault != FaultStatus.None)
                return;
            if (checkPermission && !Permits(in t, access, user, pan))
            {
                t.Fault = FaultStatus.Permission | t.Level;
                return;
            }
            bool makeDirty = t.Clean && access == AccessKind.Write && checkPermission;
            if (!t.Old && !makeDirty)
                return;
            if (UpdateDescriptor(ref t, makeDirty))
                return;
            // Another agent changed the entry meanwhile: look at it again.
        }
    }

    /// <summary>Whether a translation permits an access (DDI0487 D8.4; AArch64.S1DirectBasePermissions).</summary>
    private bool Permits(in Stage1Translation t, AccessKind access, bool user, bool pan)
    {
        if (access == AccessKind.Execute)
        {
            bool wxn = (State->System.SctlrEl1 & SctlrWxn) != 0;
            bool userWritable = t.User && !t.ReadOnly;
            return user ? !t.Uxn && !(wxn && userWritable) : !t.Pxn && !userWritable && !(wxn && !t.ReadOnly);
        }
        if (access == AccessKind.Write && t.ReadOnly)
            return false;
        return user ? t.User : !(pan && t.User);
    }

    /// <summary>Stage 1 disabled (D8.2.9): flat, with all permissions; attributes 0 make data accesses Device-nGnRnE.</summary>
    private static void TranslateFlat(ulong va, out Stage1Translation t)
    {
        t = default;
        t.Fault = va >> PhysicalAddressBits == 0 ? FaultStatus.None : FaultStatus.AddressSize;
        t.PhysicalPage = va & ~0xFFFUL;
        t.SizeBits = 12;
        t.User = true;
    }

    private void Walk(ulong va, bool user, out Stage1Translation t)
    {
        t = default;
        ref VaRange range = ref (va >> 55 & 1) != 0 ? ref upperRange : ref lowerRange;
        t.Fault = FaultStatus.Translation;
        if (user && range.UnprivilegedDenied)
            return;
        if (TryWalkFromCache(va, ref range, ref t))
            return;
        if (range.WalkDisabled || !range.Contains(va))
            return;
        t.Fault = FaultStatus.AddressSize;
        if (range.TableBase >> outputBits != 0)
            return;

        ulong input = va & ((1UL << range.InputBits) - 1);
        ulong table = range.TableBase;
        int level = range.StartLevel;
        int shift = range.GranuleBits + ((3 - level) * range.Stride);
        ulong index = input >> shift;
        ulong hierarchy = 0;
        while (true)
        {
            ulong address = table + (index << 3);
            ulong* host = FindDescriptor(address, out PhysicalPageKind kind);
            if (host == null)
            {
                t.Fault = kind == PhysicalPageKind.NotPresent ? FaultStatus.TableNotPresent : FaultStatus.ExternalAbortOnWalk | level;
                t.PhysicalPage = address;
                return;
            }
            // Descriptors are read with single-copy atomicity of 64 bits (D8.2.2): the address is 8-byte aligned.
            ulong descriptor = Volatile.Read(ref Unsafe.AsRef<ulong>(host));
            t.Level = level;
            if (level == 3)
                RememberTable(va, range.GranuleBits, host, address, hierarchy);
            bool isTable = (descriptor & 3) == 3 && level < 3;
            bool isLeaf = level == 3 ? (descriptor & 3) == 3
                : (descriptor & 3) == 1 && (level == 2 || (level == 1 && range.GranuleBits == 12));
            if (!isTable && !isLeaf)
            {
                t.Fault = FaultStatus.Translation | level;
                return;
            }
            if (isLeaf)
            {
                FinishWalk(va, descriptor, address, level, shift, range.HierarchyDisabled ? 0 : hierarchy, ref t);
                if (level < 3)
                    RememberBlock(va, in t, hierarchy);
                return;
            }
            ulong output = descriptor & 0x0000_FFFF_FFFF_FFFF & (ulong.MaxValue << range.GranuleBits);
            if (output >> outputBits != 0)
            {
                t.Fault = FaultStatus.AddressSize | level;
                return;
            }
            hierarchy |= descriptor;
            table = output;
            level++;
            shift -= range.Stride;
            index = (input >> shift) & ((1UL << range.Stride) - 1);
        }
    }

    /// <summary>What a block or page descriptor of 2^<paramref name="sizeBits"/> bytes makes of <paramref name="va"/>.</summary>
    private void FinishWalk(ulong va, ulong descriptor, ulong address, int level, int sizeBits, ulong hierarchy, ref Stage1Translation t)
    {
        ulong output = descriptor & 0x0000_FFFF_FFFF_FFFF & (ulong.MaxValue << sizeBits);
        t.Level = level;
        if (output >> outputBits != 0)
        {
            t.Fault = FaultStatus.AddressSize | level;
            return;
        }
        t.DescriptorAddress = address;
        t.Descriptor = descriptor;
        t.SizeBits = sizeBits;
        t.PhysicalPage = output | (va & ((1UL << sizeBits) - 1) & ~0xFFFUL);
        DecodeLeaf(ref t, hierarchy);
    }

    /// <summary>Attributes of a block or page descriptor (D8.3.2) under the or-ed attributes of the table descriptors above it (D8.3.1).</summary>
    private void DecodeLeaf(ref Stage1Translation t, ulong hierarchy)
    {
        ulong d = t.Descriptor;
        bool accessFlag = (d & DescriptorAf) != 0;
        if (!accessFlag && !hardwareAccessFlag)
        {
            t.Fault = FaultStatus.AccessFlag | t.Level;
            return;
        }
        t.Fault = FaultStatus.None;
        t.Old = !accessFlag;
        bool readOnly = (d & DescriptorReadOnly) != 0;
        bool modifiable = hardwareDirtyState && (d & DescriptorDbm) != 0;
        bool tableReadOnly = (hierarchy >> 62 & 1) != 0;
        t.ReadOnly = tableReadOnly || (readOnly && !modifiable);
        t.Clean = readOnly && modifiable && !tableReadOnly;
        t.User = (d & DescriptorUser) != 0 && (hierarchy >> 61 & 1) == 0;
        t.Pxn = ((d >> 53 | hierarchy >> 59) & 1) != 0;
        t.Uxn = ((d >> 54 | hierarchy >> 60) & 1) != 0;
        t.NonGlobal = (d & DescriptorNonGlobal) != 0;
        t.Attributes = (byte)(State->System.MairEl1 >> (int)((d >> 2 & 7) * 8));
        t.Shareability = (byte)(d >> 8 & 3);
    }

    private const ulong DescriptorUser = 1UL << 6;
    private const ulong DescriptorReadOnly = 1UL << 7;
    private const ulong DescriptorAf = 1UL << 10;
    private const ulong DescriptorNonGlobal = 1UL << 11;
    private const ulong DescriptorDbm = 1UL << 51;

    /// <summary>Host address of a descriptor, or null when it is not in resident RAM.</summary>
    private ulong* FindDescriptor(ulong address, out PhysicalPageKind kind)
    {
        ulong page = address & ~0xFFFUL;
        ref TablePage cached = ref tablePages[(page >> 12) & (TableCacheSize - 1)];
        if (cached.Host == null || cached.PhysicalPage != page)
        {
            PhysicalPage found = Memory.Resolve(address, forWrite: false);
            kind = found.Kind;
            if (kind != PhysicalPageKind.Ram)
                return null;
            WorkingSet?.Add(page, PageUse.TranslationTable);
            cached.PhysicalPage = page;
            cached.Host = found.Host;
        }
        kind = PhysicalPageKind.Ram;
        return (ulong*)(cached.Host + (address & 0xFFF));
    }

    /// <summary>Sets the access flag, and makes the entry writable when asked to. False: the entry is no longer what the walk read.</summary>
    private bool UpdateDescriptor(ref Stage1Translation t, bool makeDirty)
    {
        PhysicalPage found = Memory.Resolve(t.DescriptorAddress, forWrite: true);
        if (found.Kind != PhysicalPageKind.Ram)
        {
            t.Fault = found.Kind == PhysicalPageKind.NotPresent ? FaultStatus.TableNotPresent : FaultStatus.ExternalAbortOnWalk | t.Level;
            t.PhysicalPage = t.DescriptorAddress;
            return true;
        }
        ulong updated = t.Descriptor | DescriptorAf;
        if (makeDirty)
            updated &= ~DescriptorReadOnly;
        ref ulong entry = ref Unsafe.AsRef<ulong>(found.Host + (t.DescriptorAddress & 0xFFF));
        if (Interlocked.CompareExchange(ref entry, updated, t.Descriptor) != t.Descriptor)
            return false;
        t.Descriptor = updated;
        t.Old = false;
        t.Clean &= !makeDirty;
        return true;
    }
}
