using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>
/// A private apt: its own lists, cache and configuration in a folder, any suites, the guest's architecture beside the host's. The host's own
/// apt configuration, architectures and package database are neither changed nor asked (but for its proxy settings and keys).
/// </summary>
internal sealed class AptCache
{
    private readonly string folder;
    private readonly Dictionary<string, string> environment;

    /// <summary>Prepares the folder. Nothing is fetched yet.</summary>
    /// <param name="folder">Where lists, cache and configuration are kept.</param>
    /// <param name="suites">Debian suites, of the mirror's main.</param>
    /// <param name="mirror">Where packages come from.</param>
    /// <param name="architecture">What a package's name without an architecture means; null: the host's.</param>
    public AptCache(string folder, IReadOnlyList<string> suites, string mirror, string? architecture = null)
    {
        this.folder = folder;
        foreach (string name in (string[])["lists/partial", "archives/partial", "log", "debs", "empty"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        string status = Path.Combine(folder, "status");
        if (!File.Exists(status))
            File.WriteAllText(status, "");
        HostArchitecture = HostCommand.Run("dpkg", ["--print-architecture"]).Trim();
        string own = architecture ?? HostArchitecture;
        File.WriteAllLines(
            Path.Combine(folder, "sources.list"),
            suites.Select(suite => $"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror} {suite} main"));
        string configuration = Path.Combine(folder, "apt.conf");
        File.WriteAllText(configuration, $$"""
            Dir::State "{{folder}}";
            Dir::State::Lists "{{folder}}/lists";
            Dir::State::status "{{status}}";
            Dir::Cache "{{folder}}";
            Dir::Cache::archives "{{folder}}/archives";
            Dir::Log "{{folder}}/log";
            Dir::Etc::SourceList "{{folder}}/sources.list";
            Dir::Etc::SourceParts "{{folder}}/empty";
            Dir::Etc::PreferencesParts "{{folder}}/empty";
            APT::Architecture "{{own}}";
            APT::Architectures { "{{own}}"; "arm64"; };
            APT::Sandbox::User "";
            Acquire::Languages "none";
            Acquire::Retries "3";

            """);
        environment = new Dictionary<string, string> { ["APT_CONFIG"] = configuration };
    }

    /// <summary>Debian's name of the host's architecture.</summary>
    public string HostArchitecture { get; }

    /// <summary>Fetches the package lists.</summary>
    public void Update() => HostCommand.Run("apt-get", ["update", "-q"], environment);

    /// <summary>The packages that <paramref name="package"/> depends on whose names start with <paramref name="prefix"/>.</summary>
    public string DependencyOf(string package, string prefix)
    {
        string output = HostCommand.Run("apt-cache", ["depends", package], environment);
        foreach (string line in output.Split('\n'))
        {
            string[] parts = line.Trim().Trim('|').Split(": ", 2);
            if (parts is not ["Depends", string name])
                continue;
            name = name.Trim('<', '>').Split(':')[0];
            if (name.StartsWith(prefix, StringComparison.Ordinal) && !name.EndsWith("-unsigned", StringComparison.Ordinal))
                return name;
        }
        throw new UserError($"package {package} of this suite depends on no {prefix}*: is the suite's name right?");
    }

    /// <summary>Fetches packages (name:architecture) and gives their files, in order.</summary>
    public IReadOnlyList<string> Download(IReadOnlyList<string> packages)
    {
        string debs = Path.Combine(folder, "debs");
        HostCommand.Run("apt-get", ["download", "-q", .. packages], environment, debs);
        return [.. packages.Select(package => FindDeb(debs, package))];
    }

    /// <summary>Fetches packages with all they depend on, and gives the files of all of them.</summary>
    /// <param name="packages">Names.</param>
    /// <param name="release">The suite to prefer, or null.</param>
    public IReadOnlyList<string> DownloadWithDependencies(IReadOnlyList<string> packages, string? release = null)
    {
        string archives = Path.Combine(folder, "archives");
        // What was fetched before may be of other versions.
        foreach (string old in Directory.EnumerateFiles(archives, "*.deb"))
            File.Delete(old);
        string[] preferred = release is null ? [] : ["--target-release", release];
        // The private package database is empty, so this resolves everything.
        HostCommand.Run("apt-get", ["install", "-y", "-q", "--download-only", "--no-install-recommends", .. preferred, .. packages], environment);
        return [.. Directory.EnumerateFiles(archives, "*.deb").Order(StringComparer.Ordinal)];
    }

    /// <summary>Unpacks package files below <paramref name="root"/>.</summary>
    public static void Extract(IEnumerable<string> debs, string root)
    {
        Directory.CreateDirectory(root);
        foreach (string deb in debs)
            HostCommand.Run("dpkg-deb", ["-x", deb, root]);
    }

    private static string FindDeb(string debs, string package)
    {
        string[] parts = package.Split(':');
        // apt-get download names files name_version_architecture.deb.
        return Directory.EnumerateFiles(debs, parts[0] + "_*.deb")
                   .Where(file => file.EndsWith($"_{parts[1]}.deb", StringComparison.Ordinal) || file.EndsWith("_all.deb", StringComparison.Ordinal))
                   .OrderByDescending(File.GetLastWriteTimeUtc)
                   .FirstOrDefault()
               ?? throw new UserError($"apt-get download {package} left no file in {debs}");
    }
}
