using System.Text.Json;
using System.Text.Unicode;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>
/// One client's conversation, without its socket: bytes in, lines out. Until it has sent <c>qmp_capabilities</c> it may send nothing else and
/// gets no events (qmp-spec, "Capabilities Negotiation"). Of one thread.
/// </summary>
internal sealed class QmpSession : IJsonReceiver
{
    /// <summary>The command that ends negotiation.</summary>
    public const string Negotiation = "qmp_capabilities";

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonSplitter.MostLevels, AllowDuplicateProperties = false };

    // Only to learn whether a value can be written at all.
    private static readonly JsonWriterOptions CheckOptions = new() { MaxDepth = JsonSplitter.MostLevels };

    private readonly QmpCommandTable commands;
    private readonly Action<byte[]> send;
    private readonly JsonSplitter splitter;
    private readonly Func<bool> isGone;
    private bool endsNegotiation;
    private bool isNegotiated;

    /// <summary>Starts with the greeting.</summary>
    /// <param name="commands">What the client may call.</param>
    /// <param name="send">Takes what the client is to get.</param>
    /// <param name="isGone">Whether the client has gone away; any time.</param>
    public QmpSession(QmpCommandTable commands, Action<byte[]> send, Func<bool>? isGone = null)
    {
        this.isGone = isGone ?? (static () => false);
        this.commands = commands;
        this.send = send;
        splitter = new JsonSplitter(this);
        send(QmpMessage.Greeting());
    }

    /// <summary>The client is in command mode, from the answer on that says so: after that answer, which none may overtake, it gets events.</summary>
    public bool IsNegotiated => isNegotiated || endsNegotiation;

    /// <summary>Takes bytes as they came, and answers each command in them.</summary>
    /// <returns>False when the connection is of no more use.</returns>
    public bool Receive(ReadOnlySpan<byte> bytes) => splitter.Feed(bytes);

    /// <inheritdoc/>
    public void Malformed(string description) => send(QmpMessage.Error(QmpException.GenericError, description, default));

    /// <inheritdoc/>
    public void Value(ReadOnlyMemory<byte> text)
    {
        if (!Utf8.IsValid(text.Span))
        {
            Malformed("JSON parse error, bytes that are no UTF-8");
            return;
        }
        JsonDocument document;
        try
        {
            document = Parse(text);
        }
        catch (JsonException error)
        {
            Malformed($"JSON parse error, {WithoutPosition(error)} (byte {error.BytePositionInLine})");
            return;
        }
        catch (InvalidOperationException)
        {
            Malformed("JSON parse error, a string that is no valid Unicode");
            return;
        }
        using (document)
            Answer(document.RootElement);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> text)
    {
        JsonDocument document = JsonDocument.Parse(text, Options);
        try
        {
            // Half a surrogate pair is found only when a string is used: better here than anywhere else.
            using var json = new Utf8JsonWriter(Stream.Null, CheckOptions);
            document.RootElement.WriteTo(json);
            return document;
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    private void Answer(JsonElement request)
    {
        JsonElement id = default;
        byte[] reply;
        try
        {
            if (request.ValueKind != JsonValueKind.Object)
                throw new QmpException("QMP input must be a JSON object");
            request.TryGetProperty("id", out id);
            string name = Check(request, out JsonElement arguments);
            reply = QmpMessage.Return(Execute(name, new QmpArguments(arguments) { IsClientGone = isGone }), id);
        }
        catch (QmpException error)
        {
            reply = QmpMessage.Error(error.ErrorClass, error.Message, id);
        }
        send(reply);
        isNegotiated |= endsNegotiation;
    }

    /// <summary>The command's name; refuses a request that is not of the form that the specification gives.</summary>
    private static string Check(JsonElement request, out JsonElement arguments)
    {
        string? name = null;
        arguments = default;
        foreach (JsonProperty member in request.EnumerateObject())
        {
            switch (member.Name)
            {
                case "execute" when member.Value.ValueKind != JsonValueKind.String:
                    throw new QmpException("QMP input member 'execute' must be a string");
                case "execute":
                    name = member.Value.GetString();
                    break;
                case "arguments" when member.Value.ValueKind != JsonValueKind.Object:
                    throw new QmpException("QMP input member 'arguments' must be an object");
                case "arguments":
                    arguments = member.Value;
                    break;
                case "id":
                    break;
                default:
                    throw new QmpException($"QMP input member '{member.Name}' is unexpected");
            }
        }
        return name ?? throw new QmpException("QMP input lacks member 'execute'");
    }

    private ReadOnlyMemory<byte> Execute(string name, QmpArguments arguments)
    {
        if (isNegotiated)
        {
            return name != Negotiation
                ? commands.Execute(name, arguments)
                : throw new QmpException("Capabilities negotiation is already complete, command ignored", QmpException.CommandNotFound);
        }
        if (name != Negotiation)
            throw new QmpException($"Expecting capabilities negotiation with '{Negotiation}'", QmpException.CommandNotFound);
        IReadOnlyList<string> enable = arguments.OptionalStrings("enable");
        arguments.End();
        if (enable.Count > 0)
            throw new QmpException(enable[0] == "oob" ? "Capability oob not available" : $"Parameter 'enable[0]' does not accept value '{enable[0]}'");
        endsNegotiation = true;
        return "{}"u8.ToArray();
    }

    // The framework adds where it was, as "LineNumber: 0 | BytePositionInLine: 5."
    private static string WithoutPosition(JsonException error)
    {
        int position = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? error.Message : error.Message[..position]).TrimEnd('.');
    }
}
