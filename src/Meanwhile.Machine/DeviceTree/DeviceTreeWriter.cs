using System.Buffers.Binary;
using System.Text;

namespace Meanwhile.Machine.DeviceTree;

/// <summary>Writes a flattened device tree blob, version 17 (Devicetree Specification 0.4, chapter 5).</summary>
public sealed class DeviceTreeWriter
{
    private const uint Magic = 0xD00D_FEED;
    private const uint Version = 17;
    private const uint LastCompatibleVersion = 16;
    private const int HeaderSize = 40;
    private const int ReservationMapSize = 16;
    private const uint BeginNodeToken = 1;
    private const uint EndNodeToken = 2;
    private const uint PropertyToken = 3;
    private const uint EndToken = 9;

    private readonly MemoryStream structure = new();
    private readonly MemoryStream strings = new();
    private readonly Dictionary<string, uint> names = [];
    private int depth;

    /// <summary>Opens a node; dispose the result to close it. The root's name is empty.</summary>
    public NodeScope Node(string name)
    {
        PutCell(BeginNodeToken);
        PutString(structure, name);
        Pad();
        depth++;
        return new NodeScope(this);
    }

    /// <summary>A property without a value (true by its presence).</summary>
    public void Flag(string name) => Bytes(name, []);

    /// <summary>A property of 32-bit cells.</summary>
    public void Cells(string name, params ReadOnlySpan<uint> cells)
    {
        PutPropertyHeader(name, cells.Length * sizeof(uint));
        foreach (uint cell in cells)
            PutCell(cell);
    }

    /// <summary>A property of 64-bit numbers, two cells each.</summary>
    public void Quads(string name, params ReadOnlySpan<ulong> quads)
    {
        PutPropertyHeader(name, quads.Length * sizeof(ulong));
        foreach (ulong quad in quads)
        {
            PutCell((uint)(quad >> 32));
            PutCell((uint)quad);
        }
    }

    /// <summary>A property of one string or a list of strings.</summary>
    public void Strings(string name, params ReadOnlySpan<string> values)
    {
        var list = new MemoryStream();
        foreach (string value in values)
            PutString(list, value);
        Bytes(name, list.ToArray());
    }

    /// <summary>A property of bytes.</summary>
    public void Bytes(string name, ReadOnlySpan<byte> value)
    {
        PutPropertyHeader(name, value.Length);
        structure.Write(value);
        Pad();
    }

    /// <summary>The finished blob. All nodes must be closed.</summary>
    /// <param name="bootCpu">Physical id (the <c>reg</c> of its cpu node) of the CPU that boots.</param>
    public byte[] ToBlob(uint bootCpu = 0)
    {
        if (depth != 0)
            throw new InvalidOperationException("a device tree node is still open");
        PutCell(EndToken);
        int structureOffset = HeaderSize + ReservationMapSize;
        int stringsOffset = structureOffset + (int)structure.Length;
        int totalSize = stringsOffset + (int)strings.Length;

        var blob = new byte[totalSize];
        ReadOnlySpan<uint> header =
        [
            Magic, (uint)totalSize, (uint)structureOffset, (uint)stringsOffset, HeaderSize, Version, LastCompatibleVersion, bootCpu,
            (uint)strings.Length, (uint)structure.Length,
        ];
        for (int i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(i * sizeof(uint)), header[i]);
        structure.ToArray().CopyTo(blob, structureOffset);
        strings.ToArray().CopyTo(blob, stringsOffset);
        return blob;
    }

    private void EndNode()
    {
        PutCell(EndNodeToken);
        depth--;
    }

    private void PutPropertyHeader(string name, int length)
    {
        if (!names.TryGetValue(name, out uint offset))
        {
            offset = (uint)strings.Length;
            names.Add(name, offset);
            PutString(strings, name);
        }

        PutCell(PropertyToken);
        PutCell((uint)length);
        PutCell(offset);
    }

    private void PutCell(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        structure.Write(bytes);
    }

    private static void PutString(Stream stream, string value)
    {
        stream.Write(Encoding.UTF8.GetBytes(value));
        stream.WriteByte(0);
    }

    private void Pad()
    {
        while (structure.Length % sizeof(uint) != 0)
            structure.WriteByte(0);
    }

    /// <summary>An open node.</summary>
    public readonly struct NodeScope : IDisposable
    {
        private readonly DeviceTreeWriter writer;

        internal NodeScope(DeviceTreeWriter writer) => this.writer = writer;

        /// <summary>Closes the node.</summary>
        public void Dispose() => writer.EndNode();
    }
}
