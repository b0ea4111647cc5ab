using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor.Migration;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Commands;

/// <summary><c>--incoming</c> and <c>--tls</c>: where a guest is waited for.</summary>
/// <param name="Address">Where; null: the monitor will say.</param>
/// <param name="TlsFolder">Folder with the certificates; null: none.</param>
internal sealed record IncomingOption(MigrationAddress? Address, string? TlsFolder)
{
    private const string Deferred = "defer";

    /// <summary>Takes the options' texts.</summary>
    /// <exception cref="UserError">They say nothing that can be.</exception>
    public static IncomingOption Parse(string uri, string? tlsFolder)
    {
        if (uri == Deferred)
        {
            return tlsFolder is null
                ? new IncomingOption(null, null)
                : throw new UserError("--tls: with '--incoming defer' the monitor is told (object-add, tls-creds), before migrate-incoming");
        }
        try
        {
            return new IncomingOption(MigrationUri.Parse(uri), tlsFolder);
        }
        catch (QmpException error)
        {
            throw new UserError($"--incoming: {error.Message}; or 'defer'");
        }
    }

    /// <summary>Begins to wait there.</summary>
    /// <exception cref="UserError">It cannot.</exception>
    public void Listen(MigrationControl migration)
    {
        if (Address is null)
            return;
        try
        {
            migration.Configure(new MigrationConfiguration { TlsFolder = TlsFolder });
            migration.Listen(Address);
        }
        catch (QmpException error)
        {
            throw new UserError($"--incoming: {error.Message}");
        }
    }
}
