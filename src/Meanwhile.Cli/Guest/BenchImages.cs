using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>
/// Initial RAM disks of the guest benchmarks: a guest image's own, with more archives behind it, which Linux unpacks one after the other.
/// They are kept in the cache beside the guests.
/// </summary>
internal sealed class BenchImages(GuestImage guest, string suite, string mirror, Action<string> progress)
{
    private const string DebianFolder = "bench/debian";
    private readonly string folder = Path.Combine(GuestImage.CacheFolder, "bench", suite);

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

    /// <summary>A file of the cache, made when there is none or it was made of something else.</summary>
    private string Current(string name, string recipe, Action<string> build)
    {
        string file = Path.Combine(folder, name), manifest = file + ".manifest";
        string digest = $"{GuestSources.BenchmarksDigest()} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(guest.Initramfs)))} {recipe}";
        if (IsCurrent())
            return file;
        Directory.CreateDirectory(folder);
        using FileStream turn = CacheLock.Wait(folder, "making the benchmarks' RAM disks", progress);
        if (IsCurrent())
            return file;
        string unfinished = file + ".new";
        build(unfinished);
        File.Delete(manifest);
        File.Move(unfinished, file, overwrite: true);
        File.WriteAllText(manifest, digest);
        return file;

        bool IsCurrent() => File.Exists(file) && File.Exists(manifest) && File.ReadAllText(manifest) == digest;
    }

    private void BuildPlain(string file)
    {
        HostPackages.Ensure(GuestBuilder.HostNeeds, progress);
        progress("building the benchmarks' programs");
        string programs = Path.Combine(folder, "programs");
        GuestSources.Write("bench/programs", programs);
        HostCommand.Run("make", ["-C", programs, "CROSS_COMPILE=aarch64-linux-gnu-", "kernels"]);
        byte[] kernels = File.ReadAllBytes(Path.Combine(programs, "kernels"));
        Directory.Delete(programs, recursive: true);

        using FileStream stream = File.Create(file);
        Append(stream, guest.Initramfs);
        using var compressed = new GZipStream(stream, CompressionLevel.Optimal);
        var archive = new CpioArchive(compressed);
        foreach (string name in (string[])["bench", "bench/programs", "bench/workloads"])
            archive.AddDirectory(name);
        foreach ((string name, byte[] content) in GuestSources.Files("bench"))
            archive.AddFile("bench/" + name, content, executable: name == "run");
        archive.AddFile("bench/kernels", kernels, executable: true);
        archive.AddFile("bench/rsa.pem", RsaKey(), executable: false);
        archive.Finish();
    }

    /// <summary>A key for the benchmark alone; kept, so that all its signatures are the same work.</summary>
    private byte[] RsaKey()
    {
        const int Bits = 4096;
        string file = Path.Combine(folder, "rsa.pem");
        if (!File.Exists(file))
        {
            using var key = RSA.Create(Bits);
            File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem() + "\n", Encoding.ASCII);
        }
        return File.ReadAllBytes(file);
    }

    private string DebianArchive()
    {
        string file = Path.Combine(folder, "debian-root.cpio"), manifest = file + ".manifest";
        if (File.Exists(file) && File.Exists(manifest) && File.ReadAllText(manifest) == DebianRoot.Recipe)
            return file;
        File.Delete(manifest);
        new DebianRoot(suite, mirror, progress).Write(Path.Combine(folder, "debian"), file, DebianFolder);
        File.WriteAllText(manifest, DebianRoot.Recipe);
        return file;
    }

    private static void Append(FileStream stream, string file)
    {
        using FileStream source = File.OpenRead(file);
        source.CopyTo(stream);
    }
}
