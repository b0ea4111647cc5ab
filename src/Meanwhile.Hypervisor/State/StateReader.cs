using System.Buffers.Binary;
using System.Text;

namespace Meanwhile.Hypervisor.State;

/// <summary>Reads what a <see cref="StateWriter"/> wrote, or what somebody made up: never past the end, never more than a caller allows.</summary>
/// <param name="section">Name for errors.</param>
/// <param name="bytes">The state.</param>
public sealed class StateReader(string section, ReadOnlyMemory<byte> bytes)
{
    /// <summary>Longest name of a section.</summary>
    public const int MaximumNameLength = 64;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private int position;

    /// <summary>Bytes not read yet.</summary>
    public int Remaining => bytes.Length - position;

    /// <summary>An error at this place, to be thrown.</summary>
    public StateFormatException Error(string what) => new(section, what);

    /// <summary>Throws with <paramref name="what"/> unless <paramref name="holds"/>.</summary>
    /// <exception cref="StateFormatException">It does not hold.</exception>
    public void Require(bool holds, string what)
    {
        if (!holds)
            throw Error(what);
    }

    /// <summary>Throws unless everything was read.</summary>
    /// <exception cref="StateFormatException">Bytes are left.</exception>
    public void RequireEnd() => Require(Remaining == 0, $"{Remaining} bytes too many");

    /// <summary>Reads a byte that is 0 or 1.</summary>
    public bool ReadBoolean()
    {
        byte value = ReadByte();
        Require(value <= 1, $"{value} where 0 or 1 is expected");
        return value != 0;
    }

    /// <summary>Reads 8 bits.</summary>
    public byte ReadByte() => Take(sizeof(byte))[0];

    /// <summary>Reads 16 bits.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    /// <summary>Reads 32 bits.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    /// <summary>Reads 64 bits.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    /// <summary>Reads 64 bits, signed.</summary>
    public long ReadInt64() => (long)ReadUInt64();

    /// <summary>Reads 128 bits.</summary>
    public UInt128 ReadUInt128()
    {
        ulong low = ReadUInt64();
        return new UInt128(ReadUInt64(), low);
    }

    /// <summary>Reads a number that is at most <paramref name="most"/>.</summary>
    /// <param name="most">Largest value.</param>
    /// <param name="what">What the number is, for the error.</param>
    public int ReadCount(int most, string what)
    {
        uint value = ReadUInt32();
        Require(value <= (uint)most, $"{value} {what}, where at most {most} can be");
        return (int)value;
    }

    /// <summary>Reads 32 bits that must be <paramref name="expected"/>.</summary>
    /// <param name="expected">The value here.</param>
    /// <param name="what">What the number is, for the error.</param>
    public void RequireUInt32(uint expected, string what)
    {
        uint value = ReadUInt32();
        Require(value == expected, $"{what} is {value} there and {expected} here");
    }

    /// <summary>Reads bytes without their number.</summary>
    public ReadOnlySpan<byte> ReadRaw(int length) => Take(length);

    /// <summary>Reads a number of bytes and the bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int most = int.MaxValue) => Take(ReadCount(most, "bytes"));

    /// <summary>Reads words of 32 bits, without their number.</summary>
    public void ReadWords(Span<uint> words)
    {
        foreach (ref uint word in words)
            word = ReadUInt32();
    }

    /// <summary>Reads text.</summary>
    /// <param name="most">Most bytes of UTF-8.</param>
    public string ReadText(int most)
    {
        int length = ReadUInt16();
        Require(length <= most, $"a text of {length} bytes, where at most {most} can be");
        try
        {
            return Strict.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw Error("a text that is not UTF-8");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        Require((uint)length <= (uint)Remaining, "it ends too early");
        ReadOnlySpan<byte> taken = bytes.Span.Slice(position, length);
        position += length;
        return taken;
    }
}
