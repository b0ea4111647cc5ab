using System.Runtime.InteropServices;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Translator;

/// <summary>
/// Where translated code finds the guest's state: RBP points into <see cref="CpuState"/>, R14 counts the instruction budget down, ten guest
/// registers live in host registers, and RAX, RCX, RDX are free within an instruction.
/// </summary>
internal static unsafe class HostLayout
{
    // Displacement of the first TLB entry's addend, the last of what lookups read.
    private const int LastShortDisplacement = 120;

    /// <summary>
    /// RBP minus the state's address, so that what lookups read of EL0's TLB, the fields before it, and the registers from X11 up are in reach of an 8-bit
    /// displacement.
    /// </summary>
    public static readonly int Bias = Core.DataTlbsOffset + (2 * sizeof(ulong)) - LastShortDisplacement;

    /// <summary>Points into the state.</summary>
    public const Register State = Register.Rbp;

    /// <summary>Instructions that may still be executed.</summary>
    public const Register Budget = Register.R14;

    /// <summary>
    /// The slots of <see cref="CpuState.X"/> that live in host registers, and where: the registers that compilers use most. Loops may differ
    /// (<see cref="RegisterMapping"/>).
    /// </summary>
    public static readonly (int Slot, Register Host)[] Mapped =
    [
        (0, Register.Rbx), (1, Register.Rsi), (2, Register.Rdi), (3, Register.R8), (4, Register.R9), (5, Register.R10),
        (19, Register.R11), (20, Register.R12), (21, Register.R13), (CpuState.Sp, Register.R15),
    ];

    // Offsets from RBP.
    public static readonly int Registers, Pc, Nzcv, HostFlags, CodePageVa, DataTlb, UnprivilegedTlb, DataTag, TlbMask, JumpKey, JumpCacheEntries, JumpCacheSeconds, JumpCacheClearings, UserTlbEntries, AttentionBits, InterruptLines;
    public static readonly int Remaining, Beyond, Limit, Retired, CountedUpTo, ExitInsn, LinkSite, SpEl0, SpSel, Daif, Fpcr, Fpsr, FpReady, Vectors;
    public static readonly int ExclusiveSize, ExclusiveAddress, ExclusiveLow, ExclusiveHigh, EventRegister, Pan, Uao, BroadcastSinceBarrier, SctlrEl1;
    public static readonly int DataTlbHits, BlocksExecuted, HandlerCalls;

    static HostLayout()
    {
        // Freed below: only differences of addresses are taken.
        var s = (CpuState*)NativeMemory.AllocZeroed((nuint)sizeof(CpuState));
        byte* origin = (byte*)s + Bias;
        Registers = (int)((byte*)s->X - origin);
        Pc = (int)((byte*)&s->Pc - origin);
        Nzcv = (int)((byte*)&s->Nzcv - origin);
        HostFlags = (int)((byte*)&s->HostFlags - origin);
        CodePageVa = (int)((byte*)&s->CodePageVa - origin);
        DataTlb = (int)((byte*)&s->DataTlb - origin);
        UnprivilegedTlb = (int)((byte*)&s->UnprivilegedTlb - origin);
        DataTag = (int)((byte*)s->DataTag - origin);
        TlbMask = (int)((byte*)&s->TlbMask - origin);
        JumpKey = (int)((byte*)s->JumpKey - origin);
        JumpCacheEntries = Core.JumpCacheOffset - Bias;
        JumpCacheSeconds = (int)((byte*)&s->JumpCacheSeconds - origin);
        JumpCacheClearings = (int)((byte*)&s->JumpCacheClearings - origin);
        UserTlbEntries = Core.DataTlbsOffset - Bias;
        AttentionBits = (int)((byte*)&s->Attention - origin);
        InterruptLines = (int)((byte*)&s->InterruptLines - origin);
        Remaining = (int)((byte*)&s->Remaining - origin);
        Beyond = (int)((byte*)&s->Beyond - origin);
        Limit = (int)((byte*)&s->Limit - origin);
        Retired = (int)((byte*)&s->InstructionsRetired - origin);
        CountedUpTo = (int)((byte*)&s->CountedUpTo - origin);
        ExitInsn = (int)((byte*)&s->ExitInsn - origin);
        LinkSite = (int)((byte*)&s->LinkSite - origin);
        SpEl0 = (int)((byte*)&s->SpEl0 - origin);
        SpSel = (int)(&s->SpSel - origin);
        Daif = (int)(&s->Daif - origin);
        Fpcr = (int)((byte*)&s->Fpcr - origin);
        Fpsr = (int)((byte*)&s->Fpsr - origin);
        FpReady = (int)(&s->FpReady - origin);
        Vectors = (int)((byte*)s->V - origin);
        ExclusiveSize = (int)(&s->ExclusiveSize - origin);
        ExclusiveAddress = (int)((byte*)&s->ExclusiveAddress - origin);
        ExclusiveLow = (int)((byte*)&s->ExclusiveLow - origin);
        ExclusiveHigh = (int)((byte*)&s->ExclusiveHigh - origin);
        EventRegister = (int)(&s->EventRegister - origin);
        Pan = (int)(&s->Pan - origin);
        Uao = (int)(&s->Uao - origin);
        BroadcastSinceBarrier = (int)(&s->BroadcastSinceBarrier - origin);
        SctlrEl1 = (int)((byte*)&s->System.SctlrEl1 - origin);
        DataTlbHits = (int)((byte*)&s->DataTlbHits - origin);
        BlocksExecuted = (int)((byte*)&s->BlocksExecuted - origin);
        HandlerCalls = (int)((byte*)&s->HandlerCalls - origin);
        NativeMemory.Free(s);
    }

    /// <summary>A field of the state.</summary>
    public static Memory Field(int offset) => new(State, offset);

    /// <summary>The home of a slot of <see cref="CpuState.X"/>.</summary>
    public static Memory Home(int slot) => new(State, Registers + (slot * sizeof(ulong)));

    /// <summary>V register <paramref name="n"/>, 16 bytes.</summary>
    public static Memory Vector(int n) => new(State, Vectors + (n * 16));
}
