using System.IO.Hashing;
using System.Runtime.InteropServices;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Memory;
using Meanwhile.Migration.Host;

namespace Meanwhile.Migration.Snapshots;

/// <summary>
/// Writes a snapshot of a machine that does not run, or of an image of its RAM while it does: under another name, all of it to the disk, then it
/// gets its name. So there is a whole snapshot of that name or none, whatever goes wrong.
/// </summary>
public sealed class SnapshotWriter
{
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(5);

    private readonly GuestRam ram;
    private readonly SnapshotOptions options;
    private readonly Stream file;
    private readonly PageReader reader;
    private readonly PageBitmap map;
    private readonly List<ulong> checksums = [];

    private SnapshotWriter(GuestRam ram, SnapshotOptions options, Stream file)
    {
        this.ram = ram;
        this.options = options;
        this.file = file;
        reader = new PageReader(ram, options.Image);
        map = new PageBitmap(ram.Size / GuestRam.PageSize);
    }

    /// <summary>Saves RAM and what <paramref name="options"/> say to a file that only its owner may read.</summary>
    /// <exception cref="SnapshotException">It cannot be written (the disk is full, the file exists), or RAM cannot be read: nothing is left behind.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled: nothing is left behind.</exception>
    public static void Save(string path, GuestRam ram, SnapshotOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(ram);
        ArgumentNullException.ThrowIfNull(options);
        CheckSizes(path, ram, options);
        if (!options.Replace && Path.Exists(path))
            throw new SnapshotException($"Snapshot {path} cannot be written: there is a file of that name.");
        string temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            Write(temporary, ram, options);
            File.Move(temporary, path, options.Replace);
            SynchronizeDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Remove(temporary);
            throw new SnapshotException($"Snapshot {path} cannot be written: {exception.Message}", exception);
        }
        catch
        {
            Remove(temporary);
            throw;
        }
    }

    private static void CheckSizes(string path, GuestRam ram, SnapshotOptions options)
    {
        if (ram.Size / GuestRam.PageSize > SnapshotHeader.MaximumPages)
            throw new SnapshotException($"Snapshot {path} cannot be written: RAM of {ram.Size} bytes is too large for its format.");
        if (options.Description.Length > SnapshotHeader.MaximumDescription || options.State.Length > SnapshotHeader.MaximumState)
            throw new SnapshotException($"Snapshot {path} cannot be written: the machine's description or state is too long for its format.");
    }

    private static void Write(string path, GuestRam ram, SnapshotOptions options)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        Stream stream = options.Through?.Invoke(file) ?? file;
        new SnapshotWriter(ram, options, stream).Write();
        stream.Flush();
        file.Flush(flushToDisk: true);
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is reported is why writing failed.
        }
    }

    private static void SynchronizeDirectory(string path)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        int fd = Libc.Open(directory, Libc.ReadOnly | Libc.CloseOnExec);
        // Without the right to read it, or on a file system whose directories cannot be synchronized (fsync(2), EINVAL), the name lasts no less
        // than any other file's there.
        if (fd < 0)
            return;
        _ = Libc.Synchronize(fd);
        _ = Libc.Close(fd);
    }

    // The sections before the data depend on what is found in RAM, and only their lengths are known: they are written last.
    private void Write()
    {
        SnapshotHeader layout = SnapshotHeader.Layout(map.Count, 0, options.Description.Length, options.State.Length, Guid.Empty);
        file.Position = layout.Data.Offset;
        WriteData();
        options.AllRead?.Invoke();
        layout = SnapshotHeader.Layout(
            map.Count, checksums.Count, options.Description.Length, options.State.Length, options.Identity ?? Guid.NewGuid());
        SnapshotHeader header = layout with
        {
            Blocks = WriteChecksums(layout),
            Description = WriteSection(layout.Description, options.Description.Span),
            State = WriteSection(layout.State, options.State.Span),
            Map = WriteSection(layout.Map, map.Bytes),
        };
        file.SetLength(header.FileLength);
        file.Position = 0;
        file.Write(header.Encode());
    }

    private void WriteData()
    {
        Span<long> batch = stackalloc long[PageReader.MaximumBatch];
        byte[] stored = new byte[PageReader.MaximumBatch * GuestRam.PageSize];
        for (long first = 0; first < map.Count; first += batch.Length)
        {
            options.Watch?.Invoke();
            options.Cancellation.ThrowIfCancellationRequested();
            int count = (int)Math.Min(batch.Length, map.Count - first);
            for (int i = 0; i < count; i++)
                batch[i] = first + i;
            Read(batch[..count]);
            int length = 0;
            for (int i = 0; i < count; i++)
            {
                if (reader.IsZero(i))
                    continue;
                ReadOnlySpan<byte> content = reader.Content(i);
                map.Add(first + i);
                checksums.Add(XxHash3.HashToUInt64(content, first + i));
                content.CopyTo(stored.AsSpan(length));
                length += content.Length;
            }
            file.Write(stored, 0, length);
            options.Progress?.Invoke(first + count);
        }
    }

    private void Read(ReadOnlySpan<long> pages)
    {
        var ready = new ManualResetEventSlim();
        string? error = null;
        ram.Failed += OnFailed;
        try
        {
            reader.Read(pages, failure =>
            {
                error = failure;
                ready.Set();
            });
            if (!ready.IsSet && !(options.VirtualClock is { } clock ? Await(ready, clock) : Await(ready)))
                error = $"a page did not come in {options.ReadLimit.TotalSeconds:0.###} s: the swap file or snapshot that it is in does not answer";
        }
        finally
        {
            ram.Failed -= OnFailed;
        }
        if (error is not null)
            throw new IOException($"guest RAM cannot be read: {error}");

        void OnFailed(Exception exception)
        {
            error = exception.Message;
            ready.Set();
        }
    }

    private bool Await(ManualResetEventSlim ready)
    {
        // Counted, so that the time in which this process was stopped does not count.
        for (long waits = (long)(options.ReadLimit / WatchPeriod); waits > 0; waits--)
        {
            if (ready.Wait(WatchPeriod, options.Cancellation))
                return true;
            options.Watch?.Invoke();
        }
        return ready.IsSet;
    }

    // Nobody else runs the clock's events now.
    private bool Await(ManualResetEventSlim ready, VirtualClock clock) => clock.RunUntil(
        () =>
        {
            if (!ready.IsSet)
                options.Cancellation.ThrowIfCancellationRequested();
            return ready.IsSet;
        },
        options.ReadLimit);

    private SnapshotSection WriteChecksums(SnapshotHeader layout)
    {
        Span<ulong> all = CollectionsMarshal.AsSpan(checksums);
        ulong[] blocks = new ulong[layout.Blocks.Length / sizeof(ulong)];
        for (int i = 0; i < blocks.Length; i++)
        {
            Span<ulong> block = all[(i * SnapshotHeader.BlockEntries)..Math.Min((i + 1) * SnapshotHeader.BlockEntries, all.Length)];
            blocks[i] = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(block), i);
        }
        WriteSection(layout.Checksums, MemoryMarshal.AsBytes(all));
        return WriteSection(layout.Blocks, MemoryMarshal.AsBytes(blocks.AsSpan()));
    }

    private SnapshotSection WriteSection(SnapshotSection section, ReadOnlySpan<byte> content)
    {
        file.Position = section.Offset;
        file.Write(content);
        return section with { Checksum = XxHash3.HashToUInt64(content) };
    }
}
