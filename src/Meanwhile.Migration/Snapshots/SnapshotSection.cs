using System.Buffers.Binary;

namespace Meanwhile.Migration.Snapshots;

/// <summary>Where one part of a snapshot file is, and the XXH3 of its bytes; parts that have checksums of their own have 0 here.</summary>
internal readonly record struct SnapshotSection(long Offset, long Length, ulong Checksum)
{
    /// <summary>Bytes of a section in the header.</summary>
    public const int Size = 24;

    /// <summary>First byte after it.</summary>
    public long End => Offset + Length;

    public static SnapshotSection Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Checksum);
    }
}
