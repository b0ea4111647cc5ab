using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Migration.Tests.Snapshots;

/// <summary>RAM that is written while it is saved: the file has what was there when the image began.</summary>
public sealed class SnapshotImage_Tests : IDisposable
{
    private const int Pages = 3000;

    private readonly SnapshotTestFile test = new();

    public void Dispose() => test.Dispose();

    [Fact]
    public void What_is_changed_zeroed_and_touched_between_reads_is_saved_as_it_was()
    {
        using GuestRam ram = SnapshotTestFile.RamOf(Pages, Enumerable.Range(0, Pages / 2).Select(static page => 2L * page));
        AssertSavedAsItWas(ram, null, SnapshotTestFile.Write);
    }

    [Fact]
    public void Pages_in_swap_that_come_and_go_meanwhile_are_saved_as_they_were_on_the_virtual_clock()
    {
        var clock = new VirtualClock();
        using GuestRam ram = SwappingRam(clock);
        for (long page = 0; page < Pages; page += 2)
            Write(ram, clock, page, SnapshotTestFile.Content(page));
        AssertSavedAsItWas(ram, clock, (ram, page, content) => Write(ram, clock, page, content));
    }

    [Fact]
    public void Pages_in_swap_that_come_and_go_meanwhile_are_saved_as_they_were_on_the_real_clock()
    {
        using var clock = new RealClock();
        using GuestRam ram = SwappingRam(clock);
        for (long page = 0; page < Pages; page += 2)
            WriteOnRealClock(ram, page, SnapshotTestFile.Content(page));
        AssertSavedAsItWas(ram, null, WriteOnRealClock);
    }

    [Fact]
    public void A_full_disk_at_any_moment_leaves_nothing_but_the_RAM_as_it_is()
    {
        using GuestRam ram = SnapshotTestFile.RamOf(100, 3, 4, 60);
        for (int room = 0; room < 8; room++)
        {
            using CopyOnWriteImage image = ram.BeginCopyOnWrite(static () => { });
            SnapshotTestFile.Write(ram, 4, SnapshotTestFile.Content(room));
            SnapshotOptions options = SnapshotTestFile.Options with { Image = image, Through = stream => new FullStream(stream, room) };
            Assert.Contains("No space left", Assert.Throws<SnapshotException>(() => SnapshotWriter.Save(test.Path, ram, options)).Message);
            Assert.Empty(Directory.GetFiles(test.Directory));
        }
        SnapshotWriter.Save(test.Path, ram, SnapshotTestFile.Options);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        AssertPage(file, 4, SnapshotTestFile.Content(7));
        AssertPage(file, 60, SnapshotTestFile.Content(60));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_that_never_comes_ends_the_save_and_nothing_is_left(bool isVirtual)
    {
        using RealClock? real = isVirtual ? null : new RealClock();
        VirtualClock? clock = isVirtual ? new VirtualClock() : null;
        using var ram = new GuestRam(new GuestRamOptions
        {
            Size = 100 * GuestRam.PageSize,
            Origin = new SilentOrigin(),
            Clock = (IMemoryClock?)clock ?? real,
        });
        ram.MarkAbsent(70, 1);
        SnapshotOptions options = SnapshotTestFile.Options with { VirtualClock = clock, ReadLimit = TimeSpan.FromMilliseconds(50) };
        Assert.Contains("did not come", Assert.Throws<SnapshotException>(() => SnapshotWriter.Save(test.Path, ram, options)).Message);
        Assert.Empty(Directory.GetFiles(test.Directory));
    }

    [Fact]
    public void Waiting_for_a_page_can_be_cancelled()
    {
        using var clock = new RealClock();
        using var ram = new GuestRam(new GuestRamOptions { Size = 100 * GuestRam.PageSize, Origin = new SilentOrigin(), Clock = clock });
        ram.MarkAbsent(70, 1);
        using var cancellation = new CancellationTokenSource();
        int calls = 0;
        SnapshotOptions options = SnapshotTestFile.Options with
        {
            Cancellation = cancellation.Token,
            ReadLimit = TimeSpan.FromHours(1),
            Watch = () =>
            {
                // Two batches, then waiting.
                if (++calls == 4)
                    cancellation.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => SnapshotWriter.Save(test.Path, ram, options));
        Assert.Empty(Directory.GetFiles(test.Directory));
    }

    private void AssertSavedAsItWas(GuestRam ram, VirtualClock? clock, Action<GuestRam, long, byte[]> write)
    {
        var random = new Random(5);
        byte[][] now = [.. Enumerable.Range(0, Pages).Select(static page => page % 2 == 0 ? SnapshotTestFile.Content(page) : new byte[GuestRam.PageSize])];
        byte[][] before = [.. now];
        bool allRead = false;
        using CopyOnWriteImage image = ram.BeginCopyOnWrite(static () => { });
        SnapshotWriter.Save(test.Path, ram, SnapshotTestFile.Options with
        {
            Image = image,
            VirtualClock = clock,
            AllRead = () => allRead = true,
            Watch = () =>
            {
                for (int i = 0; i < 40; i++)
                {
                    int page = random.Next(Pages);
                    now[page] = random.Next(3) == 0 ? new byte[GuestRam.PageSize] : SnapshotTestFile.Content(random.Next());
                    write(ram, page, now[page]);
                }
            },
        });
        Assert.True(allRead);
        Assert.Equal(0, image.Copies);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        Assert.Equal(Pages / 2, file.StoredPages);
        for (long page = 0; page < Pages; page++)
            AssertPage(file, page, before[page]);
        image.Dispose();
        using var after = new SnapshotTestFile();
        SnapshotWriter.Save(after.Path, ram, SnapshotTestFile.Options with { VirtualClock = clock });
        using SnapshotFile second = SnapshotFile.Open(after.Path);
        for (long page = 0; page < Pages; page++)
            AssertPage(second, page, now[page]);
        // Or else nothing was tested.
        Assert.True(Enumerable.Range(0, Pages).Count(page => now[page] != before[page]) > Pages / 4);
    }

    private static void AssertPage(SnapshotFile file, long page, byte[] expected)
    {
        byte[] content = new byte[GuestRam.PageSize];
        Assert.Null(file.ReadPage(page, content));
        Assert.True(expected.AsSpan().SequenceEqual(content), $"Page {page} has wrong content.");
    }

    private GuestRam SwappingRam(IMemoryClock clock) => new(new GuestRamOptions
    {
        Size = (long)Pages * GuestRam.PageSize,
        ResidentLimit = GuestRamOptions.MinimumResidentLimit,
        Clock = clock,
        Store = new SwapFile(
            new SwapFileOptions { Path = Path.Combine(test.Directory, "swap"), MaximumSize = (long)Pages * GuestRam.PageSize }, clock),
    });

    private static unsafe void Write(GuestRam ram, VirtualClock clock, long page, byte[] content)
    {
        bool ready = false;
        ram.Pin(page * GuestRam.PageSize, GuestRam.PageSize, write: true, () => ready = true);
        while (!ready)
            Assert.True(clock.RunNextEvent());
        content.CopyTo(new Span<byte>(ram.HostAddress(page * GuestRam.PageSize), GuestRam.PageSize));
        ram.Unpin(page * GuestRam.PageSize, GuestRam.PageSize);
    }

    private static unsafe void WriteOnRealClock(GuestRam ram, long page, byte[] content)
    {
        using var ready = new ManualResetEventSlim();
        ram.Pin(page * GuestRam.PageSize, GuestRam.PageSize, write: true, ready.Set);
        Assert.True(ready.Wait(TimeSpan.FromMinutes(1)));
        content.CopyTo(new Span<byte>(ram.HostAddress(page * GuestRam.PageSize), GuestRam.PageSize));
        ram.Unpin(page * GuestRam.PageSize, GuestRam.PageSize);
    }

    /// <summary>An origin that takes every question and answers none.</summary>
    private sealed class SilentOrigin : IPageSource
    {
        public bool KeepsContent => true;

        public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed)
        {
        }

        public void Dispose()
        {
        }
    }
}
