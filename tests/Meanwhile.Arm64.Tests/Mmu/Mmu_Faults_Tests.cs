using Meanwhile.Arm64.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>Fault status codes, levels and ESR fields: DDI0487 D17.2.37 (ESR_EL1, ISS of data and instruction aborts) and D8.</summary>
public sealed class Mmu_Faults_Tests
{
    private const ulong Va = 0x12_3456_7000;
    private const ulong DataAbortSame = 0x25UL << 26 | 1 << 25;
    private const ulong DataAbortLower = 0x24UL << 26 | 1 << 25;
    private const ulong InstructionAbortSame = 0x21UL << 26 | 1 << 25;
    private const ulong InstructionAbortLower = 0x20UL << 26 | 1 << 25;
    private const ulong Wnr = 1 << 6;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_invalid_descriptor_is_a_translation_fault_of_its_level(int level)
    {
        using var m = new PagedMachine();
        m.SetDescriptor(Va, 0, level);
        Assert.Equal(DataAbortSame | 4u + (uint)level, m.Read(Va + 8));
        Assert.Equal(Va + 8, m.Pending.VirtualAddress);
        Assert.Equal(DataAbortSame | Wnr | 4u + (uint)level, m.Write(Va));
        Assert.Equal(InstructionAbortSame | 4u + (uint)level, m.Fetch(Va));
        m.Pstate = El0;
        Assert.Equal(DataAbortLower | 4u + (uint)level, m.Read(Va));
        Assert.Equal(InstructionAbortLower | 4u + (uint)level, m.Fetch(Va));
    }

    [Theory]
    [InlineData(12, 0, 4u)]
    [InlineData(14, 1, 5u)]
    [InlineData(16, 1, 5u)]
    public void A_block_where_the_granule_has_none_is_a_translation_fault(int granule, int level, uint status)
    {
        using var m = new PagedMachine(granule);
        m.SetDescriptor(Va, DataPhysical | Af | 1, level);
        Assert.Equal(DataAbortSame | status, m.Read(Va));
    }

    [Fact]
    public void A_block_encoding_at_level_3_is_a_translation_fault()
    {
        using var m = new PagedMachine();
        m.SetDescriptor(Va, DataPhysical | Af | 1);
        Assert.Equal(DataAbortSame | 7, m.Read(Va));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_clear_access_flag_is_an_access_flag_fault_of_the_leafs_level(int level)
    {
        using var m = new PagedMachine();
        m.Map(Va, 0x4000_0000, attributes: 0, level);
        Assert.Equal(DataAbortSame | 8u + (uint)level, m.Read(Va));
        Assert.Equal(DataAbortSame | Wnr | 8u + (uint)level, m.Write(Va));
        Assert.Equal(InstructionAbortSame | 8u + (uint)level, m.Fetch(Va));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_write_to_read_only_memory_is_a_permission_fault_of_the_leafs_level(int level)
    {
        using var m = new PagedMachine();
        m.Map(Va, 0x4000_0000, Af | ReadOnly, level);
        Assert.Equal(DataAbortSame | Wnr | 0xCu + (uint)level, m.Write(Va));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_table_address_beyond_the_output_size_is_an_address_size_fault_of_its_level(int level)
    {
        using var m = new PagedMachine();
        m.SetDescriptor(Va, 1UL << 44 | 3, level);
        Assert.Equal(DataAbortSame | (uint)level, m.Read(Va));
    }

    [Fact]
    public void An_output_address_beyond_IPS_is_an_address_size_fault()
    {
        using var m = new PagedMachine();
        m.Map(Va, 1UL << 36);
        m.Tcr = (m.Tcr & ~(7UL << 32)) | 1UL << 32; // 36 bits
        Assert.Equal(DataAbortSame | 3, m.Read(Va));
    }

    [Fact]
    public void A_TTBR_beyond_the_output_size_is_an_address_size_fault_of_level_0()
    {
        using var m = new PagedMachine();
        m.Core.WriteTtbr0(1UL << 45);
        Assert.Equal(DataAbortSame, m.Read(Va));
    }

    [Theory]
    [InlineData(0x0001_0000_0000_0000ul)]
    [InlineData(0x0080_0000_0000_0000ul)]
    [InlineData(0xFFFE_0000_0000_0000ul)]
    [InlineData(0x1200_0012_3456_7000ul)]
    public void An_address_outside_both_ranges_is_a_translation_fault_of_level_0(ulong va)
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        Assert.Equal(DataAbortSame | 4, m.Read(va));
    }

    [Fact]
    public void EPD_makes_every_walk_of_the_range_a_translation_fault_of_level_0()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        m.Map(0xFFFF_8000_0000_0000, DataPhysical);
        m.Tcr |= 1 << 7;
        Assert.Equal(DataAbortSame | 4, m.Read(Va));
        Assert.Equal(0ul, m.Read(0xFFFF_8000_0000_0000));
        m.Tcr = (m.Tcr & ~(1UL << 7)) | 1 << 23;
        Assert.Equal(0ul, m.Read(Va));
        Assert.Equal(DataAbortSame | 4, m.Read(0xFFFF_8000_0000_0000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_table_outside_RAM_is_an_external_abort_on_the_walk_of_its_level(int level)
    {
        using var m = new PagedMachine();
        if (level == 0)
            m.Core.WriteTtbr0(TestMachine.DeviceBase);
        else
            m.SetDescriptor(Va, TestMachine.DeviceBase | 3, level - 1);
        Assert.Equal(DataAbortSame | 0x14u + (uint)level, m.Read(Va));
        Assert.Equal(InstructionAbortSame | 0x14u + (uint)level, m.Fetch(Va));
    }

    [Fact]
    public void A_fetch_from_a_device_is_an_external_abort()
    {
        using var m = new PagedMachine();
        m.Map(Va, TestMachine.DeviceBase);
        Assert.Equal(InstructionAbortSame | 0x10, m.Fetch(Va));
    }

    [Fact]
    public void A_table_that_is_not_resident_is_a_stage_2_exit_during_the_walk_and_no_guest_fault()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        ulong entry = m.DescriptorAddress(Va, 2);
        m.Core.FlushTlb();
        m.Machine.Memory.Absent.Add(entry & ~0xFFFUL);
        m.Read(Va);
        Assert.Equal(PendingKind.StageTwoFault, m.Pending.Kind);
        Assert.True(m.Pending.DuringTableWalk);
        Assert.Equal(entry, m.Pending.PhysicalAddress);
        Assert.Equal(Va, m.Pending.VirtualAddress);
        m.Machine.Memory.Absent.Clear();
        Assert.Equal(0ul, m.Read(Va));
    }

    [Fact]
    public void A_page_that_is_not_resident_is_a_stage_2_exit_with_the_kind_of_access()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        m.Machine.Memory.Absent.Add(DataPhysical);
        m.Write(Va + 0x10);
        Assert.Equal((PendingKind.StageTwoFault, AccessKind.Write), (m.Pending.Kind, m.Pending.Access));
        Assert.Equal(DataPhysical + 0x10, m.Pending.PhysicalAddress);
        Assert.False(m.Pending.DuringTableWalk);
        m.Fetch(Va + 0x20);
        Assert.Equal((PendingKind.StageTwoFault, AccessKind.Execute), (m.Pending.Kind, m.Pending.Access));
        Assert.Equal(DataPhysical + 0x20, m.Pending.PhysicalAddress);
    }

    [Fact]
    public void A_crossing_write_changes_nothing_when_its_second_page_faults()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        Assert.Equal(DataAbortSame | Wnr | 7, m.Write(Va + 0xFFC));
        Assert.Equal(Va + 0x1000, m.Pending.VirtualAddress);
        Assert.Equal(0u, m.Machine.Read<uint>(DataPhysical + 0xFFC));
    }

    [Fact]
    public void A_crossing_access_joins_two_pages_that_are_not_adjacent_in_memory()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        m.Map(Va + 0x1000, DataPhysical + 0x8000);
        Assert.Equal(0ul, m.Write(Va + 0xFFD));
        Assert.Equal(0xABCDEFu, m.Machine.Read<uint>(DataPhysical + 0xFFC) >> 8);
        Assert.Equal(0x01_2345_6789ul, m.Machine.Read<ulong>(DataPhysical + 0x8000));
        Assert.Equal(0x0123_4567_89AB_CDEFul, m.ReadValue(Va + 0xFFD));
    }

    /// <summary>ESR_EL1.WnR: an atomic's fault is a read's when a read would have given it too; a store-exclusive's is a write's.</summary>
    [Fact]
    public void WnR_of_atomics_is_set_only_for_what_a_read_would_not_have_met()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | ReadOnly);
        Assert.Equal(DataAbortSame | Wnr | 0xF, m.Atomic(Va, AccessFlags.Ordered));
        Assert.Equal(DataAbortSame | 7, m.Atomic(Va + 0x1000, AccessFlags.Ordered));
        Assert.Equal(DataAbortSame | Wnr | 7, m.Atomic(Va + 0x1000, AccessFlags.Ordered | AccessFlags.StoreOnly));
        Assert.Equal(DataAbortSame | 0x21, m.Atomic(Va + 4, AccessFlags.Ordered));
        Assert.Equal(DataAbortSame | Wnr | 0x21, m.Atomic(Va + 4, AccessFlags.Ordered | AccessFlags.StoreOnly));
        m.Map(Va + 0x2000, TestMachine.DeviceBase);
        Assert.Equal(DataAbortSame | 0x35, m.Atomic(Va + 0x2000, AccessFlags.Ordered));
    }
}
