using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Meanwhile.Cli.Bench.Migration.Real;

namespace Meanwhile.Cli.Tests.Bench.Migration.Real;

/// <summary>A machine that does what a script says.</summary>
internal sealed class FakeMovingMachine : IMovingMachine
{
    private readonly List<MachineHappening> events = [];

    public ConsoleLog Console { get; } = new();

    public IReadOnlyList<MachineHappening> Events => events;

    public string? Ended
    {
        get
        {
            if (WhileWaiting.TryDequeue(out Action? step))
                step();
            return field;
        }
        set;
    }

    /// <summary>What happens while the driver waits: a step each time it looks whether the machine still runs.</summary>
    public Queue<Action> WhileWaiting { get; } = [];

    /// <summary>Called commands with their arguments.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>What a command does besides returning {}.</summary>
    public Dictionary<string, Action> Scripts { get; } = [];

    /// <summary>What query-migrate answers.</summary>
    public string Migration { get; set; } = "{}";

    public JsonElement Execute(string command, Action<Utf8JsonWriter>? arguments = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            arguments?.Invoke(json);
            json.WriteEndObject();
        }
        Calls.Add(command + " " + Encoding.UTF8.GetString(buffer.WrittenSpan));
        if (Scripts.TryGetValue(command, out Action? script))
            script();
        return JsonDocument.Parse(command == "query-migrate" ? Migration : "{}").RootElement;
    }

    public void Happen(string name, double time, string status = "") => events.Add(new MachineHappening(name, status, time));

    public void Beat(double time, int window, double end, long steps = 0, double gap = 0, double gapEnd = 0, int passes = 1, int wrong = 0) =>
        Console.Add(Encoding.ASCII.GetBytes(Line(window, end, steps, gap, gapEnd, passes, wrong)), time);

    public void Dispose()
    {
    }

    /// <summary>A heartbeat as guest/migration/mover.c prints it.</summary>
    public static string Line(int window, double end, long steps, double gap, double gapEnd, int passes, int wrong) => string.Create(
        CultureInfo.InvariantCulture,
        $"beat {window} end={Nanoseconds(end)} steps={steps} gap={Nanoseconds(gap)} gap-end={Nanoseconds(gapEnd)} passes={passes} touched=0 wrong={wrong}\r\n");

    private static long Nanoseconds(double seconds) => (long)Math.Round(seconds * 1e9);
}
