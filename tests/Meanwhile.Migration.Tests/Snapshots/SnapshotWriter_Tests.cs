using System.Diagnostics;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Migration.Tests.Snapshots;

public sealed class SnapshotWriter_Tests : IDisposable
{
    private readonly SnapshotTestFile test = new();

    public void Dispose() => test.Dispose();

    [Fact]
    public void A_full_disk_at_any_moment_is_an_error_that_leaves_nothing()
    {
        test.Save(100, 1, 2, 50, 99);
        byte[] before = File.ReadAllBytes(test.Path);
        using GuestRam ram = SnapshotTestFile.RamOf(100, 3, 4, 60);
        for (int room = 0; room < 8; room++)
        {
            SnapshotOptions options = SnapshotTestFile.Options with { Replace = true, Through = stream => new FullStream(stream, room) };
            var exception = Assert.Throws<SnapshotException>(() => SnapshotWriter.Save(test.Path, ram, options));
            Assert.Contains(test.Path, exception.Message);
            Assert.Contains("No space left on device", exception.Message);
            Assert.Equal([test.Path], Directory.GetFiles(test.Directory));
            Assert.Equal(before, File.ReadAllBytes(test.Path));
        }
    }

    [Fact]
    public void A_file_system_that_is_full_is_an_error_that_leaves_nothing()
    {
        string mountPoint = Directory.CreateDirectory(Path.Combine(test.Directory, "small")).FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mountPoint), "Only root can mount a small file system.");
        try
        {
            string path = Path.Combine(mountPoint, "snapshot");
            using GuestRam small = SnapshotTestFile.RamOf(100, 3, 4, 60);
            SnapshotWriter.Save(path, small, SnapshotTestFile.Options);
            using GuestRam large = SnapshotTestFile.RamOf(100, Enumerable.Range(0, 80).Select(static page => (long)page));
            var exception = Assert.Throws<SnapshotException>(
                () => SnapshotWriter.Save(path, large, SnapshotTestFile.Options with { Replace = true }));
            Assert.Contains(path, exception.Message);
            Assert.Contains("space", exception.Message);
            Assert.Equal([path], Directory.GetFiles(mountPoint));
            using SnapshotFile file = SnapshotFile.Open(path);
            Assert.Null(file.Verify());
        }
        finally
        {
            Run("umount", mountPoint);
        }
    }

    [Fact]
    public void A_device_that_is_full_says_so()
    {
        using GuestRam ram = SnapshotTestFile.RamOf(100, 3, 4, 60);
        SnapshotOptions options = SnapshotTestFile.Options with { Through = static _ => new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0) };
        Assert.Contains(test.Path, Assert.Throws<SnapshotException>(() => SnapshotWriter.Save(test.Path, ram, options)).Message);
        Assert.Empty(Directory.GetFiles(test.Directory));
    }

    [Fact]
    public void A_file_of_that_name_is_kept_unless_it_is_to_be_replaced()
    {
        File.WriteAllText(test.Path, "mine");
        using GuestRam ram = SnapshotTestFile.RamOf(100, 3);
        var exception = Assert.Throws<SnapshotException>(() => SnapshotWriter.Save(test.Path, ram, SnapshotTestFile.Options));
        Assert.Contains("a file of that name", exception.Message);
        Assert.Equal("mine", File.ReadAllText(test.Path));
        SnapshotWriter.Save(test.Path, ram, SnapshotTestFile.Options with { Replace = true });
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        Assert.Equal(1, file.StoredPages);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_named()
    {
        using GuestRam ram = SnapshotTestFile.RamOf(1);
        string path = Path.Combine(test.Directory, "none", "snapshot");
        Assert.Contains(path, Assert.Throws<SnapshotException>(() => SnapshotWriter.Save(path, ram, SnapshotTestFile.Options)).Message);
    }

    [Fact]
    public void Cancelling_leaves_nothing()
    {
        using GuestRam ram = SnapshotTestFile.RamOf(1000, 3, 900);
        using var cancellation = new CancellationTokenSource();
        List<long> progress = [];
        SnapshotOptions options = SnapshotTestFile.Options with
        {
            Cancellation = cancellation.Token,
            Progress = pages =>
            {
                progress.Add(pages);
                if (pages >= 500)
                    cancellation.Cancel();
            },
        };
        Assert.Throws<OperationCanceledException>(() => SnapshotWriter.Save(test.Path, ram, options));
        Assert.Empty(Directory.GetFiles(test.Directory));
        Assert.InRange(progress[^1], 500, 600);
    }

    [Fact]
    public void What_is_too_long_for_the_format_is_refused()
    {
        using GuestRam ram = SnapshotTestFile.RamOf(1);
        SnapshotOptions options = SnapshotTestFile.Options with { Description = new byte[SnapshotHeader.MaximumDescription + 1] };
        Assert.Throws<SnapshotException>(() => SnapshotWriter.Save(test.Path, ram, options));
    }

    [Fact]
    public void Pages_in_swap_are_saved_on_the_virtual_clock()
    {
        var clock = new VirtualClock();
        using GuestRam ram = SwappingRam(clock);
        for (long page = 0; page < ram.Size / GuestRam.PageSize; page++)
            WriteOnVirtualClock(ram, clock, page);
        Assert.True(ram.Statistics().Absent > 500);
        long absent = ram.Statistics().Absent;
        SnapshotWriter.Save(test.Path, ram, SnapshotTestFile.Options with { VirtualClock = clock });
        Assert.Equal(absent, ram.Statistics().Absent);
        AssertAllPages();
    }

    [Fact]
    public void Pages_in_swap_are_saved_on_the_real_clock()
    {
        using var clock = new RealClock();
        using GuestRam ram = SwappingRam(clock);
        for (long page = 0; page < ram.Size / GuestRam.PageSize; page++)
            WriteOnRealClock(ram, page);
        SnapshotWriter.Save(test.Path, ram, SnapshotTestFile.Options);
        AssertAllPages();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
        Assert.NotNull(process);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private GuestRam SwappingRam(IMemoryClock clock) => new(new GuestRamOptions
    {
        Size = 2 * GuestRamOptions.MinimumResidentLimit,
        ResidentLimit = GuestRamOptions.MinimumResidentLimit,
        Clock = clock,
        Store = new SwapFile(
            new SwapFileOptions { Path = Path.Combine(test.Directory, "swap"), MaximumSize = 2 * GuestRamOptions.MinimumResidentLimit }, clock),
    });

    private static unsafe void WriteOnVirtualClock(GuestRam ram, VirtualClock clock, long page)
    {
        bool ready = false;
        ram.Pin(page * GuestRam.PageSize, GuestRam.PageSize, write: true, () => ready = true);
        while (!ready)
            Assert.True(clock.RunNextEvent());
        SnapshotTestFile.Content(page).CopyTo(new Span<byte>(ram.HostAddress(page * GuestRam.PageSize), GuestRam.PageSize));
        ram.Unpin(page * GuestRam.PageSize, GuestRam.PageSize);
    }

    private static unsafe void WriteOnRealClock(GuestRam ram, long page)
    {
        using var ready = new ManualResetEventSlim();
        ram.Pin(page * GuestRam.PageSize, GuestRam.PageSize, write: true, ready.Set);
        Assert.True(ready.Wait(TimeSpan.FromMinutes(1)));
        SnapshotTestFile.Content(page).CopyTo(new Span<byte>(ram.HostAddress(page * GuestRam.PageSize), GuestRam.PageSize));
        ram.Unpin(page * GuestRam.PageSize, GuestRam.PageSize);
    }

    private void AssertAllPages()
    {
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        byte[] content = new byte[GuestRam.PageSize];
        for (long page = 0; page < file.PageCount; page++)
        {
            Assert.Null(file.ReadPage(page, content));
            Assert.True(SnapshotTestFile.Content(page).AsSpan().SequenceEqual(content), $"Page {page} has wrong content.");
        }
    }
}
