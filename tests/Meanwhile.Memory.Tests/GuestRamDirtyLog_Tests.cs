namespace Meanwhile.Memory.Tests;

public class GuestRamDirtyLog_Tests
{
    private const int Pages = 64;

    [Fact]
    public void The_first_log_has_every_page_and_the_next_what_was_written_since()
    {
        using var machine = new SmallMachine(Pages, Pages);
        machine.Write(3, 1);
        machine.Ram.StartDirtyLog();
        Assert.Equal(Pages, Collect(machine).Count);
        Assert.Empty(Collect(machine));
        machine.Read(3);
        machine.Read(4);
        machine.Write(3, 2);
        machine.Write(7, 2);
        Assert.Equal([3, 7], Collect(machine));
        Assert.Empty(Collect(machine));
    }

    [Fact]
    public void A_write_through_a_cached_address_is_in_the_log_it_precedes_and_after_the_round_in_the_next()
    {
        using var machine = new SmallMachine(Pages, Pages);
        machine.Tlb.Inline = false;
        machine.Ram.StartDirtyLog();
        machine.Write(5, 1);
        var first = new PageBitmap(Pages);
        bool done = false;
        machine.Ram.CollectDirty(first, () => done = true);
        Assert.False(done);
        machine.Write(5, 2); // Through the cached address: whoever collects reads the page when it is done.
        machine.Tlb.BlockBoundary();
        Assert.True(done);
        Assert.Equal(2UL, machine.Read(5));
        machine.Write(5, 3);
        machine.Tlb.Inline = true;
        Assert.Equal([5], Collect(machine));
    }

    [Fact]
    public void A_page_that_was_collected_is_read_only_until_it_is_written_again()
    {
        using var machine = new SmallMachine(Pages, Pages);
        machine.Write(5, 1);
        Assert.True(IsWritableAfterRead(machine.Ram, 5));
        machine.Ram.StartDirtyLog();
        Collect(machine);
        Assert.False(IsWritableAfterRead(machine.Ram, 5));
        machine.Write(5, 2);
        Assert.True(IsWritableAfterRead(machine.Ram, 5));
        Collect(machine);
        machine.Ram.StopDirtyLog();
        Assert.True(IsWritableAfterRead(machine.Ram, 5));
    }

    [Fact]
    public void A_page_pinned_for_writing_is_in_every_log_until_it_is_unpinned()
    {
        using var machine = new SmallMachine(Pages, Pages);
        machine.Ram.StartDirtyLog();
        Collect(machine);
        machine.Ram.Pin(9 * GuestRam.PageSize, 2 * GuestRam.PageSize, write: true, () => { });
        machine.Ram.Pin(20 * GuestRam.PageSize, GuestRam.PageSize, write: false, () => { });
        Assert.Equal([9, 10], Collect(machine));
        Assert.Equal([9, 10], Collect(machine));
        Assert.Equal((3, 2), (machine.Ram.Statistics().Pinned, machine.Ram.Statistics().WritePinned));
        machine.Ram.Unpin(9 * GuestRam.PageSize, 2 * GuestRam.PageSize);
        Assert.Equal([9, 10], Collect(machine));
        Assert.Empty(Collect(machine));
    }

    [Fact]
    public void Zeroed_blocks_of_an_absent_page_are_written_and_reading_the_page_back_is_not()
    {
        using var machine = new SmallMachine(Pages, limit: 16);
        for (int page = 0; page < Pages; page++)
            machine.Write(page, 1);
        machine.Clock.RunAll();
        machine.Ram.StartDirtyLog();
        Collect(machine);
        Assert.True(machine.Ram.TryZeroBlock(0));
        Assert.Equal([0], Collect(machine));
        Assert.Equal(0UL, machine.Read(0));
        Assert.Equal(1UL, machine.Read(1));
        Assert.Empty(Collect(machine));
        Assert.Equal(SmallMachine.BlocksInPage, machine.ZeroPage(2));
        Assert.Equal([2], Collect(machine));
    }

    [Fact]
    public void Eviction_and_reading_back_write_nothing()
    {
        using var machine = new SmallMachine(Pages, limit: 16);
        for (int page = 0; page < Pages; page++)
            machine.Write(page, 1);
        machine.Ram.StartDirtyLog();
        Collect(machine);
        for (int page = 0; page < Pages; page++)
            Assert.Equal(1UL, machine.Read(page));
        Assert.Empty(Collect(machine));
        machine.Write(0, 2);
        for (int page = 1; page < Pages; page++)
            Assert.Equal(1UL, machine.Read(page));
        Assert.Equal([0], Collect(machine));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using var machine = new SmallMachine(Pages, Pages);
        Assert.Throws<InvalidOperationException>(() => machine.Ram.CollectDirty(new PageBitmap(Pages), () => { }));
        machine.Ram.StartDirtyLog();
        Assert.Throws<InvalidOperationException>(machine.Ram.StartDirtyLog);
        Assert.Throws<ArgumentException>(() => machine.Ram.CollectDirty(new PageBitmap(Pages - 1), () => { }));
        machine.Ram.StopDirtyLog();
        machine.Ram.StopDirtyLog();
        Assert.False(machine.Ram.IsDirtyLogOn);
    }

    private static unsafe bool IsWritableAfterRead(GuestRam ram, long page)
    {
        Assert.Equal(GuestPageState.Resident, ram.Resolve(page * GuestRam.PageSize, write: false, out _, out bool writable));
        return writable;
    }

    private static List<long> Collect(SmallMachine machine)
    {
        var log = new PageBitmap(Pages);
        bool done = false;
        machine.Ram.CollectDirty(log, () => done = true);
        Assert.True(done);
        List<long> pages = [];
        for (long page = log.NextPage(0); page < Pages; page = log.NextPage(page + 1))
            pages.Add(page);
        return pages;
    }
}
