using System.Numerics;

namespace Meanwhile.Memory.Statistics;

/// <summary>
/// How long something took, in nanoseconds of the machine's clock: counts in buckets that are at most an eighth of their value wide.
/// Not thread safe: its owner's lock protects it.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 3;
    private const int SubBuckets = 1 << SubBucketBits;

    private readonly long[] buckets = new long[(64 - SubBucketBits) * SubBuckets];

    /// <summary>How many times were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of the recorded times, in nanoseconds.</summary>
    public long Total { get; private set; }

    /// <summary>The longest recorded time, in nanoseconds; 0 when there is none.</summary>
    public long Maximum { get; private set; }

    /// <summary>Mean of the recorded times, in nanoseconds; 0 when there is none.</summary>
    public long Mean => Count == 0 ? 0 : Total / Count;

    /// <summary>Records one time, in nanoseconds. A negative one counts as 0.</summary>
    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        buckets[BucketOf(nanoseconds)]++;
        Count++;
        Total += nanoseconds;
        Maximum = Math.Max(Maximum, nanoseconds);
    }

    /// <summary>
    /// The time that <paramref name="percent"/> of the recorded ones do not exceed, in nanoseconds, rounded up to its bucket's end
    /// but not above <see cref="Maximum"/>; 0 when there is none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is not in 0..100.</exception>
    public long Percentile(double percent)
    {
        if (!(percent >= 0 && percent <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is between 0 and 100.");
        long rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (int bucket = 0; bucket < buckets.Length; bucket++)
        {
            seen += buckets[bucket];
            if (seen >= rank)
                return Math.Min(LastOf(bucket), Maximum);
        }
        return 0;
    }

    /// <summary>A copy that later recording does not change.</summary>
    public LatencyHistogram Copy()
    {
        var copy = new LatencyHistogram { Count = Count, Total = Total, Maximum = Maximum };
        buckets.CopyTo(copy.buckets, 0);
        return copy;
    }

    // Values below SubBuckets have a bucket each; above, the top SubBucketBits + 1 bits of the value name the bucket.
    private static int BucketOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(value >> shift);
    }

    private static long LastOf(int bucket)
    {
        int shift = Math.Max(0, (bucket >> SubBucketBits) - 1);
        long top = bucket - ((long)shift << SubBucketBits);
        return (top << shift) + ((1L << shift) - 1);
    }
}
