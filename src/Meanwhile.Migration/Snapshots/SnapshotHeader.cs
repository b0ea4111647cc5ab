using System.Buffers.Binary;
using System.IO.Hashing;
using Meanwhile.Memory;

namespace Meanwhile.Migration.Snapshots;

/// <summary>
/// The first page of a snapshot file (docs/snapshots.md). The sections' places follow from their lengths: a header whose offsets say otherwise
/// is not one of ours, so nothing in a file can overlap or lead outside it.
/// </summary>
internal sealed record SnapshotHeader
{
    /// <summary>Bytes of the header: a page, like every section's alignment.</summary>
    public const int Size = GuestRam.PageSize;

    /// <summary>The version that is written, and the only one that is read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Most pages of RAM: 1 TiB. Bounds what is allocated for a file that lies.</summary>
    public const long MaximumPages = 1L << 28;

    /// <summary>Longest description in bytes.</summary>
    public const long MaximumDescription = 1 << 20;

    /// <summary>Longest state in bytes.</summary>
    public const long MaximumState = 64 << 20;

    /// <summary>Page checksums in a block, which has a checksum of its own.</summary>
    public const int BlockEntries = 512;

    private const int ChecksumOffset = Size - sizeof(ulong);
    private const int VersionOffset = 8;
    private const int PageSizeOffset = 12;
    private const int PageCountOffset = 16;
    private const int StoredPagesOffset = 24;
    private const int FileLengthOffset = 32;
    private const int SectionsOffset = 40;
    private const int IdentityOffset = SectionsOffset + (6 * SnapshotSection.Size);
    private const int IdentitySize = 16;

    /// <summary>Pages of RAM.</summary>
    public required long PageCount { get; init; }

    /// <summary>Pages whose content is in the file; the others are zero.</summary>
    public required long StoredPages { get; init; }

    /// <summary>What the machine is: opaque.</summary>
    public required SnapshotSection Description { get; init; }

    /// <summary>Everything of the machine but its RAM: opaque.</summary>
    public required SnapshotSection State { get; init; }

    /// <summary>A bit a page of RAM: stored or zero.</summary>
    public required SnapshotSection Map { get; init; }

    /// <summary>Content of the stored pages, in order.</summary>
    public required SnapshotSection Data { get; init; }

    /// <summary>XXH3 of each stored page, seeded with the page's number.</summary>
    public required SnapshotSection Checksums { get; init; }

    /// <summary>XXH3 of each block of <see cref="BlockEntries"/> of these, seeded with the block's number.</summary>
    public required SnapshotSection Blocks { get; init; }

    /// <summary>Made at random for each snapshot.</summary>
    public required Guid Identity { get; init; }

    /// <summary>Bytes of the whole file.</summary>
    public long FileLength => Blocks.End;

    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'M', (byte)'W', (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'\n'];

    /// <summary>The places of all sections; checksums are 0.</summary>
    public static SnapshotHeader Layout(long pageCount, long storedPages, long descriptionLength, long stateLength, Guid identity)
    {
        var description = new SnapshotSection(Size, descriptionLength, 0);
        var state = new SnapshotSection(Aligned(description.End), stateLength, 0);
        var map = new SnapshotSection(Aligned(state.End), (pageCount + 63) / 64 * sizeof(ulong), 0);
        var data = new SnapshotSection(Aligned(map.End), storedPages * GuestRam.PageSize, 0);
        var checksums = new SnapshotSection(data.End, storedPages * sizeof(ulong), 0);
        long blocks = (storedPages + BlockEntries - 1) / BlockEntries;
        return new SnapshotHeader
        {
            PageCount = pageCount,
            StoredPages = storedPages,
            Description = description,
            State = state,
            Map = map,
            Data = data,
            Checksums = checksums,
            Blocks = new SnapshotSection(Aligned(checksums.End), blocks * sizeof(ulong), 0),
            Identity = identity,
        };
    }

    /// <summary>The header's bytes.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[Size];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(VersionOffset), CurrentVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(PageSizeOffset), GuestRam.PageSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(PageCountOffset), PageCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(StoredPagesOffset), StoredPages);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(FileLengthOffset), FileLength);
        SnapshotSection[] sections = [Description, State, Map, Data, Checksums, Blocks];
        for (int i = 0; i < sections.Length; i++)
            sections[i].Write(bytes.AsSpan(SectionsOffset + (i * SnapshotSection.Size)));
        Identity.TryWriteBytes(bytes.AsSpan(IdentityOffset, IdentitySize), bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(ChecksumOffset), XxHash3.HashToUInt64(bytes.AsSpan(0, ChecksumOffset)));
        return bytes;
    }

    /// <summary>Reads and checks a header; every number in it can be relied on after that.</summary>
    /// <param name="bytes"><see cref="Size"/> bytes.</param>
    /// <param name="error">What is wrong, without the file's name.</param>
    public static SnapshotHeader? Decode(ReadOnlySpan<byte> bytes, out string error)
    {
        error = "it is not a snapshot";
        if (!bytes.StartsWith(Magic))
            return null;
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[VersionOffset..]);
        error = $"its format is version {version}, and this monitor reads version {CurrentVersion}";
        if (version != CurrentVersion)
            return null;
        error = "its header is damaged: the checksum is wrong";
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[ChecksumOffset..]) != XxHash3.HashToUInt64(bytes[..ChecksumOffset]))
            return null;
        int pageSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[PageSizeOffset..]);
        error = $"its pages have {pageSize} bytes, and this monitor's have {GuestRam.PageSize}";
        if (pageSize != GuestRam.PageSize)
            return null;
        SnapshotHeader header = DecodeFields(bytes);
        error = "its header is not valid: a length or an offset is out of range";
        return header.IsConsistent(BinaryPrimitives.ReadInt64LittleEndian(bytes[FileLengthOffset..])) ? header : null;
    }

    private static SnapshotHeader DecodeFields(ReadOnlySpan<byte> bytes)
    {
        Span<SnapshotSection> sections = stackalloc SnapshotSection[6];
        for (int i = 0; i < sections.Length; i++)
            sections[i] = SnapshotSection.Read(bytes[(SectionsOffset + (i * SnapshotSection.Size))..]);
        return new SnapshotHeader
        {
            PageCount = BinaryPrimitives.ReadInt64LittleEndian(bytes[PageCountOffset..]),
            StoredPages = BinaryPrimitives.ReadInt64LittleEndian(bytes[StoredPagesOffset..]),
            Description = sections[0],
            State = sections[1],
            Map = sections[2],
            Data = sections[3],
            Checksums = sections[4],
            Blocks = sections[5],
            Identity = new Guid(bytes.Slice(IdentityOffset, IdentitySize), bigEndian: true),
        };
    }

    private bool IsConsistent(long fileLength)
    {
        if (PageCount is <= 0 or > MaximumPages || StoredPages < 0 || StoredPages > PageCount)
            return false;
        if (Description.Length is < 0 or > MaximumDescription || State.Length is < 0 or > MaximumState)
            return false;
        SnapshotHeader expected = Layout(PageCount, StoredPages, Description.Length, State.Length, Identity);
        return fileLength == expected.FileLength
            && Data.Checksum == 0
            && Checksums.Checksum == 0
            && this == expected with
            {
                Description = expected.Description with { Checksum = Description.Checksum },
                State = expected.State with { Checksum = State.Checksum },
                Map = expected.Map with { Checksum = Map.Checksum },
                Blocks = expected.Blocks with { Checksum = Blocks.Checksum },
            };
    }

    private static long Aligned(long offset) => (offset + GuestRam.PageSize - 1) / GuestRam.PageSize * GuestRam.PageSize;
}
