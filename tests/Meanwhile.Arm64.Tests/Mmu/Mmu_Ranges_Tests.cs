using Meanwhile.Arm64.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>DDI0487 D8.2: granules, input sizes and initial lookup levels; memory types; stage 1 off.</summary>
public sealed class Mmu_Ranges_Tests
{
    private const ulong Va = 0x12_3456_0000;

    [Theory]
    [InlineData(12, 3)]
    [InlineData(12, 2)]
    [InlineData(12, 1)]
    [InlineData(14, 3)]
    [InlineData(14, 2)]
    [InlineData(16, 3)]
    [InlineData(16, 2)]
    public void Every_granule_translates_through_its_levels_in_both_ranges(int granule, int level)
    {
        using var m = new PagedMachine(granule);
        m.Machine.Write(DataPhysical + 0x123458, 0x77ul);
        int size = granule + ((3 - level) * (granule - 3));
        ulong mask = (1UL << size) - 1;
        foreach (ulong half in new[] { 0ul, 0xFFFF_0000_0000_0000 })
        {
            ulong va = half | 0x0040_8000_0000_0000 & 0xFFFF_FFFF_FFFF | ((DataPhysical + 0x123458) & mask);
            m.Map(va, (DataPhysical + 0x123458) & ~mask, level: level);
            Assert.Equal(0x77ul, m.ReadValue(va));
        }
    }

    /// <summary>TnSZ chooses the initial level: with the 4 KiB granule 39 bits start at level 1, 30 at level 2, 25 at level 2 with a small table.</summary>
    [Theory]
    [InlineData(25u, 1)]
    [InlineData(34u, 2)]
    [InlineData(39u, 2)]
    public void A_smaller_input_size_starts_at_a_lower_level(uint tsz, int startLevel)
    {
        using var m = new PagedMachine();
        const ulong Small = 0x123_4000;
        m.Map(Small, DataPhysical);
        m.Machine.Write(DataPhysical, 0x77ul);
        ulong start = m.Machine.Read<ulong>(m.DescriptorAddress(Small, startLevel - 1)) & 0xFFFF_FFFF_F000;
        m.Core.WriteTtbr0(start);
        m.Tcr = (m.Tcr & ~0x3FUL) | tsz;
        Assert.Equal(0x77ul, m.ReadValue(Small));
        Assert.Equal(4ul, m.Read(1UL << (64 - (int)tsz)) & 0x3F);
    }

    [Fact]
    public void Unaligned_accesses_to_normal_memory_work_and_to_device_memory_are_alignment_faults()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        m.Map(Va + 0x1000, DataPhysical, Af | Device);
        Assert.Equal(0ul, m.Write(Va + 3));
        Assert.Equal(0ul, m.Read(Va + 5));
        Assert.Equal(0ul, m.Read(Va + 0x1008));
        Assert.Equal(0x25UL << 26 | 1 << 25 | 0x21, m.Read(Va + 0x1003));
        Assert.Equal(0x25UL << 26 | 1 << 25 | 1 << 6 | 0x21, m.Write(Va + 0x1004));
        Assert.Equal(Va + 0x1004, m.Pending.VirtualAddress);
    }

    [Fact]
    public void SCTLR_A_makes_every_unaligned_access_an_alignment_fault_before_any_translation()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        Assert.Equal(0ul, m.Read(Va + 4));
        m.Core.WriteSctlr(0x30D0_0983);
        Assert.Equal(0x21ul, m.Read(Va + 4) & 0x3F);
        Assert.Equal(0x21ul, m.Read(Va + 0x7001) & 0x3F);
        Assert.Equal(0ul, m.Read(Va + 8));
        Assert.Equal(0ul, m.Read<uint>(Va + 4, out _));
    }

    [Fact]
    public void Ordered_accesses_must_be_aligned()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        Assert.Equal(0ul, m.Read(Va + 8, AccessFlags.Ordered));
        Assert.Equal(0x21ul, m.Read(Va + 4, AccessFlags.Ordered) & 0x3F);
        Assert.Equal(0x61ul, m.Write(Va + 4, AccessFlags.Ordered) & 0x7F);
    }

    [Fact]
    public void With_the_MMU_off_addresses_are_physical_and_data_is_device_memory()
    {
        using var m = new PagedMachine();
        m.Core.WriteSctlr(0x30D0_0980);
        m.Machine.Write(DataPhysical, 0x77ul);
        Assert.Equal(0x77ul, m.ReadValue(DataPhysical));
        Assert.Equal(0x21ul, m.Read(DataPhysical + 1) & 0x3F);
        Assert.Equal(0ul, m.Fetch(DataPhysical));
        Assert.Equal(0ul, m.Read(1UL << 44) & 0x3F);
        Assert.Equal(0x25ul, m.Read(1UL << 44) >> 26);
        m.Pstate = El1 | Pan;
        Assert.Equal(0x77ul, m.ReadValue(DataPhysical));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_device_access_leaves_with_its_size_and_address(int size)
    {
        using var m = new PagedMachine();
        m.Map(Va, TestMachine.DeviceBase, Af | Device);
        ulong result = size switch
        {
            1 => m.Write(Va + 0x18, (byte)0xEF),
            2 => m.Write(Va + 0x18, (ushort)0xCDEF),
            4 => m.Write(Va + 0x18, 0x89AB_CDEFu),
            _ => m.Write(Va + 0x18, 0x0123_4567_89AB_CDEFul),
        };
        Assert.Equal(ulong.MaxValue, result);
        Assert.Equal((PendingKind.Mmio, AccessKind.Write, (byte)size), (m.Pending.Kind, m.Pending.Access, m.Pending.Size));
        Assert.Equal(TestMachine.DeviceBase + 0x18, m.Pending.PhysicalAddress);
        Assert.Equal(0x0123_4567_89AB_CDEFul & (ulong.MaxValue >> (64 - (8 * size))), m.Pending.Data);
    }

    [Fact]
    public void A_page_that_must_be_resolved_for_writing_is_not_written_through_a_read_entry()
    {
        using var memory = new ReadMostlyMemory();
        using var core = new Core(memory, new TestMachine(), 0);
        Assert.True(memory.Reads == 0 && memory.Writes == 0);
        unsafe
        {
            Interpreter.Insn insn = default;
            core.WriteTtbr0(FlatMemory.Base);
            core.WriteMair(0xFF);
            core.WriteTcr(25 | 5UL << 32);
            *(ulong*)memory.Flat.Host(FlatMemory.Base + 8) = FlatMemory.Base | Af | 1; // 1 GiB at 0x4000_0000
            core.WriteSctlr(0x30D0_0981);
            Assert.True(GuestAccess.TryRead(core.State, &insn, FlatMemory.Base + 0x8000, out ulong _));
            Assert.Equal(0, memory.Writes);
            Assert.True(GuestAccess.TryWrite(core.State, &insn, FlatMemory.Base + 0x8000, 1ul));
            Assert.Equal(1, memory.Writes);
            Assert.True(GuestAccess.TryWrite(core.State, &insn, FlatMemory.Base + 0x8008, 1ul));
            Assert.Equal(1, memory.Writes);
        }
    }

    /// <summary>RAM whose pages are writable only once resolved for a write, as dirty tracking has it.</summary>
    private sealed unsafe class ReadMostlyMemory : IPhysicalMemory, IDisposable
    {
        public FlatMemory Flat { get; } = new(1 << 20);

        public int Reads { get; private set; }

        public int Writes { get; private set; }

        public PhysicalPage Resolve(ulong physicalAddress, bool forWrite)
        {
            if (forWrite)
                Writes++;
            else
                Reads++;
            PhysicalPage page = Flat.Resolve(physicalAddress, forWrite);
            return new PhysicalPage(page.Kind, page.Host, forWrite);
        }

        public void Dispose() => Flat.Dispose();
    }
}
