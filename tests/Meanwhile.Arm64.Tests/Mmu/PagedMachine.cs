using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>
/// A core with the MMU on and translation tables that a test builds: <c>Map(va, pa)</c>, then <see cref="Read"/>, <see cref="Write"/> and
/// <see cref="Fetch"/>, which answer the ESR_EL1 of the fault or 0.
/// </summary>
internal sealed unsafe class PagedMachine : IDisposable
{
    // Descriptor fields, DDI0487 D8.3.
    public const ulong Af = 1UL << 10, Ng = 1UL << 11, Dbm = 1UL << 51, Pxn = 1UL << 53, Uxn = 1UL << 54;
    public const ulong User = 1UL << 6, ReadOnly = 1UL << 7;
    public const ulong Device = 1UL << 2;
    public const ulong ApTableNoUser = 1UL << 61, ApTableReadOnly = 1UL << 62, PxnTable = 1UL << 59, UxnTable = 1UL << 60;

    // PSTATE values.
    public const ulong El0 = 0x3C0, El1 = 0x3C5, Pan = 1UL << 22, Uao = 1UL << 23;

    // TCR_EL1 fields.
    public const ulong TcrHa = 1UL << 39, TcrHd = 1UL << 40, TcrAs = 1UL << 36, TcrA1 = 1UL << 22;

    /// <summary>Address of data pages in RAM, 2 MiB aligned; tables grow from half way of the first 2 MiB.</summary>
    public const ulong DataPhysical = FlatMemory.Base + 0x20_0000;

    private readonly int granuleBits;
    private readonly Insn* insn;
    private ulong nextTable = FlatMemory.Base + 0x10_0000;

    public PagedMachine(int granuleBits = 12, ExecutionEngine engine = ExecutionEngine.Interpreter, bool counting = false)
    {
        this.granuleBits = granuleBits;
        Machine = new TestMachine(4 << 20, engine, counting);
        LowerRoot = AllocateTable();
        UpperRoot = AllocateTable();
        // Zeroed: PageOffset 0. Freed with the machine.
        insn = (Insn*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)sizeof(Insn));
        Core.WriteMair(0x0000_0000_0044_04FF);
        Core.WriteTtbr0(LowerRoot);
        Core.WriteTtbr1(UpperRoot);
        ulong tg0 = granuleBits switch { 12 => 0ul, 14 => 2ul, _ => 1ul }, tg1 = granuleBits switch { 12 => 2ul, 14 => 1ul, _ => 3ul };
        // 48-bit ranges, 48-bit IPS.
        Tcr = 16 | 16 << 16 | tg0 << 14 | tg1 << 30 | 5UL << 32;
        Core.WriteSctlr(0x30D0_0981);
    }

    public TestMachine Machine { get; }

    public Core Core => Machine.Core;

    public CpuState* State => Machine.State;

    public ulong LowerRoot { get; }

    public ulong UpperRoot { get; }

    public ulong Tcr
    {
        get => State->System.TcrEl1;
        set => Core.WriteTcr(value);
    }

    public ulong Pstate
    {
        set => Core.SetPstate(value);
    }

    public ref PendingEvent Pending => ref State->Pending;

    /// <summary>Maps a page, or a block at a lower <paramref name="level"/>; <paramref name="attributes"/> replaces AF alone.</summary>
    public void Map(ulong va, ulong pa, ulong attributes = Af, int level = 3, ulong tableAttributes = 0, ulong root = 0) =>
        SetDescriptor(va, pa | attributes | (level == 3 ? 3u : 1u), level, tableAttributes, root);

    public void SetDescriptor(ulong va, ulong descriptor, int level = 3, ulong tableAttributes = 0, ulong root = 0) =>
        Machine.Write(DescriptorAddress(va, level, tableAttributes, root), descriptor);

    public ulong DescriptorOf(ulong va, int level = 3) => Machine.Read<ulong>(DescriptorAddress(va, level, 0, 0));

    public ulong DescriptorAddress(ulong va, int level, ulong tableAttributes = 0, ulong root = 0)
    {
        int stride = granuleBits - 3;
        ulong table = root != 0 ? root : (va >> 55 & 1) != 0 ? UpperRoot : LowerRoot;
        ulong input = va & 0xFFFF_FFFF_FFFF;
        for (int at = granuleBits == 16 ? 1 : 0; ; at++)
        {
            int shift = granuleBits + ((3 - at) * stride);
            ulong address = table + ((input >> shift & ((1UL << stride) - 1)) * 8);
            if (at == level)
                return address;
            ulong entry = Machine.Read<ulong>(address);
            if ((entry & 3) != 3)
                Machine.Write(address, entry = AllocateTable() | 3 | tableAttributes);
            table = entry & 0xFFFF_FFFF_F000;
        }
    }

    public ulong AllocateTable()
    {
        ulong size = 1UL << granuleBits;
        nextTable = (nextTable + size - 1) & ~(size - 1);
        ulong table = nextTable;
        nextTable += size;
        return table;
    }

    public ulong Read(ulong va, AccessFlags flags = AccessFlags.None) => Read<ulong>(va, out _, flags);

    public ulong Read<T>(ulong va, out T value, AccessFlags flags = AccessFlags.None)
        where T : unmanaged
    {
        Pending = default;
        return Outcome(GuestAccess.TryRead(State, insn, va, out value, flags));
    }

    public ulong Write(ulong va, AccessFlags flags = AccessFlags.None) => Write(va, 0x0123_4567_89AB_CDEFUL, flags);

    public ulong Write<T>(ulong va, T value, AccessFlags flags = AccessFlags.None)
        where T : unmanaged
    {
        Pending = default;
        return Outcome(GuestAccess.TryWrite(State, insn, va, value, flags));
    }

    public ulong Fetch(ulong va)
    {
        Pending = default;
        return Outcome(Core.TryTranslateFetch(va, out _, out _));
    }

    public ulong Atomic(ulong va, AccessFlags flags)
    {
        Pending = default;
        return Outcome(GuestAccess.HostForAtomic(State, insn, va, sizeof(ulong), flags) is not null);
    }

    /// <summary>Reads where the test knows that it works.</summary>
    public ulong ReadValue(ulong va)
    {
        Assert.Equal(0ul, Read<ulong>(va, out ulong value));
        return value;
    }

    private ulong Outcome(bool done)
    {
        Assert.Equal(done, Pending.Kind == PendingKind.None);
        return done ? 0 : Pending.Kind == PendingKind.Exception ? Pending.Syndrome : ulong.MaxValue;
    }

    public void Dispose()
    {
        System.Runtime.InteropServices.NativeMemory.Free(insn);
        Machine.Dispose();
    }
}
