namespace Meanwhile.Machine.Devices.Virtio;

/// <content>The registers (virtio 1.2, 4.2.2).</content>
public sealed partial class VirtioMmio
{
    private uint ReadRegister(ulong offset)
    {
        switch (offset)
        {
            case Register.Magic:
                return Magic;
            case Register.Version:
                return Version;
            case Register.DeviceId:
                return device?.DeviceId ?? 0;
            case Register.Vendor:
                return Vendor;
        }

        if (device is null)
            return 0;
        QueueRegisters? queue = SelectedQueue;
        return offset switch
        {
            Register.DeviceFeatures => deviceFeaturesSelect < 2 ? (uint)(OfferedFeatures >> ((int)deviceFeaturesSelect * 32)) : 0,
            Register.QueueSizeMax => queue is null ? 0u : VirtQueue.MaximumSize,
            Register.QueueReady => queue is { Ready: true } ? 1u : 0,
            Register.InterruptStatus => interruptStatus,
            Register.Status => status,
            Register.ConfigurationGeneration => configurationGeneration,
            // 4.2.2.1: a shared memory region that does not exist has length -1; none exists.
            Register.SharedMemoryLengthLow or Register.SharedMemoryLengthHigh => uint.MaxValue,
            Register.SharedMemoryBaseLow or Register.SharedMemoryBaseHigh => uint.MaxValue,
            _ => 0,
        };
    }

    private void WriteRegister(ulong offset, uint value)
    {
        switch (offset)
        {
            case Register.DeviceFeaturesSelect:
                deviceFeaturesSelect = value;
                break;
            case Register.DriverFeatures:
                // 3.1.1: features are settled once FEATURES_OK is set.
                if ((status & VirtioStatus.FeaturesOk) == 0 && driverFeaturesSelect < 2)
                {
                    int shift = (int)driverFeaturesSelect * 32;
                    driverFeatures = (driverFeatures & ~(0xFFFF_FFFFUL << shift)) | ((ulong)value << shift);
                }

                break;
            case Register.DriverFeaturesSelect:
                driverFeaturesSelect = value;
                break;
            case Register.QueueSelect:
                queueSelect = value;
                break;
            case Register.QueueNotify:
                notifications++;
                Notify(value);
                break;
            case Register.InterruptAcknowledge:
                interruptStatus &= ~value;
                UpdateLine();
                break;
            case Register.Status:
                WriteStatus(value);
                break;
            case Register.QueueReady:
                WriteQueueReady(value & 1);
                break;
            default:
                // 4.2.2.2: the driver must not touch a queue's set-up while it is ready; if it does, nothing happens.
                if (SelectedQueue is { Ready: false } queue)
                    queue.Write(offset, value);
                break;
        }
    }

    private QueueRegisters? SelectedQueue => queueSelect < (uint)queues.Length ? queues[queueSelect] : null;

    private void WriteStatus(uint value)
    {
        if (value == 0)
        {
            Reset();
            return;
        }

        uint accepted = value & VirtioStatus.Writable;
        bool featuresFit = (driverFeatures & ~OfferedFeatures) == 0 && (driverFeatures & VirtioFeature.Version1) != 0;
        if (!featuresFit)
            accepted &= ~VirtioStatus.FeaturesOk;
        if ((accepted & VirtioStatus.FeaturesOk) == 0)
            accepted &= ~VirtioStatus.DriverOk;
        uint previous = status;
        status = accepted | (status & VirtioStatus.NeedsReset);
        if ((status & ~previous & VirtioStatus.DriverOk) == 0)
            return;
        for (int i = 0; i < queues.Length; i++)
            Notify((uint)i);
    }

    /// <summary>Offsets, virtio 1.2 table 4.1.</summary>
    private static class Register
    {
        public const ulong Magic = 0x000;
        public const ulong Version = 0x004;
        public const ulong DeviceId = 0x008;
        public const ulong Vendor = 0x00C;
        public const ulong DeviceFeatures = 0x010;
        public const ulong DeviceFeaturesSelect = 0x014;
        public const ulong DriverFeatures = 0x020;
        public const ulong DriverFeaturesSelect = 0x024;
        public const ulong QueueSelect = 0x030;
        public const ulong QueueSizeMax = 0x034;
        public const ulong QueueSize = 0x038;
        public const ulong QueueReady = 0x044;
        public const ulong QueueNotify = 0x050;
        public const ulong InterruptStatus = 0x060;
        public const ulong InterruptAcknowledge = 0x064;
        public const ulong Status = 0x070;
        public const ulong QueueDescriptorsLow = 0x080;
        public const ulong QueueDescriptorsHigh = 0x084;
        public const ulong QueueDriverLow = 0x090;
        public const ulong QueueDriverHigh = 0x094;
        public const ulong QueueDeviceLow = 0x0A0;
        public const ulong QueueDeviceHigh = 0x0A4;
        public const ulong SharedMemoryLengthLow = 0x0B0;
        public const ulong SharedMemoryLengthHigh = 0x0B4;
        public const ulong SharedMemoryBaseLow = 0x0B8;
        public const ulong SharedMemoryBaseHigh = 0x0BC;
        public const ulong ConfigurationGeneration = 0x0FC;
    }
}
