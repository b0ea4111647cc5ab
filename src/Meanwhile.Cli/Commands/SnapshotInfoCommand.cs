using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Snapshots;
using Meanwhile.Hypervisor.State;
using Meanwhile.Memory;
using Meanwhile.Migration.Snapshots;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile snapshot info</c>.</summary>
internal static class SnapshotInfoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "the snapshot" };
        var json = new Option<bool>("--json") { Description = "as JSON" };
        var verify = new Option<bool>("--verify") { Description = "read all pages and check them; header, state and tables always are" };
        var command = new Command("info", "Show what is in a snapshot.") { file, json, verify };
        command.SetAction(parse =>
        {
            string path = parse.GetValue(file)!;
            try
            {
                using SnapshotFile snapshot = SnapshotFile.Open(path);
                if (parse.GetValue(verify) && snapshot.Verify() is { } damage)
                    throw new UserError(damage.TrimEnd('.'));
                SnapshotInfo info = SnapshotInfo.Of(snapshot, parse.GetValue(verify));
                if (parse.GetValue(json))
                    Console.WriteLine(JsonSerializer.Serialize(info, SnapshotInfoContext.Readable.SnapshotInfo));
                else
                    Print(info);
                return 0;
            }
            catch (SnapshotException error)
            {
                throw new UserError(error.Message.TrimEnd('.'));
            }
            catch (StateFormatException error)
            {
                throw new UserError($"snapshot {path} cannot be used: {error.Message.TrimEnd('.')}");
            }
        });
        return command;
    }

    private static void Print(SnapshotInfo info)
    {
        Line("file", info.File);
        Line("identity", info.Identity.ToString());
        Line("bytes", Count(info.Bytes));
        Line("pages", $"{Count(info.Pages)} of {GuestRam.PageSize} bytes: {Count(info.StoredPages)} stored, {Count(info.ZeroPages)} zero");
        Line("state", $"{Count(info.StateBytes)} bytes");
        Line("memory", $"{Count(info.Memory >> 20)} MiB");
        Line("CPUs", Count(info.Cpus));
        Line("clock", info.Clock);
        Line("async page faults", info.AsyncPageFaults ? "offered" : "not offered");
        Line("power button", info.PowerButton ? "yes" : "no");
        Line("generation ID", info.GenerationId ? "yes" : "no");
        Line("kernel", info.Kernel);
        if (info.Initrd is not null)
            Line("initrd", info.Initrd);
        Line("command line", info.CommandLine);
        foreach (SnapshotDisk disk in info.Disks)
            Line("disk", disk.Path + (disk.ReadOnly ? " (read-only)" : ""));
        foreach (SnapshotPart part in info.Parts)
            Line("part", part.Configuration.Length == 0 ? part.Name : $"{part.Name}: {part.Configuration}");
        Line("checksums", info.Verified ? "all pages are right" : "of header, state and tables are right; --verify checks the pages");
    }

    private static void Line(string name, string value) => Console.WriteLine($"{name + ":",-19}{value}");

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>What <c>snapshot info</c> shows; sizes in bytes.</summary>
internal sealed record SnapshotInfo(
    string File,
    Guid Identity,
    long Bytes,
    long Pages,
    long StoredPages,
    long ZeroPages,
    long StateBytes,
    long Memory,
    int Cpus,
    string Clock,
    bool AsyncPageFaults,
    bool PowerButton,
    bool GenerationId,
    string Kernel,
    string? Initrd,
    string CommandLine,
    IReadOnlyList<SnapshotDisk> Disks,
    IReadOnlyList<SnapshotPart> Parts,
    bool Verified)
{
    /// <summary>What is in a file.</summary>
    /// <exception cref="StateFormatException">The machine's settings are not valid.</exception>
    public static SnapshotInfo Of(SnapshotFile file, bool verified)
    {
        SavedMachine saved = SavedMachine.Parse(file.Description);
        return new SnapshotInfo(
            file.Path,
            file.Identity,
            file.FileLength,
            file.PageCount,
            file.StoredPages,
            file.PageCount - file.StoredPages,
            file.State.Length,
            saved.Settings.Memory,
            saved.Settings.Cpus,
            saved.Settings.VirtualClock ? "virtual" : "real",
            saved.Settings.AsyncPageFaults,
            saved.Settings.PowerButton,
            saved.Settings.GenerationId,
            saved.Settings.Kernel,
            saved.Settings.Initrd,
            saved.Settings.CommandLine,
            [.. saved.Settings.Disks.Select(disk => new SnapshotDisk(disk.Path, disk.IsReadOnly))],
            [.. saved.Machine.Parts.Select(part => new SnapshotPart(part.Name, part.Version, part.Configuration))],
            verified);
    }
}

/// <summary>A disk that the machine was saved with.</summary>
internal sealed record SnapshotDisk(string Path, bool ReadOnly);

/// <summary>A part of the machine that has state.</summary>
internal sealed record SnapshotPart(string Name, int Version, string Configuration);

/// <summary>Serialisation made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SnapshotInfo))]
internal sealed partial class SnapshotInfoContext : JsonSerializerContext
{
    /// <summary>For people: indented, and paths as they are.</summary>
    public static SnapshotInfoContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
