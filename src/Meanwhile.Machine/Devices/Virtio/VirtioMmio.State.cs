using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <content>
/// Holding the device still, saving and restoring. While it is held nothing new is taken from its queues, so that after the work under way nothing
/// is neither in the rings nor in the registers.
/// </content>
public sealed partial class VirtioMmio
{
    private const uint InterruptBits = VirtioInterrupt.UsedBuffer | VirtioInterrupt.ConfigurationChange;

    private int workUnderWay;
    private bool held;

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public string Configuration => $"slot {Slot}, {device?.Configuration ?? "empty"}, features 0x{OfferedFeatures:x}";

    /// <summary>No request is under way, and nothing waits on the work queue.</summary>
    internal bool IsIdle => Volatile.Read(ref workUnderWay) == 0;

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        lock (Gate)
        {
            writer.WriteUInt32(device?.DeviceId ?? 0);
            writer.WriteUInt64(OfferedFeatures);
            writer.WriteUInt32(deviceFeaturesSelect);
            writer.WriteUInt32(driverFeaturesSelect);
            writer.WriteUInt64(driverFeatures);
            writer.WriteUInt32(queueSelect);
            writer.WriteUInt32(interruptStatus);
            writer.WriteUInt32(status);
            writer.WriteUInt32(configurationGeneration);
            writer.WriteUInt32((uint)queues.Length);
            foreach (QueueRegisters queue in queues)
                queue.Save(writer);
            writer.WriteUInt32((uint)(device?.StateVersion ?? 0));
            device?.Save(writer);
        }
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        lock (Gate)
        {
            reader.RequireUInt32(device?.DeviceId ?? 0, "the virtio device id");
            ulong offered = reader.ReadUInt64();
            reader.Require(offered == OfferedFeatures, $"the device offers features 0x{offered:x} there and 0x{OfferedFeatures:x} here");
            deviceFeaturesSelect = reader.ReadUInt32();
            driverFeaturesSelect = reader.ReadUInt32();
            driverFeatures = reader.ReadUInt64();
            queueSelect = reader.ReadUInt32();
            interruptStatus = reader.ReadUInt32() & InterruptBits;
            status = RestoredStatus(reader, reader.ReadUInt32());
            configurationGeneration = reader.ReadUInt32();
            reader.RequireUInt32((uint)queues.Length, "the number of queues");
            for (int index = 0; index < queues.Length; index++)
                queues[index].Restore(reader, this, index);
            uint deviceVersion = reader.ReadUInt32();
            int known = device?.StateVersion ?? 0;
            reader.Require(deviceVersion <= (uint)known && (deviceVersion == 0) == (known == 0), $"version {deviceVersion} of the device's state, where {known} is known");
            device?.Restore(reader, (int)deviceVersion);
            UpdateLine();
        }
    }

    /// <summary>Takes nothing new until <see cref="Release"/>. What is under way goes on to its end.</summary>
    internal void Hold()
    {
        lock (Gate)
            held = true;
    }

    /// <summary>Goes on: opens the queues that were restored, and looks at those that somebody had something for.</summary>
    internal void Release()
    {
        lock (Gate)
        {
            held = false;
            for (int index = 0; index < queues.Length; index++)
            {
                QueueRegisters registers = queues[index];
                if (registers is { IsToBeOpened: true, Active: { } restored })
                {
                    registers.IsToBeOpened = false;
                    Post(() => Open(restored));
                }

                if (registers.NotifiedWhileHeld)
                {
                    registers.NotifiedWhileHeld = false;
                    Notify((uint)index);
                }
            }
        }
    }

    /// <summary>Something was begun that <see cref="IsIdle"/> waits for.</summary>
    internal void BeginWork() => Interlocked.Increment(ref workUnderWay);

    /// <summary>It has ended.</summary>
    internal void EndWork() => Interlocked.Decrement(ref workUnderWay);

    /// <summary>Only what <see cref="WriteStatus"/> could have made.</summary>
    private uint RestoredStatus(StateReader reader, uint value)
    {
        bool running = (value & VirtioStatus.DriverOk) != 0;
        bool settled = (value & VirtioStatus.FeaturesOk) != 0;
        bool featuresFit = (driverFeatures & ~OfferedFeatures) == 0 && (driverFeatures & VirtioFeature.Version1) != 0;
        reader.Require(
            (value & ~(VirtioStatus.Writable | VirtioStatus.NeedsReset)) == 0 && (!running || settled) && (!settled || featuresFit),
            $"a device status of 0x{value:x} with features 0x{driverFeatures:x}");
        return value;
    }
}
