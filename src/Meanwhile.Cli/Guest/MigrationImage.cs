using System.IO.Compression;
using System.Security.Cryptography;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>The initial RAM disk of a guest that moves: a guest image's own, and behind it an archive with the program that works meanwhile.</summary>
internal static class MigrationImage
{
    /// <summary>Where the program is in the guest.</summary>
    public const string Program = "/" + Name;

    private const string Name = "mover";
    private const string CrossCompile = "aarch64-linux-gnu-";

    /// <summary>Gives its path, in the cache; built when it is not there.</summary>
    /// <param name="guest">The guest image.</param>
    /// <param name="suite">Of this Debian suite.</param>
    /// <param name="progress">Told what is being done.</param>
    public static string Make(GuestImage guest, string suite, Action<string> progress)
    {
        string folder = BenchImages.FolderOf(suite);
        string digest = $"{GuestSources.MigrationDigest()} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(guest.Initramfs)))}";
        return new CacheEntry(Path.Combine(folder, "migration.cpio.gz"), digest).Make("making the RAM disk of a guest that moves", progress, file => Build(guest, folder, file, progress));
    }

    private static void Build(GuestImage guest, string folder, string file, Action<string> progress)
    {
        HostPackages.Ensure(GuestBuilder.HostNeeds, progress);
        progress("building the program of a guest that moves");
        string sources = Path.Combine(folder, Name);
        GuestSources.Write("migration", sources);
        HostCommand.Run("make", ["-C", sources, $"CROSS_COMPILE={CrossCompile}", Name]);
        byte[] program = File.ReadAllBytes(Path.Combine(sources, Name));
        Directory.Delete(sources, recursive: true);
        using FileStream stream = File.Create(file);
        using (FileStream initramfs = File.OpenRead(guest.Initramfs))
            initramfs.CopyTo(stream);
        using var compressed = new GZipStream(stream, CompressionLevel.Optimal);
        var archive = new CpioArchive(compressed);
        archive.AddFile(Name, program, executable: true);
        archive.Finish();
    }
}
