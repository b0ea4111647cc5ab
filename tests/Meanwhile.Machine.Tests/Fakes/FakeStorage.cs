using Meanwhile.Machine.Devices.Virtio;

namespace Meanwhile.Machine.Tests.Fakes;

public sealed class FakeStorage(int length, bool readOnly = false) : IBlockStorage
{
    public byte[] Content { get; } = new byte[length];

    public int Flushes { get; private set; }

    public List<(long Offset, long Length)> Discards { get; } = [];

    public bool Broken { get; set; }

    /// <summary>Reads throw what no storage should.</summary>
    public bool HasDefect { get; set; }

    public long Length => Content.Length;

    public bool IsReadOnly => readOnly;

    public void Read(long offset, Span<byte> buffer)
    {
        if (HasDefect)
            throw new InvalidOperationException("defect");
        if (Broken)
            throw new IOException("broken");
        Content.AsSpan((int)offset, buffer.Length).CopyTo(buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        if (Broken)
            throw new IOException("broken");
        data.CopyTo(Content.AsSpan((int)offset));
    }

    public void Flush() => Flushes++;

    public void Discard(long offset, long length) => Discards.Add((offset, length));

    public void WriteZeroes(long offset, long length, bool mayUnmap) => Content.AsSpan((int)offset, (int)length).Clear();

    public void Dispose()
    {
    }
}
