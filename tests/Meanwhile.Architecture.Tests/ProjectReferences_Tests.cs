using System.Xml.Linq;

namespace Meanwhile.Architecture.Tests;

/// <summary>Dependencies point one way: the table of rooms in docs/architecture.md, checked against the project files.</summary>
public class ProjectReferences_Tests
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Meanwhile.Arm64"] = [],
        ["Meanwhile.Memory"] = [],
        ["Meanwhile.Hypervisor"] = ["Meanwhile.Arm64", "Meanwhile.Memory"],
        ["Meanwhile.Machine"] = ["Meanwhile.Hypervisor", "Meanwhile.Memory"],
        ["Meanwhile.Migration"] = ["Meanwhile.Machine", "Meanwhile.Hypervisor", "Meanwhile.Memory", "Meanwhile.Arm64"],
        ["Meanwhile.Cli"] = ["Meanwhile.Migration", "Meanwhile.Machine", "Meanwhile.Hypervisor", "Meanwhile.Memory", "Meanwhile.Arm64"],
    };

    public static TheoryData<string> Projects()
    {
        var data = new TheoryData<string>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot(), "src"), "*.csproj", SearchOption.AllDirectories))
            data.Add(Path.GetRelativePath(RepositoryRoot(), file));
        return data;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_knows_only_the_rooms_it_may_know(string projectFile)
    {
        string name = Path.GetFileNameWithoutExtension(projectFile);
        Assert.True(MayKnow.TryGetValue(name, out string[]? allowed), $"{name} has no row in the table of rooms (docs/architecture.md)");
        IEnumerable<string> references = XDocument.Load(Path.Combine(RepositoryRoot(), projectFile))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.All(references, reference => Assert.Contains(reference, allowed));
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Meanwhile.slnx")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException("No Meanwhile.slnx above " + AppContext.BaseDirectory);
    }
}
