using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Migration.Tests.Snapshots;

/// <summary>A directory for a test's files, RAM with known content, and snapshots of it.</summary>
internal sealed unsafe class SnapshotTestFile : IDisposable
{
    public static readonly byte[] Description = "{\"ram\": 1}"u8.ToArray();

    public static readonly byte[] State = [.. Enumerable.Range(0, 5000).Select(static i => (byte)(i * 7))];

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("meanwhile-snapshot").FullName;

    public string Path => System.IO.Path.Combine(Directory, "test.snapshot");

    public static SnapshotOptions Options { get; } = new() { Description = Description, State = State };

    /// <summary>Page content that says which page it is of.</summary>
    public static byte[] Content(long page)
    {
        byte[] content = new byte[GuestRam.PageSize];
        new Random((int)page).NextBytes(content);
        return content;
    }

    public static GuestRam RamOf(int pages, params IEnumerable<long> written)
    {
        var ram = new GuestRam(new GuestRamOptions { Size = (long)pages * GuestRam.PageSize });
        foreach (long page in written)
            Write(ram, page, Content(page));
        return ram;
    }

    /// <summary>Writes to RAM without a limit.</summary>
    public static void Write(GuestRam ram, long page, byte[] content)
    {
        bool ready = false;
        ram.Pin(page * GuestRam.PageSize, GuestRam.PageSize, write: true, () => ready = true);
        Assert.True(ready);
        content.CopyTo(new Span<byte>(ram.HostAddress(page * GuestRam.PageSize), GuestRam.PageSize));
        ram.Unpin(page * GuestRam.PageSize, GuestRam.PageSize);
    }

    /// <summary>Reads as a guest does, on the virtual clock.</summary>
    public static byte[] Read(GuestRam ram, VirtualClock clock, long page)
    {
        byte* host;
        while (ram.Resolve(page * GuestRam.PageSize, write: false, out host, out _) != GuestPageState.Resident)
        {
            bool ready = false;
            ram.Request(page, () => ready = true);
            while (!ready)
                Assert.True(clock.RunNextEvent(), $"Page {page} never becomes resident.");
        }
        return new ReadOnlySpan<byte>(host, GuestRam.PageSize).ToArray();
    }

    /// <summary>Saves RAM with some pages written; the rest is zero.</summary>
    public void Save(int pages, params IEnumerable<long> written)
    {
        using GuestRam ram = RamOf(pages, written);
        SnapshotWriter.Save(Path, ram, Options with { Replace = true });
    }

    /// <summary>RAM whose pages come from the snapshot.</summary>
    public GuestRam OpenLazily(VirtualClock clock, out SnapshotFile file, long? limit = null)
    {
        file = SnapshotFile.Open(Path);
        var ram = new GuestRam(new GuestRamOptions
        {
            Size = file.RamSize,
            Origin = new SnapshotPages(file, clock, latency: 1000),
            Clock = clock,
            ResidentLimit = limit,
            Store = limit is null ? null : new Memory.Sources.SwapFile(
                new Memory.Sources.SwapFileOptions { Path = System.IO.Path.Combine(Directory, "swap"), MaximumSize = file.RamSize }, clock),
        });
        var stored = new PageBitmap(file.PageCount);
        file.AddStored(stored);
        ram.MarkAbsent(stored);
        return ram;
    }

    public void Flip(long offset, byte bits)
    {
        using FileStream file = new(Path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = offset;
        int value = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(value ^ bits));
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
