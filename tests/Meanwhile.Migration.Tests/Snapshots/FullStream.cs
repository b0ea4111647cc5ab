namespace Meanwhile.Migration.Tests.Snapshots;

/// <summary>A file on a disk that takes so many writes, and half of the next.</summary>
internal sealed class FullStream(Stream file, int room) : Stream
{
    private int written;

    public override bool CanRead => false;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void SetLength(long value) => file.SetLength(value);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (written++ < room)
        {
            file.Write(buffer);
            return;
        }
        file.Write(buffer[..(buffer.Length / 2)]);
        throw new IOException("No space left on device");
    }
}
