using System.Buffers.Binary;
using System.Text;

namespace Meanwhile.Machine.Tests.DeviceTree;

/// <summary>Reads a flattened device tree after the Devicetree Specification, chapter 5, for tests only: path/property to value.</summary>
public static class DeviceTreeReader
{
    public static Dictionary<string, byte[]> Read(byte[] blob)
    {
        uint Word(int offset) => BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(offset));
        string Name(int offset) => Encoding.ASCII.GetString(blob.AsSpan(offset, blob.AsSpan(offset).IndexOf((byte)0)));

        Assert.Equal(0xD00DFEEDu, Word(0));
        Assert.Equal((uint)blob.Length, Word(4));
        Assert.Equal(17u, Word(20));
        int position = (int)Word(8);
        int strings = (int)Word(12);
        var path = new Stack<string>();
        var result = new Dictionary<string, byte[]>();
        while (true)
        {
            uint token = Word(position);
            position += 4;
            switch (token)
            {
                case 1:
                    string node = Name(position);
                    position += (node.Length + 4) & ~3;
                    path.Push(path.Count == 0 ? "" : $"{path.Peek()}/{node}");
                    result.Add($"{path.Peek()}/", []);
                    break;
                case 2:
                    path.Pop();
                    break;
                case 3:
                    int length = (int)Word(position);
                    result.Add($"{path.Peek()}/{Name(strings + (int)Word(position + 4))}", blob[(position + 8)..(position + 8 + length)]);
                    position += 8 + ((length + 3) & ~3);
                    break;
                case 9:
                    Assert.Empty(path);
                    return result;
                default:
                    Assert.Fail($"token {token} at {position - 4}");
                    break;
            }
        }
    }

    public static uint[] Cells(byte[] value) =>
        [.. Enumerable.Range(0, value.Length / 4).Select(i => BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan(i * 4)))];

    public static string[] Strings(byte[] value) => Encoding.ASCII.GetString(value).TrimEnd('\0').Split('\0');
}
