using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>A raw disk image: a file or block device whose bytes are the disk's.</summary>
public sealed partial class RawDisk : IBlockStorage
{
    private const int SectorSize = 512;
    private const int ZeroPiece = 1 << 16;

    // fallocate(2).
    private const int KeepSize = 1;
    private const int PunchHole = 2;

    private readonly SafeFileHandle file;

    /// <summary>Opens an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readOnly">Open it for reading only, and tell the guest so.</param>
    /// <exception cref="IOException">The file cannot be opened, or is not a whole number of 512-byte sectors.</exception>
    public RawDisk(string path, bool readOnly)
    {
        IsReadOnly = readOnly;
        file = File.OpenHandle(
            path,
            FileMode.Open,
            readOnly ? FileAccess.Read : FileAccess.ReadWrite,
            readOnly ? FileShare.Read : FileShare.None);
        Length = RandomAccess.GetLength(file);
        if (Length % SectorSize != 0)
        {
            file.Dispose();
            throw new IOException(
                $"it is {Length} bytes long, which is not a multiple of {SectorSize}; "
                + $"extend it with truncate -s %{SectorSize}");
        }
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = RandomAccess.Read(file, buffer, offset);
            if (count == 0)
                throw new EndOfStreamException("the disk image became shorter");
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(file, data, offset);

    /// <inheritdoc/>
    public void Flush() => RandomAccess.FlushToDisk(file);

    /// <inheritdoc/>
    public void Discard(long offset, long length) => TryPunchHole(offset, length);

    /// <inheritdoc/>
    public void WriteZeroes(long offset, long length, bool mayUnmap)
    {
        if (mayUnmap && TryPunchHole(offset, length))
            return;
        ReadOnlySpan<byte> zeros = new byte[ZeroPiece];
        for (long done = 0; done < length; done += ZeroPiece)
            Write(offset + done, zeros[..(int)Math.Min(ZeroPiece, length - done)]);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private bool TryPunchHole(long offset, long length)
    {
        // Not every file system can; the callers do without.
        return FAllocate(file, PunchHole | KeepSize, offset, length) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fallocate64")]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);
}
