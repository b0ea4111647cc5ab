using System.Text;

namespace Meanwhile.Cli.Bench.Guests;

/// <summary>Puts the bytes of a console together to lines. A line's time is that of the bytes it ended in.</summary>
internal sealed class ConsoleLines(Action<string, HostTime> onLine)
{
    private const int LargestTail = 4000;
    private readonly StringBuilder line = new();
    private readonly StringBuilder tail = new();

    /// <summary>The end of all that was printed.</summary>
    public string Tail => tail.ToString();

    /// <summary>Takes what came.</summary>
    /// <param name="bytes">Console output.</param>
    /// <param name="time">When it came.</param>
    public void Add(ReadOnlySpan<byte> bytes, HostTime time)
    {
        foreach (byte value in bytes)
        {
            char character = (char)value;
            if (character == '\r')
                continue;
            tail.Append(character);
            if (character != '\n')
            {
                line.Append(character);
                continue;
            }
            onLine(line.ToString(), time);
            line.Clear();
        }
        if (tail.Length > 2 * LargestTail)
            tail.Remove(0, tail.Length - LargestTail);
    }
}
