using System.Security.Cryptography;
using System.Text;
using Meanwhile.Migration.State;

namespace Meanwhile.Migration.Tests.State;

/// <summary>Saved state taken apart and put together again, as somebody would who wants to break in: with the right checksum.</summary>
internal sealed record SavedSection(string Name, uint Version, byte[] Content);

internal static class StateAssembler
{
    private const int HeaderSize = 16;

    public static List<SavedSection> Disassemble(byte[] state)
    {
        var sections = new List<SavedSection>();
        int position = HeaderSize;
        for (uint left = BitConverter.ToUInt32(state, 12); left != 0; left--)
        {
            int nameLength = BitConverter.ToUInt16(state, position);
            string name = Encoding.ASCII.GetString(state, position + 2, nameLength);
            position += 2 + nameLength;
            uint version = BitConverter.ToUInt32(state, position);
            int length = BitConverter.ToInt32(state, position + 4);
            sections.Add(new SavedSection(name, version, state[(position + 8)..(position + 8 + length)]));
            position += 8 + length;
        }

        return sections;
    }

    public static byte[] Assemble(IReadOnlyList<SavedSection> sections)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("MWHSTATE"u8);
        writer.Write(MachineState.ContainerVersion);
        writer.Write((uint)sections.Count);
        foreach (SavedSection section in sections)
        {
            writer.Write((ushort)section.Name.Length);
            writer.Write(Encoding.ASCII.GetBytes(section.Name));
            writer.Write(section.Version);
            writer.Write((uint)section.Content.Length);
            writer.Write(section.Content);
        }

        return Sum(bytes.ToArray());
    }

    /// <summary>The state's bytes without their checksum, with a right one.</summary>
    public static byte[] Sum(ReadOnlySpan<byte> bytes) => [.. bytes, .. SHA256.HashData(bytes)];
}
