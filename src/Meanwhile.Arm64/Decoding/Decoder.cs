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
        var lists = new List<Encoding>[buckets.Length];
        for (int bucket = 0; bucket < lists.Length; bucket++)
            lists[bucket] = [];
        foreach (Encoding encoding in Groups.SelectMany(group => group.Encodings))
        {
            // The encoding's own bits, and all values of those that it leaves open: a process waits for this before its first instruction.
            uint open = ~(encoding.Mask >> BucketShift) & (uint)(buckets.Length - 1), bits = 0;
            do
            {
                lists[(encoding.Value >> BucketShift & ~open) | bits].Add(encoding);
                bits = (bits - open) & open;
            }
            while (bits != 0);
        }
        for (int bucket = 0; bucket < lists.Length; bucket++)
            buckets[bucket] = [.. lists[bucket]];
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
