using System.Collections.Immutable;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>How pages are made smaller on their way: QAPI's MultiFDCompression.</summary>
internal enum MigrationCompression
{
    /// <summary>Not.</summary>
    None,

    /// <summary>With zstd.</summary>
    Zstd,
}

/// <summary>What the user set for migrations: QEMU's capabilities and parameters, with QEMU's values to begin with.</summary>
internal sealed record MigrationConfiguration
{
    /// <summary>What is switched on.</summary>
    public ImmutableHashSet<MigrationCapability> Capabilities { get; init; } = [];

    /// <summary>Bytes per second; 0: no limit.</summary>
    public ulong MaximumBandwidth { get; init; } = 128 << 20;

    /// <summary>Bytes per second of the background push of a post-copy; 0: no limit.</summary>
    public ulong MaximumPostcopyBandwidth { get; init; }

    /// <summary>Longest that the guest may stand still, in milliseconds.</summary>
    public long DowntimeLimit { get; init; } = 300;

    /// <summary>First slowing of the vCPUs, in percent.</summary>
    public int CpuThrottleInitial { get; init; } = 20;

    /// <summary>Each further one.</summary>
    public int CpuThrottleIncrement { get; init; } = 10;

    /// <summary>Most of all.</summary>
    public int MaximumCpuThrottle { get; init; } = 99;

    /// <summary>How pages are made smaller.</summary>
    public MigrationCompression Compression { get; init; }

    /// <summary>How hard zstd tries.</summary>
    public int ZstdLevel { get; init; } = 1;

    /// <summary>Connections, with <see cref="MigrationCapability.Multifd"/>.</summary>
    public int MultifdChannels { get; init; } = 2;

    /// <summary>Name of the credentials' object; empty: no TLS.</summary>
    public string TlsCredentials { get; init; } = "";

    /// <summary>Name that the peer's certificate must have; empty: the host's of the address.</summary>
    public string TlsHostname { get; init; } = "";

    /// <summary>Folder of the certificates of <see cref="TlsCredentials"/>; null: no TLS. Set when a migration starts.</summary>
    public string? TlsFolder { get; init; }

    /// <summary>This capability is on.</summary>
    public bool Has(MigrationCapability capability) => Capabilities.Contains(capability);
}
