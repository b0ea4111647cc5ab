using System.Runtime.InteropServices;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory.Tests;

public sealed unsafe class SwapFile_Tests : IDisposable
{
    private const int Page = GuestRam.PageSize;

    private readonly string directory = Directory.CreateTempSubdirectory("meanwhile-swap").FullName;
    private readonly ManualClock clock = new();

    private string FilePath => Path.Combine(directory, "swap");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void What_is_written_is_read_back(bool direct, bool preallocate)
    {
        using var swap = new SwapFile(Options() with { Direct = direct, Preallocate = preallocate }, clock);
        nint[] pages = [.. Enumerable.Range(0, 40).Select(_ => AllocatePage())];
        for (int i = 0; i < pages.Length; i++)
            new Span<byte>((void*)pages[i], Page).Fill((byte)(i + 1));
        string? error = "never";
        swap.Write(5, pages, result => error = result);
        Assert.Equal("never", error);
        clock.RunAll();
        Assert.Null(error);
        nint destination = AllocatePage();
        for (int i = 0; i < pages.Length; i++)
        {
            swap.Read(5 + i, [destination], result => error = result);
            clock.RunAll();
            Assert.Null(error);
            Assert.False(new Span<byte>((void*)destination, Page).ContainsAnyExcept((byte)(i + 1)));
        }
        foreach (nint page in pages.Append(destination))
            NativeMemory.AlignedFree((void*)page);
    }

    [Fact]
    public void Nothing_is_left_behind_by_name()
    {
        using var swap = new SwapFile(Options(), clock);
        Assert.Empty(Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void On_the_virtual_clock_at_most_so_many_operations_are_in_flight_as_there_are_workers()
    {
        using var swap = new SwapFile(Options() with { Workers = 2, Latency = 100 }, clock);
        nint page = AllocatePage();
        List<(int Operation, long Time)> completions = [];
        for (int i = 0; i < 5; i++)
        {
            int operation = i;
            swap.Write(i, [page], _ => completions.Add((operation, clock.Now)));
        }
        clock.RunAll();
        Assert.Equal([(0, 100), (1, 100), (2, 200), (3, 200), (4, 300)], completions);
        NativeMemory.AlignedFree((void*)page);
    }

    [Fact]
    public void Reads_go_before_writes_which_leave_them_a_quarter_of_the_workers()
    {
        using var swap = new SwapFile(Options() with { Workers = 4, Latency = 100 }, clock);
        nint page = AllocatePage();
        List<(string Operation, long Time)> completions = [];
        for (int i = 0; i < 5; i++)
            swap.Write(i, [page], _ => completions.Add(("write", clock.Now)));
        for (int i = 0; i < 2; i++)
            swap.Read(i, [page], _ => completions.Add(("read", clock.Now)));
        clock.RunAll();
        Assert.Equal([("write", 100), ("write", 100), ("write", 100), ("read", 100), ("read", 200), ("write", 200), ("write", 200)], completions);
        NativeMemory.AlignedFree((void*)page);
    }

    [Fact]
    public void A_path_that_cannot_be_made_is_named_with_the_reason()
    {
        string path = Path.Combine(directory, "missing", "swap");
        IOException exception = Assert.Throws<IOException>(() => new SwapFile(Options() with { Path = path }, clock));
        Assert.Contains(path, exception.Message);
        Assert.Contains("No such file or directory", exception.Message);
    }

    [Fact]
    public void A_file_that_exists_is_not_overwritten()
    {
        File.WriteAllText(FilePath, "mine");
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new SwapFile(Options(), clock));
        Assert.Contains(FilePath, exception.Message);
        Assert.Equal("mine", File.ReadAllText(FilePath));
        Assert.Throws<ArgumentException>(() => new SwapFile(Options() with { Path = directory }, clock));
    }

    [Theory]
    [InlineData(0, 16, 0)]
    [InlineData(1 << 20, 0, 0)]
    [InlineData(1 << 20, 16, -1)]
    public void Options_out_of_range_are_refused(long size, int workers, long latency)
    {
        SwapFileOptions options = Options() with { MaximumSize = size, Workers = workers, Latency = latency };
        Assert.Throws<ArgumentException>(() => new SwapFile(options, clock));
    }

    [Fact]
    public void A_full_device_fails_the_write_and_says_so()
    {
        using var swap = new SwapFile(Options() with { Path = "/dev/full" }, clock);
        nint page = AllocatePage();
        string? error = null;
        swap.Write(0, [page], result => error = result);
        clock.RunAll();
        Assert.Contains("/dev/full", error);
        Assert.Contains("No space left on device", error);
        NativeMemory.AlignedFree((void*)page);
    }

    [Fact]
    public void Guest_RAM_on_a_full_device_stalls_and_loses_nothing()
    {
        var swap = new SwapFile(Options() with { Path = "/dev/full" }, clock);
        using var ram = new GuestRam(new GuestRamOptions
        {
            Size = 64 * Page,
            ResidentLimit = 16 * Page,
            SmallestLimit = Page,
            Store = swap,
            Clock = clock,
        });
        string? message = null;
        ram.Stalled += text => message = text;
        for (int page = 0; page < 16; page++)
        {
            Assert.Equal(GuestPageState.Resident, ram.Resolve(page * Page, write: true, out byte* host, out _));
            *host = (byte)(page + 1);
        }
        ram.Request(20, () => Assert.Fail("There is no frame for it."));
        clock.RunAll();
        Assert.Contains("No space left on device", message);
        for (int page = 0; page < 16; page++)
        {
            Assert.Equal(GuestPageState.Resident, ram.Resolve(page * Page, write: false, out byte* host, out _));
            Assert.Equal(page + 1, *host);
        }
    }

    private SwapFileOptions Options() => new() { Path = FilePath, MaximumSize = 1 << 20 };

    private static nint AllocatePage() => (nint)NativeMemory.AlignedAlloc(Page, Page);
}
