using System.IO.Hashing;
using System.Runtime.InteropServices;
using CsCheck;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Migration.Tests.Snapshots;

public sealed class SnapshotFile_Tests : IDisposable
{
    private readonly SnapshotTestFile test = new();

    public void Dispose() => test.Dispose();

    [Fact]
    public void What_was_saved_is_read_and_zero_pages_take_no_room()
    {
        test.Save(1000, 0, 5, 6, 7, 511, 512, 999);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        Assert.Equal(SnapshotTestFile.Description, file.Description.ToArray());
        Assert.Equal(SnapshotTestFile.State, file.State.ToArray());
        Assert.Equal((1000, 1000 * GuestRam.PageSize, 7), (file.PageCount, file.RamSize, file.StoredPages));
        Assert.Equal(new FileInfo(test.Path).Length, file.FileLength);
        Assert.True(file.FileLength < 20 * GuestRam.PageSize);
        AssertContent(file, [0, 5, 6, 7, 511, 512, 999]);
        Assert.Null(file.Verify());
    }

    [Fact]
    public void Any_set_of_pages_comes_back() => Gen.Select(Gen.Int[1, 1200], Gen.Int[0, 1199].Array[0, 700], Gen.Bool).Sample(
        (pages, written, all) =>
        {
            long[] stored = [.. (all ? Enumerable.Range(0, pages) : written.Select(page => page % pages)).Select(page => (long)page).Distinct().Order()];
            using var other = new SnapshotTestFile();
            other.Save(pages, stored);
            using SnapshotFile file = SnapshotFile.Open(other.Path);
            Assert.Equal(stored.Length, file.StoredPages);
            AssertContent(file, stored);
            var map = new PageBitmap(pages);
            file.AddStored(map);
            Assert.Equal(stored.Length, map.CountPages());
        },
        iter: 20);

    [Fact]
    public void Two_snapshots_of_one_machine_differ_in_identity()
    {
        test.Save(1);
        using SnapshotFile first = SnapshotFile.Open(test.Path);
        test.Save(1);
        using SnapshotFile second = SnapshotFile.Open(test.Path);
        Assert.NotEqual(first.Identity, second.Identity);
    }

    [Fact]
    public void Only_its_owner_may_read_it()
    {
        test.Save(1, 0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(test.Path));
    }

    [Fact]
    public void Four_gigabytes_open_without_reading_pages_or_their_checksums()
    {
        const long Pages = 1 << 20;
        WriteSparseFile(Pages);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        Assert.Equal((Pages, Pages), (file.PageCount, file.StoredPages));
        // Header, page map, checksums of 2,048 blocks.
        Assert.Equal(4096 + (Pages / 8) + (2048 * 8), file.BytesRead);
        // Its data is a hole, and the table says that the checksum of each page is 0.
        byte[] content = new byte[GuestRam.PageSize];
        Assert.Contains("page 1048575", file.ReadPage(Pages - 1, content));
        Assert.Equal(4096 + (Pages / 8) + (2048 * 8) + 4096 + 4096, file.BytesRead);
    }

    [Fact]
    public void Four_gigabytes_of_RAM_that_is_almost_untouched_are_a_small_file()
    {
        const int Pages = 1 << 20;
        long[] written = [0, 77_777, Pages - 1];
        test.Save(Pages, written);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        Assert.Equal(3, file.StoredPages);
        Assert.True(file.FileLength < 200_000);
        foreach (long page in written)
            AssertPage(file, page, SnapshotTestFile.Content(page));
        AssertPage(file, 77_778, new byte[GuestRam.PageSize]);
    }

    [Fact]
    public void Several_readers_read_one_file_at_once()
    {
        long[] written = [.. Enumerable.Range(0, 1500).Select(i => (long)i)];
        test.Save(1500, written);
        using SnapshotFile shared = SnapshotFile.Open(test.Path);
        Parallel.For(0, 8, reader =>
        {
            using SnapshotFile own = SnapshotFile.Open(test.Path);
            SnapshotFile file = reader % 2 == 0 ? own : shared;
            foreach (long page in written)
                AssertPage(file, (page + (reader * 200)) % 1500, SnapshotTestFile.Content((page + (reader * 200)) % 1500));
        });
    }

    [Fact]
    public void A_file_that_is_open_stays_readable_when_another_takes_its_name()
    {
        test.Save(10, 3);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        test.Save(10, 4);
        AssertContent(file, [3]);
    }

    private static void AssertContent(SnapshotFile file, long[] stored)
    {
        for (long page = 0; page < file.PageCount; page++)
        {
            bool isStored = Array.BinarySearch(stored, page) >= 0;
            Assert.Equal(isStored, file.IsStored(page));
            AssertPage(file, page, isStored ? SnapshotTestFile.Content(page) : new byte[GuestRam.PageSize]);
        }
    }

    private static void AssertPage(SnapshotFile file, long page, ReadOnlySpan<byte> expected)
    {
        byte[] content = new byte[GuestRam.PageSize];
        Array.Fill(content, (byte)0xAA);
        Assert.Null(file.ReadPage(page, content));
        Assert.True(expected.SequenceEqual(content), $"Page {page} has wrong content.");
    }

    // Every page stored, but neither data nor checksums written.
    private void WriteSparseFile(long pages)
    {
        var layout = SnapshotHeader.Layout(pages, pages, 0, 0, Guid.NewGuid());
        var map = new PageBitmap(pages);
        map.AddAll();
        ulong[] blocks = new ulong[pages / SnapshotHeader.BlockEntries];
        byte[] block = new byte[SnapshotHeader.BlockEntries * sizeof(ulong)];
        for (int i = 0; i < blocks.Length; i++)
            blocks[i] = XxHash3.HashToUInt64(block, i);
        byte[] blockBytes = MemoryMarshal.AsBytes(blocks.AsSpan()).ToArray();
        ulong empty = XxHash3.HashToUInt64([]);
        SnapshotHeader header = layout with
        {
            Description = layout.Description with { Checksum = empty },
            State = layout.State with { Checksum = empty },
            Map = layout.Map with { Checksum = XxHash3.HashToUInt64(map.Bytes) },
            Blocks = layout.Blocks with { Checksum = XxHash3.HashToUInt64(blockBytes) },
        };
        using FileStream file = File.Create(test.Path);
        file.SetLength(header.FileLength);
        file.Write(header.Encode());
        file.Position = header.Map.Offset;
        file.Write(map.Bytes);
        file.Position = header.Blocks.Offset;
        file.Write(blockBytes);
    }
}
