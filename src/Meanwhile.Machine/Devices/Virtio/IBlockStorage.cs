namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>
/// What a block device keeps its sectors in. Called on the device's work queue, where it may block. Offsets and lengths are multiples
/// of 512 and inside <see cref="Length"/>. Failures are <see cref="IOException"/>s, which the guest sees as I/O errors.
/// </summary>
public interface IBlockStorage : IDisposable
{
    /// <summary>Size in bytes, a multiple of 512.</summary>
    long Length { get; }

    /// <summary>The guest must not write.</summary>
    bool IsReadOnly { get; }

    /// <summary>Fills <paramref name="buffer"/> from <paramref name="offset"/> on.</summary>
    void Read(long offset, Span<byte> buffer);

    /// <summary>Writes <paramref name="data"/> at <paramref name="offset"/>.</summary>
    void Write(long offset, ReadOnlySpan<byte> data);

    /// <summary>Makes all completed writes durable.</summary>
    void Flush();

    /// <summary>The content of a range is no longer needed: it may read as anything afterwards.</summary>
    void Discard(long offset, long length);

    /// <summary>Makes a range read as zeros.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="mayUnmap">The space need not stay allocated.</param>
    void WriteZeroes(long offset, long length, bool mayUnmap);
}
