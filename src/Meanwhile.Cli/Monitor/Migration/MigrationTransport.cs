using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Cli.Monitor.Migration;

/// <summary>Refusals and errors of links and sessions, as a monitor's errors.</summary>
internal static class MigrationTransport
{
    /// <summary>The certificates that are configured; null: none are.</summary>
    /// <exception cref="QmpException">Names the file that is missing or no good.</exception>
    public static MigrationTls? Credentials(MigrationConfiguration configuration, bool isDestination)
    {
        MigrationTls? tls = null;
        if (configuration.TlsFolder is { } folder)
            Try(() => tls = MigrationTls.Load(folder, isDestination, configuration.TlsHostname.Length > 0 ? configuration.TlsHostname : null));
        return tls;
    }

    /// <summary>Does what may find that a link cannot be.</summary>
    /// <exception cref="QmpException">It cannot.</exception>
    public static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (TransportException error)
        {
            throw new QmpException(error.Message);
        }
    }

    /// <summary>Takes a session's answer.</summary>
    /// <param name="refusal">Null, or why not.</param>
    /// <exception cref="QmpException">It refused.</exception>
    public static void Check(string? refusal)
    {
        if (refusal is not null)
            throw new QmpException(refusal);
    }
}
