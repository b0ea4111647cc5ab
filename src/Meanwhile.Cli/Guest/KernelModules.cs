using System.Text;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>The modules of an unpacked kernel package, found by name with what they depend on.</summary>
internal sealed class KernelModules
{
    private readonly Dictionary<string, string> files = new(StringComparer.Ordinal);

    /// <summary>Indexes the modules below <paramref name="folder"/> (…/lib/modules/RELEASE).</summary>
    public KernelModules(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.ko*", SearchOption.AllDirectories))
            files.TryAdd(NameOf(file), file);
    }

    /// <summary>
    /// The named modules and all they need, in loading order, as uncompressed content. Names the kernel does not have as modules are
    /// left out: they are built in, or a kernel of this version does without.
    /// </summary>
    public IReadOnlyList<(string Name, byte[] Content)> WithDependencies(IEnumerable<string> names)
    {
        var loaded = new HashSet<string>(StringComparer.Ordinal);
        var order = new List<(string, byte[])>();
        foreach (string name in names)
            Visit(name, loaded, order);
        return order;
    }

    private void Visit(string name, HashSet<string> visited, List<(string Name, byte[] Content)> order)
    {
        if (!files.TryGetValue(name, out string? file) || !visited.Add(name))
            return;
        byte[] content = Read(file);
        foreach (string dependency in ModInfo(content, "depends=").SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
            Visit(dependency.Replace('-', '_'), visited, order);
        // "softdep=pre: crc32c": what the module will look for by itself, under its algorithm's name.
        foreach (string dependency in ModInfo(content, "softdep=pre: ").SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            Visit(dependency.Replace('-', '_'), visited, order);
            Visit(dependency.Replace('-', '_') + "_generic", visited, order);
        }
        order.Add((name, content));
    }

    private static string NameOf(string file)
    {
        string name = Path.GetFileName(file);
        return name[..name.IndexOf(".ko", StringComparison.Ordinal)].Replace('-', '_');
    }

    private static byte[] Read(string file)
    {
        if (file.EndsWith(".ko", StringComparison.Ordinal))
            return File.ReadAllBytes(file);
        string plain = file[..^Path.GetExtension(file).Length];
        HostCommand.Run("xz", ["--decompress", "--keep", "--force", file]);
        return File.ReadAllBytes(plain);
    }

    private static IEnumerable<string> ModInfo(byte[] module, string key)
    {
        byte[] pattern = Encoding.ASCII.GetBytes("\0" + key);
        for (int start = 0; ;)
        {
            int found = module.AsSpan(start).IndexOf(pattern);
            if (found < 0)
                yield break;
            start += found + pattern.Length;
            int length = module.AsSpan(start).IndexOf((byte)0);
            yield return Encoding.ASCII.GetString(module, start, length);
            start += length;
        }
    }
}
