using System.Globalization;
using System.Text;
using Meanwhile.Cli.Monitor.Qmp;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Cli.Monitor;

/// <summary>QEMU's monitor for people (<c>human-monitor-command</c>), as far as it shows things; what changes things is QMP's. Lines end in CR LF.</summary>
internal sealed class HumanMonitor
{
    private readonly IMachineControl machine;
    private readonly SortedDictionary<string, (string Help, Action<StringBuilder> Show)> topics = new(StringComparer.Ordinal);

    /// <summary>Makes the monitor of a machine.</summary>
    public HumanMonitor(IMachineControl machine)
    {
        this.machine = machine;
        Add("status", "show the current VM status (running|paused)", ShowStatus);
        Add("async-page-faults", "show what async page faults did, for each virtual CPU", ShowAsyncPageFaults);
    }

    /// <summary>The commands for QMP's side.</summary>
    public QmpCommand Command => new("human-monitor-command", (arguments, result) =>
    {
        string line = arguments.RequiredString("command-line");
        // Which CPU a command is about; none here is about one.
        arguments.OptionalUnsigned("cpu-index");
        arguments.End();
        result.WriteStringValue(Execute(line));
    });

    /// <summary>Adds something to show with <c>info</c>.</summary>
    public void Add(string topic, string help, Action<StringBuilder> show) => topics.Add(topic, (help, show));

    /// <summary>Adds a line to what is shown.</summary>
    public static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append("\r\n");

    /// <summary>Does a line that a user typed, and gives what is printed.</summary>
    public string Execute(string line)
    {
        var text = new StringBuilder();
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        switch (words)
        {
            case []:
                break;
            case ["info"] or ["help", "info"] or ["?", "info"]:
                foreach (string topic in topics.Keys)
                    ShowHelp(text, topic);
                break;
            case ["help"] or ["?"]:
                Line(text, $"help|? [cmd] -- show the help");
                Line(text, $"info [subcommand] -- show various information about the system state");
                break;
            case ["help" or "?", "info", string topic] when topics.ContainsKey(topic):
                ShowHelp(text, topic);
                break;
            case ["info", string topic] when topics.TryGetValue(topic, out var found):
                found.Show(text);
                break;
            case ["info", string topic, ..] when topics.ContainsKey(topic):
                Line(text, $"{topic}: extraneous characters at the end of line");
                Line(text, $"Try \"help info {topic}\" for more information");
                break;
            case ["info", string topic, ..]:
                Line(text, $"unknown command: 'info {topic}'");
                break;
            default:
                Line(text, $"unknown command: '{words[0]}'");
                break;
        }
        return text.ToString();
    }

    private void ShowHelp(StringBuilder text, string topic) => Line(text, $"info {topic}  -- {topics[topic].Help}");

    private void ShowStatus(StringBuilder text)
    {
        RunState state = machine.State;
        string more = state is RunState.Running or RunState.Paused ? "" : $" ({state.Name()})";
        Line(text, $"VM status: {(state == RunState.Running ? "running" : "paused")}{more}");
    }

    private void ShowAsyncPageFaults(StringBuilder text)
    {
        foreach (VcpuInformation vcpu in machine.Vcpus)
        {
            if (vcpu.AsyncPageFaults is { } statistics)
                Show(text, vcpu.Index, statistics);
            else
                Line(text, $"CPU #{vcpu.Index}: not offered");
        }
    }

    private static void Show(StringBuilder text, int index, AsyncPageFaultStatistics statistics)
    {
        Line(text, $"CPU #{index}:");
        Line(text, $"faults: {statistics.Faults}");
        Line(text, $"notified: {statistics.Notified}");
        Line(text, $"waited: {statistics.Waited}");
        Line(text, $"cancelled: {statistics.Cancelled}");
        Line(text, $"ready: {statistics.Ready}");
        Line(text, $"wake-alls: {statistics.WakeAlls}");
        Line(text, $"dropped: {statistics.Dropped}");
        Line(text, $"rehearsed: {statistics.Rehearsed}");
        Line(text, $"outstanding: {statistics.Outstanding}");
        Line(text, $"peak outstanding: {statistics.PeakOutstanding}");
        Line(text, $"stood still: {statistics.StoodStillNanoseconds / 1_000_000} ms");
        Line(text, $"mean page latency: {statistics.PageLatency.Mean / 1000} us");
    }
}
