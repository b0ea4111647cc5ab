using System.Text;

namespace Meanwhile.Cli.Guest;

/// <summary>Writes the "newc" cpio archives that Linux takes as initramfs (Documentation/driver-api/early-userspace/buffer-format.rst).</summary>
internal sealed class CpioArchive(Stream stream)
{
    private const uint DirectoryMode = 0x4000;
    private const uint FileMode = 0x8000;
    private const uint CharacterDeviceMode = 0x2000;
    private const uint SymbolicLinkMode = 0xA000;
    private uint inode;

    /// <summary>Adds a directory, readable by all.</summary>
    public void AddDirectory(string name) => Add(name, DirectoryMode | 0x1ED, [], 0, 0);

    /// <summary>Adds a file; <paramref name="executable"/> gives mode 0755, else 0644.</summary>
    public void AddFile(string name, ReadOnlySpan<byte> content, bool executable) =>
        Add(name, FileMode | (executable ? 0x1EDu : 0x1A4u), content, 0, 0);

    /// <summary>Adds a character device node, mode 0600.</summary>
    public void AddCharacterDevice(string name, uint major, uint minor) => Add(name, CharacterDeviceMode | 0x180, [], major, minor);

    /// <summary>Adds a symbolic link.</summary>
    public void AddSymbolicLink(string name, string target) => Add(name, SymbolicLinkMode | 0x1FF, Encoding.UTF8.GetBytes(target), 0, 0);

    /// <summary>Ends the archive.</summary>
    public void Finish() => Add("TRAILER!!!", 0, [], 0, 0);

    private void Add(string name, uint mode, ReadOnlySpan<byte> content, uint major, uint minor)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name + "\0");
        uint links = mode == 0 ? 1u : (mode & 0xF000) == DirectoryMode ? 2u : 1u;
        // Modification times stay zero: the same inputs give the same archive.
        uint[] fields = [mode == 0 ? 0 : ++inode, mode, 0, 0, links, 0, (uint)content.Length, 0, 0, major, minor, (uint)nameBytes.Length, 0];
        var header = new StringBuilder("070701");
        foreach (uint field in fields)
            header.Append(field.ToString("X8"));
        stream.Write(Encoding.ASCII.GetBytes(header.ToString()));
        stream.Write(nameBytes);
        Pad(110 + nameBytes.Length);
        stream.Write(content);
        Pad(content.Length);
    }

    private void Pad(int length) => stream.Write(stackalloc byte[(4 - (length & 3)) & 3]);
}
