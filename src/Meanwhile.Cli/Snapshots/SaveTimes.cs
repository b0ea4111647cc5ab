namespace Meanwhile.Cli.Snapshots;

/// <summary>What a save took.</summary>
/// <param name="Held">That the guest was held for it.</param>
/// <param name="Total">Until the file was whole and on the disk.</param>
internal readonly record struct SaveTimes(TimeSpan Held, TimeSpan Total);
