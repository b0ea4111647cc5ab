using System.Buffers.Binary;
using System.IO.Hashing;
using CsCheck;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Migration.Tests.Snapshots;

/// <summary>Files that are no snapshot, or not any more: each is refused with a message that names it, or what is read is right.</summary>
public sealed class SnapshotBadFile_Tests : IDisposable
{
    private const int Pages = 600;
    private static readonly long[] Stored = [1, 2, 100, 515, 599];

    private readonly SnapshotTestFile test = new();

    public void Dispose() => test.Dispose();

    [Fact]
    public void A_flipped_bit_anywhere_is_found_or_makes_no_difference()
    {
        test.Save(Pages, Stored);
        long length = new FileInfo(test.Path).Length;
        long found = 0;
        for (long offset = 0; offset < length; offset++)
        {
            byte bits = (byte)(1 << (int)(offset % 8));
            test.Flip(offset, bits);
            found += IsFound() ? 1 : 0;
            test.Flip(offset, bits);
        }
        Assert.False(IsFound());
        // All but what pads the sections to whole pages: everything that Layout gives a length.
        var layout = SnapshotHeader.Layout(Pages, Stored.Length, SnapshotTestFile.Description.Length, SnapshotTestFile.State.Length, Guid.Empty);
        Assert.Equal(
            SnapshotHeader.Size + layout.Description.Length + layout.State.Length + layout.Map.Length + layout.Data.Length
                + layout.Checksums.Length + layout.Blocks.Length,
            found);
    }

    [Fact]
    public void Truncation_and_extension_are_found()
    {
        test.Save(Pages, Stored);
        byte[] whole = File.ReadAllBytes(test.Path);
        for (int length = 0; length < whole.Length; length += length % 4096 is 0 or 4095 ? 1 : 4095 - (length % 4096))
        {
            File.WriteAllBytes(test.Path, whole[..length]);
            var exception = Assert.Throws<SnapshotException>(() => SnapshotFile.Open(test.Path));
            Assert.Contains(test.Path, exception.Message);
            Assert.Contains("truncated", exception.Message);
        }
        File.WriteAllBytes(test.Path, [.. whole, 0]);
        Assert.Contains("extended", Assert.Throws<SnapshotException>(() => SnapshotFile.Open(test.Path)).Message);
    }

    [Fact]
    public void A_file_that_is_truncated_while_it_is_open_gives_errors()
    {
        test.Save(Pages, Stored);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        byte[] content = new byte[GuestRam.PageSize];
        Assert.Null(file.ReadPage(1, content));
        using (var truncated = new FileStream(test.Path, FileMode.Open, FileAccess.Write))
            truncated.SetLength(SnapshotHeader.Size);
        string? error = file.ReadPage(599, content);
        Assert.Contains("truncated", error);
        Assert.Contains(test.Path, error);
        Assert.NotNull(file.Verify());
    }

    [Fact]
    public void Pages_that_changed_places_are_found()
    {
        test.Save(Pages, Stored);
        var layout = SnapshotHeader.Layout(Pages, Stored.Length, SnapshotTestFile.Description.Length, SnapshotTestFile.State.Length, Guid.Empty);
        byte[] bytes = File.ReadAllBytes(test.Path);
        byte[] swapped = [.. bytes];
        Exchange(bytes, swapped, layout.Data.Offset, GuestRam.PageSize);
        Exchange(bytes, swapped, layout.Checksums.Offset, sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(
            swapped.AsSpan((int)layout.Blocks.Offset), XxHash3.HashToUInt64(swapped.AsSpan((int)layout.Checksums.Offset, (int)layout.Checksums.Length), 0));
        Seal(swapped, layout.Blocks, sectionIndex: 5);
        File.WriteAllBytes(test.Path, swapped);
        using SnapshotFile file = SnapshotFile.Open(test.Path);
        Assert.Contains("page 1 ", file.ReadPage(1, new byte[GuestRam.PageSize]));
    }

    [Fact]
    public void Another_version_and_what_is_no_snapshot_are_named()
    {
        test.Save(Pages, Stored);
        byte[] bytes = File.ReadAllBytes(test.Path);
        bytes[8] = 2;
        File.WriteAllBytes(test.Path, bytes);
        AssertRefused(test.Path, "version 2");
        File.WriteAllText(test.Path, new string('x', 5000));
        AssertRefused(test.Path, "not a snapshot");
        File.WriteAllText(test.Path, "");
        AssertRefused(test.Path, "not a snapshot");
        AssertRefused(test.Path + "-that-is-not-there", "cannot be opened");
        AssertRefused(test.Directory, "cannot be opened");
        AssertRefused("", "cannot be opened");
        AssertRefused("/dev/zero", "snapshot");
    }

    [Fact]
    public void A_header_that_lies_with_a_right_checksum_is_refused() =>
        Gen.Select(
            Gen.Int[1, 27],
            Gen.OneOf(Gen.Long, Gen.Const(-1L), Gen.Const(long.MaxValue), Gen.Const(long.MinValue), Gen.Const(0L), Gen.Long[0, 1 << 20], Gen.Long[1L << 28, 1L << 40]),
            Gen.Bool).Sample(
            (word, value, fitLength) =>
            {
                using var other = new SnapshotTestFile();
                other.Save(Pages, Stored);
                byte[] bytes = File.ReadAllBytes(other.Path);
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8 * word), value);
                if (fitLength)
                    BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), bytes.Length);
                SealHeader(bytes);
                File.WriteAllBytes(other.Path, bytes);
                try
                {
                    using SnapshotFile file = SnapshotFile.Open(other.Path);
                    byte[] content = new byte[GuestRam.PageSize];
                    for (long page = 0; page < file.PageCount; page++)
                        Assert.True(file.ReadPage(page, content) is not null || Right(page).SequenceEqual(content));
                }
                catch (SnapshotException exception)
                {
                    Assert.Contains(other.Path, exception.Message);
                }
            },
            iter: 500);

    private static void AssertRefused(string path, string why) =>
        Assert.Contains(why, Assert.Throws<SnapshotException>(() => SnapshotFile.Open(path)).Message);

    private static void Exchange(byte[] from, byte[] to, long offset, int length)
    {
        Array.Copy(from, offset, to, offset + length, length);
        Array.Copy(from, offset + length, to, offset, length);
    }

    private static void Seal(byte[] bytes, SnapshotSection section, int sectionIndex)
    {
        ulong checksum = XxHash3.HashToUInt64(bytes.AsSpan((int)section.Offset, (int)section.Length));
        (section with { Checksum = checksum }).Write(bytes.AsSpan(40 + (sectionIndex * SnapshotSection.Size)));
        SealHeader(bytes);
    }

    private static void SealHeader(byte[] bytes) =>
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(4088), XxHash3.HashToUInt64(bytes.AsSpan(0, 4088)));

    private static ReadOnlySpan<byte> Right(long page) =>
        Array.IndexOf(Stored, page) >= 0 ? SnapshotTestFile.Content(page) : new byte[GuestRam.PageSize];

    private static readonly byte[][] RightContent = [.. Enumerable.Range(0, Pages).Select(page => Right(page).ToArray())];

    // True when it is refused or a page cannot be read; what can be read must be right.
    private bool IsFound()
    {
        bool found = false;
        try
        {
            using SnapshotFile file = SnapshotFile.Open(test.Path);
            Assert.True(file.Description.Span.SequenceEqual(SnapshotTestFile.Description));
            Assert.True(file.State.Span.SequenceEqual(SnapshotTestFile.State));
            byte[] content = new byte[GuestRam.PageSize];
            foreach (long page in (long[])[0, .. Stored, 101, 598])
            {
                string? error = file.ReadPage(page, content);
                if (error is null)
                    Assert.True(RightContent[page].AsSpan().SequenceEqual(content), $"Page {page} has wrong content.");
                else
                    Assert.Contains(test.Path, error);
                found |= error is not null;
            }
        }
        catch (SnapshotException exception)
        {
            Assert.Contains(test.Path, exception.Message);
            found = true;
        }
        return found;
    }
}
