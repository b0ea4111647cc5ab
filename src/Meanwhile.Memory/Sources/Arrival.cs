namespace Meanwhile.Memory.Sources;

/// <summary>What became of a page given to <see cref="ArrivingPages.Arrive"/>.</summary>
public enum Arrival
{
    /// <summary>It was missing, and is in guest RAM now or as soon as there is a frame for it.</summary>
    Taken,

    /// <summary>It was not missing: arrived before, or never expected.</summary>
    Ignored,

    /// <summary>Too many wait for frames: offer it again after <see cref="ArrivingPages.RoomAgain"/>. Never the answer for a page that somebody waits for.</summary>
    NoRoom,

    /// <summary>There is no such page, or no page is expected: the peer is wrong.</summary>
    NotInRam,
}

/// <summary>What <see cref="ArrivingPages"/> did so far.</summary>
public sealed record ArrivingPagesStatistics
{
    /// <summary>Pages that have not arrived.</summary>
    public required long Missing { get; init; }

    /// <summary>Pages of these that somebody waits for.</summary>
    public required long Wanted { get; init; }

    /// <summary>Pages that arrived and wait for a frame.</summary>
    public required long Waiting { get; init; }

    /// <summary>Pages that were asked for.</summary>
    public required long Requested { get; init; }

    /// <summary>Pages that arrived while they were missing.</summary>
    public required long Arrived { get; init; }

    /// <summary>Pages that came though they were not missing.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Pages of these that are all zero.</summary>
    public required long Zero { get; init; }

    /// <summary>Pages that arrived and were dropped, because the guest had overwritten all of them.</summary>
    public required long Overwritten { get; init; }
}
