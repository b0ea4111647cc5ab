using System.Security.Cryptography;

namespace Meanwhile.Migration.Wire;

/// <summary>The first frame of a connection, from the source.</summary>
internal sealed record Hello(
    ushort Oldest, ushort Newest, ChannelKind Channel, ConnectionPurpose Purpose, Capabilities Capabilities, byte[] SessionId, byte[] Nonce, byte[] Secret)
{
    public void Write(FrameWriter writer)
    {
        writer.UInt64(Protocol.Magic);
        writer.UInt16(Oldest);
        writer.UInt16(Newest);
        writer.UInt8((byte)Channel);
        writer.UInt8((byte)Purpose);
        writer.UInt16(0);
        writer.UInt32((uint)Capabilities);
        writer.Bytes(SessionId);
        writer.Bytes(Nonce);
        if (Purpose == ConnectionPurpose.Begin)
            writer.Bytes(Secret);
    }

    /// <exception cref="ProtocolException">It is none, or of a version range that this program does not speak.</exception>
    public static Hello Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(FrameKind.Hello, payload);
        if (reader.UInt64() != Protocol.Magic)
            throw new ProtocolException("a greeting that is not this protocol's");
        ushort oldest = reader.UInt16();
        ushort newest = reader.UInt16();
        // What follows may differ in other versions, so the range is looked at first.
        if (newest < Protocol.OldestVersion || oldest > Protocol.NewestVersion || oldest > newest)
        {
            throw new ProtocolException(
                $"the source speaks protocol versions {oldest} to {newest}, the destination {Protocol.OldestVersion} to {Protocol.NewestVersion}: use programs at most one version apart");
        }
        var channel = (ChannelKind)reader.UInt8();
        var purpose = (ConnectionPurpose)reader.UInt8();
        ushort reserved = reader.UInt16();
        if (channel is not (ChannelKind.Main or ChannelKind.Urgent) || reserved != 0
            || purpose is not (ConnectionPurpose.Begin or ConnectionPurpose.Join or ConnectionPurpose.Recover)
            || purpose == ConnectionPurpose.Join != (channel == ChannelKind.Urgent))
        {
            throw new ProtocolException($"a greeting for channel {(byte)channel}, purpose {(byte)purpose}, which do not go together");
        }
        var capabilities = (Capabilities)reader.UInt32();
        byte[] session = reader.Bytes(Protocol.SessionIdSize).ToArray();
        byte[] nonce = reader.Bytes(Protocol.SecretSize).ToArray();
        byte[] secret = purpose == ConnectionPurpose.Begin ? reader.Bytes(Protocol.SecretSize).ToArray() : [];
        reader.End();
        return new Hello(oldest, newest, channel, purpose, capabilities, session, nonce, secret);
    }
}

/// <summary>The destination's answer to a <see cref="Hello"/>.</summary>
internal sealed record HelloAck(ushort Version, Capabilities Capabilities, byte[] Nonce, byte[] Proof)
{
    public void Write(FrameWriter writer)
    {
        writer.UInt16(Version);
        writer.UInt16(0);
        writer.UInt32((uint)Capabilities);
        writer.Bytes(Nonce);
        writer.Bytes(Proof);
    }

    public static HelloAck Read(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(FrameKind.HelloAck, payload);
        ushort version = reader.UInt16();
        ushort reserved = reader.UInt16();
        if (version is < Protocol.OldestVersion or > Protocol.NewestVersion || reserved != 0)
            throw new ProtocolException($"the destination chose protocol version {version}, which was not offered");
        var capabilities = (Capabilities)reader.UInt32();
        if ((capabilities & ~Capabilities.All) != 0)
            throw new ProtocolException($"the destination chose capabilities {(uint)capabilities:X}, which were not offered");
        byte[] nonce = reader.Bytes(Protocol.SecretSize).ToArray();
        byte[] proof = reader.Bytes(Protocol.SecretSize).ToArray();
        reader.End();
        return new HelloAck(version, capabilities, nonce, proof);
    }
}

/// <summary>
/// What both ends of one connection compute from the session's secret and their two nonces: proofs that each knows the secret, and the
/// seeds of the checksums of both directions. HMAC-SHA-256, a label for each use.
/// </summary>
internal sealed class ConnectionSecrets
{
    private readonly byte[] secret;
    private readonly byte[] context;

    public ConnectionSecrets(byte[] secret, Hello hello, byte[] destinationNonce)
    {
        this.secret = secret;
        context = [.. hello.SessionId, (byte)hello.Channel, (byte)hello.Purpose, .. hello.Nonce, .. destinationNonce];
    }

    public byte[] SourceProof => Derive("source proof"u8);

    public byte[] DestinationProof => Derive("destination proof"u8);

    public ulong SeedFromSource => BitConverter.ToUInt64(Derive("source seed"u8));

    public ulong SeedFromDestination => BitConverter.ToUInt64(Derive("destination seed"u8));

    public static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);

    private byte[] Derive(ReadOnlySpan<byte> label) => HMACSHA256.HashData(secret, (byte[])[.. label, .. context]);
}
