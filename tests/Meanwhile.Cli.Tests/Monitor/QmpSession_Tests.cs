using System.Text;
using System.Text.Json;
using CsCheck;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Tests.Monitor;

/// <summary>
/// The protocol by QEMU's docs/interop/qmp-spec. Errors, their classes and texts, are what QEMU 10.0.2 answers to the same bytes, where no
/// other reason is given.
/// </summary>
public sealed class QmpSession_Tests
{
    private const string Status = """{"execute":"query-status"}""";
    private const string StatusReturn = """{"return":{"running":false}}""";

    private readonly QmpCommandTable commands = new();
    private readonly Conversation client;

    public QmpSession_Tests()
    {
        commands.Add(
            new QmpCommand("query-status", json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("running", false);
                json.WriteEndObject();
            }),
            new QmpCommand("stop", () => { }),
            new QmpCommand("fail", () => throw new QmpException("It cannot be")));
        client = new Conversation(commands);
    }

    [Fact]
    public void A_client_is_greeted_with_version_and_capabilities()
    {
        using JsonDocument greeting = JsonDocument.Parse(client.Greeting);
        JsonElement qmp = greeting.RootElement.GetProperty("QMP");
        JsonElement version = qmp.GetProperty("version");
        Assert.Equal(10, version.GetProperty("qemu").GetProperty("major").GetInt32());
        Assert.True(version.GetProperty("qemu").TryGetProperty("minor", out _));
        Assert.True(version.GetProperty("qemu").TryGetProperty("micro", out _));
        Assert.StartsWith("meanwhile", version.GetProperty("package").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, qmp.GetProperty("capabilities").GetArrayLength());
    }

    [Fact]
    public void Until_negotiation_every_other_command_is_refused()
    {
        var early = new Conversation(commands, negotiated: false);
        const string Refused = "CommandNotFound: Expecting capabilities negotiation with 'qmp_capabilities'";
        Assert.Equal(Refused, early.Call("query-status"));
        Assert.Equal(Refused, early.Call("nope"));
        Assert.Equal("""{"return":{},"id":7}""", early.Say("""{"execute":"qmp_capabilities","arguments":{"enable":[]},"id":7}"""));
        Assert.Equal(StatusReturn, early.Say(Status));
        Assert.Equal("CommandNotFound: Capabilities negotiation is already complete, command ignored", early.Call("qmp_capabilities"));
    }

    [Theory]
    // QEMU itself names the parameter 'null' here, and offers out-of-band execution.
    [InlineData("foo", "GenericError: Parameter 'enable[0]' does not accept value 'foo'")]
    [InlineData("oob", "GenericError: Capability oob not available")]
    public void A_capability_that_is_not_offered_leaves_negotiation_open(string capability, string error)
    {
        var early = new Conversation(commands, negotiated: false);
        Assert.Equal(error, early.Call("qmp_capabilities", $$"""{"enable":["{{capability}}"]}"""));
        Assert.StartsWith("CommandNotFound: Expecting capabilities negotiation", early.Call("query-status"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"execute":"nope"}""", "CommandNotFound", "The command nope has not been found")]
    [InlineData("""{"execute":5}""", "GenericError", "QMP input member 'execute' must be a string")]
    [InlineData("""{"foo":1}""", "GenericError", "QMP input member 'foo' is unexpected")]
    [InlineData("""{"execute":"query-status","foo":1}""", "GenericError", "QMP input member 'foo' is unexpected")]
    [InlineData("""{"exec-oob":"query-status"}""", "GenericError", "QMP input member 'exec-oob' is unexpected")]
    [InlineData("""{"execute":"query-status","arguments":{"x":1}}""", "GenericError", "Parameter 'x' is unexpected")]
    [InlineData("""{"execute":"query-status","arguments":[]}""", "GenericError", "QMP input member 'arguments' must be an object")]
    [InlineData("""{"execute":"query-status","arguments":null}""", "GenericError", "QMP input member 'arguments' must be an object")]
    [InlineData("""{"arguments":{}}""", "GenericError", "QMP input lacks member 'execute'")]
    [InlineData("{}", "GenericError", "QMP input lacks member 'execute'")]
    [InlineData("[1]", "GenericError", "QMP input must be a JSON object")]
    [InlineData("\"abc\"", "GenericError", "QMP input must be a JSON object")]
    [InlineData("5 ", "GenericError", "QMP input must be a JSON object")]
    [InlineData("null\n", "GenericError", "QMP input must be a JSON object")]
    [InlineData("true ", "GenericError", "QMP input must be a JSON object")]
    [InlineData("""{"execute":"fail"}""", "GenericError", "It cannot be")]
    public void A_request_that_cannot_be_done_gets_class_and_description(string request, string errorClass, string description)
    {
        using JsonDocument answer = JsonDocument.Parse(client.Say(request));
        JsonElement error = answer.RootElement.GetProperty("error");
        Assert.Equal(errorClass, error.GetProperty("class").GetString());
        Assert.Equal(description, error.GetProperty("desc").GetString());
    }

    [Theory]
    [InlineData("""{"execute" "query-status"}""")]
    [InlineData("""{"execute":"query-status",}""")]
    [InlineData("""{"a":nul}""")]
    [InlineData("garbage ")]
    [InlineData("}")]
    [InlineData("]")]
    [InlineData("""{"execute":"query-status","execute":"query-name"}""")]
    [InlineData("{\"a\":\"unterminated\n")]
    [InlineData("""{"a":"\x"}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":[}}""")]
    [InlineData("""{"execute":"query-status","id":"\ud800"}""")]
    public void After_malformed_JSON_the_conversation_goes_on(string malformed)
    {
        string[] answers = client.SayAll(Encoding.UTF8.GetBytes(malformed));
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.StartsWith("""{"error":{"class":"GenericError","desc":"JSON parse error, """, answer, StringComparison.Ordinal));
        Assert.Equal("""{"return":{"running":false},"id":9}""", client.Say("""{"execute":"query-status","id":9}"""));
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_malformed()
    {
        Assert.StartsWith("""{"error":{"class":"GenericError","desc":"JSON parse error, """, client.Say([.. "{\"id\":\""u8, 0xFF, 0xFE, .. "\"}"u8]), StringComparison.Ordinal);
        Assert.Equal(StatusReturn, client.Say(Status));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1500")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("""{"a":[1,2.5,{"b":true}]}""")]
    public void The_id_comes_back_with_return_and_error_alike(string id)
    {
        Assert.Equal($$"""{"return":{},"id":{{id}}}""", client.Say($$"""{"id":{{id}},"execute":"stop"}"""));
        Assert.Equal(
            $$$"""{"id":{{{id}}},"error":{"class":"CommandNotFound","desc":"The command nope has not been found"}}""",
            client.Say($$"""{"execute":"nope","id":{{id}}}"""));
    }

    [Fact]
    public void Answers_are_ASCII()
    {
        // As QEMU: the specification asks for it.
        Assert.Equal("""{"return":{},"id":"\u00E9"}""", client.Say("""{"execute":"stop","id":"é"}"""));
    }

    [Fact]
    public void Values_need_no_lines_and_may_come_in_pieces()
    {
        Assert.Equal(["""{"return":{},"id":1}""", """{"return":{},"id":2}"""], client.SayAll("""{"execute":"stop","id":1}{"execute":"stop","id":2}"""u8));
        foreach (byte piece in "{ \"execute\" :\r\n\t\"stop\", \"id\" : \"}\\\"{\" }"u8[..^1])
            Assert.Empty(client.SayAll([piece]));
        Assert.Equal("""{"return":{},"id":"}\u0022{"}""", client.Say("}"));
    }

    [Fact]
    public void Nesting_has_a_limit()
    {
        Assert.Contains("QMP input must be a JSON object", client.Say(new string('[', 1024) + new string(']', 1024)), StringComparison.Ordinal);
        Assert.Contains("JSON nesting depth limit exceeded", client.Say(new string('[', 1025)), StringComparison.Ordinal);
        Assert.Equal(StatusReturn, client.Say(Status));
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 1022)) + "1" + new string('}', 1022);
        Assert.Equal($$"""{"return":{},"id":{{deep}}}""", client.Say($$"""{"execute":"stop","id":{{deep}}}"""));
    }

    [Fact]
    public void A_value_that_does_not_end_ends_the_conversation()
    {
        byte[] piece = [.. Enumerable.Repeat((byte)'a', 4096)];
        Assert.Empty(client.SayAll("{\"id\":\""u8));
        string answer = "";
        for (int sent = 0; client.IsAlive && sent <= JsonSplitter.MostBytes; sent += piece.Length)
            answer += client.Say(piece);
        Assert.False(client.IsAlive);
        Assert.Equal("""{"error":{"class":"GenericError","desc":"JSON token size limit exceeded"}}""", answer);
    }

    [Fact]
    public void Commands_are_listed()
    {
        Assert.Equal(
            """[{"name":"fail"},{"name":"qmp_capabilities"},{"name":"query-commands"},{"name":"query-status"},{"name":"stop"}]""", client.Call("query-commands"));
    }

    [Fact]
    public void Whatever_bytes_come_answers_are_JSON_and_the_next_command_is_done()
    {
        string[] choices =
        [
            "{", "}", "[", "]", ":", ",", "\"", "\\", "\n", " ", "\"execute\"", "\"arguments\"", "\"id\"", "\"stop\"", "\"nope\"", "\"\\ud800\"", "\"\\u0000\"",
            "null", "true", "-", "1e999", "-0", "'", "\u00e9", "\u0000", "\ufeff", """{"execute":"stop"}""", """{"execute":"stop","id":""",
        ];
        Gen<string> token = Gen.Int[0, choices.Length - 1].Select(index => choices[index]);
        Gen<byte[]> tokens = token.Array[0, 30].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));
        Gen.OneOf(tokens, Gen.Byte.Array[0, 60], Gen.Select(tokens, Gen.Byte, (text, bad) => (byte[])[.. text, bad])).Sample(bytes =>
        {
            var fuzzed = new Conversation(commands);
            fuzzed.SayAll(bytes);
            // Out of what may be open: a string, by its control character, then any number of brackets.
            fuzzed.SayAll([(byte)'\n', .. Enumerable.Repeat((byte)']', 31), .. Enumerable.Repeat((byte)'}', 62), (byte)'\n', .. Enumerable.Repeat((byte)']', 31), (byte)'\n']);
            Assert.Equal(StatusReturn, fuzzed.Say(Status));
        });
    }
}
