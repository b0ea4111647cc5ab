using System.Globalization;
using System.IO.Compression;
using Meanwhile.Cli.Guest;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Bench.Restore;

/// <summary>The guest of the benchmark: a suite's, with one program more in its initial RAM disk.</summary>
internal static class WorkingSetGuest
{
    /// <summary>The program's line when it holds its working set.</summary>
    public const string Ready = "working-set: ready";

    /// <summary>Its answer to a line, before it reads.</summary>
    public const string Answer = "working-set: answer";

    /// <summary>How its result begins.</summary>
    public const string Result = "working-set: pages=";

    private const string Program = "working-set";

    /// <summary>What init runs.</summary>
    public static string CommandLine(int mebibytes) => $"-- {Program} {mebibytes}";

    /// <summary>Builds the program and makes an initial RAM disk in <paramref name="folder"/>: the image's, and an archive with the program after it.</summary>
    public static string BuildInitrd(GuestImage image, string folder, Action<string> progress)
    {
        HostPackages.Ensure(GuestBuilder.HostNeeds, progress);
        string sources = Path.Combine(folder, "sources");
        GuestSources.Write("restore", sources);
        HostCommand.Run("make", ["-C", sources, "CROSS_COMPILE=aarch64-linux-gnu-", Program]);
        string initrd = Path.Combine(folder, "initrd");
        File.Copy(image.Initramfs, initrd);
        using FileStream file = new(initrd, FileMode.Append);
        // Compressed, because an archive that is not has to begin at a multiple of 4.
        using var compressed = new GZipStream(file, CompressionLevel.Fastest);
        var archive = new CpioArchive(compressed);
        archive.AddFile("bin/" + Program, File.ReadAllBytes(Path.Combine(sources, Program)), executable: true);
        archive.Finish();
        return initrd;
    }

    /// <summary>Reads the program's result.</summary>
    /// <exception cref="UserError">A value was wrong.</exception>
    public static (long Calculation, long TimeNs) ParseResult(string line)
    {
        Dictionary<string, long> values = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split('='))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
        if (values["wrong"] != 0)
            throw new UserError($"{values["wrong"]} of {values["verified"]} values read back were not what was written: this is a defect of the monitor");
        return (values["calculation"], values["time_ns"]);
    }
}
