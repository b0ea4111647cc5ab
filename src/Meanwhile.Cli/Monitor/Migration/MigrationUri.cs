using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>QEMU's migration URI: where a migration goes to or comes from.</summary>
internal static class MigrationUri
{
    /// <summary>Takes a URI apart. The beginnings of errors are QEMU's.</summary>
    /// <exception cref="QmpException">It is none of ours.</exception>
    public static MigrationAddress Parse(string uri)
    {
        const string TcpScheme = "tcp:", UnixScheme = "unix:";
        bool isTcp = uri.StartsWith(TcpScheme, StringComparison.Ordinal);
        if (!isTcp && !uri.StartsWith(UnixScheme, StringComparison.Ordinal))
            throw new QmpException($"unknown migration protocol: {uri}; give tcp:HOST:PORT or unix:PATH");
        try
        {
            return MigrationAddress.Parse(uri);
        }
        catch (TransportException error)
        {
            throw new QmpException($"error parsing address '{(isTcp ? uri[TcpScheme.Length..] : uri)}': {error.Message}");
        }
    }
}
