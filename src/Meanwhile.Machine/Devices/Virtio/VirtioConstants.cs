namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>Feature bits that every device here offers (virtio 1.2, chapter 6).</summary>
internal static class VirtioFeature
{
    public const ulong IndirectDescriptors = 1UL << 28;
    public const ulong EventIndex = 1UL << 29;
    public const ulong Version1 = 1UL << 32;

    public const ulong Transport = IndirectDescriptors | EventIndex | Version1;
}

/// <summary>Device status bits (virtio 1.2, 2.1).</summary>
internal static class VirtioStatus
{
    public const uint Acknowledge = 1;
    public const uint Driver = 2;
    public const uint DriverOk = 4;
    public const uint FeaturesOk = 8;
    public const uint NeedsReset = 64;
    public const uint Failed = 128;

    /// <summary>What the driver may write.</summary>
    public const uint Writable = Acknowledge | Driver | DriverOk | FeaturesOk | Failed;
}

/// <summary>Bits of InterruptStatus (virtio 1.2, 4.2.2).</summary>
internal static class VirtioInterrupt
{
    public const uint UsedBuffer = 1;
    public const uint ConfigurationChange = 2;
}

/// <summary>Device types (virtio 1.2, chapter 5).</summary>
internal static class VirtioDeviceId
{
    public const uint Block = 2;
    public const uint Console = 3;
    public const uint Entropy = 4;
}
