using System.Text.Json.Serialization;

namespace Meanwhile.Cli.Guest;

/// <summary>A built guest: files of the cache that <c>meanwhile run</c> and the benchmarks boot.</summary>
/// <param name="Kernel">The distribution's kernel, as packaged.</param>
/// <param name="Initramfs">busybox, the modules a disk needs, the asynchronous page fault module and the test program.</param>
/// <param name="KernelRelease">What <c>uname -r</c> says.</param>
internal sealed record GuestImage(string Kernel, string Initramfs, string KernelRelease)
{
    /// <summary>Where built guests are kept: $MEANWHILE_CACHE, else $XDG_CACHE_HOME/meanwhile, else ~/.cache/meanwhile.</summary>
    public static string CacheFolder { get; } =
        Environment.GetEnvironmentVariable("MEANWHILE_CACHE") is { Length: > 0 } own ? Path.GetFullPath(own)
        : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } shared ? Path.Combine(shared, "meanwhile")
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "meanwhile");

    /// <summary>The folder of one suite's guest.</summary>
    public static string FolderOf(string suite) => Path.Combine(CacheFolder, "guests", suite);

    /// <summary>The guest of <paramref name="suite"/>, when it was built from the sources this program carries.</summary>
    public static GuestImage? Find(string suite)
    {
        string manifest = ManifestOf(suite);
        if (!File.Exists(manifest))
            return null;
        string[] lines = File.ReadAllLines(manifest);
        var image = lines is [string digest, string release] && digest == GuestSources.Digest() ? Of(suite, release) : null;
        return image is not null && File.Exists(image.Kernel) && File.Exists(image.Initramfs) ? image : null;
    }

    /// <summary>Where the parts of a suite's guest are, built or not.</summary>
    public static GuestImage Of(string suite, string release) =>
        new(Path.Combine(FolderOf(suite), "vmlinuz"), Path.Combine(FolderOf(suite), "initramfs.cpio.gz"), release);

    /// <summary>Says that the guest is complete: written last.</summary>
    public void WriteManifest(string suite) => File.WriteAllLines(ManifestOf(suite), [GuestSources.Digest(), KernelRelease]);

    private static string ManifestOf(string suite) => Path.Combine(FolderOf(suite), "manifest");
}

/// <summary>Serialisation made at build time: no reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GuestImage))]
internal sealed partial class GuestJsonContext : JsonSerializerContext;
