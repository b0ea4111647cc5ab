using System.Text;
using Meanwhile.Machine.Devices;

namespace Meanwhile.Cli.Machines;

/// <summary>Keeps what the guest prints, and tells of each line.</summary>
internal sealed class CapturedConsole(Action<string>? onLine = null) : IConsoleBackend
{
    private readonly Lock gate = new();
    private readonly StringBuilder all = new();
    private readonly StringBuilder line = new();

    /// <summary>All that was printed.</summary>
    public string Text
    {
        get
        {
            lock (gate)
                return all.ToString();
        }
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> output)
    {
        lock (gate)
        {
            foreach (byte value in output)
            {
                char character = (char)value;
                if (character == '\r')
                    continue;
                all.Append(character);
                if (character != '\n')
                {
                    line.Append(character);
                    continue;
                }
                onLine?.Invoke(line.ToString());
                line.Clear();
            }
        }
    }
}
