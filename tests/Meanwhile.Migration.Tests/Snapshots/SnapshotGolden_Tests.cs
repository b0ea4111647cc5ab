using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Migration.Tests.Snapshots;

/// <summary>
/// A snapshot that the first version of the format wrote, kept in the tree: it must stay readable. RAM of 600 pages, of which 0, 1, 300, 511,
/// 512 and 599 are not zero: each is filled with its number's low byte, plus one, but for its first eight bytes, which are its number.
/// </summary>
public sealed class SnapshotGolden_Tests : IDisposable
{
    private const int Pages = 600;
    private static readonly long[] Stored = [0, 1, 300, 511, 512, 599];
    private static readonly Guid Identity = new("0123456789abcdef0123456789abcdef");

    private readonly SnapshotTestFile test = new();

    // Made by a program of its own from docs/snapshots.md, with the xxHash library.
    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Snapshots", "Golden", "version-1.snapshot");

    public void Dispose() => test.Dispose();

    [Fact]
    public void Version_1_is_read()
    {
        using SnapshotFile file = SnapshotFile.Open(Golden);
        Assert.Equal(Identity, file.Identity);
        Assert.Equal("""{"machine": "golden"}"""u8.ToArray(), file.Description.ToArray());
        Assert.Equal("state of version 1"u8.ToArray(), file.State.ToArray());
        Assert.Equal((Pages, Stored.Length), (file.PageCount, file.StoredPages));
        byte[] content = new byte[GuestRam.PageSize];
        for (long page = 0; page < Pages; page++)
        {
            Assert.Null(file.ReadPage(page, content));
            Assert.Equal(Array.IndexOf(Stored, page) >= 0 ? Content(page) : new byte[GuestRam.PageSize], content);
        }
    }

    [Fact]
    public void What_is_written_is_version_1_to_the_byte()
    {
        using GuestRam ram = SnapshotTestFile.RamOf(Pages);
        foreach (long page in Stored)
            SnapshotTestFile.Write(ram, page, Content(page));
        SnapshotWriter.Save(test.Path, ram, new SnapshotOptions
        {
            Description = """{"machine": "golden"}"""u8.ToArray(),
            State = "state of version 1"u8.ToArray(),
            Identity = Identity,
        });
        Assert.Equal(File.ReadAllBytes(Golden), File.ReadAllBytes(test.Path));
    }

    private static byte[] Content(long page)
    {
        byte[] content = new byte[GuestRam.PageSize];
        Array.Fill(content, (byte)(page + 1));
        BitConverter.TryWriteBytes(content, page);
        return content;
    }
}
