using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Mmu;

/// <summary>DDI0487 D8.4.6, D8.4.7: hardware management of the access flag and dirty state (FEAT_HAFDBS).</summary>
public sealed class Mmu_HardwareUpdates_Tests
{
    private const ulong Va = 0x12_3456_7000;

    [Fact]
    public void HA_sets_the_access_flag_instead_of_faulting()
    {
        using var m = new PagedMachine();
        m.Tcr |= TcrHa;
        m.Map(Va, DataPhysical, 0);
        Assert.Equal(0ul, m.Read(Va));
        Assert.Equal(DataPhysical | Af | 3, m.DescriptorOf(Va));
    }

    [Fact]
    public void A_fetch_sets_the_access_flag_too()
    {
        using var m = new PagedMachine();
        m.Tcr |= TcrHa;
        m.Map(Va, DataPhysical, 0);
        Assert.Equal(0ul, m.Fetch(Va));
        Assert.Equal(DataPhysical | Af | 3, m.DescriptorOf(Va));
    }

    [Fact]
    public void An_access_that_is_not_permitted_leaves_dirty_state_alone()
    {
        using var m = new PagedMachine();
        m.Tcr |= TcrHa | TcrHd;
        m.Map(Va, DataPhysical, Dbm | ReadOnly | Af);
        m.Pstate = El0;
        Assert.Equal(0xFul, m.Write(Va) & 0x3F);
        Assert.Equal(DataPhysical | Dbm | ReadOnly | Af | 3, m.DescriptorOf(Va));
    }

    [Fact]
    public void HD_makes_a_DBM_page_writable_by_the_first_write_only()
    {
        using var m = new PagedMachine();
        m.Tcr |= TcrHa | TcrHd;
        m.Map(Va, DataPhysical, Dbm | ReadOnly);
        Assert.Equal(0ul, m.Read(Va));
        Assert.Equal(DataPhysical | Dbm | ReadOnly | Af | 3, m.DescriptorOf(Va));
        Assert.Equal(0ul, m.Write(Va));
        Assert.Equal(DataPhysical | Dbm | Af | 3, m.DescriptorOf(Va));
    }

    [Theory]
    [InlineData(TcrHa)]
    [InlineData(0)]
    [InlineData(TcrHd)]
    public void Without_HA_and_HD_together_DBM_means_nothing(ulong tcr)
    {
        using var m = new PagedMachine();
        m.Tcr |= tcr;
        m.Map(Va, DataPhysical, Dbm | ReadOnly | Af);
        Assert.Equal(0xFul, m.Write(Va) & 0x3F);
    }

    [Fact]
    public void APTable_read_only_wins_over_DBM()
    {
        using var m = new PagedMachine();
        m.Tcr |= TcrHa | TcrHd;
        m.Map(Va, DataPhysical, Dbm | ReadOnly | Af, tableAttributes: ApTableReadOnly);
        Assert.Equal(0xFul, m.Write(Va) & 0x3F);
        Assert.Equal(DataPhysical | Dbm | ReadOnly | Af | 3, m.DescriptorOf(Va));
    }

    [Fact]
    public void A_block_is_updated_where_it_stands()
    {
        using var m = new PagedMachine();
        m.Tcr |= TcrHa | TcrHd;
        m.Map(Va, DataPhysical, Dbm | ReadOnly, level: 2);
        Assert.Equal(0ul, m.Write(Va));
        Assert.Equal(DataPhysical | Dbm | Af | 1, m.DescriptorOf(Va, 2));
    }
}
