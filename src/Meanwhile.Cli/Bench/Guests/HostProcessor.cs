namespace Meanwhile.Cli.Bench.Guests;

/// <summary>What the host says of its processor.</summary>
internal static class HostProcessor
{
    private const string Model = "model name";

    /// <summary>The model and the number of CPUs.</summary>
    public static string Description()
    {
        string model = ModelName(File.ReadAllText("/proc/cpuinfo")) ?? "the host's processor";
        return $"{model}, {Environment.ProcessorCount} CPU{(Environment.ProcessorCount == 1 ? "" : "s")}, {Environment.OSVersion.VersionString.Replace("Unix", "Linux", StringComparison.Ordinal)}";
    }

    /// <summary>The model's name out of /proc/cpuinfo, or null where it has none (arm64).</summary>
    internal static string? ModelName(string cpuinfo) =>
        cpuinfo.Split('\n').FirstOrDefault(line => line.StartsWith(Model, StringComparison.Ordinal))?.Split(": ", 2) is [_, var name] ? name.Trim() : null;
}
