namespace Meanwhile.Cli.Guest;

/// <summary>A file or folder of the cache with a manifest beside it, which says what it was made of.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Digest">What it must have been made of.</param>
internal sealed record CacheEntry(string Path, string Digest)
{
    private string Manifest => Path + ".manifest";

    private bool IsCurrent => System.IO.Path.Exists(Path) && File.Exists(Manifest) && File.ReadAllText(Manifest) == Digest;

    /// <summary>Gives its path; makes it when there is none or it was made of something else. One process at a time does.</summary>
    /// <param name="work">What this process does then: "making the benchmarks' RAM disks".</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="build">Makes it at the path given.</param>
    public string Make(string work, Action<string> progress, Action<string> build)
    {
        if (IsCurrent)
            return Path;
        string folder = System.IO.Path.GetDirectoryName(Path)!;
        Directory.CreateDirectory(folder);
        using FileStream turn = CacheLock.Wait(folder, work, progress);
        if (IsCurrent)
            return Path;
        string unfinished = Path + ".new";
        Remove(unfinished);
        build(unfinished);
        File.Delete(Manifest);
        Remove(Path);
        if (Directory.Exists(unfinished))
            Directory.Move(unfinished, Path);
        else
            File.Move(unfinished, Path);
        File.WriteAllText(Manifest, Digest);
        return Path;
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        File.Delete(path);
    }
}
