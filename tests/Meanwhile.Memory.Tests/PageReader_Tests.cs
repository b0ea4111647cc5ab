namespace Meanwhile.Memory.Tests;

public class PageReader_Tests
{
    private const int Pages = 64;

    [Fact]
    public void Pages_in_memory_and_untouched_ones_are_read_at_once()
    {
        using var machine = new SmallMachine(Pages, Pages);
        machine.Write(3, 33);
        machine.Write(4, 44);
        machine.Write(4, 0);
        var reader = new PageReader(machine.Ram);
        bool done = false;
        reader.Read([3, 4, 60], error =>
        {
            Assert.Null(error);
            done = true;
        });
        Assert.True(done);
        Assert.Equal([3, 4, 60], reader.Pages.ToArray());
        Assert.Equal((false, true, true), (reader.IsZero(0), reader.IsZero(1), reader.IsZero(2)));
        Assert.Equal(33UL, BitConverter.ToUInt64(reader.Content(0)));
        Assert.Equal(2, machine.Ram.Statistics().Resident);
    }

    [Fact]
    public void Pages_are_overwritten_whole_as_far_as_frames_are_free_and_the_others_are_known_to_be_zero()
    {
        using var machine = new SmallMachine(Pages, 16);
        var content = new byte[GuestRam.PageSize];
        content.AsSpan().Fill(7);
        Assert.True(machine.Ram.TryOverwrite(5, content));
        var untouched = new PageBitmap(Pages);
        machine.Ram.AddUntouched(untouched);
        Assert.Equal((Pages - 1, false), (untouched.CountPages(), untouched[5]));
        var reader = new PageReader(machine.Ram);
        reader.Read([5], Assert.Null);
        Assert.Equal(content, reader.Content(0).ToArray());
        int written = 1;
        for (long page = 6; page < Pages && machine.Ram.TryOverwrite(page, content); page++)
            written++;
        Assert.Equal(16, written);
    }

    [Fact]
    public void Pages_in_the_store_are_read_from_there_and_stay_there()
    {
        using SmallMachine machine = Swapped();
        long absent = machine.Ram.Statistics().Absent;
        var reader = new PageReader(machine.Ram);
        long[] pages = [.. Enumerable.Range(0, Pages).Select(page => (long)page)];
        bool done = false;
        reader.Read(pages, error => done = error is null);
        Assert.False(done);
        Assert.Throws<InvalidOperationException>(() => reader.Read([0], _ => { }));
        machine.Clock.RunAll();
        Assert.True(done);
        for (int page = 0; page < Pages; page++)
            Assert.Equal(100UL + (ulong)page, BitConverter.ToUInt64(reader.Content(page)));
        Assert.Equal(absent, machine.Ram.Statistics().Absent);
    }

    [Fact]
    public void A_slot_that_is_being_copied_is_not_used_for_another_page()
    {
        using var machine = new SmallMachine(pages: 24, limit: 16, slots: 9);
        for (int page = 0; page < 24; page++)
            machine.Write(page, 100UL + (ulong)page);
        machine.Clock.RunAll();
        var reader = new PageReader(machine.Ram);
        bool done = false;
        machine.Tlb.Forget();
        reader.Read([0, 1, 2], _ => done = true);
        Assert.False(done);
        // Given up while they are copied: their slots would be free for the pages that are written next.
        for (int page = 0; page < 3; page++)
            machine.Ram.Discard(page);
        for (int page = 0; page < 24 && !done; page++)
            machine.Tlb.TryWrite(page, 0, 500UL + (ulong)page);
        machine.Clock.RunAll();
        Assert.True(done);
        for (int i = 0; i < 3; i++)
            Assert.Equal(100UL + (ulong)i, BitConverter.ToUInt64(reader.Content(i)));
        for (int page = 0; page < 3; page++)
            machine.Ram.Discard(page); // All slots come back: there is room for the rest.
        machine.Clock.RunAll();
        Assert.False(machine.Ram.IsStalled);
    }

    [Fact]
    public void Zeroed_blocks_of_an_absent_page_are_zero_in_its_copy()
    {
        using SmallMachine machine = Swapped();
        Assert.True(machine.Ram.TryZeroBlock(0));
        var reader = new PageReader(machine.Ram);
        bool done = false;
        reader.Read([0, 1], _ => done = true);
        machine.Clock.RunAll();
        Assert.True(done);
        Assert.Equal((true, false), (reader.IsZero(0), reader.IsZero(1)));
    }

    [Fact]
    public void A_source_that_fails_is_reported_and_another_read_may_follow()
    {
        using SmallMachine machine = Swapped();
        var reader = new PageReader(machine.Ram);
        machine.Store.ReadError = "Input/output error";
        string? failure = null;
        reader.Read([0, 1, 63], error => failure = error);
        machine.Clock.RunAll();
        Assert.Equal("Input/output error", failure);
        Assert.False(machine.Ram.IsStalled);
        machine.Store.ReadError = null;
        reader.Read([0], error => failure = error);
        machine.Clock.RunAll();
        Assert.Null(failure);
        Assert.Equal(100UL, BitConverter.ToUInt64(reader.Content(0)));
    }

    [Fact]
    public void Pages_outside_RAM_and_too_many_are_refused()
    {
        using var machine = new SmallMachine(Pages, Pages);
        var reader = new PageReader(machine.Ram);
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read([0, Pages], _ => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read([-1], _ => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(new long[PageReader.MaximumBatch + 1], _ => { }));
        bool done = false;
        reader.Read([], _ => done = true);
        Assert.True(done);
    }

    private static SmallMachine Swapped()
    {
        var machine = new SmallMachine(Pages, limit: 16);
        for (int page = 0; page < Pages; page++)
            machine.Write(page, 100UL + (ulong)page);
        machine.Clock.RunAll();
        return machine;
    }
}
