using System.IO.Enumeration;

namespace Meanwhile.Cli.Guest;

/// <summary>
/// A small Debian root for benchmarks: packages of a suite with all they depend on, unpacked and not configured, without what no
/// benchmark reads (documentation, static and sanitizer libraries, link-time optimisation).
/// </summary>
/// <param name="suite">Debian suite.</param>
/// <param name="mirror">Where packages come from.</param>
/// <param name="architecture">Debian's name of the processor it is for; null: the host's.</param>
/// <param name="progress">Told what is being done.</param>
internal sealed class DebianRoot(string suite, string mirror, string? architecture, Action<string> progress)
{
    /// <summary>What a root is made of: one packed by another recipe must be made again.</summary>
    public const string Recipe = "2: gcc libc6-dev openssl sqlite3";

    private static readonly string[] Packages = ["gcc", "libc6-dev", "openssl", "sqlite3"];

    /// <summary>Folders that Debian moved below /usr: packages before and after the move unpack into one tree.</summary>
    private static readonly string[] Moved = ["bin", "lib", "lib64", "sbin"];

    private static readonly string[] Folders = ["dev", "etc", "proc", "root", "tmp", "usr", "usr/bin", "usr/lib", "usr/sbin"];

    private static readonly string[] LeftOut =
    [
        "usr/share*", "var*", "*/gconv*", "*.a",
        "*/lto1", "*-lto-dump-*", "*-ld.gold", "*-dwp",
        "*/libasan*", "*/libhwasan*", "*/liblsan*", "*/libtsan*", "*/libubsan*", "*/libgprofng*",
    ];

    private static readonly string[] Kept = ["*/libgcc.a", "*/libgcc_eh.a", "*/libc_nonshared.a"];

    /// <summary>Fetches the packages and writes the root as a cpio archive whose names are below <paramref name="prefix"/>.</summary>
    /// <param name="folder">Where to work; what is in it but the private apt is removed in the end.</param>
    /// <param name="file">The archive, not compressed: to unpack one that is takes a guest without hardware help longer than to read it.</param>
    /// <param name="prefix">Folder of the initramfs.</param>
    public void Write(string folder, string file, string prefix)
    {
        progress($"fetching {string.Join(", ", Packages)} of {suite} and what they depend on (about 60 MB)");
        var apt = new AptCache(Path.Combine(folder, "apt"), [suite], mirror, architecture);
        apt.Update();
        IReadOnlyList<string> debs = apt.DownloadWithDependencies(Packages);
        string root = Path.Combine(folder, "root");
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        progress($"unpacking {debs.Count} packages");
        AptCache.Extract(debs, root);
        string unfinished = file + ".new";
        using (FileStream stream = File.Create(unfinished))
            Pack(new CpioArchive(stream), root, prefix);
        File.Move(unfinished, file, overwrite: true);
        Directory.Delete(root, recursive: true);
        foreach (string deb in debs)
            File.Delete(deb);
    }

    /// <summary>Where a path of an unpacked package belongs, or null when it is left out.</summary>
    /// <param name="path">Relative to the root: "lib/ld-linux-aarch64.so.1".</param>
    internal static string? Place(string path)
    {
        string first = path.Split('/')[0];
        string place = Moved.Contains(first) ? "usr/" + path : path;
        return Moved.Contains(path) || (Matches(place, LeftOut) && !Matches(place, Kept)) ? null : place;
    }

    private static void Pack(CpioArchive archive, string root, string prefix)
    {
        var added = new HashSet<string>(StringComparer.Ordinal);
        archive.AddDirectory(prefix);
        foreach (string name in Folders.Where(added.Add))
            archive.AddDirectory($"{prefix}/{name}");
        // Only some architectures have a lib64, for the C library's loader.
        foreach (string name in Moved.Where(name => Folders.Contains("usr/" + name) || Directory.Exists(Path.Combine(root, name)) || Directory.Exists(Path.Combine(root, "usr", name))))
            archive.AddSymbolicLink($"{prefix}/{name}", "usr/" + name);
        // A folder sorts before what is in it.
        foreach (FileSystemInfo entry in Entries(root).OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            string? place = Place(Path.GetRelativePath(root, entry.FullName));
            if (place is null || !added.Add(place))
                continue;
            string name = $"{prefix}/{place}";
            if (entry.LinkTarget is { } target)
                archive.AddSymbolicLink(name, target);
            else if (entry is DirectoryInfo)
                archive.AddDirectory(name);
            else
                archive.AddFile(name, File.ReadAllBytes(entry.FullName), (entry.UnixFileMode & UnixFileMode.UserExecute) != 0);
        }
        archive.Finish();
    }

    /// <summary>All that is below a root. Links are not followed: an absolute one leads into the host's own root.</summary>
    internal static IEnumerable<FileSystemInfo> Entries(string root) => new FileSystemEnumerable<FileSystemInfo>(
        root,
        (ref FileSystemEntry entry) => entry.ToFileSystemInfo(),
        new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
    {
        ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
    };

    private static bool Matches(string path, string[] patterns) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, path, ignoreCase: false));
}
