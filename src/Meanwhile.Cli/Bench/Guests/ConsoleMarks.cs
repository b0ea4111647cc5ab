using System.Globalization;
using System.Text;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>Finds the marks of <c>guest/bench/run</c> and of the kernel among a console's lines, and takes the times between them.</summary>
internal sealed class ConsoleMarks
{
    private const string KernelStarted = "Booting Linux on physical CPU";
    private const string InitStarted = "init: running ";
    private const string Features = "bench: features ";
    private const string Begin = "bench: begin ";
    private const string End = "bench: end ";

    private readonly List<WorkloadTime> times = [];
    private readonly StringBuilder output = new();
    private HostTime? kernelStarted;
    private (string Name, HostTime Time, double GuestTime)? open;

    /// <summary>The workloads that came to their end.</summary>
    public IReadOnlyList<WorkloadTime> Times => times;

    /// <summary>The workload that has begun and not ended, if any.</summary>
    public string? Running => open?.Name;

    /// <summary>What the guest's kernel says the core has: "fp asimd aes …"; empty until the guest has said it.</summary>
    public string CoreFeatures { get; private set; } = "";

    /// <summary>When the first process ran, or null.</summary>
    public HostTime? InitTime { get; private set; }

    /// <summary>Takes the next line.</summary>
    /// <exception cref="UserError">A workload failed, or marks do not fit each other.</exception>
    public void Line(string line, HostTime time)
    {
        // The kernel may print in the middle of a line: a mark is looked for anywhere.
        if (line.Contains(KernelStarted, StringComparison.Ordinal))
            kernelStarted ??= time;
        else if (After(line, InitStarted) is not null)
            Init(time);
        else if (After(line, Features) is { } features)
            CoreFeatures = features.Trim();
        else if (After(line, Begin) is { } begin)
            Started(begin.Split(' '), time);
        else if (After(line, End) is { } end)
            Ended(end.Split(' '), time);
        else if (open is not null)
            output.Append(line).Append('\n');
    }

    private void Init(HostTime time)
    {
        InitTime = time;
        if (kernelStarted is { } started)
            Add(Workload.Boot.Name, time - started, null, "");
    }

    private void Started(string[] words, HostTime time)
    {
        if (open is not null || words is not [{ Length: > 0 } name, var now] || GuestTime(now) is not { } guestTime)
            throw Unexpected(Begin, words);
        open = (name, time, guestTime);
        output.Clear();
    }

    private void Ended(string[] words, HostTime time)
    {
        if (open is not { } started || words is not [var name, var status, var now] || name != started.Name || GuestTime(now) is not { } guestTime)
            throw Unexpected(End, words);
        if (status != "0")
            throw new UserError($"workload {name} failed in the guest with exit status {status}:\n{output}");
        open = null;
        Add(name, time - started.Time, guestTime - started.GuestTime, output.ToString());
    }

    private void Add(string name, HostTime taken, double? guestSeconds, string result) =>
        times.Add(new WorkloadTime(name, taken.Seconds, taken.CpuSeconds, guestSeconds, result));

    private static string? After(string line, string mark)
    {
        int at = line.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? null : line[(at + mark.Length)..];
    }

    private static double? GuestTime(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double time) ? time : null;

    private static UserError Unexpected(string mark, string[] words) =>
        new($"the guest's mark '{mark}{string.Join(' ', words)}' was not expected here: is its console disturbed?");
}
