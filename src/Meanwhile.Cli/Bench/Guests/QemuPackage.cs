using Meanwhile.Cli.Guest;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>
/// QEMU 10 out of Debian 12's backports, unpacked in the cache with every library it needs, down to the C library: it runs on any host with
/// this processor, and nothing is installed.
/// </summary>
internal static class QemuPackage
{
    private const string Suite = "bookworm";
    private const string Backports = "bookworm-backports";
    private const string Package = "qemu-system-arm";

    private static string Folder => Path.Combine(GuestImage.CacheFolder, "qemu");

    private static string Root => Path.Combine(Folder, "root");

    /// <summary>The one in the cache, or null.</summary>
    public static Qemu? Cached() => Directory.Exists(Root) ? Qemu.Of(Command(Root)) : null;

    /// <summary>The one in the cache, fetched when there is none.</summary>
    public static Qemu Fetch(string mirror, Action<string> progress)
    {
        if (Cached() is { } cached)
            return cached;
        Directory.CreateDirectory(Folder);
        using FileStream turn = CacheLock.Wait(Folder, "fetching QEMU", progress);
        if (Cached() is { } other)
            return other;
        progress($"reading the package lists of {Backports}");
        var apt = new AptCache(Path.Combine(Folder, "apt"), [Suite, Backports], mirror);
        apt.Update();
        progress($"fetching {Package} of {Backports} and what it depends on (about 35 MB)");
        IReadOnlyList<string> debs = apt.DownloadWithDependencies([Package], Backports);
        progress($"unpacking {debs.Count} packages");
        string unfinished = Root + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        AptCache.Extract(debs, unfinished);
        Qemu.Of(Command(unfinished));
        Directory.Move(unfinished, Root);
        foreach (string deb in debs)
            File.Delete(deb);
        return Qemu.Of(Command(Root));
    }

    /// <summary>How the unpacked program is started: by its own C library's loader, with its own libraries, modules and data.</summary>
    private static string[] Command(string root)
    {
        string libraries = Directory.EnumerateDirectories(Path.Combine(root, "usr", "lib"), "*-linux-gnu*").Single();
        string lowLibraries = Path.Combine(root, "lib", Path.GetFileName(libraries));
        string loader = Directory.EnumerateFiles(lowLibraries, "ld-linux*.so.*").Single();
        return
        [
            "env", $"QEMU_MODULE_DIR={libraries}/qemu", loader, "--library-path", $"{lowLibraries}:{libraries}",
            Path.Combine(root, "usr", "bin", Qemu.Program), "-L", Path.Combine(root, "usr", "share", "qemu"),
        ];
    }
}
