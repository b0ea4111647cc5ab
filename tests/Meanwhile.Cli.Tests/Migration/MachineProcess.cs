using System.Text.Json;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Tests.Migration;

/// <summary>A machine as a user has it: <c>meanwhile run</c> in a process of its own, and a connection to its monitor.</summary>
internal sealed class MachineProcess : IDisposable
{
    // Only so that a test that would hang ends.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock gate = new();
    private readonly List<string> events = [];
    private readonly Lazy<QmpConnection> monitor;

    private MachineProcess(TemporaryFolder folder, string name, string[] options)
    {
        Socket = folder.File($"{name}.qmp");
        Console = CommandProcess.Meanwhile(["run", "--qmp", Socket, .. options]);
        monitor = new Lazy<QmpConnection>(Connect);
    }

    /// <summary>The monitor's path.</summary>
    public string Socket { get; }

    /// <summary>The process: the guest's console.</summary>
    public CommandProcess Console { get; }

    /// <summary>What clients were told, in order: a name, and for MIGRATION its status.</summary>
    public string[] Events
    {
        get
        {
            lock (gate)
                return [.. events];
        }
    }

    public static MachineProcess Run(TemporaryFolder folder, string name, params string[] options) => new(folder, name, options);

    /// <summary>A machine that waits for a guest, and where.</summary>
    public static (MachineProcess Machine, string Uri) Wait(TemporaryFolder folder, string name, string uri, params string[] options)
    {
        var machine = new MachineProcess(folder, name, ["--incoming", uri, .. options]);
        const string Says = "waiting for a guest on ";
        machine.Console.WaitForError(Says);
        machine.Console.WaitForError("\n");
        string said = machine.Console.Errors;
        int begin = said.IndexOf(Says, StringComparison.Ordinal) + Says.Length;
        return (machine, said[begin..said.IndexOf('\n', begin)]);
    }

    public JsonElement Execute(string name, string arguments = "{}") => monitor.Value.Execute(name, json =>
    {
        using JsonDocument document = JsonDocument.Parse(arguments);
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
            member.WriteTo(json);
    });

    /// <summary>The error that a command gives.</summary>
    public string Refusal(string name, string arguments = "{}") => Assert.Throws<QmpException>(() => Execute(name, arguments)).Message;

    /// <summary>Switches capabilities on.</summary>
    public void Enable(params string[] capabilities) => Execute(
        "migrate-set-capabilities",
        $$"""{"capabilities":[{{string.Join(',', capabilities.Select(name => $$"""{"capability":"{{name}}","state":true}"""))}}]}""");

    public void Migrate(string uri, bool resume = false) => Execute("migrate", $$"""{"uri":"{{uri}}","resume":{{(resume ? "true" : "false")}}}""");

    public string RunState => Execute("query-status").GetProperty("status").GetString()!;

    public string Status => Execute("query-migrate") is var info && info.TryGetProperty("status", out JsonElement status) ? status.GetString()! : "none";

    public string Error => Execute("query-migrate").TryGetProperty("error-desc", out JsonElement text) ? text.GetString()! : "";

    public long Ram(string name) => Execute("query-migrate").TryGetProperty("ram", out JsonElement ram) ? ram.GetProperty(name).GetInt64() : -1;

    /// <summary>Waits until the migration is in this state; fails when it ends in another.</summary>
    public void Await(string status) => Await(status, () => Status == status, () => Status is "completed" or "failed" or "cancelled");

    /// <summary>Waits until it is so.</summary>
    public void Await(string what, Func<bool> isSo, Func<bool>? isOver = null)
    {
        DateTime end = DateTime.UtcNow + Patience;
        while (!isSo())
        {
            bool over = isOver?.Invoke() == true && !isSo();
            if (over || DateTime.UtcNow > end)
                Assert.Fail($"never {what}: {Execute("query-migrate")}\n{Console.Output}\n{Console.Errors}");
            Thread.Sleep(10);
        }
    }

    public void AwaitEvent(string name) => Await(name, () => Events.Contains(name));

    /// <summary>Ends it by its monitor.</summary>
    public int Quit()
    {
        Execute("quit");
        return Console.WaitForExit();
    }

    public void Dispose()
    {
        if (monitor.IsValueCreated)
            monitor.Value.Dispose();
        Console.Dispose();
    }

    private QmpConnection Connect()
    {
        DateTime end = DateTime.UtcNow + Patience;
        while (!File.Exists(Socket) && DateTime.UtcNow < end)
            Thread.Sleep(10);
        return new QmpConnection(Socket, happened =>
        {
            string name = happened.GetProperty("event").GetString()!;
            lock (gate)
                events.Add(name == "MIGRATION" ? $"MIGRATION {happened.GetProperty("data").GetProperty("status").GetString()}" : name);
        });
    }
}
