namespace Meanwhile.Memory.Tests;

/// <summary>Pages that are declared absent or discarded, whatever state they are in.</summary>
public class GuestRamOrigin_Tests
{
    private const int Pages = 64;

    private FakeStore origin = null!;

    [Fact]
    public void Pages_of_every_state_become_absent_and_come_from_the_origin()
    {
        using SmallMachine machine = Machine();
        for (int page = 0; page < 40; page++)
            machine.Write(page, 1);
        machine.Clock.RunAll();
        machine.Ram.Request(0, () => { });
        Assert.Equal(1, machine.Ram.Statistics().InFlight); // A page in each state: untouched, resident, absent, being read.
        var pages = new PageBitmap(Pages);
        for (int page = 0; page < Pages; page += 2)
        {
            origin.Put(page, 100UL + (ulong)page);
            pages.Add(page);
        }
        machine.Tlb.Forget();
        machine.Ram.MarkAbsent(pages);
        machine.Clock.RunAll();
        for (int page = 0; page < Pages; page++)
            Assert.Equal(page % 2 == 0 ? 100UL + (ulong)page : page < 40 ? 1UL : 0UL, machine.Read(page));
    }

    [Fact]
    public void Memory_and_slots_of_given_up_pages_are_free_again()
    {
        using SmallMachine machine = Machine(slots: Pages);
        for (int round = 0; round < 5; round++)
        {
            for (int page = 0; page < Pages; page++)
                machine.Write(page, 1);
            machine.Clock.RunAll();
            machine.Tlb.Forget();
            for (int page = 0; page < Pages; page++)
                machine.Ram.Discard(page);
            machine.Clock.RunAll();
            Assert.Equal((0, 0, Pages), (machine.Ram.Statistics().Resident, machine.Ram.Statistics().Absent, machine.Ram.Statistics().Untouched));
        }
        Assert.False(machine.Ram.IsStalled);
        Assert.Equal(0UL, machine.Read(5));
    }

    [Fact]
    public void A_page_that_is_discarded_while_it_is_read_is_zero_also_for_who_waits_and_who_copies()
    {
        using SmallMachine machine = Machine();
        for (int page = 0; page < Pages; page++)
            machine.Write(page, 7, word: 100);
        machine.Clock.RunAll();
        bool ready = false;
        machine.Ram.Request(0, () => ready = true);
        Assert.Equal(1, machine.Ram.Statistics().InFlight);
        machine.Ram.Discard(0);
        Assert.True(machine.Ram.TryZeroBlock(0)); // Must not be remembered for what the page holds next.
        var reader = new PageReader(machine.Ram);
        bool copied = false;
        reader.Read([0], _ => copied = true);
        machine.Clock.RunAll();
        Assert.True(ready && copied);
        Assert.True(reader.IsZero(0));
        Assert.Equal(0UL, machine.Read(0, word: 100));
        machine.Write(0, 9);
        for (int page = 1; page < Pages; page++)
            machine.Read(page);
        machine.Clock.RunAll();
        Assert.Equal(9UL, machine.Read(0));
    }

    [Fact]
    public void A_failing_read_of_a_page_that_was_given_up_does_not_stall()
    {
        using SmallMachine machine = Machine();
        for (int page = 0; page < Pages; page++)
            machine.Write(page, 7);
        machine.Clock.RunAll();
        machine.Store.ReadError = "broken";
        bool ready = false;
        machine.Ram.Request(0, () => ready = true);
        origin.Put(0, 8);
        machine.Ram.MarkAbsent(0, 1);
        machine.Clock.RunAll();
        Assert.True(ready);
        Assert.False(machine.Ram.IsStalled);
        Assert.Equal(8UL, machine.Read(0));
    }

    [Fact]
    public void A_pinned_page_is_refused()
    {
        using SmallMachine machine = Machine();
        machine.Ram.Pin(5 * GuestRam.PageSize, 1, write: false, () => { });
        Assert.Throws<InvalidOperationException>(() => machine.Ram.Discard(5));
        Assert.Throws<InvalidOperationException>(() => machine.Ram.MarkAbsent(0, 10));
        Assert.Equal(5, machine.Ram.Statistics().Absent);
        machine.Ram.Unpin(5 * GuestRam.PageSize, 1);
        machine.Ram.Discard(5);
    }

    [Fact]
    public void What_nobody_waits_for_is_fetched_only_into_free_frames()
    {
        using SmallMachine machine = Machine();
        for (int page = 0; page < Pages; page++)
            origin.Put(page, 100UL + (ulong)page);
        machine.Ram.MarkAbsent(0, Pages);
        int fetched = 0;
        int next = 0;
        while (machine.Ram.TryFetch(next, 3, () => fetched++, out int started) == FetchOutcome.Started)
            next += started;
        Assert.Equal(FetchOutcome.NotAbsent, machine.Ram.TryFetch(0, 3, () => { }, out _));
        machine.Clock.RunAll();
        Assert.Equal(next, fetched);
        Assert.InRange(fetched, 8, 15);
        Assert.Equal(FetchOutcome.NotAbsent, machine.Ram.TryFetch(0, 1, () => { }, out _));
        Assert.Equal(FetchOutcome.NoFrame, machine.Ram.TryFetch(next, 1, () => { }, out _));
        Assert.Equal(100UL, machine.Read(0));
    }

    private SmallMachine Machine(int slots = 1024) =>
        new(Pages, limit: 16, slots, origin: clock => origin = new FakeStore(clock, 0));
}
