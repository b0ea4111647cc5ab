namespace Meanwhile.Machine.Board;

/// <summary>
/// Guest-physical addresses and interrupts of the board: QEMU's <c>virt</c>, as published in <c>hw/arm/virt</c> and its device tree.
/// </summary>
public static class MemoryMap
{
    /// <summary>GICv3 distributor.</summary>
    public const ulong GicDistributor = 0x0800_0000;

    /// <summary>Size of the distributor's frame in bytes.</summary>
    public const ulong GicDistributorSize = 0x1_0000;

    /// <summary>GICv3 redistributors, one after another.</summary>
    public const ulong GicRedistributor = 0x080A_0000;

    /// <summary>Size of the redistributor region in bytes: room for 123 of them.</summary>
    public const ulong GicRedistributorSize = 0x00F6_0000;

    /// <summary>The UART.</summary>
    public const ulong Pl011 = 0x0900_0000;

    /// <summary>The real-time clock.</summary>
    public const ulong Pl031 = 0x0901_0000;

    /// <summary>The GPIO controller.</summary>
    public const ulong Pl061 = 0x0903_0000;

    /// <summary>Size of a PrimeCell's frame in bytes.</summary>
    public const ulong PrimeCellSize = 0x1000;

    /// <summary>The VM generation ID: a place that QEMU's board leaves free, which has none in its device tree.</summary>
    public const ulong GenerationId = 0x090F_0000;

    /// <summary>Size of the VM generation ID's frame in bytes.</summary>
    public const ulong GenerationIdSize = 0x1000;

    /// <summary>First virtio-mmio slot.</summary>
    public const ulong VirtioMmio = 0x0A00_0000;

    /// <summary>Distance between virtio-mmio slots, in bytes.</summary>
    public const ulong VirtioMmioStride = 0x200;

    /// <summary>Number of virtio-mmio slots.</summary>
    public const int VirtioMmioSlots = 32;

    /// <summary>RAM.</summary>
    public const ulong Ram = 0x4000_0000;

    /// <summary>The UART's shared peripheral interrupt.</summary>
    public const int Pl011Spi = 1;

    /// <summary>The real-time clock's shared peripheral interrupt.</summary>
    public const int Pl031Spi = 2;

    /// <summary>The GPIO controller's shared peripheral interrupt.</summary>
    public const int Pl061Spi = 7;

    /// <summary>The GPIO line of the power button.</summary>
    public const int PowerButtonLine = 3;

    /// <summary>The VM generation ID's shared peripheral interrupt.</summary>
    public const int GenerationIdSpi = 10;

    /// <summary>Shared peripheral interrupt of virtio-mmio slot 0; slot n has this plus n.</summary>
    public const int VirtioMmioSpi = 16;

    /// <summary>INTID of shared peripheral interrupt 0 (GIC architecture, IHI0069 2.2.1).</summary>
    public const int FirstSpi = 32;

    /// <summary>INTID of the EL1 virtual timer.</summary>
    public const int VirtualTimerPpi = 27;

    /// <summary>INTID of the non-secure EL1 physical timer.</summary>
    public const int PhysicalTimerPpi = 30;

    /// <summary>INTID of the secure EL1 physical timer.</summary>
    public const int SecureTimerPpi = 29;

    /// <summary>INTID of the EL2 physical timer.</summary>
    public const int HypervisorTimerPpi = 26;
}
