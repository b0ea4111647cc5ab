using System.IO.Compression;
using System.Text;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>Makes a guest image from a Debian suite: fetches kernel, headers and busybox, builds our module and test program, packs the initramfs.</summary>
internal sealed class GuestBuilder(string suite, string mirror, Action<string> progress)
{
    /// <summary>What a host must have to build for guests: program or file, and the package that brings it.</summary>
    internal static readonly (string Program, string Package)[] HostNeeds =
    [
        ("aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"),
        ("/usr/aarch64-linux-gnu/lib/libc.a", "libc6-dev-arm64-cross"),
        ("make", "make"),
        ("gcc", "gcc"),
        ("xz", "xz-utils"),
        ("/usr/share/keyrings/debian-archive-keyring.gpg", "debian-archive-keyring"),
    ];

    /// <summary>
    /// Modules that a disk, a console, entropy, a Debian root file system and the power button want, when the kernel does not have them built in.
    /// </summary>
    private static readonly string[] Modules =
        ["virtio_mmio", "virtio_blk", "virtio_console", "virtio_rng", "crc32c_generic", "crc32c", "libcrc32c", "ext4", "evdev", "gpio_keys"];

    /// <summary>Builds it, or gives what is in the cache when that is current.</summary>
    /// <param name="again">Build even so, with fresh package lists.</param>
    public GuestImage Build(bool again)
    {
        if (!again && GuestImage.Find(suite) is { } image)
            return image;
        HostPackages.Ensure(HostNeeds, progress);
        string folder = GuestImage.FolderOf(suite);
        Directory.CreateDirectory(folder);
        using FileStream turn = CacheLock.Wait(folder, $"building the {suite} guest", progress);
        // Another process may have built it meanwhile.
        if (!again && GuestImage.Find(suite) is { } built)
            return built;
        string work = Path.Combine(folder, "work");
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
        GuestImage fresh = Build(folder, work);
        Directory.Delete(work, recursive: true);
        return fresh;
    }

    private GuestImage Build(string folder, string work)
    {
        progress($"reading the package lists of {suite}");
        var apt = new AptCache(Path.Combine(folder, "apt"), [suite], mirror);
        apt.Update();
        string kernelPackage = apt.DependencyOf("linux-image-arm64:arm64", "linux-image-");
        string release = kernelPackage["linux-image-".Length..];
        string kbuild = apt.DependencyOf($"linux-headers-{release}:arm64", "linux-kbuild-");

        progress($"fetching Linux {release} and its headers");
        string commonHeaders = $"linux-headers-{release[..release.LastIndexOf('-')]}-common:all";
        IReadOnlyList<string> debs = apt.Download(
            [$"{kernelPackage}:arm64", $"linux-headers-{release}:arm64", commonHeaders, $"{kbuild}:{apt.HostArchitecture}", "busybox-static:arm64"]);
        IReadOnlyList<string> libraries = apt.Download([$"libc6:{apt.HostArchitecture}"]);
        progress("unpacking");
        string root = Path.Combine(work, "root");
        AptCache.Extract(debs, root);
        AptCache.Extract(libraries, Path.Combine(work, "host"));

        progress("building the guest's kernel module and test program");
        byte[] module = KernelModuleBuild.Build(root, Path.Combine(work, "host"), release, work);
        string testsuite = Path.Combine(work, "testsuite");
        GuestSources.Write("testsuite", testsuite);
        HostCommand.Run("make", ["-C", testsuite, "CROSS_COMPILE=aarch64-linux-gnu-", "testsuite"]);

        progress("packing the initramfs");
        GuestImage built = GuestImage.Of(suite, release);
        var modules = new KernelModules(FolderOf(root, "lib/modules", release));
        string initramfs = Path.Combine(work, "initramfs");
        PackInitramfs(initramfs, File.ReadAllBytes(Busybox(root)), modules.WithDependencies(Modules), module, File.ReadAllBytes(Path.Combine(testsuite, "testsuite")));
        // Moved, so that a machine which boots just now gets either the old files or the new ones whole.
        File.Move(initramfs, built.Initramfs, overwrite: true);
        File.Move(Path.Combine(root, "boot", $"vmlinuz-{release}"), built.Kernel, overwrite: true);
        built.WriteManifest(suite);
        return built;
    }

    private static void PackInitramfs(string file, byte[] busybox, IReadOnlyList<(string Name, byte[] Content)> modules, byte[] apf, byte[] testsuite)
    {
        using var compressed = new GZipStream(File.Create(file), CompressionLevel.Optimal);
        var archive = new CpioArchive(compressed);
        foreach (string folder in (string[])["bin", "dev", "lib", "lib/modules", "etc", "etc/acpi", "etc/acpi/PWRF"])
            archive.AddDirectory(folder);
        // The kernel opens /dev/console for the first process before that could mount anything.
        archive.AddCharacterDevice("dev/console", 5, 1);
        archive.AddFile("init", GuestSources.Read("guest/initramfs/init"), executable: true);
        // Where busybox's acpid looks for what to do when KEY_POWER is pressed.
        archive.AddFile("etc/acpi/PWRF/00000080", GuestSources.Read("guest/initramfs/power-button"), executable: true);
        archive.AddFile("bin/busybox", busybox, executable: true);
        archive.AddFile("bin/testsuite", testsuite, executable: true);
        foreach ((string name, byte[] content) in modules)
            archive.AddFile($"lib/modules/{name}.ko", content, executable: false);
        archive.AddFile("lib/modules/apf.ko", apf, executable: false);
        archive.AddFile("lib/modules/order", Encoding.ASCII.GetBytes(string.Concat(modules.Select(module => module.Name + ".ko\n"))), executable: false);
        archive.Finish();
    }

    /// <summary>The program of an unpacked busybox-static.</summary>
    internal static string Busybox(string root)
    {
        foreach (string path in (string[])["bin/busybox", "usr/bin/busybox"])
        {
            if (File.Exists(Path.Combine(root, path)))
                return Path.Combine(root, path);
        }
        throw new UserError("the busybox-static package of this suite has no busybox where it used to be");
    }

    /// <summary>A folder of the kernel package, before or after Debian's move of everything below /usr.</summary>
    private static string FolderOf(string root, string folder, string release)
    {
        string old = Path.Combine(root, folder, release);
        return Directory.Exists(old) ? old : Path.Combine(root, "usr", folder, release);
    }
}
