using System.Globalization;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>A qemu-system-aarch64 to compare with.</summary>
/// <param name="Command">The words it is started with.</param>
/// <param name="Version">"QEMU 10.0.2 (Debian …)".</param>
internal sealed record Qemu(IReadOnlyList<string> Command, string Version)
{
    /// <summary>The program's name.</summary>
    public const string Program = "qemu-system-aarch64";

    private const string VersionPrefix = "QEMU emulator version ";

    /// <summary>The first number of the version.</summary>
    public int Major => int.Parse(Version["QEMU ".Length..].Split('.')[0], CultureInfo.InvariantCulture);

    /// <summary>The program that these words start.</summary>
    /// <exception cref="UserError">It cannot be started, or is no QEMU.</exception>
    public static Qemu Of(IReadOnlyList<string> command)
    {
        (int exitCode, string output, string error) = HostCommand.TryRun(command[0], [.. command.Skip(1), "--version"]);
        if (exitCode != 0 || ParseVersion(output) is not { } version)
            throw new UserError($"--peer: '{string.Join(' ', command)} --version' is no QEMU's: {(error + output).Trim().Split('\n')[0]}");
        return new Qemu(command, version);
    }

    /// <summary>The one on the PATH, or null.</summary>
    public static Qemu? Installed() => HostCommand.Exists(Program) ? Of([Program]) : null;

    /// <summary>"QEMU" and its version from what <c>--version</c> prints, or null when a QEMU does not print that.</summary>
    internal static string? ParseVersion(string output)
    {
        string first = output.Split('\n')[0].Trim();
        return first.StartsWith(VersionPrefix, StringComparison.Ordinal) && char.IsAsciiDigit(first.ElementAtOrDefault(VersionPrefix.Length))
            ? "QEMU " + first[VersionPrefix.Length..]
            : null;
    }
}
