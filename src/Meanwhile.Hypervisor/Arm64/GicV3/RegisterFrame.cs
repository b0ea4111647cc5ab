using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Hypervisor.Arm64.GicV3;

/// <summary>
/// Access sizes of the memory-mapped registers (IHI0069 12.1.3): words; 64-bit accesses as two words, low first; bytes and halfwords read
/// part of a word and write only where a frame says so. Misaligned accesses read as zero and ignore writes.
/// </summary>
internal abstract class RegisterFrame(Lock gate) : IMmioDevice
{
    public ulong Read(ulong offset, int size)
    {
        if (offset > uint.MaxValue || offset % (ulong)size != 0)
            return 0;
        uint at = (uint)offset;
        lock (gate)
        {
            return size switch
            {
                8 => ReadWord(at) | ((ulong)ReadWord(at + 4) << 32),
                4 => ReadWord(at),
                2 => (ushort)(ReadWord(at & ~3u) >> (int)(8 * (at & 3))),
                _ => (byte)(ReadWord(at & ~3u) >> (int)(8 * (at & 3))),
            };
        }
    }

    public void Write(ulong offset, int size, ulong value)
    {
        if (offset > uint.MaxValue || offset % (ulong)size != 0)
            return;
        uint at = (uint)offset;
        lock (gate)
        {
            switch (size)
            {
                case 8:
                    WriteWord(at, (uint)value);
                    WriteWord(at + 4, (uint)(value >> 32));
                    break;
                case 4:
                    WriteWord(at, (uint)value);
                    break;
                case 1:
                    WriteByte(at, (byte)value);
                    break;
            }
        }
    }

    /// <summary>CoreSight identification at 0xFFD0..0xFFFF of each frame (12.1.5): a GICv3 of Arm's numbering, PIDR2.ArchRev = 3.</summary>
    protected static uint Identification(uint offset) => offset switch
    {
        0xFFD0 => 0x44,
        0xFFE0 => 0x92,
        0xFFE4 => 0xB4,
        0xFFE8 => 0x3B,
        0xFFF0 => 0x0D,
        0xFFF4 => 0xF0,
        0xFFF8 => 0x05,
        0xFFFC => 0xB1,
        _ => 0,
    };

    protected abstract uint ReadWord(uint offset);

    protected abstract void WriteWord(uint offset, uint value);

    protected abstract void WriteByte(uint offset, byte value);
}
