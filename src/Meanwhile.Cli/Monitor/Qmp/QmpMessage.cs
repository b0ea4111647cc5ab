using System.Buffers;
using System.Text.Json;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>What a server sends: lines of JSON, ASCII only, that end in CR LF (qmp-spec, "Protocol specification").</summary>
internal static class QmpMessage
{
    /// <summary>The version of the protocol's server that is stated: that of the QEMU whose commands and answers these are.</summary>
    private static readonly (int Major, int Minor, int Micro) Version = (10, 0, 2);

    // An id is as deep as its command, and one level further in.
    private static readonly JsonWriterOptions Options = new() { MaxDepth = JsonSplitter.MostLevels + 1 };

    /// <summary>What a client is greeted with. No capability (out-of-band execution) is offered.</summary>
    public static byte[] Greeting() => Line(json =>
    {
        json.WriteStartObject("QMP");
        json.WritePropertyName("version");
        WriteVersion(json);
        json.WriteStartArray("capabilities");
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>QAPI's VersionInfo.</summary>
    public static void WriteVersion(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("qemu");
        json.WriteNumber("micro", Version.Micro);
        json.WriteNumber("minor", Version.Minor);
        json.WriteNumber("major", Version.Major);
        json.WriteEndObject();
        json.WriteString("package", $"meanwhile {typeof(QmpMessage).Assembly.GetName().Version!.ToString(3)}");
        json.WriteEndObject();
    }

    /// <summary>The answer to a command that was done.</summary>
    /// <param name="result">What it returned, as JSON.</param>
    /// <param name="id">The client's id, undefined when it gave none.</param>
    public static byte[] Return(ReadOnlyMemory<byte> result, JsonElement id) => Line(json =>
    {
        json.WritePropertyName("return");
        json.WriteRawValue(result.Span, skipInputValidation: true);
        WriteId(json, id);
    });

    /// <summary>The answer to a command that was not done.</summary>
    public static byte[] Error(string errorClass, string description, JsonElement id) => Line(json =>
    {
        WriteId(json, id);
        json.WriteStartObject("error");
        json.WriteString("class", errorClass);
        json.WriteString("desc", description);
        json.WriteEndObject();
    });

    /// <summary>Something happened.</summary>
    /// <param name="name">The event's name.</param>
    /// <param name="time">When, by the host's clock.</param>
    /// <param name="data">Writes members of its data; null: it has none.</param>
    public static byte[] Event(string name, DateTimeOffset time, Action<Utf8JsonWriter>? data) => Line(json =>
    {
        long microseconds = (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        json.WriteStartObject("timestamp");
        json.WriteNumber("seconds", microseconds / 1_000_000);
        json.WriteNumber("microseconds", microseconds % 1_000_000);
        json.WriteEndObject();
        json.WriteString("event", name);
        if (data is null)
            return;
        json.WriteStartObject("data");
        data(json);
        json.WriteEndObject();
    });

    private static void WriteId(Utf8JsonWriter json, JsonElement id)
    {
        if (id.ValueKind == JsonValueKind.Undefined)
            return;
        json.WritePropertyName("id");
        id.WriteTo(json);
    }

    private static byte[] Line(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        buffer.Write("\r\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
