using Meanwhile.Cli.Bench.Guests;

namespace Meanwhile.Cli.Tests.Bench.Guests;

public sealed class Statistics_Tests
{
    [Theory]
    [InlineData(5.0, 5.0)]
    [InlineData(2.0, 9.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 3.0, 2.0)]
    public void The_median_is_the_middle_or_the_mean_of_the_two_there(double median, params double[] values) =>
        Assert.Equal(median, Statistics.Median(values));

    [Fact]
    public void There_is_no_median_of_nothing() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));

    [Theory]
    [InlineData(1.0, 2.0, 0.5)]
    [InlineData(2.0, 1.0, 2.0, 4.0)]
    [InlineData(3.0, 3.0)]
    public void The_geometric_mean_is_the_root_of_the_product(double mean, params double[] ratios) =>
        Assert.Equal(mean, Statistics.GeometricMean(ratios), 12);

    [Fact]
    public void Ratios_are_taken_round_by_round_before_the_median()
    {
        // Medians of the sides would give 3 / 2; a host that was slow in the second round slowed both.
        WorkloadSeries series = Series("md5", ours: [2, 30, 3], peer: [1, 20, 2]);
        Assert.Equal([2, 1.5, 1.5], series.Ratios);
        Assert.Equal(1.5, series.RatioMedian);
        Assert.Equal([6, 4.5, 4.5], series.CpuRatios);
    }

    [Fact]
    public void Without_a_peer_there_is_no_ratio_and_no_mean()
    {
        WorkloadSeries series = Series("md5", ours: [2, 3], peer: []);
        Assert.Null(series.RatioMedian);
        Assert.Null(GuestBenchReport.GeometricMean([series]));
    }

    [Fact]
    public void The_mean_is_of_the_workloads_medians() =>
        Assert.Equal(2, GuestBenchReport.GeometricMean([Series("md5", [1], [1]), Series("gzip", [4], [1])])!.Value, 12);

    internal static WorkloadSeries Series(string name, double[] ours, double[] peer)
    {
        var series = new WorkloadSeries(Workload.All.Single(workload => workload.Name == name));
        series.Ours.AddRange(ours.Select(seconds => new WorkloadTime(name, seconds, 3 * seconds, seconds + 0.01, "")));
        series.Peer.AddRange(peer.Select(seconds => new WorkloadTime(name, seconds, seconds, seconds, "")));
        return series;
    }
}
