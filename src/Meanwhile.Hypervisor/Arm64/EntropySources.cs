using System.Security.Cryptography;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Arm64;

/// <summary>Where the guest's random numbers come from.</summary>
public interface IEntropySource
{
    /// <summary>64 random bits. Any thread.</summary>
    ulong NextUInt64();
}

/// <summary>The host's random numbers.</summary>
public sealed class HostEntropySource : IEntropySource
{
    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}

/// <summary>Numbers that follow from a seed (SplitMix64), for runs that are to be repeated. Not secret.</summary>
public sealed class SeededEntropySource(ulong seed) : IEntropySource, IStateSection
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;
    private ulong state = seed;

    /// <inheritdoc/>
    public string SectionName => "entropy";

    /// <inheritdoc/>
    public int SectionVersion => 1;

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt64(Volatile.Read(ref state));
    }

    /// <inheritdoc/>
    public void Restore(StateReader reader, int version)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Volatile.Write(ref state, reader.ReadUInt64());
    }

    /// <summary>Begins anew, with the numbers of another seed. Any thread.</summary>
    public void Reseed(ulong newSeed) => Volatile.Write(ref state, newSeed);

    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        ulong value = Interlocked.Add(ref state, Step);
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
