namespace Meanwhile.Guest.Tests.Machines;

/// <summary>What a test's machine is; sizes in bytes, times in nanoseconds.</summary>
internal sealed record GuestSettings
{
    public required string Kernel { get; init; }

    public string? Initrd { get; init; }

    public string CommandLine { get; init; } = "";

    /// <summary>Several run on the real clock, each on its thread.</summary>
    public int Cpus { get; init; } = 1;

    public long Memory { get; init; } = 64 << 20;

    public long? Limit { get; init; }

    public long Latency { get; init; } = 1_000_000;

    /// <summary>Paths of disk images, which the guest may write.</summary>
    public IReadOnlyList<string> Disks { get; init; } = [];

    public bool PowerButton { get; init; }

    public bool AsyncPageFaults { get; init; } = true;

    /// <summary>Time of the machine's clock after which the machine is stopped.</summary>
    public long Bound { get; init; } = 10_000_000_000;

    public string Engine { get; init; } = GuestEngines.Interpreter;
}
