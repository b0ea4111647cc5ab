using System.Buffers;
using System.Text.Json;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>
/// The commands of a monitor. They are done one at a time, whoever asks, so that a command sees the machine as the last one left it; only those that
/// take long are done beside others.
/// </summary>
internal sealed class QmpCommandTable
{
    private readonly SortedDictionary<string, QmpCommand> commands = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>Makes a table with <c>query-commands</c> only.</summary>
    public QmpCommandTable() => Add(new QmpCommand("query-commands", ListCommands));

    /// <summary>Adds commands, before anybody calls one.</summary>
    public void Add(params IEnumerable<QmpCommand> more)
    {
        foreach (QmpCommand command in more)
            commands.Add(command.Name, command);
    }

    /// <summary>There is a command of this name.</summary>
    public bool Contains(string name) => commands.ContainsKey(name);

    /// <summary>Does a command.</summary>
    /// <returns>What it returns, as JSON.</returns>
    /// <exception cref="QmpException">It cannot be done, or there is no such command.</exception>
    public ReadOnlyMemory<byte> Execute(string name, QmpArguments arguments)
    {
        if (!commands.TryGetValue(name, out QmpCommand? command))
            throw new QmpException($"The command {name} has not been found", QmpException.CommandNotFound);
        var buffer = new ArrayBufferWriter<byte>();
        using var result = new Utf8JsonWriter(buffer);
        if (command.TakesLong)
        {
            command.Handler(arguments, result);
        }
        else
        {
            lock (gate)
                command.Handler(arguments, result);
        }
        result.Flush();
        return buffer.WrittenCount == 0 ? "{}"u8.ToArray() : buffer.WrittenMemory;
    }

    private void ListCommands(Utf8JsonWriter result)
    {
        result.WriteStartArray();
        foreach (string name in commands.Keys.Append(QmpSession.Negotiation).Order(StringComparer.Ordinal))
        {
            result.WriteStartObject();
            result.WriteString("name", name);
            result.WriteEndObject();
        }
        result.WriteEndArray();
    }
}
