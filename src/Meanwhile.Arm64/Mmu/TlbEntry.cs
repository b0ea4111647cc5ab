using System.Runtime.InteropServices;

namespace Meanwhile.Arm64.Mmu;

/// <summary>
/// One entry of a direct-mapped data TLB. An access hits when its page address, or-ed with the current <see cref="CpuState.TlbTag"/>,
/// equals the tag of its kind. 32 bytes, native memory, also read by translated code.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct TlbEntry
{
    /// <summary>A tag that no access can have: an empty entry, or a kind of access that must take the slow path.</summary>
    public const ulong Invalid = ulong.MaxValue;

    /// <summary>Entries in one TLB; the index is bits 12 and up of the virtual address.</summary>
    public const int Count = 4096;

    /// <summary>Tag for reads, or <see cref="Invalid"/>.</summary>
    public ulong ReadTag;

    /// <summary>Tag for writes, or <see cref="Invalid"/> (read-only, or dirty state is not recorded yet).</summary>
    public ulong WriteTag;

    /// <summary>Host address minus virtual address of the page.</summary>
    public nint Addend;

    /// <summary>Guest-physical address of the page, with flags in the low 12 bits that only the MMU reads (global, …).</summary>
    public ulong PhysicalPage;
}
