using System.CommandLine;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile migrate</c>: moves a running machine's guest, by way of its monitor.</summary>
internal static class MigrateCommand
{
    private const string CredentialsId = "meanwhile-migrate";

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "the socket that 'meanwhile run --qmp' made" };
        var uri = new Argument<string>("URI") { Description = "where the guest goes: tcp:HOST:PORT or unix:PATH, where 'meanwhile run --incoming' waits" };
        var postcopy = new Option<bool>("--postcopy")
        {
            Description = "move the guest as soon as its memory begins to go over; what is missing there follows as it is touched",
        };
        var bandwidth = new Option<string?>("--bandwidth") { Description = "most that is sent a second: 100M; 0: no limit" };
        var postcopyBandwidth = new Option<string?>("--postcopy-bandwidth") { Description = "the same for the background push after the guest has moved" };
        var downtimeLimit = new Option<string?>("--downtime-limit") { Description = "longest that the guest may stand still, in whole milliseconds: 300ms" };
        var autoConverge = new Option<bool>("--auto-converge") { Description = "slow the guest down when its memory changes faster than it can be sent" };
        var compress = new Option<bool>("--compress") { Description = "make pages smaller with zstd" };
        var tls = new Option<string?>("--tls")
        {
            Description = "folder with ca-cert.pem, client-cert.pem and client-key.pem; needed for addresses that are not of this host",
        };
        var resume = new Option<bool>("--resume") { Description = "go on with a post-copy whose connection was lost" };
        var command = new Command("migrate", "Move a running machine's guest to another process, here or elsewhere. Ctrl-C cancels.")
        {
            path, uri, postcopy, bandwidth, postcopyBandwidth, downtimeLimit, autoConverge, compress, tls, resume,
        };
        command.SetAction(parse =>
        {
            var parameters = new List<(string Name, long Value)>();
            AddSize(parameters, "max-bandwidth", "--bandwidth", parse.GetValue(bandwidth));
            AddSize(parameters, "max-postcopy-bandwidth", "--postcopy-bandwidth", parse.GetValue(postcopyBandwidth));
            if (parse.GetValue(downtimeLimit) is { } limit)
                parameters.Add(("downtime-limit", Quantity.Nanoseconds("--downtime-limit", limit) / 1_000_000));
            var capabilities = new List<string> { "events" };
            if (parse.GetValue(postcopy))
                capabilities.AddRange(["postcopy-ram", "postcopy-preempt", "postcopy-blocktime"]);
            if (parse.GetValue(autoConverge))
                capabilities.Add("auto-converge");
            using var connection = new QmpConnection(parse.GetValue(path)!);
            try
            {
                if (!parse.GetValue(resume))
                    SetCapabilities(connection, capabilities);
                SetParameters(connection, parameters, parse.GetValue(compress), parse.GetValue(tls));
                var progress = new MigrationProgress(connection, parse.GetValue(postcopy) && !parse.GetValue(resume));
                connection.Execute("migrate", json =>
                {
                    json.WriteString("uri", parse.GetValue(uri));
                    if (parse.GetValue(resume))
                        json.WriteBoolean("resume", true);
                });
                return progress.Watch();
            }
            catch (QmpException error)
            {
                throw new UserError(error.Message);
            }
        });
        return command;
    }

    private static void AddSize(List<(string Name, long Value)> parameters, string name, string option, string? text)
    {
        if (text is not null)
            parameters.Add((name, text.Trim() == "0" ? 0 : Quantity.Size(option, text)));
    }

    private static void SetCapabilities(QmpConnection connection, IEnumerable<string> names) => connection.Execute("migrate-set-capabilities", json =>
    {
        json.WriteStartArray("capabilities");
        foreach (string name in names)
        {
            json.WriteStartObject();
            json.WriteString("capability", name);
            json.WriteBoolean("state", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void SetParameters(QmpConnection connection, List<(string Name, long Value)> parameters, bool compress, string? tls)
    {
        if (tls is not null)
            AddCredentials(connection, Path.GetFullPath(tls));
        if (parameters.Count == 0 && !compress && tls is null)
            return;
        connection.Execute("migrate-set-parameters", json =>
        {
            foreach ((string name, long value) in parameters)
                json.WriteNumber(name, value);
            if (compress)
                json.WriteString("multifd-compression", "zstd");
            if (tls is not null)
                json.WriteString("tls-creds", CredentialsId);
        });
    }

    private static void AddCredentials(QmpConnection connection, string folder)
    {
        try
        {
            connection.Execute("object-del", json => json.WriteString("id", CredentialsId));
        }
        catch (QmpException)
        {
            // None are left from an earlier migration.
        }
        connection.Execute("object-add", json =>
        {
            json.WriteString("qom-type", "tls-creds-x509");
            json.WriteString("id", CredentialsId);
            json.WriteString("dir", folder);
            json.WriteString("endpoint", "client");
        });
    }
}
