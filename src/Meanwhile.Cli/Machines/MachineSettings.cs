using Meanwhile.Arm64;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Machine.Board;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Cli.Machines;

/// <summary>What the user asked a machine to be; sizes in bytes, times in nanoseconds.</summary>
internal sealed record MachineSettings
{
    /// <summary>Path of the kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>Path of the initial RAM disk, or null.</summary>
    public string? Initrd { get; init; }

    /// <summary>The whole kernel command line.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Disks.</summary>
    public IReadOnlyList<DiskOptions> Disks { get; init; } = [];

    /// <summary>Guest RAM.</summary>
    public required long Memory { get; init; }

    /// <summary>Number of virtual CPUs; 1 on the virtual clock.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Most RAM that may be resident; null: all of it.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>Path of the swap file; null: one is made in the folder for temporary files when there is a limit.</summary>
    public string? Swap { get; init; }

    /// <summary>Latency of a swap read or write.</summary>
    public long SwapLatency { get; init; }

    /// <summary>Offer asynchronous page faults to the guest.</summary>
    public bool AsyncPageFaults { get; init; } = true;

    /// <summary>The guest comes from another machine; this one does not boot.</summary>
    public bool IsIncoming { get; init; }

    /// <summary>Virtual clock instead of the host's.</summary>
    public bool VirtualClock { get; init; }

    /// <summary>How the vCPUs execute instructions.</summary>
    public ExecutionEngine Engine { get; init; } = Core.DefaultEngine;

    /// <summary>Name translated code for Linux perf.</summary>
    public bool PerfMap { get; init; }

    /// <summary>Count blocks and TLB hits in translated code, which slows it down.</summary>
    public bool Counting { get; init; }

    /// <summary>On the virtual clock: nanoseconds that an instruction takes.</summary>
    public int NanosecondsPerInstruction { get; init; } = 2;

    /// <summary>Give the guest a power button.</summary>
    public bool PowerButton { get; init; }

    /// <summary>Give the guest a VM generation ID.</summary>
    public bool GenerationId { get; init; }

    /// <summary>Makes what the guest's pages come from when it is restored lazily, on the machine's clock; null: RAM begins empty.</summary>
    public Func<IClock, IPageSource>? Origin { get; init; }

    /// <summary>On the virtual clock: where the guest's randomness starts.</summary>
    public ulong Seed { get; init; }
}
