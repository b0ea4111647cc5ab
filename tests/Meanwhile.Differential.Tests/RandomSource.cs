namespace Meanwhile.Differential.Tests;

/// <summary>Random bits from a seed (SplitMix64): the same on every machine and for every version of .NET.</summary>
internal struct RandomSource(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        state += 0x9E37_79B9_7F4A_7C15;
        ulong z = state;
        z = (z ^ z >> 30) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ z >> 27) * 0x94D0_49BB_1331_11EB;
        return z ^ z >> 31;
    }

    /// <summary>A number from 0 up to, not including, <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)((Next() >> 32) * (ulong)limit >> 32);

    public bool OneIn(int n) => Below(n) == 0;

    public ulong Pick(ReadOnlySpan<ulong> values) => values[Below(values.Length)];
}
