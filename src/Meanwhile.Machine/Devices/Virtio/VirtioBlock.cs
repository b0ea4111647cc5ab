using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>
/// The block device (virtio 1.2, 5.2). Each request goes its own way: file I/O on the device's work queue through a bounce buffer, guest
/// memory a page at a time as it becomes resident, so a request that waits for a page holds up no other.
/// </summary>
public sealed class VirtioBlock : VirtioDevice
{
    private const int SectorSize = 512;
    private const int HeaderSize = 16;
    private const int RangeSize = 16;
    private const int IdSize = 20;
    private const int ChunkSize = 64 * 1024;
    private const uint MaximumSegments = VirtQueue.MaximumSize - 2;
    private const uint MaximumRanges = 16;
    private const uint MaximumRangeSectors = 1 << 16;

    private readonly IBlockStorage storage;
    private readonly byte[] id = new byte[IdSize];
    private long requests;
    private long errors;
    private long bytesRead;
    private long bytesWritten;

    /// <summary>A disk.</summary>
    /// <param name="name">Name in reports.</param>
    /// <param name="storage">Its sectors.</param>
    /// <param name="id">Serial number, at most 20 bytes of ASCII.</param>
    public VirtioBlock(string name, IBlockStorage storage, string id)
        : base(name, VirtioDeviceId.Block, queueCount: 1)
    {
        this.storage = storage;
        ReadOnlySpan<byte> bytes = Encoding.ASCII.GetBytes(id);
        bytes[..Math.Min(bytes.Length, IdSize)].CopyTo(this.id);
    }

    /// <inheritdoc/>
    public override IEnumerable<DeviceStatistic> Statistics =>
    [
        new("requests", Volatile.Read(ref requests)),
        new("errors", Volatile.Read(ref errors)),
        new("bytes-read", Volatile.Read(ref bytesRead)),
        new("bytes-written", Volatile.Read(ref bytesWritten)),
    ];

    internal override ulong Features =>
        Feature.SegmentMaximum | Feature.BlockSize | Feature.Flush | Feature.Topology
        | (storage.IsReadOnly ? Feature.ReadOnly : Feature.Discard | Feature.WriteZeroes);

    internal override int ConfigurationSize => 60;

    internal override string Configuration =>
        $"disk of {storage.Length / SectorSize} sectors, {(storage.IsReadOnly ? "read-only" : "writable")}, serial '{Encoding.ASCII.GetString(id).TrimEnd('\0')}'";

    internal override int StateVersion => 1;

    internal override void Save(StateWriter writer)
    {
        writer.WriteInt64(storage.Length / SectorSize);
        writer.WriteBoolean(storage.IsReadOnly);
        writer.WriteRaw(id);
    }

    // What a guest has read once and relies on. Requests keep nothing: none is under way.
    internal override void Restore(StateReader reader, int version)
    {
        long sectors = reader.ReadInt64();
        reader.Require(sectors == storage.Length / SectorSize, $"the disk has {sectors} sectors there and {storage.Length / SectorSize} here");
        reader.Require(reader.ReadBoolean() == storage.IsReadOnly, "the disk is read-only on one side only");
        reader.Require(reader.ReadRaw(IdSize).SequenceEqual(id), "the disk has another serial number there");
    }

    internal override void ReadConfiguration(Span<byte> configuration)
    {
        BinaryPrimitives.WriteInt64LittleEndian(configuration, storage.Length / SectorSize);
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[12..], MaximumSegments);
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[20..], SectorSize);
        configuration[24] = 3; // Eight logical blocks in a physical one: a page of the host's page cache.
        BinaryPrimitives.WriteUInt16LittleEndian(configuration[26..], 8);
        BinaryPrimitives.WriteUInt16LittleEndian(configuration[34..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[36..], MaximumRangeSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[40..], MaximumRanges);
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[44..], 8);
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[48..], MaximumRangeSectors);
        BinaryPrimitives.WriteUInt32LittleEndian(configuration[52..], MaximumRanges);
        configuration[56] = 1;
    }

    internal override void Process(VirtQueue queue)
    {
        while (queue.TryPop(out ushort head))
            Serve(queue, q => ServeRequest(q, head));
    }

    private async ValueTask ServeRequest(VirtQueue queue, ushort head)
    {
        DescriptorChain chain = await queue.ReadChainAsync(head);
        if (chain.ReadableLength < HeaderSize || chain.WritableLength == 0)
            throw new GuestRingException("a block request has no header or no status byte");

        var header = new byte[HeaderSize];
        await queue.CopyFromGuestAsync(chain, 0, header);
        requests++;
        ulong written = 0;
        byte status;
        try
        {
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(header);
            ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(8));
            (status, written) = await Execute(queue, chain, type, sector);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            status = Status.IoError;
        }

        if (status != Status.Ok)
            errors++;
        await queue.CopyToGuestAsync(chain, chain.WritableLength - 1, new[] { status });
        // 2.7.8.2: the length must not promise bytes that were not written, and the status byte is the last.
        queue.Complete(head, status == Status.Ok ? (uint)Math.Min(written + 1, uint.MaxValue) : 0);
    }

    private async ValueTask<(byte Status, ulong Written)> Execute(VirtQueue queue, DescriptorChain chain, uint type, ulong sector)
    {
        switch (type)
        {
            case RequestType.In:
                return await Read(queue, chain, sector);
            case RequestType.Out:
                return (await Write(queue, chain, sector), 0);
            case RequestType.Flush:
                if (!storage.IsReadOnly)
                    storage.Flush();
                return (Status.Ok, 0);
            case RequestType.GetId:
                int length = (int)Math.Min(IdSize, chain.WritableLength - 1);
                await queue.CopyToGuestAsync(chain, 0, id.AsMemory(0, length));
                return (Status.Ok, (ulong)length);
            case RequestType.Discard when !storage.IsReadOnly:
            case RequestType.WriteZeroes when !storage.IsReadOnly:
                return (await Clear(queue, chain, type == RequestType.Discard), 0);
            case RequestType.Discard or RequestType.WriteZeroes:
                return (Status.IoError, 0);
            default:
                return (Status.Unsupported, 0);
        }
    }

    private async ValueTask<(byte Status, ulong Written)> Read(VirtQueue queue, DescriptorChain chain, ulong sector)
    {
        ulong length = chain.WritableLength - 1;
        if (!InRange(sector, length))
            return (Status.IoError, 0);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (ulong done = 0; done < length;)
            {
                int chunk = (int)Math.Min(ChunkSize, length - done);
                storage.Read((long)((sector * SectorSize) + done), buffer.AsSpan(0, chunk));
                await queue.CopyToGuestAsync(chain, done, buffer.AsMemory(0, chunk));
                done += (ulong)chunk;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        bytesRead += (long)length;
        return (Status.Ok, length);
    }

    private async ValueTask<byte> Write(VirtQueue queue, DescriptorChain chain, ulong sector)
    {
        ulong length = chain.ReadableLength - HeaderSize;
        if (storage.IsReadOnly || !InRange(sector, length))
            return Status.IoError;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (ulong done = 0; done < length;)
            {
                int chunk = (int)Math.Min(ChunkSize, length - done);
                await queue.CopyFromGuestAsync(chain, HeaderSize + done, buffer.AsMemory(0, chunk));
                storage.Write((long)((sector * SectorSize) + done), buffer.AsSpan(0, chunk));
                done += (ulong)chunk;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // 5.2.6.2: a driver without VIRTIO_BLK_F_FLUSH relies on writes being durable when they complete.
        if ((queue.Features & Feature.Flush) == 0)
            storage.Flush();
        bytesWritten += (long)length;
        return Status.Ok;
    }

    private async ValueTask<byte> Clear(VirtQueue queue, DescriptorChain chain, bool discard)
    {
        ulong length = chain.ReadableLength - HeaderSize;
        if (length is 0 or > MaximumRanges * RangeSize || length % RangeSize != 0)
            return Status.IoError;
        var ranges = new byte[(int)length];
        await queue.CopyFromGuestAsync(chain, HeaderSize, ranges);
        for (int i = 0; i < ranges.Length; i += RangeSize)
        {
            ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(ranges.AsSpan(i));
            uint sectors = BinaryPrimitives.ReadUInt32LittleEndian(ranges.AsSpan(i + 8));
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(ranges.AsSpan(i + 12));
            // 5.2.6.2: reserved flags are unsupported, and so is unmap on a discard.
            if ((flags & ~1u) != 0 || (discard && flags != 0))
                return Status.Unsupported;
            if (sectors > MaximumRangeSectors || !InRange(sector, (ulong)sectors * SectorSize))
                return Status.IoError;
            if (sectors == 0)
                continue;
            if (discard)
                storage.Discard((long)sector * SectorSize, (long)sectors * SectorSize);
            else
                storage.WriteZeroes((long)sector * SectorSize, (long)sectors * SectorSize, mayUnmap: flags != 0);
        }

        return Status.Ok;
    }

    private bool InRange(ulong sector, ulong length)
    {
        ulong capacity = (ulong)storage.Length / SectorSize;
        return length % SectorSize == 0 && sector <= capacity && length / SectorSize <= capacity - sector;
    }

    private static class Feature
    {
        public const ulong SegmentMaximum = 1 << 2;
        public const ulong ReadOnly = 1 << 5;
        public const ulong BlockSize = 1 << 6;
        public const ulong Flush = 1 << 9;
        public const ulong Topology = 1 << 10;
        public const ulong Discard = 1 << 13;
        public const ulong WriteZeroes = 1 << 14;
    }

    private static class RequestType
    {
        public const uint In = 0;
        public const uint Out = 1;
        public const uint Flush = 4;
        public const uint GetId = 8;
        public const uint Discard = 11;
        public const uint WriteZeroes = 13;
    }

    private static class Status
    {
        public const byte Ok = 0;
        public const byte IoError = 1;
        public const byte Unsupported = 2;
    }
}
