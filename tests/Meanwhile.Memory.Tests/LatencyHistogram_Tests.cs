using CsCheck;
using Meanwhile.Memory.Statistics;

namespace Meanwhile.Memory.Tests;

public class LatencyHistogram_Tests
{
    [Fact]
    public void Percentiles_are_at_most_an_eighth_above_the_exact_ones()
    {
        Gen.Select(Gen.Long[0, 40].SelectMany(bits => Gen.Long[0, 1L << (int)bits]).Array[1, 200], Gen.Double[0, 100]).Sample((times, percent) =>
        {
            var histogram = new LatencyHistogram();
            foreach (long time in times)
                histogram.Record(time);
            long[] sorted = [.. times.Order()];
            long exact = sorted[Math.Max(1, (int)Math.Ceiling(times.Length * percent / 100)) - 1];
            Assert.InRange(histogram.Percentile(percent), exact, exact + (exact / 8));
            Assert.Equal((times.Length, times.Sum(), times.Max()), (histogram.Count, histogram.Total, histogram.Maximum));
        });
    }

    [Fact]
    public void The_largest_time_has_a_bucket()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(long.MaxValue);
        histogram.Record(-5);
        Assert.Equal(long.MaxValue, histogram.Percentile(100));
        Assert.Equal(0, histogram.Percentile(50));
    }

    [Fact]
    public void Nothing_recorded_is_zero_everywhere()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal((0, 0, 0), (histogram.Mean, histogram.Percentile(99), histogram.Maximum));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Percentile(101));
    }
}
