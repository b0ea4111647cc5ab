namespace Meanwhile.Cli.Bench;

/// <summary>One of the series' memory tests: 1 is memory only, 2 has a calculating thread beside it; the second of each goes on for longer.</summary>
/// <param name="Name">The series' number.</param>
/// <param name="Passes">Times every page is written.</param>
/// <param name="Calculate">A second thread calculates meanwhile.</param>
internal sealed record MemoryTest(string Name, int Passes, bool Calculate)
{
    /// <summary>The four tests, the first of each kind with <paramref name="passes"/> passes and the second with one more.</summary>
    public static IReadOnlyList<MemoryTest> All(int passes) =>
    [
        new("1.1", passes, Calculate: false),
        new("1.2", passes + 1, Calculate: false),
        new("2.1", passes, Calculate: true),
        new("2.2", passes + 1, Calculate: true),
    ];
}
