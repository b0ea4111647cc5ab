namespace Meanwhile.Memory.Tests;

public class GuestRamPins_Tests
{
    private const int Page = GuestRam.PageSize;

    [Fact]
    public void A_pin_of_resident_pages_is_ready_inline()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        bool ready = false;
        machine.Ram.Pin(Page - 1, 2, write: true, () => ready = true);
        Assert.True(ready);
        Assert.Equal(2, machine.Ram.Statistics().Pinned);
        machine.Ram.Unpin(Page - 1, 2);
        Assert.Equal(0, machine.Ram.Statistics().Pinned);
    }

    [Fact]
    public unsafe void Pinned_pages_stay_while_everything_else_is_reclaimed()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        machine.Ram.Pin(0, 4 * Page, write: true, () => { });
        *(ulong*)machine.Ram.HostAddress(8) = 77;
        for (int round = 0; round < 3; round++)
        {
            for (int page = 4; page < 64; page++)
                machine.Write(page, 1);
        }
        Assert.Equal(77UL, *(ulong*)machine.Ram.HostAddress(8));
        machine.Ram.Unpin(0, 4 * Page);
        for (int round = 0; round < 3; round++)
        {
            for (int page = 4; page < 64; page++)
                machine.Write(page, 1);
        }
        Assert.False(machine.Tlb.TryRead(0, 1, out _));
        Assert.Equal(77UL, machine.Read(0, 1));
    }

    [Fact]
    public void A_pin_of_absent_pages_is_ready_once_all_are_read()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 64; page++)
            machine.Write(page, 1);
        machine.Clock.RunAll();
        int ready = 0;
        machine.Ram.Pin(0, 3 * Page, write: false, () => ready++);
        Assert.Equal(0, ready);
        machine.Clock.RunAll();
        Assert.Equal(1, ready);
    }

    [Fact]
    public void Pins_beyond_half_of_the_limit_wait_for_others_to_end()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        List<int> ready = [];
        machine.Ram.Pin(0, 6 * Page, write: true, () => ready.Add(1));
        machine.Ram.Pin(10 * Page, 6 * Page, write: true, () => ready.Add(2));
        machine.Ram.Pin(20 * Page, Page, write: true, () => ready.Add(3));
        Assert.Equal([1], ready);
        machine.Clock.RunAll();
        Assert.Equal([1], ready);
        machine.Ram.Unpin(0, 6 * Page);
        machine.Clock.RunAll();
        Assert.Equal([1, 2, 3], ready);
    }

    [Fact]
    public void Unpinning_what_has_no_pin_is_a_bug()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        Assert.Throws<InvalidOperationException>(() => machine.Ram.Unpin(0, Page));
    }

    [Fact]
    public void A_pin_of_too_many_pages_is_refused()
    {
        using var ram = new GuestRam(new GuestRamOptions { Size = 512 * Page });
        Assert.Throws<ArgumentOutOfRangeException>(() => ram.Pin(0, 257L * Page, write: false, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ram.Pin(Page, long.MaxValue, write: false, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ram.Pin(0, 0, write: false, () => { }));
    }

    [Fact]
    public void A_completion_that_comes_after_the_end_may_unpin_and_pin()
    {
        var ram = new GuestRam(new GuestRamOptions { Size = 64 * Page });
        ram.Pin(0, Page, write: true, () => { });
        ram.Dispose();
        ram.Unpin(0, Page);
        ram.Pin(0, Page, write: true, () => Assert.Fail("There is no page to be pinned."));
    }
}
