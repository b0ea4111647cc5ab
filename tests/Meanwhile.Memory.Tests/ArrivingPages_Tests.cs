using CsCheck;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory.Tests;

/// <summary>The destination of a post-copy migration, and a peer that sends what it likes.</summary>
public class ArrivingPages_Tests
{
    private const int Pages = 48;

    private readonly List<long> asked = [];
    private ArrivingPages arriving = null!;

    [Fact]
    public void A_touched_page_is_asked_for_once_and_comes()
    {
        using SmallMachine machine = Expecting(limit: Pages);
        int ready = 0;
        machine.Ram.Request(5, () => ready++);
        machine.Ram.Request(5, () => ready++);
        Assert.Equal([5], asked);
        Assert.Equal(Arrival.Taken, arriving.Arrive(5, Content(5)));
        Assert.Equal(2, ready);
        Assert.Equal(105UL, machine.Read(5));
        Assert.Equal(Pages - 1, arriving.Missing);
        Assert.Equal([5], asked);
    }

    [Fact]
    public void Pages_that_nobody_asked_for_come_too()
    {
        using SmallMachine machine = Expecting(limit: Pages);
        for (int page = Pages - 1; page >= 0; page--)
            Assert.Equal(Arrival.Taken, arriving.Arrive(page, page % 2 == 0 ? Content(page) : []));
        ArrivingPagesStatistics statistics = arriving.Statistics();
        Assert.Equal((0, 0, 0, Pages, Pages / 2), (statistics.Missing, statistics.Waiting, statistics.Wanted, statistics.Arrived, statistics.Zero));
        Assert.Equal((Pages / 2, 0), (machine.Ram.Statistics().Resident, machine.Ram.Statistics().Absent));
        for (int page = 0; page < Pages; page++)
            Assert.Equal(page % 2 == 0 ? 100UL + (ulong)page : 0, machine.Read(page));
        Assert.Empty(asked);
    }

    [Fact]
    public void Duplicates_and_pages_that_are_not_missing_change_nothing()
    {
        using SmallMachine machine = Expecting(limit: Pages, missing: 10);
        machine.Write(20, 7);
        Assert.Equal(Arrival.Taken, arriving.Arrive(3, Content(3)));
        machine.Write(3, 8);
        Assert.Equal(Arrival.Ignored, arriving.Arrive(3, Content(4)));
        Assert.Equal(Arrival.Ignored, arriving.Arrive(3, []));
        Assert.Equal(Arrival.Ignored, arriving.Arrive(20, Content(4)));
        Assert.Equal((8UL, 7UL), (machine.Read(3), machine.Read(20)));
        Assert.Equal(3, arriving.Statistics().Duplicates);
    }

    [Fact]
    public void Pages_that_come_together_are_taken_once_each_whatever_became_of_them()
    {
        using SmallMachine machine = Expecting(limit: Pages, missing: 20);
        int ready = 0;
        machine.Ram.Request(5, () => ready++);
        machine.Write(30, 7);
        Assert.True(machine.Ram.TryZeroBlock(2 * GuestRam.PageSize));
        Assert.Equal(SmallMachine.BlocksInPage, machine.ZeroPage(8));
        long[] pages = [1, 2, 5, 8, 1, 30, Pages, -1, 19];
        Assert.Equal(Arrival.Taken, arriving.ArriveAll(pages, Contents(pages)));
        Assert.Equal(1, ready);
        Assert.Equal((101UL, 0UL, 105UL, 0UL, 7UL, 119UL), (machine.Read(1), machine.Read(2), machine.Read(5), machine.Read(8), machine.Read(30), machine.Read(19)));
        ArrivingPagesStatistics statistics = arriving.Statistics();
        Assert.Equal((15, 5, 2, 1), (statistics.Missing, statistics.Arrived, statistics.Duplicates, statistics.Overwritten));
        Assert.Equal((0, 0), (statistics.Waiting, statistics.Wanted));
        Assert.Throws<ArgumentException>(() => arriving.ArriveAll([1, 2], Content(1)));
    }

    [Fact]
    public void Of_pages_that_come_together_those_without_a_frame_wait_and_those_without_room_are_lost()
    {
        using SmallMachine machine = Expecting(limit: 12, capacity: 4);
        machine.Tlb.Inline = false; // Reclaim waits for the vCPU.
        long[] pages = [.. Enumerable.Range(0, 20)];
        Assert.Equal(Arrival.NoRoom, arriving.ArriveAll(pages, Contents(pages)));
        Assert.Equal((4, Pages - 16), (arriving.Statistics().Waiting, arriving.Missing));
        Assert.False(arriving.HasRoom);
        machine.Tlb.Inline = true;
        machine.Tlb.BlockBoundary();
        machine.Clock.RunAll();
        for (int page = 0; page < 16; page++)
            Assert.Equal(100UL + (ulong)page, machine.Read(page));
        Assert.InRange(machine.Ram.Statistics().PeakResident, 1, 12);
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData((long)Pages)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Pages_that_do_not_exist_are_the_peers_mistake(long page)
    {
        using SmallMachine machine = Expecting(limit: Pages);
        Assert.Equal(Arrival.NotInRam, arriving.Arrive(page, Content(0)));
        Assert.Equal(Arrival.NotInRam, arriving.Arrive(page, []));
        Assert.Throws<ArgumentException>(() => arriving.Arrive(0, new byte[4095]));
    }

    [Fact]
    public void Nothing_is_taken_before_pages_are_expected_nor_after_the_end()
    {
        var machine = new SmallMachine(Pages, Pages, origin: clock => arriving = new ArrivingPages(clock));
        Assert.Equal(Arrival.NotInRam, arriving.Arrive(0, Content(0)));
        var all = new PageBitmap(Pages);
        all.AddAll();
        arriving.Expect(machine.Ram, all);
        Assert.Throws<InvalidOperationException>(() => arriving.Expect(machine.Ram, all));
        machine.Dispose();
        Assert.Equal(Arrival.NotInRam, arriving.Arrive(0, Content(0)));
    }

    [Fact]
    public void After_a_broken_link_what_is_wanted_is_asked_for_again_in_order()
    {
        using SmallMachine machine = Expecting(limit: Pages);
        foreach (long page in (long[])[9, 2, 30])
            machine.Ram.Request(page, () => { });
        arriving.Arrive(2, Content(2));
        asked.Clear();
        machine.Clock.RunAll();
        arriving.AskAgain();
        Assert.Equal([9, 30], asked);
        var missing = new PageBitmap(Pages);
        arriving.AddMissing(missing);
        Assert.Equal(Pages - 1, missing.CountPages());
        Assert.False(missing[2]);
    }

    [Fact]
    public void A_page_that_was_overwritten_before_it_came_is_dropped()
    {
        using SmallMachine machine = Expecting(limit: Pages);
        Assert.Equal(SmallMachine.BlocksInPage, machine.ZeroPage(0));
        machine.Write(0, 55);
        Assert.Equal(Arrival.Taken, arriving.Arrive(0, Content(0)));
        Assert.Equal(55UL, machine.Read(0));
        Assert.Equal((1, 0), (arriving.Statistics().Overwritten, arriving.Statistics().Waiting));
    }

    [Fact]
    public void A_page_that_was_overwritten_in_part_keeps_what_was_written()
    {
        using SmallMachine machine = Expecting(limit: Pages);
        Assert.True(machine.Ram.TryZeroBlock(0));
        byte[] content = Content(0);
        content[GuestRam.PageSize - 8] = 3;
        arriving.Arrive(0, content);
        Assert.Equal((0UL, 3UL), (machine.Read(0), machine.Read(0, (GuestRam.PageSize / 8) - 1)));
    }

    [Fact]
    public void When_no_frame_is_free_some_wait_and_the_rest_is_put_off()
    {
        using SmallMachine machine = Expecting(limit: 12, capacity: 4);
        machine.Tlb.Inline = false; // Reclaim waits for the vCPU.
        bool room = false;
        arriving.RoomAgain += () => room = true;
        int page = 0;
        while (arriving.Arrive(page, Content(page)) == Arrival.Taken)
        {
            page++;
            machine.Clock.RunAll();
        }
        Assert.Equal(Arrival.NoRoom, arriving.Arrive(page, Content(page)));
        Assert.Equal(4, arriving.Statistics().Waiting);
        Assert.Equal(Arrival.Taken, arriving.Arrive(40, [])); // Zero needs no room.
        Assert.False(room);
        Assert.Equal(Pages - page - 1, arriving.Missing);
        machine.Tlb.Inline = true;
        machine.Tlb.BlockBoundary();
        machine.Clock.RunAll();
        Assert.True(room);
        for (; page < Pages; page++)
        {
            if (page != 40)
                Assert.Equal(Arrival.Taken, arriving.Arrive(page, Content(page)));
            machine.Clock.RunAll();
        }
        for (page = 0; page < Pages; page++)
            Assert.Equal(page == 40 ? 0 : 100UL + (ulong)page, machine.Read(page));
        Assert.InRange(machine.Ram.Statistics().PeakResident, 1, 12);
    }

    [Fact]
    public void A_page_that_the_source_does_not_have_is_an_error_and_not_waited_for()
    {
        using SmallMachine machine = Expecting(limit: Pages, missing: 10);
        machine.Ram.MarkAbsent(20, 1);
        List<string> messages = [];
        machine.Ram.Stalled += messages.Add;
        machine.Ram.Request(20, () => Assert.Fail("It has no content."));
        machine.Clock.RunAll();
        Assert.Contains("Page 20", Assert.Single(messages));
        Assert.Empty(asked);
    }

    private enum Kind
    {
        Read,
        Write,
        Request,
        ZeroBlock,
        ZeroPage,
        Arrive,
        ArriveAll,
        ArriveZero,
        ArriveBogus,
        Answer,
        LoseLink,
        RunEvent,
        BlockBoundary,
    }

    [Fact]
    public void In_any_order_the_guest_sees_its_own_memory_and_each_page_once() =>
        Gen.Select(
            Gen.Frequency(
                (5, Gen.Const(Kind.Read)),
                (5, Gen.Const(Kind.Write)),
                (4, Gen.Const(Kind.Request)),
                (1, Gen.Const(Kind.ZeroBlock)),
                (1, Gen.Const(Kind.ZeroPage)),
                (4, Gen.Const(Kind.Arrive)),
                (2, Gen.Const(Kind.ArriveAll)),
                (1, Gen.Const(Kind.ArriveZero)),
                (1, Gen.Const(Kind.ArriveBogus)),
                (4, Gen.Const(Kind.Answer)),
                (1, Gen.Const(Kind.LoseLink)),
                (9, Gen.Const(Kind.RunEvent)),
                (4, Gen.Const(Kind.BlockBoundary))),
            Gen.Long[0, Pages - 1]).Array[0, 500].Sample(
            static operations => new ArrivingPages_Tests().Check(operations),
            iter: 300,
            threads: 1);

    private void Check((Kind Kind, long Page)[] operations)
    {
        const int Limit = 12;
        using SmallMachine machine = Expecting(Limit, capacity: 3);
        machine.Tlb.Inline = false;
        ulong[] model = [.. Enumerable.Range(0, Pages).Select(page => page % 5 == 4 ? 0 : 100UL + (ulong)page)];
        bool[] taken = new bool[Pages];
        List<int> answers = [];
        ulong value = 1000;
        foreach ((Kind kind, long page) in operations)
        {
            switch (kind)
            {
                case Kind.Read:
                    if (machine.Tlb.TryRead(page, 0, out ulong read))
                        Assert.Equal(model[page], read);
                    break;
                case Kind.Write:
                    if (machine.Tlb.TryWrite(page, 0, value))
                        model[page] = value++;
                    break;
                case Kind.Request:
                    int answer = answers.Count;
                    answers.Add(0);
                    machine.Ram.Request(page, () => answers[answer]++);
                    break;
                case Kind.ZeroBlock:
                    if (machine.Ram.TryZeroBlock(page * GuestRam.PageSize))
                        model[page] = 0;
                    break;
                case Kind.ZeroPage:
                    if (machine.ZeroPage(page) != 0)
                        model[page] = 0;
                    break;
                case Kind.Arrive:
                case Kind.ArriveZero:
                    Send(page, taken);
                    break;
                case Kind.ArriveAll:
                    SendAll(page, taken);
                    break;
                case Kind.ArriveBogus:
                    Assert.Equal(Arrival.NotInRam, arriving.Arrive(page + Pages, Content(0)));
                    break;
                case Kind.Answer when asked.Count != 0:
                    long first = asked[(int)(page % asked.Count)];
                    asked.Remove(first);
                    Send(first, taken);
                    break;
                case Kind.LoseLink:
                    asked.Clear();
                    arriving.AskAgain();
                    break;
                case Kind.BlockBoundary:
                    machine.Tlb.BlockBoundary();
                    break;
                default:
                    machine.Clock.RunNext();
                    break;
            }
            Assert.True(machine.Ram.Statistics().Resident <= Limit);
            Assert.InRange(arriving.Statistics().Waiting, 0, 3);
            Assert.Equal(taken.Count(page => !page), arriving.Missing);
        }
        machine.Tlb.Inline = true;
        machine.Tlb.BlockBoundary();
        machine.Clock.RunAll();
        for (int i = 0; arriving.Missing != 0; i++)
        {
            Assert.True(i < 100, "There is never room.");
            for (long page = 0; page < Pages; page++)
            {
                if (!taken[page])
                    Send(page, taken);
                machine.Clock.RunAll();
            }
        }
        Assert.All(answers, count => Assert.Equal(1, count));
        Assert.Equal((0, 0), (arriving.Statistics().Waiting, arriving.Statistics().Wanted));
        for (int page = 0; page < Pages; page++)
            Assert.Equal(model[page], machine.Read(page));
    }

    private void Send(long page, bool[] taken)
    {
        Arrival arrival = arriving.Arrive(page, page % 5 == 4 ? [] : Content(page));
        if (taken[page])
            Assert.Equal(Arrival.Ignored, arrival);
        else
            Assert.True(arrival is Arrival.Taken or Arrival.NoRoom);
        taken[page] |= arrival == Arrival.Taken;
    }

    // A page and some behind it, one of them twice.
    private void SendAll(long first, bool[] taken)
    {
        long[] pages = [.. Enumerable.Range(0, 8).Select(i => (first + (i * 7 % 8)) % Pages).Append(first).Where(page => page % 5 != 4)];
        bool before = pages.Any(page => !taken[page]);
        Arrival arrival = arriving.ArriveAll(pages, Contents(pages));
        var missing = new PageBitmap(Pages);
        arriving.AddMissing(missing);
        Assert.Equal(arrival == Arrival.NoRoom, pages.Any(page => missing[page]));
        Assert.True(before || arrival == Arrival.Taken);
        foreach (long page in pages)
        {
            Assert.False(taken[page] && missing[page]);
            taken[page] = !missing[page];
        }
    }

    [Fact]
    public void On_threads_each_page_comes_once_while_three_channels_and_three_guests_race()
    {
        const int Many = 2000;
        var clock = new ThreadedClock();
        var source = new ArrivingPages(clock);
        using var ram = new GuestRam(new GuestRamOptions { Size = (long)Many * GuestRam.PageSize, Origin = source, Clock = clock });
        var all = new PageBitmap(Many);
        all.AddAll();
        source.Expect(ram, all);
        using var requests = new System.Collections.Concurrent.BlockingCollection<long>();
        source.Wanted += requests.Add;
        List<Exception> failures = [];
        Thread[] threads =
        [
            Guarded(() =>
            {
                foreach (long page in requests.GetConsumingEnumerable())
                    source.Arrive(page, Content(page));
            }),
            Guarded(() =>
            {
                for (long page = Many - 1; page >= 0; page--)
                    source.Arrive(page, page % 5 == 4 ? [] : Content(page));
            }),
            Guarded(() =>
            {
                for (long page = 0; page < Many; page += 40)
                {
                    long[] together = [.. Enumerable.Range((int)page, 40).Select(index => (long)index).Where(index => index % 5 != 4)];
                    source.ArriveAll(together, Contents(together));
                }
            }),
            .. Enumerable.Range(0, 3).Select(guest => Guarded(() => Touch(ram, guest, Many))),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads[1..])
            Assert.True(thread.Join(TimeSpan.FromMinutes(1)), "A thread waits for ever.");
        requests.CompleteAdding();
        Assert.True(threads[0].Join(TimeSpan.FromMinutes(1)));
        Assert.Empty(failures);
        Assert.Equal((0, 0, 0), (source.Missing, source.Statistics().Waiting, source.Statistics().Wanted));
        Assert.Equal(Many, source.Statistics().Arrived);

        Thread Guarded(Action run) => new(() =>
        {
            try
            {
                run();
            }
            catch (Exception exception)
            {
                lock (failures)
                    failures.Add(exception);
            }
        });
    }

    private static unsafe void Touch(GuestRam ram, int guest, int pages)
    {
        var random = new Random(guest);
        using var ready = new AutoResetEvent(false);
        for (int i = 0; i < 1000; i++)
        {
            long page = random.Next(pages);
            byte* host;
            while (ram.Resolve(page * GuestRam.PageSize, write: false, out host, out _) != GuestPageState.Resident)
            {
                ram.Request(page, () => ready.Set());
                Assert.True(ready.WaitOne(TimeSpan.FromMinutes(1)), "A page never comes.");
            }
            ulong content = *(ulong*)host;
            Assert.True(content == 100UL + (ulong)page || (page % 5 == 4 && content == 0));
        }
    }

    private static byte[] Contents(long[] pages) => [.. pages.SelectMany(Content)];

    private static byte[] Content(long page)
    {
        byte[] content = new byte[GuestRam.PageSize];
        BitConverter.TryWriteBytes(content, 100UL + (ulong)page);
        return content;
    }

    private SmallMachine Expecting(int limit, int missing = Pages, int capacity = 64)
    {
        var machine = new SmallMachine(Pages, limit, batch: 3, origin: clock => arriving = new ArrivingPages(clock, capacity));
        arriving.Wanted += asked.Add;
        var pages = new PageBitmap(Pages);
        pages.AddRange(0, missing);
        arriving.Expect(machine.Ram, pages);
        return machine;
    }
}
