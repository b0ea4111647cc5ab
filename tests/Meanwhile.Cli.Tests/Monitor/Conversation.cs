using System.Text;
using System.Text.Json;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>A client's conversation with a table of commands, without a socket.</summary>
internal sealed class Conversation
{
    private readonly List<string> lines = [];
    private readonly QmpSession session;
    private int seen;

    public Conversation(QmpCommandTable commands, bool negotiated = true)
    {
        session = new QmpSession(commands, line => lines.Add(Encoding.ASCII.GetString(line)));
        Greeting = lines[seen++];
        if (negotiated)
            Assert.Equal("""{"return":{}}""", Say("""{"execute":"qmp_capabilities"}"""));
    }

    public string Greeting { get; }

    /// <summary>False after bytes that ended it.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Sends text and gives what is answered to it, without the ends of lines.</summary>
    public string Say(string text) => Say(Encoding.UTF8.GetBytes(text));

    public string Say(ReadOnlySpan<byte> bytes) => string.Concat(SayAll(bytes));

    /// <summary>Sends bytes and gives each answer.</summary>
    public string[] SayAll(ReadOnlySpan<byte> bytes)
    {
        IsAlive &= session.Receive(bytes);
        string[] answers = [.. lines.Skip(seen)];
        seen = lines.Count;
        foreach (string answer in answers)
        {
            Assert.EndsWith("\r\n", answer, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', answer[..^2]);
            using JsonDocument document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = 2000 });
        }
        return [.. answers.Select(answer => answer[..^2])];
    }

    /// <summary>Calls a command and gives what it returns, or "class: description" of its error.</summary>
    public string Call(string name, string arguments = "{}")
    {
        using JsonDocument answer = JsonDocument.Parse(Say($$"""{"execute":"{{name}}","arguments":{{arguments}}}"""));
        if (answer.RootElement.TryGetProperty("return", out JsonElement result))
            return result.GetRawText();
        JsonElement error = answer.RootElement.GetProperty("error");
        return $"{error.GetProperty("class").GetString()}: {error.GetProperty("desc").GetString()}";
    }
}
