using System.IO.Compression;
using System.Security.Cryptography;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>
/// Initial RAM disks of the guest benchmarks: a guest image's own, with more archives behind it, which Linux unpacks one after the other.
/// They are kept in the cache beside the guests.
/// </summary>
internal sealed class BenchImages(GuestImage guest, string suite, string mirror, Action<string> progress)
{
    /// <summary>Where the Debian root is, in a guest as in a root on the host.</summary>
    internal const string DebianFolder = "bench/debian";

    private readonly string folder = FolderOf(suite);

    /// <summary>The folder of one suite's benchmarks.</summary>
    public static string FolderOf(string suite) => Path.Combine(GuestImage.CacheFolder, "bench", suite);

    /// <summary>The guest's initial RAM disk with the benchmarks' scripts and programs.</summary>
    public string Plain() => Current("plain.cpio.gz", "", BuildPlain);

    /// <summary>That, and Debian's gcc, openssl and sqlite3 in a root of their own.</summary>
    public string WithDebian()
    {
        string plain = Plain();
        return Current("debian.cpio", DebianRoot.Recipe, file =>
        {
            string root = DebianArchive();
            using FileStream stream = File.Create(file);
            Append(stream, plain);
            // An archive that is not compressed starts at a multiple of four (early-userspace/buffer-format.rst); zeros between are passed over.
            stream.Write(stackalloc byte[(int)(-stream.Length & 3)]);
            Append(stream, root);
        });
    }

    private string Current(string name, string recipe, Action<string> build)
    {
        string digest = $"{GuestSources.BenchmarksDigest()} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(guest.Initramfs)))} {recipe}";
        return new CacheEntry(Path.Combine(folder, name), digest).Make("making the benchmarks' RAM disks", progress, build);
    }

    private void BuildPlain(string file)
    {
        HostPackages.Ensure(GuestBuilder.HostNeeds, progress);
        progress("building the benchmarks' programs");
        using FileStream stream = File.Create(file);
        Append(stream, guest.Initramfs);
        using var compressed = new GZipStream(stream, CompressionLevel.Optimal);
        var archive = new CpioArchive(compressed);
        new BenchFiles(folder).Add(archive, "aarch64-linux-gnu-");
        archive.Finish();
    }

    private string DebianArchive()
    {
        string file = Path.Combine(folder, "debian-root.cpio"), manifest = file + ".manifest";
        if (File.Exists(file) && File.Exists(manifest) && File.ReadAllText(manifest) == DebianRoot.Recipe)
            return file;
        File.Delete(manifest);
        new DebianRoot(suite, mirror, "arm64", progress).Write(Path.Combine(folder, "debian"), file, DebianFolder);
        File.WriteAllText(manifest, DebianRoot.Recipe);
        return file;
    }

    private static void Append(FileStream stream, string file)
    {
        using FileStream source = File.OpenRead(file);
        source.CopyTo(stream);
    }
}
