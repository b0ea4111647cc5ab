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

    // flock(2).
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    // open(2), as on x86-64 and arm64 Linux.
    private const int WouldBlock = 11; // EWOULDBLOCK.
    private const int ReadOnly = 0;
    private const int ReadWrite = 2;
    private const int CloseOnExec = 0x80000;

    private readonly string path;
    private SafeFileHandle? file;

    /// <summary>Opens an image.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readOnly">Open it for reading only, and tell the guest so.</param>
    /// <param name="isElsewhere">Another machine uses it, and will until its guest comes here: it is only looked at, until <see cref="Take"/>.</param>
    /// <exception cref="IOException">The file cannot be opened, or is not a whole number of 512-byte sectors.</exception>
    public RawDisk(string path, bool readOnly, bool isElsewhere = false)
    {
        this.path = path;
        IsReadOnly = readOnly;
        SafeFileHandle opened = Open();
        try
        {
            Length = RandomAccess.GetLength(opened);
            if (Length % SectorSize != 0)
            {
                throw new IOException(
                    $"it is {Length} bytes long, which is not a multiple of {SectorSize}; "
                    + $"extend it with truncate -s %{SectorSize}");
            }
            if (isElsewhere)
                return;
            Lock(opened);
            (file, opened) = (opened, new SafeFileHandle());
        }
        finally
        {
            opened.Dispose();
        }
    }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public bool IsReadOnly { get; }

    private SafeFileHandle File => file ?? throw new IOException($"disk '{path}' is in use by the machine that the guest moves to or comes from");

    /// <summary>The guest is, or is again, this machine's: opens and locks the image anew, so that nothing old of it is seen. No work may be under way.</summary>
    /// <exception cref="IOException">It cannot be opened, is in use, or has another length.</exception>
    public void Take()
    {
        if (file is not null)
            return;
        SafeFileHandle opened = Open();
        try
        {
            Lock(opened);
            long length = RandomAccess.GetLength(opened);
            if (length != Length)
                throw new IOException($"it had {Length} bytes and has {length} now");
            (file, opened) = (opened, new SafeFileHandle());
        }
        finally
        {
            opened.Dispose();
        }
    }

    /// <summary>Makes all writes durable and lets another machine have the image. No work may be under way.</summary>
    /// <exception cref="IOException">Something cannot be written; the image is still held.</exception>
    public void HandOver()
    {
        if (file is null)
            return;
        if (!IsReadOnly)
            Flush();
        file.Dispose();
        file = null;
    }

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int count = RandomAccess.Read(File, buffer, offset);
            if (count == 0)
                throw new EndOfStreamException("the disk image became shorter");
            buffer = buffer[count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> data) => RandomAccess.Write(File, data, offset);

    /// <inheritdoc/>
    public void Flush() => RandomAccess.FlushToDisk(File);

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
    public void Dispose() => file?.Dispose();

    // Not by the framework, whose own lock would be there from the opening on.
    private SafeFileHandle Open()
    {
        if (System.IO.File.Exists(path) && (System.IO.File.GetAttributes(path) & FileAttributes.Directory) == 0)
        {
            SafeFileHandle opened = OpenFile(path, (IsReadOnly ? ReadOnly : ReadWrite) | CloseOnExec);
            int error = Marshal.GetLastPInvokeError();
            if (!opened.IsInvalid)
                return opened;
            opened.Dispose();
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        }
        throw new FileNotFoundException("there is no such file", path);
    }

    // Advisory, between machines: two guests that write one file system destroy it.
    private void Lock(SafeFileHandle opened)
    {
        // File systems without locks do without.
        if (FLock(opened, (IsReadOnly ? LockShared : LockExclusive) | LockNonBlocking) != 0 && Marshal.GetLastPInvokeError() == WouldBlock)
            throw new IOException("it is being used by another process");
    }

    private bool TryPunchHole(long offset, long length)
    {
        // Not every file system can; the callers do without.
        return FAllocate(File, PunchHole | KeepSize, offset, length) == 0;
    }

    [LibraryImport("libc", EntryPoint = "fallocate64")]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "open64", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
