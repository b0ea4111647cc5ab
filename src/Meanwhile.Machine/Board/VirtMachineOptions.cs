using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Machine.Devices;
using Meanwhile.Memory;

namespace Meanwhile.Machine.Board;

/// <summary>What a <see cref="VirtMachine"/> is made of.</summary>
public sealed record VirtMachineOptions
{
    /// <summary>
    /// Guest RAM: size, resident limit, swap. The machine makes it and disposes it; a clock it does not name is <see cref="Clock"/>.
    /// </summary>
    public required GuestRamOptions Memory { get; init; }

    /// <summary>The machine's one clock; not disposed by the machine.</summary>
    public required IClock Clock { get; init; }

    /// <summary>Number of CPUs; 1 on the virtual clock.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Makes the CPUs' engines; null: <see cref="VirtualMachineOptions.EngineFactory"/>'s default.</summary>
    public VcpuEngineFactory? EngineFactory { get; init; }

    /// <summary>Path of the kernel: a Linux arm64 Image (plain, gzip or EFI zboot), or a flat binary.</summary>
    public required string Kernel { get; init; }

    /// <summary>Path of the initial RAM disk, or null.</summary>
    public string? Initrd { get; init; }

    /// <summary>Kernel command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Disks, which take the first virtio-mmio slots in order.</summary>
    public IReadOnlyList<DiskOptions> Disks { get; init; } = [];

    /// <summary>
    /// A guest will come here from another machine, which uses the disks until then: they are left alone until <see cref="VirtMachine.TakeDisks"/>.
    /// </summary>
    public bool IsGuestElsewhere { get; init; }

    /// <summary>Where the UART's output goes.</summary>
    public required IConsoleBackend Console { get; init; }

    /// <summary>Where a virtio console's output goes; null: there is none.</summary>
    public IConsoleBackend? VirtioConsole { get; init; }

    /// <summary>Give the guest a virtio entropy device.</summary>
    public bool HasEntropyDevice { get; init; } = true;

    /// <summary>
    /// Give the guest a VM generation ID, by which it sees that it was restored and may not be the only one. Not on every board: the device tree
    /// is part of what a guest's boot depends on.
    /// </summary>
    public bool HasGenerationId { get; init; }

    /// <summary>Give the guest a power button, and the GPIO controller that it is connected to. Not on every board, for the same reason.</summary>
    public bool HasPowerButton { get; init; }

    /// <summary>How long <see cref="VirtMachine.Quiesce"/> waits for devices to end what they are at, on the clock: the guest stands still meanwhile.</summary>
    public TimeSpan QuiesceLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// On the virtual clock: what all randomness the guest is given follows from. On the real clock it comes from the host.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>Give the kernel a seed for address space randomisation.</summary>
    public bool RandomizesKernelAddress { get; init; } = true;

    /// <summary>
    /// Seconds since 1970-01-01 that the real-time clock shows at the clock's time zero. Null: on the real clock the host's time, on the
    /// virtual clock <see cref="VirtualEpoch"/>.
    /// </summary>
    public long? Epoch { get; init; }

    /// <summary>2025-01-01 00:00:00 UTC, which runs on the virtual clock begin with.</summary>
    public const long VirtualEpoch = 1_735_689_600;
}

/// <summary>A disk of the machine.</summary>
/// <param name="Path">Raw image file or block device.</param>
/// <param name="IsReadOnly">The guest must not write it.</param>
public sealed record DiskOptions(string Path, bool IsReadOnly = false);
