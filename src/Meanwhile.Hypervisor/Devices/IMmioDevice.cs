namespace Meanwhile.Hypervisor.Devices;

/// <summary>
/// A device behind guest-physical addresses. Called on a vCPU's thread: must not block. Offsets and data are the guest's, so
/// anything may come: an offset or size the device does not know reads as zero and ignores writes.
/// </summary>
public interface IMmioDevice
{
    /// <summary>Reads <paramref name="size"/> bytes (1, 2, 4 or 8) at <paramref name="offset"/> from the device's base.</summary>
    ulong Read(ulong offset, int size);

    /// <summary>Writes <paramref name="size"/> bytes (1, 2, 4 or 8) at <paramref name="offset"/> from the device's base.</summary>
    void Write(ulong offset, int size, ulong value);
}

/// <summary>A wire into the interrupt controller. Any thread.</summary>
public interface IInterruptLine
{
    /// <summary>Drives the line.</summary>
    void SetLevel(bool asserted);
}
