using System.Globalization;

namespace Meanwhile.Arm64.Tests;

/// <summary>Every floating-point encoding against results of qemu-aarch64, under random FPCR settings; see the data file's head.</summary>
public unsafe class FloatingPoint_Qemu_Tests
{
    [Fact]
    public void Results_and_flags_are_those_of_qemu()
    {
        using var m = new TestMachine();
        int count = 0;
        foreach (string line in Lines())
        {
            ulong[] c = [.. line.Replace("-> ", "").Split(' ').Select(field => ulong.Parse(field, NumberStyles.HexNumber))];
            m.State->Fpcr = (uint)c[1];
            m.State->Fpsr = (uint)c[2];
            m.State->Nzcv = (uint)c[3];
            m.X[0] = c[4];
            m.X[3] = ulong.MaxValue;
            for (int v = 0; v < 4; v++)
                m.SetV(v, c[5 + (2 * v)], c[6 + (2 * v)]);
            m.Run((uint)c[0]);
            ulong[] actual = [m.V(3).Low, m.V(3).High, m.X[3], m.State->Nzcv, m.State->Fpsr];
            if (!actual.AsSpan().SequenceEqual(c.AsSpan(13)))
            {
                string here = string.Join(' ', actual.Select(a => a.ToString("X")));
                Assert.Fail($"{Decoding.Decoder.Instance.Decode((uint)c[0])}: {line}\nhere: {here}");
            }
            count++;
        }
        Assert.True(count > 600);
    }

    private static IEnumerable<string> Lines()
    {
        using Stream stream = typeof(FloatingPoint_Qemu_Tests).Assembly.GetManifestResourceStream("FloatingPoint_Qemu_Tests.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                yield return line;
        }
    }
}
