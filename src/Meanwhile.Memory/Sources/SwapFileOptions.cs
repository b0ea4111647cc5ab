namespace Meanwhile.Memory.Sources;

/// <summary>Where and how a guest's absent pages are kept.</summary>
public sealed record SwapFileOptions
{
    /// <summary>Path of the file, which must not exist, or of a block or character device, which must.</summary>
    public required string Path { get; init; }

    /// <summary>Most bytes the file may hold; rounded down to whole pages.</summary>
    public required long MaximumSize { get; init; }

    /// <summary>Added to each read and write, in nanoseconds of the machine's clock.</summary>
    public long Latency { get; init; }

    /// <summary>Most operations in flight.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>Allocate the whole file when it is made, so that the host's disk cannot run full under it; else it is sparse.</summary>
    public bool Preallocate { get; init; }

    /// <summary>Go past the host's page cache (O_DIRECT) where the file system allows it.</summary>
    public bool Direct { get; init; } = true;
}
