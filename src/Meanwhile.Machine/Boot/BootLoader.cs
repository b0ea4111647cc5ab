using System.Buffers.Binary;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Machine.Board;
using Meanwhile.Machine.DeviceTree;

namespace Meanwhile.Machine.Boot;

/// <summary>Loads a kernel with what belongs to it, and sets the boot CPU as the arm64 boot protocol wants it.</summary>
internal static class BootLoader
{
    private const int RngSeedSize = 64;

    /// <summary>Loads into a machine that is in reset state.</summary>
    public static void Load(VirtMachineOptions options, VirtualMachine machine, IEntropySource entropy)
    {
        KernelImage kernel = KernelLoader.Load(options.Kernel);
        using FileStream? initrd = options.Initrd is { } path ? BootFile.Open(path, "initrd") : null;
        if (initrd is { Length: 0 })
            throw new BootException($"initrd '{options.Initrd}' is empty");
        BootLayout layout = BootLayout.Place(kernel, options.Initrd, initrd?.Length ?? 0, machine.Ram.Size);

        byte[] tree = VirtDeviceTree.Build(new VirtDeviceTreeOptions
        {
            MemorySize = (ulong)machine.Ram.Size,
            CpuAffinities = [.. machine.Vcpus.Select(vcpu => vcpu.Mpidr & 0xFF_00FF_FFFF)],
            BootArguments = options.CommandLine,
            Initrd = initrd is null ? null : (MemoryMap.Ram + (ulong)layout.Initrd, MemoryMap.Ram + (ulong)(layout.Initrd + initrd.Length)),
            HasPowerButton = options.HasPowerButton,
            HasGenerationId = options.HasGenerationId,
            RngSeed = RngSeed(entropy),
            KaslrSeed = options.RandomizesKernelAddress ? entropy.NextUInt64() : null,
        });
        if (tree.Length > layout.Kernel)
            throw new BootException(
                $"the kernel command line is too long: the device tree has {tree.Length} bytes, there is room for {layout.Kernel}");

        var writer = new GuestRamWriter(machine.Ram, machine.Clock as VirtualClock);
        writer.Write(BootLayout.DeviceTree, tree);
        writer.Write(layout.Kernel, kernel.Content.Span);
        if (initrd is not null)
            LoadInitrd(writer, layout, initrd, options.Initrd!);

        // Documentation/arch/arm64/booting.rst: x0 the device tree, x1..x3 zero; EL1 and masked interrupts are the reset state.
        IVcpuEngine cpu = machine.Vcpus[0].Engine;
        cpu.SetRegister(VcpuRegister.X0, MemoryMap.Ram + (ulong)BootLayout.DeviceTree);
        for (int i = 1; i <= 3; i++)
            cpu.SetRegister(VcpuRegister.X0 + i, 0);
        cpu.SetRegister(VcpuRegister.Pc, MemoryMap.Ram + (ulong)layout.Kernel);
    }

    private static void LoadInitrd(GuestRamWriter writer, BootLayout layout, FileStream initrd, string path)
    {
        try
        {
            writer.Write(layout.Initrd, initrd, initrd.Length);
        }
        catch (IOException error)
        {
            throw new BootException($"initrd '{path}' cannot be read: {error.Message}", error);
        }
    }

    private static byte[] RngSeed(IEntropySource entropy)
    {
        var seed = new byte[RngSeedSize];
        for (int i = 0; i < seed.Length; i += sizeof(ulong))
            BinaryPrimitives.WriteUInt64LittleEndian(seed.AsSpan(i), entropy.NextUInt64());
        return seed;
    }
}
