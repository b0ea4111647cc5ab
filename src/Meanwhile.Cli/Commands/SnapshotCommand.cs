using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Cli.Snapshots;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile snapshot</c>, and its part <c>save</c>.</summary>
internal static class SnapshotCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create() => new("snapshot", "Keep a running guest in a file, and run it again from there, any number of times.")
    {
        CreateSave(),
        SnapshotRestoreCommand.Create(),
        SnapshotInfoCommand.Create(),
    };

    private static Command CreateSave()
    {
        var socket = new Argument<string>("SOCKET") { Description = "the socket that --qmp of the running machine made" };
        var file = new Argument<string>("FILE") { Description = "the snapshot; disks are not part of it" };
        var replace = new Option<bool>("--replace") { Description = "take the place of a file of that name" };
        var stop = new Option<bool>("--stop") { Description = "leave the guest stopped, as for copying its disks; 'meanwhile monitor SOCKET cont' lets it go on" };
        var command = new Command("save", "Save a running machine's guest, which is held for a moment and goes on while the file is written.") { socket, file, replace, stop };
        command.SetAction(parse =>
        {
            using var connection = new QmpConnection(parse.GetValue(socket)!);
            try
            {
                JsonElement saved = connection.Execute(SnapshotSaver.CommandName, json =>
                {
                    json.WriteString("path", Path.GetFullPath(parse.GetValue(file)!));
                    json.WriteBoolean("replace", parse.GetValue(replace));
                    json.WriteBoolean("stop", parse.GetValue(stop));
                });
                long stored = Number(saved, "stored-pages"), pages = Number(saved, "pages");
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"saved {Size(Number(saved, "bytes"))} in {Number(saved, "total-ms") / 1000.0:0.0##} s, guest held {Number(saved, "stopped-ms")} ms; {stored} of {pages} pages stored"));
                return 0;
            }
            catch (QmpException error)
            {
                throw new UserError(error.Message.TrimEnd('.'));
            }
        });
        return command;
    }

    private static string Size(long bytes)
    {
        const double KiB = 1 << 10, MiB = 1 << 20, GiB = 1 << 30;
        (double unit, string name) = bytes < MiB ? (KiB, "KiB") : bytes < GiB ? (MiB, "MiB") : (GiB, "GiB");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit:0.0} {name}");
    }

    // Whoever answers on the socket may be anybody.
    private static long Number(JsonElement result, string name) =>
        result.ValueKind == JsonValueKind.Object && result.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number)
            ? number
            : 0;
}
