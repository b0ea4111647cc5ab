using Meanwhile.Machine.Board;

namespace Meanwhile.Machine.DeviceTree;

/// <summary>What the board's device tree tells the guest.</summary>
internal sealed record VirtDeviceTreeOptions
{
    /// <summary>RAM size in bytes.</summary>
    public required ulong MemorySize { get; init; }

    /// <summary>MPIDR_EL1 affinity of each CPU.</summary>
    public required IReadOnlyList<ulong> CpuAffinities { get; init; }

    /// <summary>Kernel command line.</summary>
    public string BootArguments { get; init; } = "";

    /// <summary>Guest-physical range of the initial RAM disk, or null.</summary>
    public (ulong Start, ulong End)? Initrd { get; init; }

    /// <summary>Seed for the kernel's random number generator, or empty.</summary>
    public ReadOnlyMemory<byte> RngSeed { get; init; }

    /// <summary>There is a power button.</summary>
    public bool HasPowerButton { get; init; }

    /// <summary>There is a VM generation ID.</summary>
    public bool HasGenerationId { get; init; }

    /// <summary>Seed for kernel address space randomisation; null leaves the kernel where it is linked.</summary>
    public ulong? KaslrSeed { get; init; }
}

/// <summary>Describes the <c>virt</c> board as a device tree.</summary>
internal static class VirtDeviceTree
{
    private const uint GicPhandle = 1;
    private const uint ClockPhandle = 2;
    private const uint GpioPhandle = 3;

    // Interrupt specifier of the GIC binding (arm,gic-v3): type, number in its type, flags.
    private const uint Spi = 0;
    private const uint Ppi = 1;
    private const uint EdgeRising = 1;
    private const uint LevelHigh = 4;
    private const uint FirstPpi = 16;

    /// <summary>KEY_POWER of Linux's input-event-codes.h, which the binding refers to.</summary>
    private const uint KeyPower = 116;

    /// <summary>Frequency of the PrimeCells' bus clock, in Hz.</summary>
    private const uint ApbClockFrequency = 24_000_000;

    /// <summary>Builds the blob.</summary>
    public static byte[] Build(VirtDeviceTreeOptions options)
    {
        var tree = new DeviceTreeWriter();
        using (tree.Node(""))
        {
            tree.Strings("compatible", "linux,dummy-virt");
            tree.Strings("model", "linux,dummy-virt");
            tree.Cells("#address-cells", 2);
            tree.Cells("#size-cells", 2);
            tree.Cells("interrupt-parent", GicPhandle);
            WriteChosen(tree, options);
            WriteAliases(tree);
            WriteMemory(tree, options);
            WriteCpus(tree, options);
            WriteFirmware(tree);
            WriteTimer(tree);
            WriteInterruptController(tree);
            WritePrimeCells(tree);
            if (options.HasPowerButton)
                WritePowerButton(tree);
            if (options.HasGenerationId)
                WriteGenerationId(tree);
            WriteVirtioSlots(tree);
        }

        return tree.ToBlob((uint)options.CpuAffinities[0]);
    }

    private static void WriteChosen(DeviceTreeWriter tree, VirtDeviceTreeOptions options)
    {
        using var node = tree.Node("chosen");
        tree.Strings("bootargs", options.BootArguments);
        tree.Strings("stdout-path", $"/pl011@{MemoryMap.Pl011:x}");
        if (options.Initrd is var (start, end))
        {
            tree.Quads("linux,initrd-start", start);
            tree.Quads("linux,initrd-end", end);
        }

        if (!options.RngSeed.IsEmpty)
            tree.Bytes("rng-seed", options.RngSeed.Span);
        if (options.KaslrSeed is { } seed)
            tree.Quads("kaslr-seed", seed);
    }

    private static void WriteAliases(DeviceTreeWriter tree)
    {
        using var node = tree.Node("aliases");
        tree.Strings("serial0", $"/pl011@{MemoryMap.Pl011:x}");
    }

    private static void WriteMemory(DeviceTreeWriter tree, VirtDeviceTreeOptions options)
    {
        using var node = tree.Node($"memory@{MemoryMap.Ram:x}");
        tree.Strings("device_type", "memory");
        tree.Quads("reg", MemoryMap.Ram, options.MemorySize);
    }

    private static void WriteCpus(DeviceTreeWriter tree, VirtDeviceTreeOptions options)
    {
        using var cpus = tree.Node("cpus");
        tree.Cells("#address-cells", 1);
        tree.Cells("#size-cells", 0);
        foreach (ulong affinity in options.CpuAffinities)
        {
            using var cpu = tree.Node($"cpu@{affinity:x}");
            tree.Strings("device_type", "cpu");
            tree.Strings("compatible", "arm,armv8");
            tree.Cells("reg", (uint)affinity);
            tree.Strings("enable-method", "psci");
        }
    }

    private static void WriteFirmware(DeviceTreeWriter tree)
    {
        using (tree.Node("psci"))
        {
            tree.Strings("compatible", "arm,psci-1.0", "arm,psci-0.2");
            tree.Strings("method", "hvc");
        }

        using var firmware = tree.Node("firmware");
        using var sdei = tree.Node("sdei");
        tree.Strings("compatible", "arm,sdei-1.0");
        tree.Strings("method", "hvc");
    }

    private static void WriteTimer(DeviceTreeWriter tree)
    {
        using var node = tree.Node("timer");
        tree.Strings("compatible", "arm,armv8-timer", "arm,armv7-timer");
        tree.Flag("always-on");
        tree.Cells(
            "interrupts",
            Ppi, MemoryMap.SecureTimerPpi - FirstPpi, LevelHigh,
            Ppi, MemoryMap.PhysicalTimerPpi - FirstPpi, LevelHigh,
            Ppi, MemoryMap.VirtualTimerPpi - FirstPpi, LevelHigh,
            Ppi, MemoryMap.HypervisorTimerPpi - FirstPpi, LevelHigh);
    }

    private static void WriteInterruptController(DeviceTreeWriter tree)
    {
        using var node = tree.Node($"intc@{MemoryMap.GicDistributor:x}");
        tree.Strings("compatible", "arm,gic-v3");
        tree.Cells("phandle", GicPhandle);
        tree.Cells("#interrupt-cells", 3);
        tree.Flag("interrupt-controller");
        tree.Cells("#redistributor-regions", 1);
        tree.Cells("#address-cells", 2);
        tree.Cells("#size-cells", 2);
        tree.Flag("ranges");
        tree.Quads(
            "reg",
            MemoryMap.GicDistributor, MemoryMap.GicDistributorSize,
            MemoryMap.GicRedistributor, MemoryMap.GicRedistributorSize);
    }

    private static void WritePrimeCells(DeviceTreeWriter tree)
    {
        using (tree.Node("apb-pclk"))
        {
            tree.Strings("compatible", "fixed-clock");
            tree.Cells("#clock-cells", 0);
            tree.Cells("clock-frequency", ApbClockFrequency);
            tree.Strings("clock-output-names", "clk24mhz");
            tree.Cells("phandle", ClockPhandle);
        }

        using (tree.Node($"pl011@{MemoryMap.Pl011:x}"))
        {
            tree.Strings("compatible", "arm,pl011", "arm,primecell");
            tree.Quads("reg", MemoryMap.Pl011, MemoryMap.PrimeCellSize);
            tree.Cells("interrupts", Spi, MemoryMap.Pl011Spi, LevelHigh);
            tree.Strings("clock-names", "uartclk", "apb_pclk");
            tree.Cells("clocks", ClockPhandle, ClockPhandle);
        }

        using (tree.Node($"pl031@{MemoryMap.Pl031:x}"))
        {
            tree.Strings("compatible", "arm,pl031", "arm,primecell");
            tree.Quads("reg", MemoryMap.Pl031, MemoryMap.PrimeCellSize);
            tree.Cells("interrupts", Spi, MemoryMap.Pl031Spi, LevelHigh);
            tree.Strings("clock-names", "apb_pclk");
            tree.Cells("clocks", ClockPhandle);
        }
    }

    // Documentation/devicetree/bindings: gpio/pl061-gpio.yaml, input/gpio-keys.yaml.
    private static void WritePowerButton(DeviceTreeWriter tree)
    {
        using (tree.Node($"pl061@{MemoryMap.Pl061:x}"))
        {
            tree.Strings("compatible", "arm,pl061", "arm,primecell");
            tree.Quads("reg", MemoryMap.Pl061, MemoryMap.PrimeCellSize);
            tree.Cells("interrupts", Spi, MemoryMap.Pl061Spi, LevelHigh);
            tree.Flag("gpio-controller");
            tree.Cells("#gpio-cells", 2);
            tree.Flag("interrupt-controller");
            tree.Cells("#interrupt-cells", 2);
            tree.Strings("clock-names", "apb_pclk");
            tree.Cells("clocks", ClockPhandle);
            tree.Cells("phandle", GpioPhandle);
        }

        using var keys = tree.Node("gpio-keys");
        tree.Strings("compatible", "gpio-keys");
        using var key = tree.Node("poweroff");
        tree.Strings("label", "GPIO Key Poweroff");
        tree.Cells("linux,code", KeyPower);
        // Flags 0: active high.
        tree.Cells("gpios", GpioPhandle, MemoryMap.PowerButtonLine, 0);
    }

    // Documentation/devicetree/bindings/rng/microsoft,vmgenid.yaml.
    private static void WriteGenerationId(DeviceTreeWriter tree)
    {
        using var node = tree.Node($"vmgenid@{MemoryMap.GenerationId:x}");
        tree.Strings("compatible", "microsoft,vmgenid");
        tree.Quads("reg", MemoryMap.GenerationId, MemoryMap.GenerationIdSize);
        tree.Cells("interrupts", Spi, MemoryMap.GenerationIdSpi, EdgeRising);
    }

    private static void WriteVirtioSlots(DeviceTreeWriter tree)
    {
        for (int slot = 0; slot < MemoryMap.VirtioMmioSlots; slot++)
        {
            ulong address = MemoryMap.VirtioMmio + ((ulong)slot * MemoryMap.VirtioMmioStride);
            using var node = tree.Node($"virtio_mmio@{address:x}");
            tree.Strings("compatible", "virtio,mmio");
            tree.Quads("reg", address, MemoryMap.VirtioMmioStride);
            // Level, though QEMU says edge: the line is a level, and Linux takes either.
            tree.Cells("interrupts", Spi, (uint)(MemoryMap.VirtioMmioSpi + slot), LevelHigh);
            tree.Flag("dma-coherent");
        }
    }
}
