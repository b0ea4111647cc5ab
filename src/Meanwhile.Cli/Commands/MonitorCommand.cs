using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Meanwhile.Cli.Monitor.Qmp;
using Spectre.Console;

namespace Meanwhile.Cli.Commands;

/// <summary><c>meanwhile monitor</c>.</summary>
internal static class MonitorCommand
{
    private const string Help = """
        help                      this text, and what the machine's monitor has for people
        info [TOPIC]              status, migrate, async-page-faults, …
        NAME [KEY=VALUE]...       any QMP command: query-status, stop, cont, migrate uri=tcp:host:4444; query-commands lists them
                                  (values are JSON, or else text)
        exit                      leaves; the machine goes on ('quit' ends the machine)
        """;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "the socket that 'meanwhile run --qmp' made" };
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "'info status', 'query-migrate', 'migrate uri=tcp:host:4444', …; without one, commands are asked for",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("monitor", "Ask a running machine, and tell it what to do. Works with QEMU's QMP sockets too.") { path, words };
        command.SetAction(parse =>
        {
            string[] once = parse.GetValue(words) ?? [];
            using var connection = new QmpConnection(parse.GetValue(path)!, once.Length > 0 ? null : ShowEvent);
            if (once.Length > 0)
                return Do(connection, once) ? 0 : 1;
            Converse(connection);
            return 0;
        });
        return command;
    }

    private static void Converse(QmpConnection connection)
    {
        while (true)
        {
            if (!Console.IsInputRedirected)
                Console.Write("(meanwhile) ");
            if (Console.ReadLine() is not { } line || line.Trim() == "exit")
                return;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words is ["help" or "?"])
                Console.WriteLine(Help);
            if (words.Length == 0)
                continue;
            Do(connection, words);
            // Nothing comes after its answer.
            if (words is ["quit"])
                return;
        }
    }

    private static void ShowEvent(JsonElement happened) => AnsiConsole.MarkupLineInterpolated($"[dim]{happened.GetRawText()}[/]");

    /// <summary>Does one command and prints what it returns; false when it could not be done.</summary>
    private static bool Do(QmpConnection connection, string[] words)
    {
        try
        {
            if (words[0] is "info" or "help" or "?")
            {
                JsonElement text = connection.Execute("human-monitor-command", json => json.WriteString("command-line", string.Join(' ', words)));
                Console.Write(text.GetString()!.ReplaceLineEndings("\n"));
                return true;
            }
            JsonElement result = connection.Execute(words[0], words.Length == 1 ? null : json => WriteArguments(json, words.AsSpan(1)));
            if (result.ValueKind != JsonValueKind.Object || result.EnumerateObject().Any())
                Print(result);
            return true;
        }
        catch (QmpException error)
        {
            Console.Error.WriteLine($"meanwhile: {error.Message}");
            return false;
        }
    }

    private static void WriteArguments(Utf8JsonWriter json, ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new QmpException($"'{word}' is no argument; give KEY=VALUE");
            json.WritePropertyName(word[..equals]);
            WriteValue(json, word[(equals + 1)..]);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string text)
    {
        try
        {
            using JsonDocument value = JsonDocument.Parse(text);
            value.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(text);
        }
    }

    private static void Print(JsonElement result)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, Indented))
            result.WriteTo(json);
        output.WriteByte((byte)'\n');
    }
}
