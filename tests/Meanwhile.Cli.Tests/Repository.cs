namespace Meanwhile.Cli.Tests;

/// <summary>Where the repository is: the script that makes the root file system is there.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string MakeRootfs => Path.Combine(Root, "tests", "rootfs", "make-rootfs");

    private static string Find()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Meanwhile.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("No Meanwhile.slnx above " + AppContext.BaseDirectory);
    }
}
