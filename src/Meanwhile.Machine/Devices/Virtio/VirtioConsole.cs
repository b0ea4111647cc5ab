using System.Buffers;
using System.Buffers.Binary;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>The console device (virtio 1.2, 5.3) with port 0 only.</summary>
public sealed class VirtioConsole : VirtioDevice
{
    private const int ReceiveQueue = 0;
    private const int ChunkSize = 4096;
    private const ulong EmergencyWriteOffset = 8;

    private readonly IConsoleBackend backend;
    private readonly Lock inputGate = new();
    private readonly Queue<byte> input = new();
    private ushort columns;
    private ushort rows;
    private long bytesSent;
    private long bytesReceived;

    /// <summary>
    /// A console of <paramref name="columns"/> by <paramref name="rows"/> characters that sends to <paramref name="backend"/>.
    /// </summary>
    public VirtioConsole(string name, IConsoleBackend backend, ushort columns = 80, ushort rows = 25)
        : base(name, VirtioDeviceId.Console, queueCount: 2)
    {
        this.backend = backend;
        this.columns = columns;
        this.rows = rows;
    }

    /// <inheritdoc/>
    public override IEnumerable<DeviceStatistic> Statistics =>
    [
        new("bytes-sent", Volatile.Read(ref bytesSent)),
        new("bytes-received", Volatile.Read(ref bytesReceived)),
    ];

    internal override ulong Features => Feature.Size | Feature.EmergencyWrite;

    internal override int ConfigurationSize => 12;

    /// <summary>Input from the host. Kept until the guest gives a buffer for it. Any thread.</summary>
    public void PostInput(ReadOnlySpan<byte> input)
    {
        lock (inputGate)
        {
            foreach (byte value in input)
                this.input.Enqueue(value);
        }

        Transport?.Wake(ReceiveQueue);
    }

    /// <summary>The host's window has a new size. Any thread.</summary>
    public void Resize(ushort columns, ushort rows)
    {
        lock (inputGate)
            (this.columns, this.rows) = (columns, rows);
        Transport?.ConfigurationChanged();
    }

    internal override string Configuration => "console";

    internal override int StateVersion => 1;

    internal override void Save(StateWriter writer)
    {
        lock (inputGate)
        {
            writer.WriteUInt16(columns);
            writer.WriteUInt16(rows);
            writer.WriteBytes([.. input]);
        }
    }

    internal override void Restore(StateReader reader, int version)
    {
        lock (inputGate)
        {
            columns = reader.ReadUInt16();
            rows = reader.ReadUInt16();
            // What this side's host has sent already comes after what the other's had.
            byte[] later = [.. input];
            input.Clear();
            foreach (byte value in (byte[])[.. reader.ReadBytes(), .. later])
                input.Enqueue(value);
        }
    }

    internal override void ReadConfiguration(Span<byte> configuration)
    {
        lock (inputGate)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(configuration, columns);
            BinaryPrimitives.WriteUInt16LittleEndian(configuration[2..], rows);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(configuration[4..], 1);
    }

    internal override void WriteConfiguration(ulong offset, int size, ulong value)
    {
        // 5.3.4: works before the queues do.
        if (offset == EmergencyWriteOffset)
            backend.Write([(byte)value]);
    }

    internal override void Process(VirtQueue queue)
    {
        if (!queue.IsBusy)
            Serve(queue, queue.Index == ReceiveQueue ? Receive : Transmit);
    }

    private async ValueTask Receive(VirtQueue queue)
    {
        queue.IsBusy = true;
        try
        {
            while (HasInput && queue.TryPop(out ushort head))
            {
                DescriptorChain chain = await queue.ReadChainAsync(head);
                if (chain.WritableLength == 0)
                    throw new GuestRingException("a receive buffer is not writable");
                byte[] data = TakeInput((int)Math.Min(ChunkSize, chain.WritableLength));
                await queue.CopyToGuestAsync(chain, 0, data);
                bytesReceived += data.Length;
                queue.Complete(head, (uint)data.Length);
            }
        }
        finally
        {
            queue.IsBusy = false;
        }
    }

    private async ValueTask Transmit(VirtQueue queue)
    {
        queue.IsBusy = true;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            while (queue.TryPop(out ushort head))
            {
                DescriptorChain chain = await queue.ReadChainAsync(head);
                for (ulong done = 0; done < chain.ReadableLength;)
                {
                    int chunk = (int)Math.Min(ChunkSize, chain.ReadableLength - done);
                    await queue.CopyFromGuestAsync(chain, done, buffer.AsMemory(0, chunk));
                    backend.Write(buffer.AsSpan(0, chunk));
                    bytesSent += chunk;
                    done += (ulong)chunk;
                }

                queue.Complete(head, 0);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            queue.IsBusy = false;
        }
    }

    private bool HasInput
    {
        get
        {
            lock (inputGate)
                return input.Count != 0;
        }
    }

    private byte[] TakeInput(int length)
    {
        lock (inputGate)
        {
            var data = new byte[Math.Min(length, input.Count)];
            for (int i = 0; i < data.Length; i++)
                data[i] = input.Dequeue();
            return data;
        }
    }

    private static class Feature
    {
        public const ulong Size = 1 << 0;
        public const ulong EmergencyWrite = 1 << 2;
    }
}
