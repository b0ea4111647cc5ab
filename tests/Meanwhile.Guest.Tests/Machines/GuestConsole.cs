using System.Text;
using Meanwhile.Machine.Devices;

namespace Meanwhile.Guest.Tests.Machines;

/// <summary>Keeps every byte that the guest prints, and does things when it prints what was waited for.</summary>
internal sealed class GuestConsole : IConsoleBackend
{
    private readonly StringBuilder output = new();
    private readonly Queue<(string Text, Action Action)> script = new();
    private int searched;

    /// <summary>All that was printed.</summary>
    public string Text => output.ToString();

    /// <summary>Does <paramref name="action"/> once <paramref name="text"/> has been printed, after what was waited for before it.</summary>
    public void When(string text, Action action) => script.Enqueue((text, action));

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        output.Append(Encoding.Latin1.GetString(bytes));
        while (script.TryPeek(out (string Text, Action Action) next))
        {
            int found = output.ToString(searched, output.Length - searched).IndexOf(next.Text, StringComparison.Ordinal);
            if (found < 0)
            {
                // What is waited for may have begun already, but not earlier than this.
                searched = Math.Max(searched, output.Length - next.Text.Length + 1);
                return;
            }

            searched += found + next.Text.Length;
            script.Dequeue();
            next.Action();
        }
    }
}
