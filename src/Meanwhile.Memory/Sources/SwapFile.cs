using System.Runtime.InteropServices;
using Meanwhile.Memory.Host;

namespace Meanwhile.Memory.Sources;

/// <summary>
/// A page store in a file or on a block device. The file loses its name as soon as it is made: nothing is left behind, even when the
/// monitor is killed.
/// </summary>
public sealed unsafe class SwapFile : IPageStore
{
    /// <summary>Most pages one operation may name (IOV_MAX is 1024; larger operations only make others wait).</summary>
    public const int MaximumCluster = 256;

    private const int OwnerReadWrite = 0x180; // 0600

    private readonly IoQueue queue;
    private readonly string path;
    private readonly int fd;
    private bool direct;

    /// <summary>Makes the file, or opens the device.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or a regular file is there already.</exception>
    /// <exception cref="IOException">The path cannot be created or written: names the path and the reason.</exception>
    public SwapFile(SwapFileOptions options, IMemoryClock clock)
    {
        path = options.Path;
        SlotCount = options.MaximumSize / GuestRam.PageSize;
        if (SlotCount is <= 0 or > int.MaxValue)
            throw new ArgumentException($"Swap file {path}: a maximum size of {options.MaximumSize} bytes is out of range.", nameof(options));
        if (options.Workers is <= 0 or > 1024)
            throw new ArgumentException($"Swap file {path}: {options.Workers} workers are out of range (1 to 1024).", nameof(options));
        if (options.Latency < 0)
            throw new ArgumentException($"Swap file {path}: a latency of {options.Latency} ns is negative.", nameof(options));
        bool device = IsDevice(path);
        if (!device && (File.Exists(path) || Directory.Exists(path)))
            throw new ArgumentException($"Swap file {path}: it exists already; the monitor makes its own and removes it.", nameof(options));
        fd = Open(device, options.Direct);
        if (!device)
            Prepare(options.Preallocate);
        queue = new IoQueue(clock, options.Workers, options.Latency, "swap I/O");
    }

    /// <inheritdoc/>
    public event Action<Exception>? Failed
    {
        add => queue.Failed += value;
        remove => queue.Failed -= value;
    }

    /// <inheritdoc/>
    public long SlotCount { get; }

    /// <inheritdoc/>
    public bool KeepsContent => true;

    /// <summary>True while operations go past the host's page cache.</summary>
    public bool IsDirect => direct;

    /// <inheritdoc/>
    public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed) => Submit(location, pages, write: false, completed);

    /// <inheritdoc/>
    public void Write(long slot, ReadOnlySpan<nint> pages, Action<string?> completed) => Submit(slot, pages, write: true, completed);

    /// <inheritdoc/>
    public void Dispose()
    {
        queue.Dispose();
        _ = Libc.Close(fd);
    }

    private static bool IsDevice(string path)
    {
        // struct statx is 256 bytes long, the same on every architecture; stx_mode is at 28 (statx(2)).
        ushort* status = stackalloc ushort[128];
        const int FormatMask = 0xF000;
        const int CharacterDevice = 0x2000;
        const int BlockDevice = 0x6000;
        return Libc.Status(Libc.CurrentDirectory, path, 0, Libc.StatusType, status) == 0
            && (status[14] & FormatMask) is CharacterDevice or BlockDevice;
    }

    private int Open(bool device, bool wantDirect)
    {
        int flags = Libc.ReadWrite | Libc.CloseOnExec | (device ? 0 : Libc.Create | Libc.Exclusive);
        if (wantDirect)
        {
            int opened = Libc.Open(path, flags | Libc.Direct, OwnerReadWrite);
            if (opened >= 0)
            {
                direct = true;
                return opened;
            }
            // A file system that refuses O_DIRECT may have made the file before it did (open(2), EINVAL).
            if (Marshal.GetLastPInvokeError() == Libc.InvalidArgument && !device)
                _ = Libc.Unlink(path);
        }
        int buffered = Libc.Open(path, flags, OwnerReadWrite);
        return buffered >= 0 ? buffered : throw new IOException($"Swap file {path} cannot be opened: {Libc.LastErrorMessage()}.");
    }

    private void Prepare(bool preallocate)
    {
        long length = SlotCount * GuestRam.PageSize;
        int result = preallocate ? Libc.Allocate(fd, 0, 0, length) : Libc.Truncate(fd, length);
        string reason = result == 0 ? "" : Libc.LastErrorMessage();
        _ = Libc.Unlink(path);
        if (result == 0)
            return;
        _ = Libc.Close(fd);
        throw new IOException($"Swap file {path} cannot be given {length} bytes: {reason}.");
    }

    private void Submit(long slot, ReadOnlySpan<nint> pages, bool write, Action<string?> completed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pages.Length, MaximumCluster, nameof(pages));
        if (slot < 0 || pages.IsEmpty || slot > SlotCount - pages.Length)
            throw new ArgumentOutOfRangeException(nameof(slot), slot, $"{pages.Length} slots from there are not inside {SlotCount} slots.");
        nint[] hosts = pages.ToArray();
        queue.Submit(write, () => Transfer(slot, hosts, write), completed);
    }

    // Safe: the caller keeps the host pages mapped until the completion, and each vector is within one page.
    private string? Transfer(long slot, nint[] hosts, bool write)
    {
        Libc.IoVector* vectors = stackalloc Libc.IoVector[MaximumCluster];
        long total = (long)hosts.Length * GuestRam.PageSize;
        for (long done = 0; done < total;)
        {
            int first = (int)(done / GuestRam.PageSize);
            int within = (int)(done % GuestRam.PageSize);
            for (int i = first; i < hosts.Length; i++)
                vectors[i - first] = new Libc.IoVector { Base = hosts[i], Length = GuestRam.PageSize };
            vectors[0].Base += within;
            vectors[0].Length -= (nuint)within;
            long offset = (slot * GuestRam.PageSize) + done;
            nint moved = write
                ? Libc.Write(fd, vectors, hosts.Length - first, offset)
                : Libc.Read(fd, vectors, hosts.Length - first, offset);
            if (moved > 0)
                done += moved;
            else if (moved == 0)
                return Failure(slot, hosts.Length, write, "end of file");
            else if (!MayRetry(Marshal.GetLastPInvokeError()))
                return Failure(slot, hosts.Length, write, Libc.LastErrorMessage());
        }
        return null;
    }

    // EINVAL with O_DIRECT: the file system wants a coarser alignment than a page (open(2), NOTES). Buffered I/O has none.
    private bool MayRetry(int error)
    {
        if (error == Libc.Interrupted)
            return true;
        if (error != Libc.InvalidArgument || !direct)
            return false;
        direct = false;
        return Libc.Control(fd, Libc.SetStatusFlags, 0) == 0;
    }

    private string Failure(long slot, int pages, bool write, string reason) =>
        $"Swap file {path}: {(write ? "writing" : "reading")} {pages} page(s) at byte {slot * GuestRam.PageSize} failed: {reason}";
}
