using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor;

/// <summary>Makes the engine of one vCPU.</summary>
public delegate IVcpuEngine VcpuEngineFactory(IPhysicalMemory memory, ISystemRegisterBus systemRegisters, ulong mpidr);

/// <summary>What a <see cref="VirtualMachine"/> is made of.</summary>
public sealed record VirtualMachineOptions
{
    /// <summary>The machine's one clock. The machine does not dispose it.</summary>
    public required IClock Clock { get; init; }

    /// <summary>Guest RAM. The machine does not dispose it.</summary>
    public required GuestRam Ram { get; init; }

    /// <summary>Guest-physical address of all of <see cref="Ram"/>.</summary>
    public ulong RamBase { get; init; } = 0x4000_0000;

    /// <summary>Number of vCPUs; exactly 1 on the virtual clock.</summary>
    public int VcpuCount { get; init; } = 1;

    /// <summary>Number of shared peripheral interrupts, a multiple of 32 up to 960.</summary>
    public int SpiCount { get; init; } = 256;

    /// <summary>Guest-physical address of the GIC's distributor; 64 KiB.</summary>
    public ulong DistributorBase { get; init; } = 0x0800_0000;

    /// <summary>Guest-physical address of the GIC's redistributors; 128 KiB for each vCPU.</summary>
    public ulong RedistributorBase { get; init; } = 0x080A_0000;

    /// <summary>Makes the vCPUs' engines; default: the software core.</summary>
    public VcpuEngineFactory EngineFactory { get; init; } = static (memory, registers, mpidr) => new SoftwareEngine(memory, registers, mpidr);

    /// <summary>Randomness for the guest (TRNG). Default: seeded with 0 on the virtual clock, the host's on the real one.</summary>
    public IEntropySource? Entropy { get; init; }
}
