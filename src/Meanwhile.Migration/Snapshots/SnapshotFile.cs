using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Meanwhile.Memory;
using Microsoft.Win32.SafeHandles;

namespace Meanwhile.Migration.Snapshots;

/// <summary>
/// An open snapshot. Opening reads and checks everything but the pages and their checksums, so it takes as long for a large RAM as for a small
/// one, about; a page and the checksums around its own are checked when it is read. Any number of readers, in any number of processes.
/// </summary>
public sealed class SnapshotFile : IDisposable
{
    private const int PagesOfRank = 512; // Pages of RAM between two known ranks: the words of a cache line.
    private const int WordsOfRank = PagesOfRank / 64;

    private readonly SafeFileHandle file;
    private readonly SnapshotHeader header;
    private readonly byte[] description = [];
    private readonly byte[] state = [];
    private readonly PageBitmap map;
    private readonly uint[] ranks; // Stored pages before each group of PagesOfRank.
    private readonly ulong[] blocks; // Checksum of each block of page checksums.
    private readonly ulong[]?[] checksums; // Blocks of page checksums that were read and are right.
    private long bytesRead;

    private SnapshotFile(string path, SafeFileHandle file)
    {
        Path = path;
        this.file = file;
        header = ReadHeader();
        description = ReadSection(header.Description, "description");
        state = ReadSection(header.State, "machine state");
        map = new PageBitmap(header.PageCount);
        ReadSection(header.Map, map.Bytes, "page map");
        blocks = new ulong[header.Blocks.Length / sizeof(ulong)];
        ReadSection(header.Blocks, MemoryMarshal.AsBytes(blocks.AsSpan()), "checksum table");
        checksums = new ulong[]?[blocks.Length];
        ranks = RankPages();
    }

    /// <summary>Where the file is, or was when it was opened.</summary>
    public string Path { get; }

    /// <summary>Bytes of RAM.</summary>
    public long RamSize => header.PageCount * GuestRam.PageSize;

    /// <summary>Pages of RAM.</summary>
    public long PageCount => header.PageCount;

    /// <summary>Pages whose content is in the file; the others are zero.</summary>
    public long StoredPages => header.StoredPages;

    /// <summary>Bytes of the file.</summary>
    public long FileLength => header.FileLength;

    /// <summary>Made at random for each snapshot.</summary>
    public Guid Identity => header.Identity;

    /// <summary>What the machine is, as it was given to <see cref="SnapshotWriter.Save"/>.</summary>
    public ReadOnlyMemory<byte> Description => description;

    /// <summary>Everything of the machine but its RAM, as it was given to <see cref="SnapshotWriter.Save"/>.</summary>
    public ReadOnlyMemory<byte> State => state;

    /// <summary>Bytes read from the file so far.</summary>
    public long BytesRead => Volatile.Read(ref bytesRead);

    /// <summary>Opens and checks a snapshot.</summary>
    /// <exception cref="SnapshotException">The file cannot be read, is no snapshot, of another version, truncated or damaged.</exception>
    public static SnapshotFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        SafeFileHandle file;
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new SnapshotException($"Snapshot {path} cannot be opened: {exception.Message}", exception);
        }
        try
        {
            return new SnapshotFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether a page's content is in the file; it is zero if not.</summary>
    public bool IsStored(long page) => map[page];

    /// <summary>Adds the stored pages to <paramref name="into"/>: those to mark absent when RAM is to come from this file.</summary>
    public void AddStored(PageBitmap into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.UnionWith(map);
    }

    /// <summary>
    /// Reads one page and checks it. Answers null, or what is wrong with the file and where; then <paramref name="content"/> is not to be used. Any thread.
    /// </summary>
    /// <param name="page">A page of RAM.</param>
    /// <param name="content">Gets its <see cref="GuestRam.PageSize"/> bytes.</param>
    public string? ReadPage(long page, Span<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(content.Length, GuestRam.PageSize, nameof(content));
        if (!map[page])
        {
            content.Clear();
            return null;
        }
        long rank = Rank(page);
        long offset = header.Data.Offset + (rank * GuestRam.PageSize);
        try
        {
            ulong expected = PageChecksum(rank);
            ReadExactly(content, offset, $"page {page}");
            return XxHash3.HashToUInt64(content, page) == expected
                ? null
                : Damaged($"page {page}", offset, GuestRam.PageSize);
        }
        catch (SnapshotException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Reads and checks every page: null, or what is wrong with the first that is damaged.</summary>
    public string? Verify(CancellationToken cancellation = default)
    {
        byte[] content = new byte[GuestRam.PageSize];
        string? error = null;
        for (long page = map.NextPage(0); error is null && page < PageCount; page = map.NextPage(page + 1))
        {
            cancellation.ThrowIfCancellationRequested();
            error = ReadPage(page, content);
        }
        return error;
    }

    /// <summary>Closes the file. Nobody may be reading.</summary>
    public void Dispose() => file.Dispose();

    private SnapshotHeader ReadHeader()
    {
        Span<byte> bytes = stackalloc byte[SnapshotHeader.Size];
        long length = Guarded(() => RandomAccess.GetLength(file));
        if (length < bytes.Length)
            throw new SnapshotException($"{Name} cannot be used: it is not a snapshot, or was truncated to {length} bytes.");
        ReadExactly(bytes, 0, "header");
        SnapshotHeader decoded = SnapshotHeader.Decode(bytes, out string error)
            ?? throw new SnapshotException($"{Name} cannot be used: {error}.");
        if (length != decoded.FileLength)
            throw new SnapshotException($"{Name} cannot be used: it has {length} bytes of {decoded.FileLength}: it was truncated or extended.");
        return decoded;
    }

    private byte[] ReadSection(SnapshotSection section, string what)
    {
        byte[] content = new byte[section.Length];
        ReadSection(section, content, what);
        return content;
    }

    private void ReadSection(SnapshotSection section, Span<byte> content, string what)
    {
        ReadExactly(content, section.Offset, what);
        if (XxHash3.HashToUInt64(content) != section.Checksum)
            throw new SnapshotException(Damaged(what, section.Offset, section.Length));
    }

    private uint[] RankPages()
    {
        Span<ulong> words = map.Words;
        uint[] known = new uint[(words.Length + WordsOfRank - 1) / WordsOfRank];
        uint stored = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (i % WordsOfRank == 0)
                known[i / WordsOfRank] = stored;
            stored += (uint)BitOperations.PopCount(words[i]);
        }
        bool inRam = PageCount % 64 == 0 || words[^1] >> (int)(PageCount % 64) == 0;
        return inRam && stored == StoredPages
            ? known
            : throw new SnapshotException($"{Name} cannot be used: its page map is not valid.");
    }

    // How many stored pages are before this one.
    private long Rank(long page)
    {
        ReadOnlySpan<ulong> words = map.Words;
        long rank = ranks[page / PagesOfRank];
        for (long word = page / PagesOfRank * WordsOfRank; word < page / 64; word++)
            rank += BitOperations.PopCount(words[(int)word]);
        return rank + BitOperations.PopCount(words[(int)(page / 64)] & ((1UL << (int)page) - 1));
    }

    private ulong PageChecksum(long rank)
    {
        int index = (int)(rank / SnapshotHeader.BlockEntries);
        ulong[] block = Volatile.Read(ref checksums[index]) ?? ReadBlock(index);
        return block[rank % SnapshotHeader.BlockEntries];
    }

    private ulong[] ReadBlock(int index)
    {
        long first = (long)index * SnapshotHeader.BlockEntries;
        long offset = header.Checksums.Offset + (first * sizeof(ulong));
        ulong[] block = new ulong[Math.Min(SnapshotHeader.BlockEntries, StoredPages - first)];
        Span<byte> bytes = MemoryMarshal.AsBytes(block.AsSpan());
        ReadExactly(bytes, offset, "page checksums");
        if (XxHash3.HashToUInt64(bytes, index) != blocks[index])
            throw new SnapshotException(Damaged("page checksums", offset, bytes.Length));
        Volatile.Write(ref checksums[index], block);
        return block;
    }

    private void ReadExactly(Span<byte> content, long offset, string what)
    {
        for (int done = 0; done < content.Length;)
        {
            int read;
            try
            {
                read = RandomAccess.Read(file, content[done..], offset + done);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new SnapshotException($"{Name}: reading the {what} at byte {offset} failed: {exception.Message}", exception);
            }
            if (read == 0)
                throw new SnapshotException($"{Name}: the file ends at byte {offset + done}, within the {what}: it was truncated.");
            done += read;
            Interlocked.Add(ref bytesRead, read);
        }
    }

    private long Guarded(Func<long> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            throw new SnapshotException($"{Name} cannot be read: {exception.Message}", exception);
        }
    }

    private string Name => $"Snapshot {Path}";

    private string Damaged(string what, long offset, long length) =>
        $"{Name}: the {what} at byte {offset} ({length} bytes) is damaged: the checksum is wrong.";
}
