using System.Text.Json;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>Does a command and writes what it returns; one that writes nothing returns an empty object.</summary>
/// <exception cref="QmpException">It cannot be done.</exception>
internal delegate void QmpHandler(QmpArguments arguments, Utf8JsonWriter result);

/// <summary>A command by its name.</summary>
/// <param name="Name">As clients call it.</param>
/// <param name="Handler">What it does.</param>
internal sealed record QmpCommand(string Name, QmpHandler Handler)
{
    /// <summary>It takes long, and others may be done meanwhile: it sees to it itself that they do not hurt it.</summary>
    public bool TakesLong { get; init; }

    /// <summary>A command without arguments.</summary>
    public QmpCommand(string name, Action<Utf8JsonWriter> handler)
        : this(name, (arguments, result) =>
        {
            arguments.End();
            handler(result);
        })
    {
    }

    /// <summary>A command without arguments and without a result.</summary>
    public QmpCommand(string name, Action handler)
        : this(name, _ => handler())
    {
    }
}
