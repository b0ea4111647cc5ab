using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Meanwhile.Migration.Wire;

/// <summary>One frame under construction, in a buffer that is used again for the next.</summary>
public sealed class FrameWriter
{
    private byte[] buffer = new byte[512];
    private int length;

    /// <summary>The frame after <see cref="Seal"/>, until the next <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<byte> Frame => buffer.AsMemory(0, length);

    /// <summary>What has been written of the payload.</summary>
    internal ReadOnlySpan<byte> Payload => buffer.AsSpan(FrameFormat.HeaderSize, length - FrameFormat.HeaderSize);

    internal void Begin(FrameKind kind, ushort flags = 0)
    {
        length = 0;
        Span<byte> header = Reserve(FrameFormat.HeaderSize);
        header.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], (ushort)kind);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], flags);
    }

    internal void SetFlags(ushort flags) => BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(6), flags);

    internal void UInt8(byte value) => Reserve(1)[0] = value;

    internal void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), value);

    internal void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    internal void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    internal void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>A text, cut to what a peer takes.</summary>
    internal void Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Length > Protocol.LongestText / 4 ? text[..(Protocol.LongestText / 4)] : text);
        UInt16((ushort)bytes.Length);
        Bytes(bytes);
    }

    /// <summary>Room for so many bytes at the end.</summary>
    internal Span<byte> Reserve(int count)
    {
        if (length + count > buffer.Length)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
        Span<byte> room = buffer.AsSpan(length, count);
        length += count;
        return room;
    }

    /// <summary>Takes so many bytes from the end back.</summary>
    internal void Shorten(int count) => length -= count;

    /// <summary>Completes the envelope.</summary>
    internal void Seal(ulong sequence, ulong seed)
    {
        int payload = length - FrameFormat.HeaderSize;
        if (payload > Protocol.LongestPayload)
            throw new InvalidOperationException($"A {FrameFormat.Kind(buffer)} frame of {payload} bytes.");
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, (uint)payload);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.AsSpan(8), sequence);
        ulong sum = XxHash3.HashToUInt64(buffer.AsSpan(0, length), (long)seed);
        UInt64(sum);
    }
}
