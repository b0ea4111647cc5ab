using Meanwhile.Migration.Transport;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>Knows each connection's seeds, as its ends do: what a peer can do that has the session's secret.</summary>
internal sealed class Eavesdropper
{
    private readonly Dictionary<bool, (ulong Source, ulong Destination)> seeds = [];
    private readonly Dictionary<bool, Hello> hellos = [];
    private byte[] secret = [];

    /// <summary>Listens to a frame, and tells the seed of its checksum. False while the connection greets.</summary>
    public bool TryGetSeed(LinkFrame frame, out ulong seed)
    {
        if (FrameFormat.Kind(frame.Bytes) == FrameKind.Hello && frame.FromSource)
        {
            hellos[frame.IsUrgent] = Hello.Read(FrameFormat.Payload(frame.Bytes));
            if (hellos[frame.IsUrgent].Secret.Length != 0)
                secret = hellos[frame.IsUrgent].Secret;
        }
        else if (FrameFormat.Kind(frame.Bytes) == FrameKind.HelloAck)
        {
            var secrets = new ConnectionSecrets(secret, hellos[frame.IsUrgent], HelloAck.Read(FrameFormat.Payload(frame.Bytes)).Nonce);
            seeds[frame.IsUrgent] = (secrets.SeedFromSource, secrets.SeedFromDestination);
        }
        bool known = seeds.TryGetValue(frame.IsUrgent, out (ulong Source, ulong Destination) both);
        seed = frame.FromSource ? both.Source : both.Destination;
        return known;
    }
}
