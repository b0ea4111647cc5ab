using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>
/// Roots in which the host's own processor runs the benchmarks: the suite's busybox for it, the benchmarks' files with programs of the host's
/// compiler, and a Debian root packed like the guest's. They are kept in the cache beside the RAM disks.
/// </summary>
internal sealed class NativeRoots(string suite, string mirror, Action<string> progress)
{
    private const string Work = "making the benchmarks' native root";

    private static readonly (string Program, string Package)[] HostNeeds =
    [
        ("make", "make"),
        ("gcc", "gcc"),
        ("/usr/include/stdio.h", "libc6-dev"),
        ("/usr/share/keyrings/debian-archive-keyring.gpg", "debian-archive-keyring"),
    ];

    private readonly string folder = Path.Combine(BenchImages.FolderOf(suite), "native");

    /// <summary>Tells before anything is fetched that this process may not use a root.</summary>
    /// <param name="isPrivileged">It runs as root.</param>
    /// <exception cref="UserError">It may not.</exception>
    public static void Check(bool isPrivileged)
    {
        if (!isPrivileged)
            throw new UserError("--native: only root may mount and change the root folder; run this as root, or leave --native away");
    }

    /// <summary>A root with busybox and the benchmarks' scripts and programs.</summary>
    public string Plain() =>
        new CacheEntry(Path.Combine(folder, "plain"), GuestSources.BenchmarksDigest()).Make(Work, progress, BuildPlain);

    /// <summary>That, and Debian's gcc, openssl and sqlite3 in a root of their own.</summary>
    public string WithDebian()
    {
        string plain = Plain();
        string archive = new CacheEntry(Path.Combine(folder, "debian-root.cpio"), DebianRoot.Recipe).Make(
            Work, progress, file => new DebianRoot(suite, mirror, null, progress).Write(Path.Combine(folder, "debian-packages"), file, BenchImages.DebianFolder));
        return new CacheEntry(Path.Combine(folder, "debian"), $"{GuestSources.BenchmarksDigest()} {DebianRoot.Recipe}").Make(Work, progress, root =>
        {
            HostCommand.Run("cp", ["-a", plain, root]);
            Unpack(Path.Combine(root, "bin", "busybox"), archive, root);
        });
    }

    private void BuildPlain(string root)
    {
        HostPackages.Ensure(HostNeeds, progress);
        progress("fetching busybox for the host's processor");
        var apt = new AptCache(Path.Combine(folder, "apt"), [suite], mirror);
        apt.Update();
        string package = Path.Combine(folder, "busybox");
        AptCache.Extract(apt.Download([$"busybox-static:{apt.HostArchitecture}"]), package);
        string busybox = GuestBuilder.Busybox(package);

        progress("building the benchmarks' programs for the host's processor");
        string archive = Path.Combine(folder, "plain.cpio");
        using (FileStream stream = File.Create(archive))
        {
            var files = new CpioArchive(stream);
            foreach (string name in (string[])["bin", "dev", "proc", "tmp"])
                files.AddDirectory(name);
            files.AddFile("bin/busybox", File.ReadAllBytes(busybox), executable: true);
            // The key is the guest's, one folder above.
            new BenchFiles(BenchImages.FolderOf(suite)).Add(files, "");
            files.Finish();
        }
        Directory.CreateDirectory(root);
        Unpack(busybox, archive, root);
        File.Delete(archive);
        Directory.Delete(package, recursive: true);
        HostCommand.Run("chroot", [root, "/bin/busybox", "--install", "-s", "/bin"]);
    }

    private static void Unpack(string busybox, string archive, string root) =>
        HostCommand.Run(busybox, ["cpio", "-i", "-d", "-m", "-F", archive], directory: root);
}
