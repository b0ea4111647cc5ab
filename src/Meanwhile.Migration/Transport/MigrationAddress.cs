using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Meanwhile.Migration.Transport;

/// <summary>Where a destination listens: <c>tcp:HOST:PORT</c> (an IPv6 address in brackets) or <c>unix:PATH</c>, as QEMU has them.</summary>
public sealed record MigrationAddress
{
    // sockaddr_un, less the terminating zero.
    private const int LongestPath = 107;

    private MigrationAddress()
    {
    }

    /// <summary>Host name or address; empty: all interfaces. Null for a path.</summary>
    public string? Host { get; private init; }

    /// <summary>Port; 0 when listening: any that is free.</summary>
    public int Port { get; private init; }

    /// <summary>Path of a unix socket; null for TCP.</summary>
    public string? Path { get; private init; }

    /// <exception cref="TransportException">It is none; says what one looks like.</exception>
    public static MigrationAddress Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            string path = text[5..];
            if (path.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(path) > LongestPath)
                throw new TransportException($"'{text}' is no address: a unix socket's path has 1 to {LongestPath} bytes.");
            return new MigrationAddress { Path = path };
        }
        int colon = text.LastIndexOf(':');
        if (!text.StartsWith("tcp:", StringComparison.Ordinal) || colon < 4
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > ushort.MaxValue)
        {
            throw new TransportException($"'{text}' is no address: use tcp:HOST:PORT or unix:PATH.");
        }
        string host = text[4..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            throw new TransportException($"'{text}' is no address: put an IPv6 address in brackets, tcp:[::1]:4444.");
        return new MigrationAddress { Host = host, Port = port };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Path is not null ? $"unix:{Path}" : Host!.Contains(':', StringComparison.Ordinal) ? $"tcp:[{Host}]:{Port}" : $"tcp:{Host}:{Port}";

    internal MigrationAddress WithPort(int port) => this with { Port = port };

    /// <summary>Its socket addresses, of which none leaves this machine unless TLS protects it.</summary>
    /// <param name="hasTls">The connections have TLS.</param>
    /// <exception cref="TransportException">The name is not known, or TLS is missing.</exception>
    internal EndPoint[] Resolve(bool hasTls)
    {
        if (Path is not null)
            return [new UnixDomainSocketEndPoint(Path)];
        IPAddress[] addresses;
        try
        {
            addresses = Host!.Length == 0 ? [IPAddress.Any] : IPAddress.TryParse(Host, out IPAddress? literal) ? [literal] : Dns.GetHostAddresses(Host);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new TransportException($"The host of {this} is not known: {exception.Message}.");
        }
        if (addresses.Length == 0)
            throw new TransportException($"The host of {this} has no address.");
        if (!hasTls && !Array.TrueForAll(addresses, IPAddress.IsLoopback))
        {
            throw new TransportException(
                $"{this} leaves this machine, and a guest's memory must not travel in the clear: give both sides TLS certificates (tls-creds), or use a tunnel and an address of 127.0.0.1.");
        }
        return Array.ConvertAll(addresses, address => (EndPoint)new IPEndPoint(address, Port));
    }
}
