using Meanwhile.Arm64.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>DDI0487 D8.13: ASIDs, global translations and TLB invalidation.</summary>
public sealed class Mmu_Invalidation_Tests
{
    private const ulong Va = 0x12_3456_7000;
    private const ulong Upper = 0xFFFF_8000_1234_5000;

    [Fact]
    public void One_address_in_two_ASIDs_is_two_translations_without_invalidation()
    {
        using var m = TwoSpaces(out ulong first, out ulong second);
        m.Core.WriteTtbr0(first);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        m.Core.WriteTtbr0(second);
        Assert.Equal(0x22ul, m.ReadValue(Va));
        m.Core.WriteTtbr0(first);
        Assert.Equal(0x11ul, m.ReadValue(Va));
    }

    [Fact]
    public void Sixteen_bit_ASIDs_are_told_apart_with_AS_and_eight_bits_without()
    {
        using var m = TwoSpaces(out ulong first, out ulong second);
        m.Tcr |= TcrAs;
        m.Core.WriteTtbr0((first & 0xFFFF_FFFF_FFFF) | 0x0105UL << 48);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        m.Core.WriteTtbr0((second & 0xFFFF_FFFF_FFFF) | 0x0205UL << 48);
        Assert.Equal(0x22ul, m.ReadValue(Va));
        Assert.Equal(0x22ul, m.ReadValue(Va));
    }

    [Fact]
    public void A1_takes_the_ASID_from_TTBR1()
    {
        using var m = TwoSpaces(out ulong first, out ulong second);
        m.Tcr |= TcrA1;
        m.Core.WriteTtbr1(m.UpperRoot | 7UL << 48);
        m.Core.WriteTtbr0(first & 0xFFFF_FFFF_FFFF);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        m.Core.WriteTtbr1(m.UpperRoot | 8UL << 48);
        m.Core.WriteTtbr0(second & 0xFFFF_FFFF_FFFF);
        Assert.Equal(0x22ul, m.ReadValue(Va));
    }

    [Fact]
    public void A_global_translation_of_the_upper_range_serves_every_ASID_and_is_forgotten_by_address()
    {
        using var m = TwoSpaces(out ulong first, out ulong second);
        m.Map(Upper, DataPhysical);
        m.Core.WriteTtbr0(first);
        Assert.Equal(0x11ul, m.ReadValue(Upper));
        m.Core.WriteTtbr0(second);
        m.Map(Upper, DataPhysical + 0x1000);
        m.Core.Maintain(MaintenanceKind.Address, Upper >> 12 & 0xFFF_FFFF_FFFF);
        Assert.Equal(0x22ul, m.ReadValue(Upper));
        m.Core.WriteTtbr0(first);
        Assert.Equal(0x22ul, m.ReadValue(Upper));
    }

    [Fact]
    public void Non_global_translations_of_the_upper_range_belong_to_their_ASID()
    {
        using var m = TwoSpaces(out ulong first, out ulong second);
        m.Map(Upper, DataPhysical, Af | Ng);
        m.Core.WriteTtbr0(first);
        Assert.Equal(0x11ul, m.ReadValue(Upper));
        m.Map(Upper, DataPhysical + 0x1000, Af | Ng);
        m.Core.WriteTtbr0(second);
        Assert.Equal(0x22ul, m.ReadValue(Upper));
    }

    [Fact]
    public void Invalidation_by_ASID_forgets_that_ASID()
    {
        using var m = TwoSpaces(out ulong first, out ulong second);
        m.Core.WriteTtbr0(first);
        Assert.Equal(0x11ul, m.ReadValue(Va));
        m.Map(Va, DataPhysical + 0x1000, Af | Ng);
        m.Core.Maintain(MaintenanceKind.Asid, first & 0xFFFF_0000_0000_0000);
        Assert.Equal(0x22ul, m.ReadValue(Va));

        m.Map(Va, DataPhysical, Af | Ng);
        m.Core.WriteTtbr0(second);
        m.Core.Maintain(MaintenanceKind.Asid, first & 0xFFFF_0000_0000_0000);
        m.Core.WriteTtbr0(first);
        Assert.Equal(0x11ul, m.ReadValue(Va));
    }

    [Fact]
    public void Invalidation_by_address_reaches_data_and_instruction_side_at_every_privilege()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | User | Ng);
        ulong[] states = [El0, El1, El1 | Pan];
        foreach (ulong state in states)
        {
            m.Pstate = state;
            m.Read(Va);
            m.Write(Va);
            m.Fetch(Va);
        }
        m.SetDescriptor(Va, 0);
        m.Core.Maintain(MaintenanceKind.Address, Va >> 12);
        foreach (ulong state in states)
        {
            m.Pstate = state;
            Assert.Equal(7ul, m.Read(Va) & 0x3F);
            Assert.Equal(7ul, m.Write(Va) & 0x3F);
            Assert.Equal(7ul, m.Fetch(Va) & 0x3F);
        }
    }

    [Fact]
    public void Invalidation_of_everything_forgets_both_ranges()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical);
        m.Map(Upper, DataPhysical);
        m.ReadValue(Va);
        m.ReadValue(Upper);
        m.SetDescriptor(Va, 0);
        m.SetDescriptor(Upper, 0);
        m.Core.Maintain(MaintenanceKind.AllTranslations, 0);
        Assert.Equal(7ul, m.Read(Va) & 0x3F);
        Assert.Equal(7ul, m.Read(Upper) & 0x3F);
    }

    [Fact]
    public void Everything_is_forgotten_also_when_contexts_run_out()
    {
        using var m = new PagedMachine();
        m.Map(Va, DataPhysical, Af | Ng);
        m.Map(Upper, DataPhysical);
        for (int n = 0; n < 10_000; n++)
        {
            bool mapped = (n & 1) == 0;
            m.SetDescriptor(Va, mapped ? DataPhysical | Af | Ng | 3 : 0);
            m.Core.Maintain(n % 3 == 0 ? MaintenanceKind.AllTranslations : MaintenanceKind.Asid, 0);
            Assert.Equal(mapped, m.Read(Va) == 0);
            Assert.Equal(0ul, m.Read(Upper));
        }
    }

    /// <summary>An invalidation of any address in a block forgets the block, though the TLB holds 4 KiB pieces.</summary>
    [Theory]
    [InlineData(12, 2, 0x20_0000ul)]
    [InlineData(12, 1, 0x4000_0000ul)]
    [InlineData(14, 3, 0x4000ul)]
    [InlineData(14, 2, 0x200_0000ul)]
    [InlineData(16, 3, 0x1_0000ul)]
    [InlineData(16, 2, 0x2000_0000ul)]
    public void Invalidation_by_address_forgets_all_pieces_of_a_larger_mapping(int granule, int level, ulong size)
    {
        using var m = new PagedMachine(granule);
        ulong block = 0x12_4000_0000UL;
        m.Map(block, FlatMemory.Base, level: level);
        ulong reach = Math.Min(size, 0x40_0000);
        ulong[] pieces = [block, block + 0x1000, block + reach / 2, block + reach - 0x1000];
        foreach (ulong piece in pieces)
        {
            Assert.Equal(0ul, m.Read(piece));
            Assert.Equal(0ul, m.Fetch(piece));
        }
        m.SetDescriptor(block, 0, level);
        m.Core.Maintain(MaintenanceKind.Address, (block + size - 0x1000) >> 12);
        foreach (ulong piece in pieces)
        {
            Assert.Equal((ulong)(4 + level), m.Read(piece) & 0x3F);
            Assert.Equal((ulong)(4 + level), m.Fetch(piece) & 0x3F);
        }
    }

    [Fact]
    public void Blocks_whose_regions_share_a_slot_are_each_forgotten()
    {
        using var m = new PagedMachine();
        ulong a = 0x10_0000_0000, b = a + (1024UL << 21);
        m.Map(a, DataPhysical, level: 2);
        m.Map(b, DataPhysical, level: 2);
        m.ReadValue(a + 0x3000);
        m.ReadValue(b + 0x5000);
        m.SetDescriptor(a, 0, 2);
        m.SetDescriptor(b, 0, 2);
        m.Core.Maintain(MaintenanceKind.Address, a >> 12);
        Assert.Equal(6ul, m.Read(a + 0x3000) & 0x3F);
        m.Core.Maintain(MaintenanceKind.Address, b >> 12);
        Assert.Equal(6ul, m.Read(b + 0x5000) & 0x3F);
    }

    [Fact]
    public void A_tagged_address_reaches_the_page_under_TBI_and_is_forgotten_with_it()
    {
        using var m = new PagedMachine();
        m.Tcr |= 1UL << 37;
        m.Map(Va, DataPhysical);
        m.Machine.Write(DataPhysical, 0x77ul);
        Assert.Equal(0x77ul, m.ReadValue(Va | 0xAB00_0000_0000_0000 & ~(1UL << 55)));
        Assert.Equal(0x77ul, m.ReadValue(Va | 0x2B00_0000_0000_0000));
        m.SetDescriptor(Va, 0);
        m.Core.Maintain(MaintenanceKind.Address, Va >> 12);
        Assert.Equal(7ul, m.Read(Va | 0x2B00_0000_0000_0000) & 0x3F);
        Assert.Equal(Va | 0x2B00_0000_0000_0000, m.Pending.VirtualAddress);
    }

    [Fact]
    public void A_tagged_address_without_TBI_faults_whatever_the_TLB_holds()
    {
        using var m = TwoSpaces(out ulong first, out _);
        m.Core.WriteTtbr0(first);
        m.ReadValue(Va);
        for (int tag = 1; tag < 0x100; tag++)
            Assert.Equal(4ul, m.Read(Va | (ulong)tag << 56) & 0x3F);
    }

    private static PagedMachine TwoSpaces(out ulong first, out ulong second)
    {
        var m = new PagedMachine();
        ulong other = m.AllocateTable();
        m.Machine.Write(DataPhysical, 0x11ul);
        m.Machine.Write(DataPhysical + 0x1000, 0x22ul);
        m.Map(Va, DataPhysical, Af | Ng);
        m.Map(Va, DataPhysical + 0x1000, Af | Ng, root: other);
        first = m.LowerRoot | 5UL << 48;
        second = other | 6UL << 48;
        return m;
    }
}
