using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Migration.Tests.Snapshots;

/// <summary>RAM whose pages come from a snapshot when they are touched, and in the background.</summary>
public sealed class SnapshotPages_Tests : IDisposable
{
    private const int Pages = 4096;
    private static readonly long[] Stored = [.. Enumerable.Range(0, Pages).Where(page => page % 3 != 0).Select(page => (long)page)];

    private readonly SnapshotTestFile test = new();

    public void Dispose() => test.Dispose();

    [Fact]
    public void Touched_pages_come_from_the_file_and_zero_pages_without_reading()
    {
        test.Save(Pages, Stored);
        var clock = new VirtualClock();
        using GuestRam ram = test.OpenLazily(clock, out SnapshotFile file);
        Assert.Equal(Stored.Length, ram.Statistics().Absent);
        long opened = file.BytesRead;
        Assert.Equal(new byte[GuestRam.PageSize], SnapshotTestFile.Read(ram, clock, 3));
        Assert.Equal(opened, file.BytesRead);
        Assert.Equal(0, clock.Now);
        Assert.Equal(SnapshotTestFile.Content(1000), SnapshotTestFile.Read(ram, clock, 1000));
        Assert.Equal(opened + 4096 + 4096, file.BytesRead); // A block of checksums, the page.
        Assert.Equal(1000, clock.Now); // The latency.
    }

    [Fact]
    public void Clones_share_a_file_and_each_keeps_its_own_writes()
    {
        test.Save(Pages, Stored);
        var clock = new VirtualClock();
        using GuestRam first = test.OpenLazily(clock, out _);
        using GuestRam second = test.OpenLazily(clock, out _);
        SnapshotTestFile.Read(first, clock, 1);
        SnapshotTestFile.Write(first, 1, SnapshotTestFile.Content(77));
        Assert.Equal(SnapshotTestFile.Content(1), SnapshotTestFile.Read(second, clock, 1));
        Assert.Equal(SnapshotTestFile.Content(77), SnapshotTestFile.Read(first, clock, 1));
    }

    [Fact]
    public void A_damaged_page_stalls_with_a_message_and_comes_when_the_file_is_mended()
    {
        test.Save(Pages, Stored);
        var layout = SnapshotHeader.Layout(
            Pages, Stored.Length, SnapshotTestFile.Description.Length, SnapshotTestFile.State.Length, Guid.Empty);
        long damaged = layout.Data.Offset + (Array.IndexOf(Stored, 1000L) * GuestRam.PageSize) + 4000;
        var clock = new VirtualClock();
        using GuestRam ram = test.OpenLazily(clock, out _);
        test.Flip(damaged, 0x10);
        List<string> messages = [];
        ram.Stalled += messages.Add;
        bool ready = false;
        ram.Request(1000, () => ready = true);
        RunAll(clock);
        Assert.False(ready);
        string message = Assert.Single(messages);
        Assert.Contains(test.Path, message);
        Assert.Contains("page 1000 at byte", message);
        Assert.Contains("damaged", message);
        Assert.Equal(SnapshotTestFile.Content(1001), SnapshotTestFile.Read(ram, clock, 1001));
        ram.Resume();
        RunAll(clock);
        Assert.False(ready);
        Assert.Equal(2, messages.Count);
        test.Flip(damaged, 0x10);
        ram.Resume();
        RunAll(clock);
        Assert.True(ready);
        Assert.Equal(SnapshotTestFile.Content(1000), SnapshotTestFile.Read(ram, clock, 1000));
    }

    [Fact]
    public void A_machine_that_is_not_all_there_can_be_saved_again()
    {
        test.Save(Pages, Stored);
        var clock = new VirtualClock();
        using GuestRam ram = test.OpenLazily(clock, out _);
        SnapshotTestFile.Read(ram, clock, 1);
        SnapshotTestFile.Write(ram, 3, SnapshotTestFile.Content(3));
        using var other = new SnapshotTestFile();
        SnapshotWriter.Save(other.Path, ram, SnapshotTestFile.Options with { VirtualClock = clock });
        Assert.Equal(Stored.Length - 1, ram.Statistics().Absent);
        using SnapshotFile again = SnapshotFile.Open(other.Path);
        Assert.Equal(Stored.Length + 1, again.StoredPages);
        byte[] content = new byte[GuestRam.PageSize];
        foreach (long page in (long[])[3, .. Stored])
        {
            Assert.Null(again.ReadPage(page, content));
            Assert.True(SnapshotTestFile.Content(page).AsSpan().SequenceEqual(content));
        }
    }

    [Fact]
    public void In_the_background_all_pages_come_a_few_at_a_time_and_a_touched_one_first()
    {
        test.Save(Pages, Stored);
        var clock = new VirtualClock();
        using GuestRam ram = test.OpenLazily(clock, out SnapshotFile file);
        var fetch = new BackgroundFetch(ram, StoredPages(file), window: 4, cluster: 2);
        bool? all = null;
        fetch.Start(complete => all = complete);
        Assert.Equal(4, ram.Statistics().InFlight);
        long before = clock.Now;
        Assert.Equal(SnapshotTestFile.Content(4000), SnapshotTestFile.Read(ram, clock, 4000));
        Assert.Equal(before + 1000, clock.Now);
        RunAll(clock);
        Assert.True(all);
        Assert.Equal((0, Stored.Length - 1, 5), (ram.Statistics().Absent, fetch.Fetched, ram.Statistics().PeakInFlight));
        Assert.Throws<InvalidOperationException>(() => fetch.Start(_ => { }));
    }

    [Fact]
    public void Under_a_limit_the_background_fills_what_is_free_and_sends_nothing_away()
    {
        test.Save(Pages, Stored);
        var clock = new VirtualClock();
        using GuestRam ram = test.OpenLazily(clock, out SnapshotFile file, limit: GuestRamOptions.MinimumResidentLimit);
        var fetch = new BackgroundFetch(ram, StoredPages(file));
        bool? all = null;
        fetch.Start(complete => all = complete);
        RunAll(clock);
        Assert.False(all);
        Assert.InRange(ram.Statistics().Resident, 900, 1023);
        Assert.Equal(0, ram.Statistics().DroppedClean);
        // What was read and not changed needs no swap: it can be read again.
        foreach (long page in Stored)
            Assert.Equal(SnapshotTestFile.Content(page), SnapshotTestFile.Read(ram, clock, page));
        Assert.Equal(0, ram.Statistics().Writes);
        Assert.True(ram.Statistics().DroppedClean > 0);
    }

    [Fact]
    public void Stopping_ends_it_when_what_is_under_way_is_there()
    {
        test.Save(Pages, Stored);
        var clock = new VirtualClock();
        using GuestRam ram = test.OpenLazily(clock, out SnapshotFile file);
        var fetch = new BackgroundFetch(ram, StoredPages(file), window: 8, cluster: 2);
        bool? all = null;
        fetch.Start(complete => all = complete);
        fetch.Stop();
        Assert.Null(all);
        RunAll(clock);
        Assert.False(all);
        Assert.Equal(8, fetch.Fetched);
    }

    [Fact]
    public void On_the_real_clock_threads_touch_pages_while_the_background_brings_them()
    {
        test.Save(Pages, Stored);
        using var clock = new RealClock();
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        using var ram = new GuestRam(new GuestRamOptions { Size = file.RamSize, Origin = new SnapshotPages(SnapshotFile.Open(test.Path), clock), Clock = clock });
        ram.MarkAbsent(StoredPages(file));
        using var ended = new ManualResetEventSlim();
        new BackgroundFetch(ram, StoredPages(file)).Start(_ => ended.Set());
        Parallel.For(0, 4, thread =>
        {
            using var ready = new AutoResetEvent(false);
            var random = new Random(thread);
            for (int i = 0; i < 1000; i++)
            {
                long page = random.Next(Pages);
                ram.Request(page, () => ready.Set());
                Assert.True(ready.WaitOne(TimeSpan.FromMinutes(1)));
                AssertResident(ram, page);
            }
        });
        Assert.True(ended.Wait(TimeSpan.FromMinutes(1)));
        Assert.Equal(0, ram.Statistics().Absent);
    }

    private static unsafe void AssertResident(GuestRam ram, long page)
    {
        Assert.Equal(GuestPageState.Resident, ram.Resolve(page * GuestRam.PageSize, write: false, out byte* host, out _));
        byte[] expected = page % 3 == 0 ? new byte[GuestRam.PageSize] : SnapshotTestFile.Content(page);
        Assert.True(expected.AsSpan().SequenceEqual(new ReadOnlySpan<byte>(host, GuestRam.PageSize)));
    }

    private static PageBitmap StoredPages(SnapshotFile file)
    {
        var stored = new PageBitmap(file.PageCount);
        file.AddStored(stored);
        return stored;
    }

    private static void RunAll(VirtualClock clock)
    {
        while (clock.RunNextEvent())
        {
        }
    }
}
