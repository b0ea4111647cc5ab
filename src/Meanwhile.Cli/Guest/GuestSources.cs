using System.Security.Cryptography;

namespace Meanwhile.Cli.Guest;

/// <summary>The guest's sources (kernel module, test program, init, benchmarks), carried in this program as resources.</summary>
internal static class GuestSources
{
    private const string Prefix = "guest/";
    private const string Benchmarks = Prefix + "bench/";
    private const string RestoreBenchmark = Prefix + "restore/";
    private const string Migration = Prefix + "migration/";

    // What is not in a guest image but added to it.
    private static readonly string[] Added = [Benchmarks, RestoreBenchmark, Migration];

    /// <summary>Writes the sources below <paramref name="part"/> ("apf", "testsuite", …) into <paramref name="folder"/>.</summary>
    public static void Write(string part, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in Names().Where(name => name.StartsWith($"{Prefix}{part}/", StringComparison.Ordinal)))
        {
            string file = Path.Combine(folder, name[(Prefix.Length + part.Length + 1)..]);
            File.WriteAllBytes(file, Read(name));
            // Harmless for C sources, needed for scripts.
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    /// <summary>One source file.</summary>
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(GuestSources).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>The files below <paramref name="part"/>, named relative to it, in a fixed order.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Files(string part)
    {
        string folder = $"{Prefix}{part}/";
        return Names().Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (name[folder.Length..], Read(name)));
    }

    /// <summary>A digest of the sources a guest image is made of: one built from others must be built again.</summary>
    public static string Digest() => Digest(Names().Where(name => !Array.Exists(Added, part => name.StartsWith(part, StringComparison.Ordinal))));

    /// <summary>A digest of the benchmarks' sources, which are not in a guest image but added to it.</summary>
    public static string BenchmarksDigest() => Digest(Names().Where(name => name.StartsWith(Benchmarks, StringComparison.Ordinal)));

    /// <summary>A digest of the sources of what runs while a guest moves, which is added to an image as well.</summary>
    public static string MigrationDigest() => Digest(Names().Where(name => name.StartsWith(Migration, StringComparison.Ordinal)));

    private static string Digest(IEnumerable<string> names)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(Read(name));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Names() =>
        typeof(GuestSources).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));
}
