using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>Cached entries of tables above the last level, and cached blocks: what software must invalidate is forgotten (DDI0487 D8.13).</summary>
public sealed unsafe class Mmu_WalkCache_Tests
{
    private const ulong Va = 0x12_3456_7000, Upper = 0xFFFF_8000_1234_5000;

    /// <summary>The last level is not above itself: an invalidation of it is enough for a changed page.</summary>
    [Theory]
    [InlineData(MaintenanceKind.LastLevelAddress)]
    [InlineData(MaintenanceKind.Address)]
    internal void A_changed_page_is_seen_after_invalidation_of_its_address(MaintenanceKind kind)
    {
        using var m = Make();
        m.Map(Va, DataPhysical);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        m.Map(Va, DataPhysical + 0x1000);
        m.Core.Maintain(kind, Va >> 12);
        Assert.Equal(0x22ul, m.ReadValue(Va));
    }

    /// <summary>A page that was invalid is in no TLB (D8.13.1): nothing needs to be invalidated when it is mapped beside others.</summary>
    [Fact]
    public void A_page_beside_others_can_be_mapped_without_invalidation()
    {
        using var m = Make();
        m.Map(Va, DataPhysical);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        Assert.Equal(7ul, m.Read(Va + 0x1000) & 0x3F);
        m.Map(Va + 0x1000, DataPhysical + 0x1000);
        Assert.Equal(0x22ul, m.ReadValue(Va + 0x1000));
    }

    /// <summary>
    /// A table entry at each level is replaced: one invalidation by an address below it forgets it for all addresses below it, in whatever
    /// pieces the core remembers it.
    /// </summary>
    [Theory]
    [InlineData(12, 0)]
    [InlineData(12, 1)]
    [InlineData(12, 2)]
    [InlineData(14, 1)]
    [InlineData(14, 2)]
    [InlineData(16, 1)]
    [InlineData(16, 2)]
    public void A_changed_table_is_seen_below_it_after_invalidation_of_one_address(int granule, int level)
    {
        using var m = Make(granule);
        int shift = granule + ((3 - level) * (granule - 3));
        ulong reach = (1UL << shift) - 1;
        ulong first = Va & ~reach, other = first + (reach & ~0xFFFFUL);
        m.Map(first, FlatMemory.Base, level: 3);
        m.Map(other, FlatMemory.Base, level: 3);
        Assert.Equal(0ul, m.Read(first));
        Assert.Equal(0ul, m.Read(other));
        // Another page of the same tables, which no entry of the TLB has.
        ulong unused = other + (1UL << granule);
        if ((unused & ~reach) != first)
            unused = other - (1UL << granule);
        m.SetDescriptor(first, 0, level);
        m.Core.Maintain(MaintenanceKind.Address, first >> 12);
        Assert.Equal((ulong)(4 + level), m.Read(first) & 0x3F);
        Assert.Equal((ulong)(4 + level), m.Read(unused) & 0x3F);
    }

    [Theory]
    [InlineData(MaintenanceKind.Asid)]
    [InlineData(MaintenanceKind.AllTranslations)]
    internal void A_changed_table_is_seen_after_larger_invalidations(MaintenanceKind kind)
    {
        using var m = Make();
        m.Map(Va, DataPhysical, Af | Ng);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        m.SetDescriptor(Va, 0, level: 2);
        m.Core.Maintain(kind, 0);
        Assert.Equal(6ul, m.Read(Va + 0x2000) & 0x3F);
    }

    /// <summary>AT puts into caches what an access would, and no access has happened.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_block_that_only_AT_has_looked_at_is_forgotten_by_any_address_of_it(int level)
    {
        using var m = Make();
        ulong block = 0x12_4000_0000;
        m.Map(block, FlatMemory.Base & ~0x3FFF_FFFFUL, level: level);
        Assert.Equal(0ul, TranslateToPar(m, block + 0x3000) & 1);
        m.SetDescriptor(block, 0, level);
        m.Core.Maintain(MaintenanceKind.LastLevelAddress, (block + (level == 1 ? 0x3000_0000ul : 0x10_0000)) >> 12);
        Assert.Equal((ulong)(4 + level), TranslateToPar(m, block + 0x3000) >> 1 & 0x3F);
        Assert.Equal((ulong)(4 + level), m.Read(block + 0x3000) & 0x3F);
    }

    [Fact]
    public void Address_spaces_have_tables_of_their_own()
    {
        using var m = Make();
        ulong other = m.AllocateTable();
        m.Map(Va, DataPhysical, Af | Ng);
        m.Map(Va + 0x1000, DataPhysical + 0x1000, Af | Ng, root: other);
        m.Core.WriteTtbr0(m.LowerRoot | 5UL << 48);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        Assert.Equal(7ul, m.Read(Va + 0x1000) & 0x3F);
        m.Core.WriteTtbr0(other | 6UL << 48);
        Assert.Equal(7ul, m.Read(Va) & 0x3F);
        Assert.Equal(0x22ul, m.ReadValue(Va + 0x1000));
    }

    /// <summary>The tables of the upper range are shared until a page of it belongs to an ASID.</summary>
    [Fact]
    public void Non_global_pages_beside_global_ones_belong_to_their_ASID()
    {
        using var m = Make();
        m.Map(Upper, DataPhysical);
        m.Map(Upper + 0x1000, DataPhysical, Af | Ng);
        m.Core.WriteTtbr0(m.LowerRoot | 5UL << 48);
        Assert.Equal(0x11ul, m.ReadValue(Upper));
        Assert.Equal(0x11ul, m.ReadValue(Upper + 0x1000));
        m.Map(Upper + 0x1000, DataPhysical + 0x1000, Af | Ng);
        m.Core.WriteTtbr0(m.LowerRoot | 6UL << 48);
        Assert.Equal(0x22ul, m.ReadValue(Upper + 0x1000));
        Assert.Equal(0x11ul, m.ReadValue(Upper));
    }

    [Fact]
    public void E0PD_and_table_permissions_hold_for_what_is_cached()
    {
        using var m = Make();
        m.Map(Va, DataPhysical, Af | User, tableAttributes: ApTableReadOnly);
        m.Map(Va + 0x1000, DataPhysical, Af | User);
        Assert.Equal(0ul, m.Read(Va));
        Assert.Equal(15ul, m.Write(Va + 0x1000) & 0x3F);
        m.Tcr |= 1UL << 55;
        m.Pstate = El1;
        Assert.Equal(0ul, m.Read(Va));
        m.Pstate = El0;
        Assert.Equal(4ul, m.Read(Va + 0x1000) & 0x3F);
    }

    /// <summary>FEAT_HAFDBS: descriptors that are read through the cache are updated where they stand.</summary>
    [Fact]
    public void Access_flag_and_dirty_state_are_recorded_in_pages_and_blocks()
    {
        using var m = Make();
        m.Tcr |= TcrHa | TcrHd;
        m.Map(Va, DataPhysical);
        m.Map(Va + 0x1000, DataPhysical, Dbm | ReadOnly);
        m.Map(0x12_4000_0000, DataPhysical, Dbm | ReadOnly, level: 2);
        Assert.Equal(0ul, m.Read(Va));
        Assert.Equal(0ul, m.Read(Va + 0x1000));
        Assert.Equal(Af | ReadOnly, m.DescriptorOf(Va + 0x1000) & (Af | ReadOnly));
        Assert.Equal(0ul, m.Write(Va + 0x1000));
        Assert.Equal(Af, m.DescriptorOf(Va + 0x1000) & (Af | ReadOnly));
        Assert.Equal(0ul, m.Read(0x12_4000_0000));
        Assert.Equal(Af | ReadOnly, m.DescriptorOf(0x12_4000_0000, 2) & (Af | ReadOnly));
        Assert.Equal(0ul, m.Write(0x12_4000_5000));
        Assert.Equal(Af, m.DescriptorOf(0x12_4000_0000, 2) & (Af | ReadOnly));
    }

    [Fact]
    public void A_table_that_has_left_memory_is_missed_though_it_was_cached()
    {
        using var m = Make();
        m.Map(Va, DataPhysical);
        m.Map(Va + 0x1000, DataPhysical);
        m.ReadValue(Va);
        ulong entry = m.DescriptorAddress(Va + 0x1000, 3);
        m.Machine.Memory.Absent.Add(entry & ~0xFFFUL);
        m.Core.FlushTlb();
        m.Read(Va + 0x1000);
        Assert.Equal(PendingKind.StageTwoFault, m.Pending.Kind);
        Assert.True(m.Pending.DuringTableWalk);
        Assert.Equal(entry, m.Pending.PhysicalAddress);
    }

    /// <summary>PAR_EL1 after AT S1E1R.</summary>
    private static ulong TranslateToPar(PagedMachine m, ulong va)
    {
        Insn insn = default;
        Assert.True(m.Core.TryTranslateToPar(&insn, va, AccessKind.Read, user: false, pan: false));
        return m.State->System.ParEl1;
    }

    private static PagedMachine Make(int granule = 12)
    {
        var m = new PagedMachine(granule);
        m.Machine.Write(DataPhysical, 0x11ul);
        m.Machine.Write(DataPhysical + 0x1000, 0x22ul);
        return m;
    }
}
