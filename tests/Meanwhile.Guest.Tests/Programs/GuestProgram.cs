using System.Globalization;
using System.Text.RegularExpressions;
using Meanwhile.Guest.Tests.Machines;

namespace Meanwhile.Guest.Tests.Programs;

/// <summary>
/// A bare-metal program, tests/guest-programs/GROUP/BEHAVIOUR.c. Comments in it say what it needs beyond the default machine,
/// <c>/* machine: cpus=2 memory=64M limit=8M latency=1ms apf=off */</c>, and what the host must have counted in the end,
/// <c>/* statistics: notified=1 cancelled=0 */</c>.
/// </summary>
internal sealed partial class GuestProgram
{
    private readonly string source;

    public GuestProgram(string name)
    {
        Path = System.IO.Path.Combine(Repository.GuestPrograms, name + ".c");
        source = File.ReadAllText(Path);
    }

    public string Path { get; }

    /// <summary>Counters by name that the program expects.</summary>
    public IEnumerable<(string Name, long Value)> Statistics =>
        Words("statistics").Select(word => (word.Name, long.Parse(word.Value, CultureInfo.InvariantCulture)));

    /// <summary>All programs, as GROUP/BEHAVIOUR.</summary>
    public static IEnumerable<string> Names() => Directory.EnumerateDirectories(Repository.GuestPrograms)
        .SelectMany(group => Directory.EnumerateFiles(group, "*.c"))
        .Select(file => System.IO.Path.GetRelativePath(Repository.GuestPrograms, file)[..^2])
        .Order(StringComparer.Ordinal);

    /// <summary>The program's machine.</summary>
    /// <exception cref="FormatException">The comment says something that is not known.</exception>
    public GuestSettings Settings(string binary)
    {
        var settings = new GuestSettings { Kernel = binary };
        foreach ((string name, string value) in Words("machine"))
        {
            settings = name switch
            {
                "cpus" => settings with { Cpus = int.Parse(value, CultureInfo.InvariantCulture) },
                "memory" => settings with { Memory = Quantity(value) },
                "limit" => settings with { Limit = Quantity(value) },
                "latency" => settings with { Latency = Quantity(value) },
                "bound" => settings with { Bound = Quantity(value) },
                "apf" => settings with { AsyncPageFaults = value == "on" },
                _ => throw new FormatException($"{Path}: no machine has '{name}'"),
            };
        }

        return settings;
    }

    [GeneratedRegex(@"/\* (?<kind>machine|statistics):(?<words>[^*]*)\*/")]
    private static partial Regex Comment();

    private IEnumerable<(string Name, string Value)> Words(string kind)
    {
        foreach (Match comment in Comment().Matches(source).Where(match => match.Groups["kind"].Value == kind))
        {
            foreach (string word in comment.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                int equals = word.IndexOf('=', StringComparison.Ordinal);
                if (equals < 0)
                    throw new FormatException($"{Path}: '{word}' is not NAME=VALUE");
                yield return (word[..equals], word[(equals + 1)..]);
            }
        }
    }

    private long Quantity(string text)
    {
        (string Unit, long Factor)[] units = [("us", 1_000), ("ms", 1_000_000), ("ns", 1), ("s", 1_000_000_000), ("M", 1 << 20)];
        foreach ((string unit, long factor) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
                return long.Parse(text[..^unit.Length], CultureInfo.InvariantCulture) * factor;
        }

        throw new FormatException($"{Path}: '{text}' is no size or time");
    }
}
