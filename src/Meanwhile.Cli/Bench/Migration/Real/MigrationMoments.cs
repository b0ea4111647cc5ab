namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>When the steps of a migration were, in seconds of the host's clock.</summary>
/// <param name="Steady">From here to <paramref name="Started"/> the guest works undisturbed.</param>
/// <param name="Started">The source was told to migrate.</param>
/// <param name="Stopped">The source's event STOP.</param>
/// <param name="Resumed">The destination's event RESUME.</param>
/// <param name="Completed">The destination has all memory: its event MIGRATION, completed.</param>
internal sealed record MigrationMoments(double Steady, double Started, double Stopped, double Resumed, double Completed);
