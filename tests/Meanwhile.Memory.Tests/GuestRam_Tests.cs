using Meanwhile.Memory.Statistics;

namespace Meanwhile.Memory.Tests;

public unsafe class GuestRam_Tests
{
    [Fact]
    public void Untouched_memory_reads_as_zero_and_takes_a_frame_only_when_resolved()
    {
        using var ram = new GuestRam(new GuestRamOptions { Size = 16 * GuestRam.PageSize });
        Assert.Equal(0, ram.Statistics().Resident);
        Assert.Equal(GuestPageState.Resident, ram.Resolve(5 * GuestRam.PageSize + 123, write: false, out byte* host, out bool writable));
        Assert.False(writable);
        Assert.False(new Span<byte>(host, GuestRam.PageSize).ContainsAnyExcept((byte)0));
        Assert.Equal((1, 15), (ram.Statistics().Resident, ram.Statistics().Untouched));
    }

    [Fact]
    public void A_page_once_written_is_writable_for_later_readers()
    {
        using var ram = new GuestRam(new GuestRamOptions { Size = 16 * GuestRam.PageSize });
        ram.Resolve(0, write: true, out byte* first, out bool writable);
        Assert.True(writable);
        ram.Resolve(8, write: false, out byte* second, out writable);
        Assert.True(writable);
        Assert.Equal((nint)first, (nint)second);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(16 * GuestRam.PageSize)]
    [InlineData(long.MaxValue)]
    public void Offsets_outside_RAM_are_refused(long offset)
    {
        using var ram = new GuestRam(new GuestRamOptions { Size = 16 * GuestRam.PageSize });
        Assert.Throws<ArgumentOutOfRangeException>(() => ram.Resolve(offset, write: false, out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => ram.Pin(offset, 1, write: false, () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ram.Request(offset, () => { }));
    }

    [Fact]
    public void A_limit_below_the_minimum_is_refused_naming_both()
    {
        var options = new GuestRamOptions { Size = 1L << 30, ResidentLimit = (4 << 20) - 4096 };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new GuestRam(options));
        Assert.Contains("4190208", exception.Message);
        Assert.Contains("4194304", exception.Message);
    }

    [Fact]
    public void A_limit_without_a_store_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new GuestRam(new GuestRamOptions { Size = 1L << 30, ResidentLimit = 4 << 20 }));
    }

    [Fact]
    public void More_memory_than_the_limit_keeps_its_content_and_the_limit()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 64; page++)
            machine.Write(page, 1000UL + (ulong)page);
        for (int page = 0; page < 64; page++)
            Assert.Equal(1000UL + (ulong)page, machine.Read(page));
        GuestRamStatistics statistics = machine.Ram.Statistics();
        Assert.InRange(statistics.PeakResident, 15, 16);
        Assert.True(statistics.Writes >= 48, $"{statistics.Writes} writes");
    }

    [Fact]
    public void A_page_that_was_only_read_since_it_came_in_is_dropped_without_writing()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 64; page++)
            machine.Write(page, 7);
        for (int page = 0; page < 64; page++)
            machine.Read(page);
        machine.Clock.RunAll();
        GuestRamStatistics before = machine.Ram.Statistics();
        for (int page = 0; page < 64; page++)
            Assert.Equal(7UL, machine.Read(page));
        GuestRamStatistics after = machine.Ram.Statistics();
        Assert.Equal(before.Writes, after.Writes);
        Assert.True(after.DroppedClean > before.DroppedClean + 30);
    }

    [Fact]
    public void A_dirty_page_that_is_zero_goes_back_to_untouched_without_input_or_output()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 64; page++)
            machine.Write(page, 0);
        machine.Clock.RunAll();
        GuestRamStatistics statistics = machine.Ram.Statistics();
        Assert.Equal(0, statistics.Writes);
        Assert.Equal(0, statistics.Absent);
        Assert.True(statistics.ZeroPages >= 48);
    }

    [Fact]
    public void Second_chance_keeps_the_pages_that_are_in_use()
    {
        using var machine = new SmallMachine(pages: 256, limit: 64, batch: 4);
        for (ulong hot = 0; hot < 8; hot++)
            machine.Write((long)hot, hot + 1);
        long missed = 0;
        for (int page = 8; page < 256; page++)
        {
            machine.Write(page, 1);
            machine.Clock.RunAll();
            for (long hot = 0; hot < 8; hot++)
            {
                if (!machine.Tlb.TryRead(hot, 0, out _))
                    missed++;
            }
        }
        Assert.Equal(0, missed);
    }

    [Fact]
    public void Clearing_accessed_bits_makes_the_TLB_forget_in_the_same_round()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 16; page++)
            machine.Write(page, 1);
        Assert.Equal(0, machine.Tlb.Invalidations);
        machine.Clock.RunNext(); // The first round finds all accessed: it can only clear.
        Assert.Equal(1, machine.Tlb.Invalidations);
        Assert.Equal(1, machine.Ram.Statistics().ReclaimRounds);
    }

    [Fact]
    public void Reclaim_keeps_frames_free_between_the_watermarks_ahead_of_need()
    {
        using var machine = new SmallMachine(pages: 256, limit: 64, adjust: options => options with
        {
            LowWatermark = 8 * GuestRam.PageSize,
            HighWatermark = 16 * GuestRam.PageSize,
        });
        for (int page = 0; page < 56; page++)
            machine.Write(page, 1);
        machine.Clock.RunAll();
        Assert.Equal(56, machine.Ram.Statistics().Resident);
        machine.Write(56, 1);
        machine.Clock.RunAll();
        Assert.Equal(64 - 16, machine.Ram.Statistics().Resident);
        for (int page = 57; page < 256; page++)
        {
            machine.Write(page, 1);
            machine.Clock.RunAll();
        }
        Assert.Equal(0, machine.Ram.Statistics().WaitsForFrames);
    }

    [Fact]
    public void A_page_that_is_wanted_before_the_listeners_acknowledged_is_rescued_without_a_read()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 16; page++)
            machine.Write(page, 5);
        machine.Tlb.Inline = false;
        machine.Clock.RunNext();
        machine.Tlb.BlockBoundary();
        machine.Clock.RunNext(); // End of the clearing round.
        machine.Clock.RunNext(); // The hand chooses victims from page 0 on.
        Assert.Equal(GuestPageState.Resident, machine.Ram.Resolve(0, write: true, out _, out _));
        machine.Tlb.BlockBoundary();
        machine.Clock.RunAll();
        Assert.True(machine.Ram.Statistics().Rescued >= 1);
        Assert.Equal(5UL, machine.Read(0));
        Assert.Equal(0, machine.Ram.Statistics().Reads);
    }

    [Fact]
    public void A_page_that_is_written_to_while_it_is_being_swapped_out_keeps_what_was_written()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 16; page++)
            machine.Write(page, 5);
        while (machine.Ram.Statistics().InFlight == 0)
            Assert.True(machine.Clock.RunNext());
        Assert.True(machine.Tlb.TryWrite(0, 0, 6), "A page that is being written out is rescued.");
        for (int page = 1; page < 64; page++)
            machine.Write(page, 9);
        Assert.Equal(6UL, machine.Read(0));
        Assert.True(machine.Ram.Statistics().Rescued >= 1);
    }

    [Fact]
    public void A_rescued_page_that_is_evicted_again_before_its_first_write_ended_keeps_what_was_written_last()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 16; page++)
            machine.Write(page, 5);
        while (machine.Ram.Statistics().InFlight == 0)
            Assert.True(machine.Clock.RunNext());
        Assert.True(machine.Tlb.TryWrite(0, 0, 6));
        // So many frames are wanted at once that every page must go, before time goes on and the first write ends.
        for (int page = 16; page < 32; page++)
            machine.Ram.Request(page, () => { });
        machine.Clock.RunAll();
        Assert.False(machine.Tlb.TryRead(0, 0, out _));
        for (int page = 1; page < 64; page++)
            machine.Write(page, 9);
        Assert.Equal(6UL, machine.Read(0));
    }

    [Fact]
    public void Dirty_pages_are_written_in_clusters()
    {
        using var machine = new SmallMachine(pages: 256, limit: 64, batch: 16);
        for (int page = 0; page < 256; page++)
            machine.Write(page, 1);
        GuestRamStatistics statistics = machine.Ram.Statistics();
        Assert.Equal(machine.Store.WriteOperations.Count, statistics.WriteOperations + statistics.InFlight);
        Assert.True(statistics.WriteOperations * 1.5 <= statistics.Writes, $"{statistics.Writes} pages in {statistics.WriteOperations} writes");
    }

    [Fact]
    public void Requests_wait_for_frames_in_the_order_of_asking()
    {
        using var machine = new SmallMachine(pages: 64, limit: 8, batch: 1);
        for (int page = 0; page < 8; page++)
            Assert.True(machine.Tlb.TryWrite(page, 0, 3));
        List<long> order = [];
        foreach (long page in new long[] { 40, 30, 50, 20 })
            machine.Ram.Request(page, () => order.Add(page));
        Assert.Empty(order);
        machine.Clock.RunAll();
        Assert.Equal([40, 30, 50, 20], order);
        Assert.Equal(4, machine.Ram.Statistics().WaitsForFrames);
    }

    [Fact]
    public void Two_requests_for_one_absent_page_read_it_once_and_are_both_answered_once()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 64; page++)
            machine.Write(page, 3);
        machine.Clock.RunAll();
        long before = machine.Ram.Statistics().Reads;
        int answers = 0;
        machine.Ram.Request(0, () => answers++);
        machine.Ram.Request(0, () => answers++);
        Assert.Equal(0, answers);
        machine.Clock.RunAll();
        Assert.Equal(2, answers);
        Assert.Equal(before + 1, machine.Ram.Statistics().Reads);
        machine.Ram.Request(0, () => answers++);
        Assert.Equal(3, answers);
    }

    [Fact]
    public void Latencies_are_measured_on_the_machines_clock()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16);
        for (int page = 0; page < 64; page++)
            machine.Write(page, 3);
        machine.Read(0);
        GuestRamStatistics statistics = machine.Ram.Statistics();
        Assert.Equal((1000, 1000), (statistics.ReadLatency.Maximum, statistics.WriteLatency.Maximum));
    }

    [Fact]
    public void Pages_marked_absent_come_from_the_origin_and_go_back_to_it_while_unchanged()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16, adjust: options =>
        {
            var origin = new FakeStore((ManualClock)options.Clock!, 64);
            for (int page = 0; page < 64; page++)
                origin.Put(page, 100UL + (ulong)page);
            return options with { Origin = origin };
        });
        machine.Ram.MarkAbsent(0, 32);
        for (int round = 0; round < 2; round++)
        {
            for (int page = 0; page < 64; page++)
            {
                bool ready = false;
                machine.Ram.Request(page, () => ready = true);
                machine.Clock.RunAll();
                Assert.True(ready);
                Assert.True(machine.Tlb.TryRead(page, 0, out ulong value));
                Assert.Equal(page < 32 ? 100UL + (ulong)page : 0, value);
            }
        }
        Assert.Equal(64, machine.Ram.Statistics().Reads);
        Assert.Empty(machine.Store.WriteOperations);
    }

    [Fact]
    public void A_page_of_the_origin_that_was_overwritten_with_zeros_stays_zero()
    {
        using var machine = new SmallMachine(pages: 64, limit: 16, adjust: options =>
        {
            var origin = new FakeStore((ManualClock)options.Clock!, 64);
            origin.Put(0, 100);
            return options with { Origin = origin };
        });
        machine.Ram.MarkAbsent(0, 1);
        Assert.Equal(100UL, machine.Read(0));
        machine.Write(0, 0);
        for (int page = 1; page < 64; page++)
            machine.Write(page, 1);
        machine.Clock.RunAll();
        Assert.True(machine.Ram.Statistics().ZeroPages > 0);
        Assert.True(machine.Tlb.TryRead(0, 0, out ulong value), "It is untouched again and needs no read.");
        Assert.Equal(0UL, value);
    }

    [Fact]
    public void The_same_run_gives_the_same_statistics()
    {
        Assert.Equal(Run(), Run());

        static (GuestRamStatistics Statistics, long Now) Run()
        {
            using var machine = new SmallMachine(pages: 128, limit: 32);
            var random = new Random(1);
            for (int i = 0; i < 2000; i++)
                machine.Write(random.Next(128), (ulong)random.Next(3));
            return (machine.Ram.Statistics() with { ReadLatency = Empty, WriteLatency = Empty }, machine.Clock.Now);
        }
    }

    private static readonly LatencyHistogram Empty = new();
}
