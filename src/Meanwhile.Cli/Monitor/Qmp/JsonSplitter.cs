using System.Buffers;

namespace Meanwhile.Cli.Monitor.Qmp;

/// <summary>Takes what a <see cref="JsonSplitter"/> finds.</summary>
internal interface IJsonReceiver
{
    /// <summary>One value, brackets balanced; whether it is JSON is yet to be seen. Valid during the call.</summary>
    void Value(ReadOnlyMemory<byte> text);

    /// <summary>Bytes that cannot begin, or go on with, a value. The next value is looked for after them.</summary>
    void Malformed(string description);
}

/// <summary>
/// Cuts a client's bytes into JSON values, one at a time, wherever its lines and writes begin and end. Like QEMU's, it counts braces and
/// brackets apart and ends a value when neither is open or one of them is closed too often, so that a client gets back in step.
/// </summary>
internal sealed class JsonSplitter(IJsonReceiver receiver)
{
    /// <summary>Longest value. QEMU takes 64 MiB; no command needs more than a few KiB.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>Deepest nesting; QEMU's MAX_NESTING.</summary>
    public const int MostLevels = 1024;

    private const string Unexpected = "JSON parse error, expecting value";

    private readonly ArrayBufferWriter<byte> value = new();
    private int braces;
    private int brackets;
    private bool inString;
    private bool escaped;

    /// <summary>Takes bytes as they came.</summary>
    /// <returns>False when a value is too long: where the next one begins is unknown, so the connection is of no more use.</returns>
    public bool Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (byte next in bytes)
        {
            if (inString)
                InString(next);
            else
                OutsideString(next);
            if (value.WrittenCount <= MostBytes)
                continue;
            Reset();
            receiver.Malformed("JSON token size limit exceeded");
            return false;
        }
        return true;
    }

    private bool IsOpen => braces > 0 || brackets > 0;

    private void InString(byte next)
    {
        const byte FirstPrintable = 0x20;
        if (next < FirstPrintable)
        {
            Fail($"JSON parse error, control character 0x{next:x2} in a string");
            return;
        }
        Append(next);
        if (escaped || next == '\\')
        {
            escaped = !escaped;
            return;
        }
        if (next != '"')
            return;
        inString = false;
        if (!IsOpen)
            Complete();
    }

    private void OutsideString(byte next)
    {
        bool endsWord = next is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'"' or (byte)'{' or (byte)'[' or (byte)'}' or (byte)']'
            or (byte)',' or (byte)':';
        if (endsWord && !IsOpen && value.WrittenCount > 0)
            Complete();
        switch (next)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                // Between the tokens of a value it may separate two words.
                if (IsOpen)
                    Append(next);
                break;
            case (byte)'"':
                Append(next);
                inString = true;
                break;
            case (byte)'{':
                braces++;
                Open(next);
                break;
            case (byte)'[':
                brackets++;
                Open(next);
                break;
            case (byte)'}':
                braces--;
                Close(next);
                break;
            case (byte)']':
                brackets--;
                Close(next);
                break;
            case (byte)',' or (byte)':' when !IsOpen:
                Fail(Unexpected);
                break;
            default:
                Append(next);
                break;
        }
    }

    private void Open(byte next)
    {
        Append(next);
        if (braces + brackets > MostLevels)
            Fail("JSON nesting depth limit exceeded");
    }

    private void Close(byte next)
    {
        if (value.WrittenCount == 0)
        {
            Fail(Unexpected);
            return;
        }
        Append(next);
        if (!IsOpen || braces < 0 || brackets < 0)
            Complete();
    }

    private void Append(byte next)
    {
        value.GetSpan(1)[0] = next;
        value.Advance(1);
    }

    private void Complete()
    {
        receiver.Value(value.WrittenMemory);
        Reset();
    }

    private void Fail(string description)
    {
        Reset();
        receiver.Malformed(description);
    }

    private void Reset()
    {
        value.ResetWrittenCount();
        braces = brackets = 0;
        inString = escaped = false;
    }
}
