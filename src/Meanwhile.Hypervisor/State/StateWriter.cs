using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Meanwhile.Hypervisor.State;

/// <summary>Writes state: little-endian, each value in the size that its method names.</summary>
public sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> output = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => output.WrittenSpan;

    /// <summary>Writes a byte that is 0 or 1.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes 8 bits.</summary>
    public void WriteByte(byte value) => output.Write([value]);

    /// <summary>Writes 16 bits.</summary>
    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(sizeof(ushort)), value);
        output.Advance(sizeof(ushort));
    }

    /// <summary>Writes 32 bits.</summary>
    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(sizeof(uint)), value);
        output.Advance(sizeof(uint));
    }

    /// <summary>Writes 64 bits.</summary>
    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), value);
        output.Advance(sizeof(ulong));
    }

    /// <summary>Writes 64 bits, signed.</summary>
    public void WriteInt64(long value) => WriteUInt64((ulong)value);

    /// <summary>Writes 128 bits.</summary>
    public void WriteUInt128(UInt128 value)
    {
        WriteUInt64((ulong)value);
        WriteUInt64((ulong)(value >> 64));
    }

    /// <summary>Writes bytes as they are, without their number.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary>Writes a number of bytes (32 bits) and the bytes.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteUInt32((uint)bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>Writes words of 32 bits, without their number.</summary>
    public void WriteWords(ReadOnlySpan<uint> words)
    {
        foreach (uint word in words)
            WriteUInt32(word);
    }

    /// <summary>Writes text: a number of bytes (16 bits) and UTF-8.</summary>
    /// <exception cref="ArgumentException">It is longer than 65,535 bytes.</exception>
    public void WriteText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > ushort.MaxValue)
            throw new ArgumentException($"A text of {bytes.Length} bytes is too long to be saved.", nameof(text));
        WriteUInt16((ushort)bytes.Length);
        WriteRaw(bytes);
    }
}
