using System.Globalization;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>Where a migration goes to or comes from: QEMU's migration URI.</summary>
internal abstract record MigrationAddress
{
    /// <summary><c>tcp:HOST:PORT</c>; an IPv6 address stands in brackets.</summary>
    public sealed record Tcp(string Host, int Port) : MigrationAddress
    {
        /// <inheritdoc/>
        public override string ToString() => Host.Contains(':') ? $"tcp:[{Host}]:{Port}" : $"tcp:{Host}:{Port}";
    }

    /// <summary><c>unix:PATH</c>.</summary>
    public sealed record Unix(string Path) : MigrationAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"unix:{Path}";
    }

    /// <summary>Takes a URI apart.</summary>
    /// <exception cref="QmpException">It is none of ours.</exception>
    public static MigrationAddress Parse(string uri)
    {
        const string TcpScheme = "tcp:", UnixScheme = "unix:";
        if (uri.StartsWith(TcpScheme, StringComparison.Ordinal))
            return ParseTcp(uri[TcpScheme.Length..]);
        if (!uri.StartsWith(UnixScheme, StringComparison.Ordinal))
            throw new QmpException($"unknown migration protocol: {uri}; give tcp:HOST:PORT or unix:PATH");
        string path = uri[UnixScheme.Length..];
        return path.Length > 0 ? new Unix(path) : throw new QmpException($"error parsing address '{uri}': give unix:PATH");
    }

    private static Tcp ParseTcp(string address)
    {
        int colon = address.LastIndexOf(':');
        string host = colon < 0 ? "" : address[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':'))
            host = "";
        return host.Length > 0 && ushort.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? new Tcp(host, port)
            : throw new QmpException($"error parsing address '{address}': give tcp:HOST:PORT");
    }
}
