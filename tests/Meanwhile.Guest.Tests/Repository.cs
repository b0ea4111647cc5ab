namespace Meanwhile.Guest.Tests;

/// <summary>Where the repository is: guest programs are compiled from it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string GuestPrograms => Path.Combine(Root, "tests", "guest-programs");

    /// <summary>Sources of the program that several CPUs are tested with.</summary>
    public static string Stress => Path.Combine(Root, "guest", "stress");

    private static string Find()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Meanwhile.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("No Meanwhile.slnx above " + AppContext.BaseDirectory);
    }
}
