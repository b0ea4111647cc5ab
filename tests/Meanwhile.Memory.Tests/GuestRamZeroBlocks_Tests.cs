using Meanwhile.Memory.Statistics;

namespace Meanwhile.Memory.Tests;

/// <summary>Zeroing pages whose content is elsewhere, and asking for neighbours.</summary>
public class GuestRamZeroBlocks_Tests
{
    private const int LastWord = (GuestRam.PageSize / sizeof(ulong)) - 1;

    [Fact]
    public void A_page_that_is_zeroed_whole_while_it_is_absent_is_never_read()
    {
        using SmallMachine machine = WithFirstPageAbsent();
        long reads = machine.Ram.Statistics().Reads;
        for (int block = 0; block < GuestRam.PageSize; block += GuestRam.ZeroBlockSize)
            Assert.True(machine.Ram.TryZeroBlock(block));
        GuestRamStatistics statistics = machine.Ram.Statistics();
        Assert.Equal(1, statistics.Overwritten);
        Assert.Equal(0UL, machine.Read(0));
        Assert.Equal(0UL, machine.Read(0, LastWord));
        Assert.Equal(reads, machine.Ram.Statistics().Reads);
    }

    [Fact]
    public void A_page_that_is_zeroed_in_part_keeps_the_rest_of_its_content()
    {
        using SmallMachine machine = WithFirstPageAbsent();
        Assert.True(machine.Ram.TryZeroBlock(0));
        Assert.Equal(0UL, machine.Read(0));
        Assert.Equal(22UL, machine.Read(0, LastWord));
    }

    [Fact]
    public void A_block_zeroed_while_its_page_is_being_read_stays_zero()
    {
        using SmallMachine machine = WithFirstPageAbsent();
        bool ready = false;
        machine.Ram.Request(0, () => ready = true);
        Assert.True(machine.Ram.TryZeroBlock(GuestRam.PageSize - GuestRam.ZeroBlockSize));
        machine.Clock.RunAll();
        Assert.True(ready);
        Assert.Equal(11UL, machine.Read(0));
        Assert.Equal(0UL, machine.Read(0, LastWord));
    }

    [Fact]
    public void What_was_zeroed_is_written_out_again_when_the_page_is_evicted()
    {
        using SmallMachine machine = WithFirstPageAbsent();
        machine.Ram.TryZeroBlock(0);
        Assert.Equal(0UL, machine.Read(0));
        EvictFirstPage(machine);
        Assert.Equal(0UL, machine.Read(0));
        Assert.Equal(22UL, machine.Read(0, LastWord));
    }

    [Fact]
    public void A_resident_or_untouched_page_is_left_to_the_caller()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        Assert.False(machine.Ram.TryZeroBlock(0));
        machine.Write(0, 5);
        Assert.False(machine.Ram.TryZeroBlock(0));
        Assert.Equal(5UL, machine.Read(0));
    }

    [Fact]
    public void Neighbours_asked_for_come_without_a_waiter_and_within_the_limit()
    {
        using SmallMachine machine = WithFirstPageAbsent();
        machine.Clock.RunAll();
        machine.Ram.Prefetch(1, 4);
        machine.Clock.RunAll();
        GuestRamStatistics statistics = machine.Ram.Statistics();
        Assert.InRange(statistics.Prefetched, 1, 4);
        Assert.True(statistics.PeakResident <= 16);
        Assert.Equal(11UL, machine.Read(0));
    }

    private static SmallMachine WithFirstPageAbsent()
    {
        var machine = new SmallMachine(pages: 64, limit: 16);
        machine.Write(0, 11);
        machine.Write(0, 22, LastWord);
        EvictFirstPage(machine);
        return machine;
    }

    private static void EvictFirstPage(SmallMachine machine)
    {
        for (int page = 1; page < 64; page++)
            machine.Write(page, (ulong)page);
        machine.Clock.RunAll();
    }
}
