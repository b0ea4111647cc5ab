using System.Buffers.Binary;

namespace Meanwhile.Machine.Boot;

/// <summary>Recognises files that people give as kernel by mistake, to say what they are.</summary>
internal static class ForeignFormat
{
    private const string GiveArm64 = "give an arm64 Image, such as /boot/vmlinuz-*-arm64 of Debian's linux-image package for arm64";

    /// <summary>What the file seems to be, and what to do; null when it looks like nothing known.</summary>
    public static (string What, string Advice)? Describe(ReadOnlySpan<byte> content)
    {
        // Documentation/arch/x86/boot.rst: "HdrS" at 0x202.
        if (content.Length > 0x206 && content[0x202..].StartsWith("HdrS"u8))
            return ("an x86 bzImage", GiveArm64);
        if (content.StartsWith("\u007FELF"u8))
            return Elf(content);
        if (content.Length > 1 && content[0] == 0x1F && content[1] == 0x8B)
            return ("gzip data", GiveArm64);
        if (content.StartsWith("070701"u8) || content.StartsWith("070702"u8))
            return ("a cpio archive (an initial RAM disk)", "give it as initrd and a kernel Image as kernel");
        if (content.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(content) is var magic)
        {
            switch (magic)
            {
                case 0x27051956:
                    return ("a U-Boot uImage", "unpack it with dumpimage, or give the Image it was made from");
                case 0x28B52FFD:
                    return ("zstd data", "unpack it with zstd -d");
                case 0x04224D18 or 0x02214C18:
                    return ("LZ4 data", "unpack it with lz4 -d");
                case 0xFD377A58:
                    return ("xz data", "unpack it with xz -d");
                case 0x514649FB:
                    return ("a qcow2 disk image", "give it as disk, converted with qemu-img convert -O raw");
                case 0xD00DFEED:
                    return ("a device tree blob", "the board makes its own; give a kernel Image");
            }
        }

        if (content.StartsWith("BZh"u8))
            return ("bzip2 data", "unpack it with bzip2 -d");
        if (content.StartsWith("#!"u8))
            return ("a script", GiveArm64);
        if (content.StartsWith("!<arch>\n"u8))
            return ("a Debian package or archive", "unpack it with dpkg-deb -x and give its boot/vmlinuz");
        return content.StartsWith("MZ"u8) ? ("an EFI or Windows program", GiveArm64) : null;
    }

    private static (string What, string Advice) Elf(ReadOnlySpan<byte> content)
    {
        ushort machine = content.Length >= 20 ? BinaryPrimitives.ReadUInt16LittleEndian(content[18..]) : (ushort)0;
        return machine switch
        {
            183 => ("an arm64 ELF file", "make a flat binary of it with aarch64-linux-gnu-objcopy -O binary, or give arch/arm64/boot/Image"),
            62 or 3 => ("an x86 ELF file", GiveArm64),
            40 => ("a 32-bit Arm ELF file", GiveArm64),
            _ => ("an ELF file of another machine", GiveArm64),
        };
    }
}
