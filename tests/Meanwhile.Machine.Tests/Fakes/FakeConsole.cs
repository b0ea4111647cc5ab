using System.Text;
using Meanwhile.Machine.Devices;

namespace Meanwhile.Machine.Tests.Fakes;

public sealed class FakeConsole : IConsoleBackend
{
    private readonly List<byte> output = [];

    public string Text => Encoding.Latin1.GetString([.. output]);

    public void Write(ReadOnlySpan<byte> output) => this.output.AddRange(output);
}
