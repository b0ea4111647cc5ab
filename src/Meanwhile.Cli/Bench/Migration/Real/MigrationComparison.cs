using System.Globalization;
using Meanwhile.Cli.Bench.Guests;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>Something that our side must reach.</summary>
/// <param name="Text">What, with the figures.</param>
/// <param name="IsMet">It does.</param>
internal sealed record MigrationRequirement(string Text, bool IsMet);

/// <summary>Our side against the peer's, with the preempt channel, at one bandwidth; by medians of the rounds.</summary>
/// <param name="Bandwidth">Bytes per second; 0: no limit.</param>
/// <param name="Requirements">What must be.</param>
internal sealed record MigrationComparison(long Bandwidth, IReadOnlyList<MigrationRequirement> Requirements)
{
    private const double MostOfPeersGap = 0.2;
    private const double LeastCalculation = 0.85;

    /// <summary>Those at which both sides were measured.</summary>
    public static IEnumerable<MigrationComparison> All(IReadOnlyList<MigrationSeries> all)
    {
        foreach (IGrouping<long, MigrationSeries> series in all.GroupBy(series => series.Bandwidth))
        {
            MigrationSeries? ours = series.FirstOrDefault(one => one.Side.Name == MigrationSide.OursName);
            if (ours is not null && series.FirstOrDefault(one => one != ours && one.Side.Preempts) is { } peer)
                yield return new MigrationComparison(series.Key, Of(ours.Runs, peer.Runs));
        }
    }

    private static MigrationRequirement[] Of(List<MigrationFigures> ours, List<MigrationFigures> peer)
    {
        return
        [
            NoMore("stop, ms", figures => figures.StopMs, 1),
            NoMore("longest gap of the calculation, ms", figures => figures.LongestGapMs, MostOfPeersGap),
            Requirement("calculation, relative to before", Median(ours, figures => figures.Calculation), LeastCalculation, isLeast: true),
            Requirement("pages/s", Median(ours, figures => figures.PagesPerSecond), Median(peer, figures => figures.PagesPerSecond), isLeast: true),
            NoMore("total time, ms", figures => figures.TotalMs, 1),
        ];

        MigrationRequirement NoMore(string what, Func<MigrationFigures, double> of, double share) =>
            Requirement(what, Median(ours, of), Median(peer, of) * share, isLeast: false);
    }

    private static MigrationRequirement Requirement(string what, double value, double bound, bool isLeast) => new(
        string.Create(CultureInfo.InvariantCulture, $"{what}: {value:0.##}, at {(isLeast ? "least" : "most")} {bound:0.##}"),
        isLeast ? value >= bound : value <= bound);

    private static double Median(List<MigrationFigures> runs, Func<MigrationFigures, double> of) => Statistics.Median(runs.Select(of));
}
