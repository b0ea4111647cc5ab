using System.Buffers;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>The other end: a client of a QMP server, ours or another's. One command at a time; events whenever they come.</summary>
internal sealed class QmpConnection : IDisposable
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = JsonSplitter.MostLevels + 1 };

    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;
    private readonly Action<JsonElement>? happened;
    private readonly BlockingCollection<JsonElement> answers = [];
    private readonly StreamReader reader;
    private UserError? end;

    /// <summary>Connects, and ends negotiation.</summary>
    /// <param name="path">The server's socket.</param>
    /// <param name="happened">Takes events, on a thread of its own.</param>
    /// <exception cref="UserError">Nobody listens there, or it does not speak QMP.</exception>
    public QmpConnection(string path, Action<JsonElement>? happened = null)
    {
        this.path = path;
        this.happened = happened;
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            reader = new StreamReader(new NetworkStream(socket));
            new Thread(Read) { IsBackground = true, Name = "qmp answers" }.Start();
            if (!Answer().TryGetProperty("QMP", out _))
                throw NotQmp();
            Execute(QmpSession.Negotiation);
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is SocketException or ArgumentException)
                throw new UserError($"nobody listens on '{path}' ({error.Message}); give the socket of 'meanwhile run --qmp'");
            throw;
        }
    }

    /// <summary>Calls a command and waits for its answer.</summary>
    /// <param name="name">The command.</param>
    /// <param name="arguments">Writes the members of its arguments; null: it has none.</param>
    /// <returns>What it returned.</returns>
    /// <exception cref="QmpException">The server's error.</exception>
    /// <exception cref="UserError">The connection is gone.</exception>
    public JsonElement Execute(string name, Action<Utf8JsonWriter>? arguments = null)
    {
        Send(name, arguments);
        JsonElement answer = Answer();
        if (answer.TryGetProperty("return", out JsonElement result))
            return result;
        throw answer.TryGetProperty("error", out JsonElement error) ? new QmpException(Text(error, "desc"), Text(error, "class")) : NotQmp();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        reader.Dispose();
        socket.Dispose();
    }

    private void Send(string name, Action<Utf8JsonWriter>? arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("execute", name);
            if (arguments is not null)
            {
                json.WriteStartObject("arguments");
                arguments(json);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        try
        {
            for (int sent = 0; sent < buffer.WrittenCount;)
                sent += socket.Send(buffer.WrittenSpan[sent..]);
        }
        catch (SocketException)
        {
            throw Gone();
        }
    }

    private JsonElement Answer()
    {
        try
        {
            return answers.Take();
        }
        catch (InvalidOperationException)
        {
            // What the thread left before it ended the collection.
            throw end ?? Gone();
        }
    }

    private void Read()
    {
        try
        {
            while (reader.ReadLine() is { } text)
            {
                using JsonDocument document = JsonDocument.Parse(text, Options);
                JsonElement line = document.RootElement.Clone();
                if (line.ValueKind != JsonValueKind.Object)
                    throw NotQmp();
                if (line.TryGetProperty("event", out _))
                    happened?.Invoke(line);
                else
                    answers.Add(line);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Hung up, there or here.
        }
        catch (Exception error) when (error is JsonException or UserError)
        {
            end = NotQmp();
        }
        answers.CompleteAdding();
    }

    private UserError NotQmp() => new($"'{path}' does not speak QMP; give the socket of 'meanwhile run --qmp'");

    private UserError Gone() => new($"the machine at '{path}' has hung up");

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
