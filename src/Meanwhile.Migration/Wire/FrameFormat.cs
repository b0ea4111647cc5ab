using System.Buffers.Binary;
using System.IO.Hashing;

namespace Meanwhile.Migration.Wire;

/// <summary>
/// The envelope of every frame: u32 payload length, u16 kind, u16 flags, u64 sequence, payload, u64 XXH3 of all before it. Little endian.
/// The sequence counts a connection's frames in one direction from 0, and the checksum is seeded with what only this connection's ends
/// know, so a frame that is lost, repeated, reordered or recorded from elsewhere is not taken for another.
/// </summary>
public static class FrameFormat
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderSize = 16;

    /// <summary>Bytes after the payload.</summary>
    public const int TrailerSize = 8;

    /// <summary>Flag of <see cref="FrameKind.Pages"/>: the content is one zstd frame.</summary>
    public const ushort CompressedFlag = 1;

    /// <summary>The frame's kind, of a header or a frame.</summary>
    public static FrameKind Kind(ReadOnlySpan<byte> frame) => (FrameKind)BinaryPrimitives.ReadUInt16LittleEndian(frame[4..]);

    /// <summary>The frame's flags.</summary>
    internal static ushort Flags(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]);

    internal static ulong Sequence(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt64LittleEndian(frame[8..]);

    internal static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> frame) => frame[HeaderSize..^TrailerSize];

    /// <summary>Bytes of the whole frame that begins with this header.</summary>
    /// <exception cref="ProtocolException">It is longer than <paramref name="longestPayload"/> allows, or of no known kind.</exception>
    internal static int TotalLength(ReadOnlySpan<byte> header, int longestPayload)
    {
        FrameKind kind = Kind(header);
        if (kind is FrameKind.None or > FrameKind.CodeReady)
            throw new ProtocolException($"a frame of unknown kind {(ushort)kind}; is the peer a migration of this program?");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        return length <= (uint)longestPayload
            ? HeaderSize + (int)length + TrailerSize
            : throw new ProtocolException($"a {kind} frame of {length} bytes, more than {longestPayload}");
    }

    /// <summary>Checks a whole frame that came from the peer.</summary>
    /// <exception cref="ProtocolException">Names what is wrong with it.</exception>
    internal static void Verify(ReadOnlySpan<byte> frame, ulong sequence, ulong seed)
    {
        ulong sum = BinaryPrimitives.ReadUInt64LittleEndian(frame[^TrailerSize..]);
        if (XxHash3.HashToUInt64(frame[..^TrailerSize], (long)seed) != sum)
            throw new ProtocolException($"a {Kind(frame)} frame (number {sequence}) whose checksum is wrong: the stream is damaged or not this session's");
        if (Sequence(frame) != sequence)
            throw new ProtocolException($"frame number {Sequence(frame)} where {sequence} was due: frames are lost, repeated or out of order");
        if ((Flags(frame) & ~(Kind(frame) == FrameKind.Pages ? CompressedFlag : 0)) != 0)
            throw new ProtocolException($"a {Kind(frame)} frame with unknown flags {Flags(frame):X4}");
    }
}
