using Meanwhile.Arm64.Decoding.Encodings;

namespace Meanwhile.Arm64.Decoding;

/// <summary>The one decoder: finds the <see cref="Encoding"/> of an instruction word.</summary>
public sealed class Decoder
{
    /// <summary>Bits 31..21 choose a bucket: every group of the manual differs in them.</summary>
    private const int BucketShift = 21;

    private readonly Encoding[][] buckets = new Encoding[1 << (32 - BucketShift)][];

    private Decoder(IEnumerable<EncodingGroup> groups)
    {
        Groups = [.. groups];
        Encoding[] all = [.. Groups.SelectMany(group => group.Encodings)];
        for (uint bucket = 0; bucket < buckets.Length; bucket++)
        {
            uint high = bucket << BucketShift;
            buckets[bucket] = [.. all.Where(e => ((high ^ e.Value) & e.Mask >> BucketShift << BucketShift) == 0)];
        }
    }

    /// <summary>The decoder of everything this core implements.</summary>
    public static Decoder Instance { get; } = new(A64.Groups);

    /// <summary>All groups, for tests and tools.</summary>
    public IReadOnlyList<EncodingGroup> Groups { get; }

    /// <summary>The encoding of <paramref name="word"/>, or null when it is unallocated (UNDEFINED) here.</summary>
    public Encoding? Decode(uint word)
    {
        foreach (Encoding encoding in buckets[word >> BucketShift])
        {
            if (encoding.Matches(word))
                return encoding;
        }
        return null;
    }
}
