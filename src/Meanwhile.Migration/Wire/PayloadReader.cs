using System.Buffers.Binary;
using System.Text;

namespace Meanwhile.Migration.Wire;

/// <summary>Reads a payload from the peer; whatever it is, nothing outside it is read.</summary>
internal ref struct PayloadReader(FrameKind kind, ReadOnlySpan<byte> payload)
{
    private readonly FrameKind kind = kind;
    private ReadOnlySpan<byte> rest = payload;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Left => rest.Length;

    public byte UInt8() => Bytes(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    /// <exception cref="ProtocolException">There are not so many.</exception>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)rest.Length)
            throw new ProtocolException($"a {kind} frame that ends too early");
        ReadOnlySpan<byte> bytes = rest[..count];
        rest = rest[count..];
        return bytes;
    }

    /// <summary>A text of the peer's, made fit for a terminal: control characters are replaced.</summary>
    public string Text()
    {
        int length = UInt16();
        if (length > Protocol.LongestText)
            throw new ProtocolException($"a {kind} frame with a text of {length} bytes, more than {Protocol.LongestText}");
        string text = Encoding.UTF8.GetString(Bytes(length));
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
                to[i] = char.IsControl(from[i]) && from[i] != '\n' ? '?' : from[i];
        });
    }

    /// <exception cref="ProtocolException">Something is left.</exception>
    public readonly void End()
    {
        if (rest.Length != 0)
            throw new ProtocolException($"a {kind} frame with {rest.Length} bytes too many");
    }
}
