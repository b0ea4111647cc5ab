using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <content>The slow path of data accesses.</content>
public sealed unsafe partial class Core
{
    /// <summary>Reads after a TLB miss or for anything <see cref="GuestAccess"/> does not do itself. False: Pending is set.</summary>
    internal partial bool TryReadSlow<T>(Insn* i, ulong va, out T value, AccessFlags flags)
        where T : unmanaged;

    /// <summary>Writes after a TLB miss or for anything <see cref="GuestAccess"/> does not do itself. False: Pending is set.</summary>
    internal partial bool TryWriteSlow<T>(Insn* i, ulong va, T value, AccessFlags flags)
        where T : unmanaged;

    /// <summary>
    /// The host address of <paramref name="va"/> for an atomic read-modify-write of <paramref name="size"/> bytes, which must be naturally
    /// aligned RAM that may be read and written. Null: Pending is set (device memory gives the fault the manual allows for it).
    /// </summary>
    internal partial byte* ResolveForAtomic(Insn* i, ulong va, int size, AccessFlags flags);

    /// <summary>Empties all TLBs, data and instruction. Owner's thread only; the hypervisor calls it when pages lose their host memory.</summary>
    public partial void FlushTlb();
}
