using System.Buffers;
using System.Runtime.InteropServices;
using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>The entropy device (virtio 1.2, 5.4): fills buffers with random bytes, in order.</summary>
public sealed class VirtioEntropy : VirtioDevice
{
    /// <summary>Most bytes given for one buffer; the driver asks again.</summary>
    private const int MaximumLength = 4096;

    private readonly IEntropySource source;
    private long bytes;

    /// <summary>An entropy device that gives what <paramref name="source"/> gives.</summary>
    public VirtioEntropy(string name, IEntropySource source)
        : base(name, VirtioDeviceId.Entropy, queueCount: 1)
    {
        this.source = source;
    }

    /// <inheritdoc/>
    public override IEnumerable<DeviceStatistic> Statistics => [new("bytes", Volatile.Read(ref bytes))];

    internal override ulong Features => 0;

    internal override int ConfigurationSize => 0;

    internal override string Configuration => "entropy";

    internal override int StateVersion => 1;

    // The source has its own section, if its numbers are to go on.
    internal override void Save(StateWriter writer)
    {
    }

    internal override void Restore(StateReader reader, int version)
    {
    }

    internal override void ReadConfiguration(Span<byte> configuration)
    {
    }

    internal override void Process(VirtQueue queue)
    {
        if (!queue.IsBusy)
            Serve(queue, FillBuffers);
    }

    private async ValueTask FillBuffers(VirtQueue queue)
    {
        queue.IsBusy = true;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaximumLength);
        try
        {
            while (queue.TryPop(out ushort head))
            {
                DescriptorChain chain = await queue.ReadChainAsync(head);
                int length = (int)Math.Min(MaximumLength, chain.WritableLength);
                Fill(buffer.AsSpan(0, length));
                await queue.CopyToGuestAsync(chain, 0, buffer.AsMemory(0, length));
                bytes += length;
                queue.Complete(head, (uint)length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            queue.IsBusy = false;
        }
    }

    private void Fill(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            ulong value = source.NextUInt64();
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value));
            int length = Math.Min(bytes.Length, destination.Length);
            bytes[..length].CopyTo(destination);
            destination = destination[length..];
        }
    }
}
