using System.Buffers.Binary;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>What sits behind a virtio-mmio transport. Requests are served on the device's work queue, never on a vCPU's thread.</summary>
public abstract class VirtioDevice
{
    private protected VirtioDevice(string name, uint deviceId, int queueCount)
    {
        Name = name;
        DeviceId = deviceId;
        QueueCount = queueCount;
    }

    /// <summary>Name in reports, such as <c>virtio-blk0</c>.</summary>
    public string Name { get; }

    /// <summary>Counts since power-on. Any thread.</summary>
    public abstract IEnumerable<DeviceStatistic> Statistics { get; }

    internal uint DeviceId { get; }

    internal int QueueCount { get; }

    /// <summary>Feature bits of the device's own (below 24).</summary>
    internal abstract ulong Features { get; }

    /// <summary>The transport this device is plugged into.</summary>
    internal VirtioMmio? Transport { get; set; }

    /// <summary>The configuration space, little-endian.</summary>
    internal abstract void ReadConfiguration(Span<byte> configuration);

    /// <summary>What the device was made with and a guest relies on, for people to read.</summary>
    internal abstract string Configuration { get; }

    /// <summary>
    /// Version of what <see cref="Save"/> writes, from 1. Part of the transport's section, with no request under way and nothing on the work queue.
    /// </summary>
    internal abstract int StateVersion { get; }

    /// <summary>Writes the device's own state.</summary>
    internal abstract void Save(StateWriter writer);

    /// <summary>Takes it, from anybody.</summary>
    /// <exception cref="StateFormatException">It is no state of this device.</exception>
    internal abstract void Restore(StateReader reader, int version);

    /// <summary>Size of the configuration space in bytes.</summary>
    internal abstract int ConfigurationSize { get; }

    /// <summary>The driver writes configuration. On a vCPU's thread.</summary>
    internal virtual void WriteConfiguration(ulong offset, int size, ulong value)
    {
    }

    /// <summary>There may be new buffers on a queue. On the device's work queue.</summary>
    internal abstract void Process(VirtQueue queue);

    /// <summary>Serves one request; what the guest did wrong on the way puts the device into NEEDS_RESET.</summary>
    private protected async void Serve(VirtQueue queue, Func<VirtQueue, ValueTask> request)
    {
        Transport!.BeginWork();
        try
        {
            await request(queue);
        }
        catch (GuestRingException error)
        {
            Transport!.FailGuest(queue, error);
        }
        catch (QueueClosedException)
        {
            // The guest reset the device; nobody waits for the answer.
        }
        catch (Exception error)
        {
            Transport!.FailMonitor(error);
        }
        finally
        {
            Transport!.EndWork();
        }
    }

    /// <summary>Reads <paramref name="size"/> bytes of configuration.</summary>
    internal ulong ReadConfiguration(ulong offset, int size)
    {
        // Room behind the end, so that reads there give zeros.
        Span<byte> bytes = stackalloc byte[ConfigurationSize + sizeof(ulong)];
        bytes.Clear();
        ReadConfiguration(bytes[..ConfigurationSize]);
        if (offset >= (ulong)ConfigurationSize)
            return 0;
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(int)offset..]);
        return size == sizeof(ulong) ? value : value & ((1UL << (size * 8)) - 1);
    }
}
