using System.Text;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>A line of a console.</summary>
/// <param name="Text">Without its end.</param>
/// <param name="Time">When its end came, seconds of the host's clock.</param>
internal readonly record struct ConsoleLine(string Text, double Time);

/// <summary>What came from one machine's console. Filled by a thread, read by another.</summary>
internal sealed class ConsoleLog
{
    private const int LargestTail = 2000;

    private readonly Lock gate = new();
    private readonly List<ConsoleLine> lines = [];
    private readonly StringBuilder rest = new();

    /// <summary>Takes what came.</summary>
    public void Add(ReadOnlySpan<byte> bytes, double time)
    {
        lock (gate)
        {
            foreach (byte value in bytes)
            {
                if (value == '\n')
                {
                    lines.Add(new ConsoleLine(rest.ToString(), time));
                    rest.Clear();
                }
                else if (value != '\r')
                {
                    rest.Append((char)value);
                }
            }
        }
    }

    /// <summary>All lines so far, and what has come of the next.</summary>
    public (IReadOnlyList<ConsoleLine> Lines, string Unfinished) Read()
    {
        lock (gate)
            return ([.. lines], rest.ToString());
    }

    /// <summary>The last heartbeat, or null.</summary>
    public Heartbeat? LastBeat()
    {
        lock (gate)
        {
            for (int i = lines.Count - 1; i >= 0; i--)
            {
                if (Heartbeat.Parse(lines[i].Text) is { } beat)
                    return beat;
            }
            return null;
        }
    }

    /// <summary>The end of all, for messages.</summary>
    public string Tail()
    {
        lock (gate)
        {
            string text = string.Join('\n', lines.TakeLast(20).Select(line => line.Text)) + "\n" + rest;
            return text.Length > LargestTail ? text[^LargestTail..] : text;
        }
    }
}
