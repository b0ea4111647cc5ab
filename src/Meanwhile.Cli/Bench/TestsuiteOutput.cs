using System.Globalization;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Bench;

/// <summary>What the guest's test program said on its console.</summary>
/// <param name="Bytes">Memory it used.</param>
/// <param name="TimeNs">The memory thread's time on the guest's clock, in nanoseconds.</param>
/// <param name="Calculation">Steps of the calculating thread.</param>
/// <param name="Verified">Values read back.</param>
/// <param name="Wrong">Of those, the ones that were not what was written.</param>
internal sealed record TestsuiteOutput(long Bytes, long TimeNs, long Calculation, long Verified, long Wrong)
{
    /// <summary>Reads the program's "testsuite: name=value …" line out of a console's output.</summary>
    /// <exception cref="UserError">There is none: the guest did not get that far.</exception>
    public static TestsuiteOutput Parse(string console)
    {
        const string Mark = "testsuite: bytes=";
        int start = console.LastIndexOf(Mark, StringComparison.Ordinal);
        if (start < 0)
            throw new UserError("the guest's test program gave no result. The end of its console:\n" + Tail(console));
        string line = console[start..].Split('\n')[0];
        var values = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Trim().Split('='))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));
        return new TestsuiteOutput(values["bytes"], values["time_ns"], values["calculation"], values["verified"], values["wrong"]);
    }

    private static string Tail(string console) => console.Length > 2000 ? "…" + console[^2000..] : console;
}
