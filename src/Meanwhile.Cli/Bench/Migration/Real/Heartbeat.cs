using System.Globalization;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>What the guest's program says of one window of 100 ms (guest/migration/mover.c). Times are seconds of the guest's virtual counter.</summary>
/// <param name="Window">Its number, from 0.</param>
/// <param name="End">When it was over.</param>
/// <param name="Steps">Calculated by then.</param>
/// <param name="Gap">The longest time in which the calculating thread did not run.</param>
/// <param name="GapEnd">When that was over.</param>
/// <param name="Passes">Passes over the memory that are done; the first only fills it.</param>
/// <param name="Touched">Pages that were checked and written.</param>
/// <param name="Wrong">Values that were not what had been written.</param>
internal sealed record Heartbeat(long Window, double End, long Steps, double Gap, double GapEnd, long Passes, long Touched, long Wrong)
{
    private const string Prefix = "beat ";
    private const double Nanosecond = 1e-9;

    private static readonly string[] Names = ["end", "steps", "gap", "gap-end", "passes", "touched", "wrong"];

    /// <summary>The line's, or null when it is another.</summary>
    public static Heartbeat? Parse(string line)
    {
        if (!line.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        string[] words = line[Prefix.Length..].Split(' ');
        if (words.Length != 1 + Names.Length || !TryNumber(words[0], out long window))
            return null;
        Span<long> values = stackalloc long[Names.Length];
        for (int i = 0; i < Names.Length; i++)
        {
            string name = Names[i] + "=", word = words[1 + i];
            if (!word.StartsWith(name, StringComparison.Ordinal) || !TryNumber(word[name.Length..], out values[i]))
                return null;
        }
        return new Heartbeat(window, values[0] * Nanosecond, values[1], values[2] * Nanosecond, values[3] * Nanosecond, values[4], values[5], values[6]);
    }

    private static bool TryNumber(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
