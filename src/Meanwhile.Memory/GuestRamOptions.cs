using Meanwhile.Memory.Sources;

namespace Meanwhile.Memory;

/// <summary>How much RAM a guest has, and how much host memory it may have of it.</summary>
public sealed record GuestRamOptions
{
    /// <summary>
    /// Smallest <see cref="ResidentLimit"/> in bytes: half of the limit may be pinned, and a device must be able to hold the largest pin
    /// twice (<see cref="GuestRam.MaximumPinnedPages"/>), so that a transfer cannot wait for itself.
    /// </summary>
    public const long MinimumResidentLimit = 4L * GuestRam.MaximumPinnedPages * GuestRam.PageSize;

    /// <summary>Size of RAM in bytes, a multiple of <see cref="GuestRam.PageSize"/>.</summary>
    public required long Size { get; init; }

    /// <summary>Most bytes of RAM that may have host memory at once; null, or at least <see cref="Size"/>: no limit.</summary>
    public long? ResidentLimit { get; init; }

    /// <summary>Where evicted pages go. Needed with a limit. Disposed with the <see cref="GuestRam"/>.</summary>
    public IPageStore? Store { get; init; }

    /// <summary>Where pages are that <see cref="GuestRam.MarkAbsent(PageBitmap)"/> names. Disposed with the <see cref="GuestRam"/>.</summary>
    public IPageSource? Origin { get; init; }

    /// <summary>The machine's clock. Needed with a limit or an origin.</summary>
    public IMemoryClock? Clock { get; init; }

    /// <summary>Reclaim starts when fewer bytes than this are free under the limit; null: 1/64 of the limit, at most 16 MiB.</summary>
    public long? LowWatermark { get; init; }

    /// <summary>Reclaim goes on until so many bytes are free; null: twice the low watermark.</summary>
    public long? HighWatermark { get; init; }

    /// <summary>Most pages one reclaim round chooses.</summary>
    public int ReclaimBatch { get; init; } = 512;

    /// <summary>Most pages written in one operation.</summary>
    public int WriteCluster { get; init; } = 32;

    /// <summary>For tests of small models only: takes <see cref="MinimumResidentLimit"/>'s place.</summary>
    internal long SmallestLimit { get; init; } = MinimumResidentLimit;

    internal bool IsLimited => ResidentLimit is long limit && limit < Size;

    /// <exception cref="ArgumentException">Names the option and what it may be.</exception>
    internal void Validate()
    {
        if (Size <= 0 || Size % GuestRam.PageSize != 0)
            throw new ArgumentException($"Guest RAM of {Size} bytes is not a positive multiple of {GuestRam.PageSize} bytes.");
        if (ResidentLimit is long limit && limit < Math.Min(SmallestLimit, Size))
            throw new ArgumentException($"A resident limit of {limit} bytes is too small: the minimum is {Math.Min(SmallestLimit, Size)} bytes.");
        if (IsLimited && Store is null)
            throw new ArgumentException($"A resident limit of {ResidentLimit} bytes for {Size} bytes of RAM needs a page store.");
        if ((IsLimited || Origin is not null) && Clock is null)
            throw new ArgumentException("A resident limit or an origin needs the machine's clock.");
        if (ReclaimBatch <= 0 || WriteCluster is <= 0 or > SwapFile.MaximumCluster)
            throw new ArgumentException(
                $"A reclaim batch of {ReclaimBatch} or a write cluster of {WriteCluster} pages (1 to {SwapFile.MaximumCluster}) is out of range.");
        if (LowWatermark < 0 || HighWatermark < (LowWatermark ?? 0) || HighWatermark > ResidentLimit / 2)
            throw new ArgumentException(
                $"Watermarks of {LowWatermark} and {HighWatermark} bytes are out of order, or more than half of the limit of {ResidentLimit} bytes.");
    }
}
