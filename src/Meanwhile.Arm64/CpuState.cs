using System.Runtime.InteropServices;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64;

/// <summary>
/// The architectural state of one processing element (PE) and the few words its execution engines share.
/// It lives in native memory at a fixed address, so that interpreter handlers and translated code reach it through one pointer.
/// </summary>
/// <remarks>Register numbers and PSTATE fields follow the Arm Architecture Reference Manual (DDI0487), B1.2 and D1.4.</remarks>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CpuState
{
    /// <summary>Slot of the current stack pointer in <see cref="X"/>.</summary>
    public const int Sp = 31;

    /// <summary>Slot of <see cref="X"/> that always reads as zero: register 31 where it names XZR and is a source.</summary>
    public const int Zr = 32;

    /// <summary>Slot of <see cref="X"/> that swallows writes: register 31 where it names XZR and is a destination.</summary>
    public const int Sink = 33;

    /// <summary>V0..V31, two 64-bit words each, low word first. First, for their alignment (the state itself is 64-byte aligned).</summary>
    public fixed ulong V[64];

    /// <summary>Program counter. Inside a block it is stale; see <see cref="CurrentPc"/>.</summary>
    public ulong Pc;

    /// <summary>Bits that are or-ed into a page address to make a TLB tag: [0] for addresses with bit 55 clear (TTBR0), [1] with it set (TTBR1).</summary>
    public fixed ulong TlbTag[2];

    /// <summary>What distinguishes jump cache entries of one virtual address, for the lower and the upper range; see <see cref="Translator.JumpCache"/>.</summary>
    public fixed ulong JumpKey[2];

    /// <summary>The jump cache's second level.</summary>
    internal Translator.JumpCacheEntry* JumpCacheSeconds;

    /// <summary>How often the jump cache was cleared: entries of its second level that have another count are forgotten.</summary>
    public long JumpCacheClearings;

    /// <summary>Data TLB that unprivileged accesses (LDTR, STTR) use: EL0's, or the current one where UAO says so.</summary>
    public TlbEntry* UnprivilegedTlb;

    /// <summary>Condition flags in bits 31..28 (N, Z, C, V), the other bits zero.</summary>
    public uint Nzcv;

    /// <summary>Floating-point Control Register (only implemented bits can be set).</summary>
    public uint Fpcr;

    /// <summary>Floating-point Status Register: cumulative flags IOC, DZC, OFC, UFC, IXC, IDC (bits 0..4, 7) and QC (bit 27).</summary>
    public uint Fpsr;

    /// <summary>PSTATE.EL: 0 or 1 (this PE implements EL0 and EL1 only).</summary>
    public byte El;

    /// <summary>PSTATE.SP: 0 = SP_EL0 is used at EL1, 1 = SP_EL1.</summary>
    public byte SpSel;

    /// <summary>PSTATE.DAIF as bits 3..0 = D, A, I, F.</summary>
    public byte Daif;

    /// <summary>PSTATE.PAN (FEAT_PAN).</summary>
    public byte Pan;

    /// <summary>PSTATE.UAO (FEAT_UAO).</summary>
    public byte Uao;

    /// <summary>PSTATE.SS, software step.</summary>
    public byte Ss;

    /// <summary>PSTATE.IL, illegal execution state.</summary>
    public byte Il;

    /// <summary>The event register that WFE waits for (D1.6).</summary>
    public byte EventRegister;

    /// <summary>Kind of exclusive monitor state: 0 = open, else the size in bytes of the marked access (1..16).</summary>
    public byte ExclusiveSize;

    /// <summary>Not 0 when this PE has asked others for maintenance since its last DSB, which then has to wait for them.</summary>
    public byte BroadcastSinceBarrier;

    /// <summary>
    /// 15 while SP alignment is checked at the current EL (SCTLR_EL1.SA, SA0), else 0: a load or store with SP as base takes
    /// <see cref="Exceptions.Raise.SpAlignment"/> when <c>X[31] &amp; SpAlignmentMask</c> is not 0.
    /// </summary>
    public ulong SpAlignmentMask;

    /// <summary>SP_EL0 while it is not the current stack pointer.</summary>
    public ulong SpEl0;

    /// <summary>SP_EL1 while it is not the current stack pointer.</summary>
    public ulong SpEl1;

    /// <summary>Physical address of the exclusive monitor's mark and the value that was read there (compared again by the store).</summary>
    public ulong ExclusiveAddress, ExclusiveLow, ExclusiveHigh;

    // --- Execution ---------------------------------------------------------------------------------------------------------

    /// <summary>Instructions executed since the state was made; exact at exits and after <see cref="Core.SynchronizeInstructionCount"/>.</summary>
    public long InstructionsRetired;

    /// <summary>First instruction of the running block that is not yet counted in <see cref="InstructionsRetired"/>.</summary>
    public Interpreter.Insn* CountedUpTo;

    /// <summary>Interrupt lines that are asserted: bits of <see cref="InterruptLine"/>. Written by any thread, atomically.</summary>
    public int InterruptLines;

    /// <summary>What the handler that returned <see cref="Interpreter.Status.Leave"/> wants: an exception to take or an exit to make.</summary>
    public PendingEvent Pending;

    // --- Translated code -----------------------------------------------------------------------------------------------

    /// <summary>Instructions that translated code may still execute of its portion of the budget, when it is entered and after it left.</summary>
    public long Remaining;

    /// <summary>Instructions of the budget that are in no portion yet.</summary>
    public long Beyond;

    /// <summary><see cref="InstructionsRetired"/> when <see cref="Remaining"/> will be 0.</summary>
    public long Limit;

    /// <summary>The instruction whose handler made translated code leave.</summary>
    public Interpreter.Insn* ExitInsn;

    /// <summary>The displacement of a jump that can be made to lead to the code at <see cref="Pc"/>, or 0.</summary>
    public nint LinkSite;

    /// <summary>The EL1 system registers this PE owns.</summary>
    public SystemRegisters.SystemRegisterFile System;

    /// <summary>A GCHandle to the managed <see cref="Core"/>; see <see cref="Core.Of"/>.</summary>
    public nint CoreHandle;

    // --- Counters ------------------------------------------------------------------------------------------------------

    /// <summary>Lookups in a data TLB that found their entry. Those of translated code are among them only where it <see cref="Core.CountsEverything">counts</see>.</summary>
    public long DataTlbHits;

    /// <summary>Blocks that translated code has started, where it counts.</summary>
    public long BlocksExecuted;

    /// <summary>Instructions that translated code had their handlers execute, where it counts.</summary>
    public long HandlerCalls;

    // --- What translated code uses most ----------------------------------------------------------------------------------

    // At the end, so that registers, these fields and the first of the TLBs, which stand right behind the state, are all in reach of a
    // displacement of 8 bits (Translator.HostLayout, whose tests tell when the filler does not fill the state to a multiple of 64 bytes any more).

    private fixed ulong filler[3];

    /// <summary>General-purpose registers: 0..30 are X0..X30, then <see cref="Sp"/>, <see cref="Zr"/> and <see cref="Sink"/>.</summary>
    public fixed ulong X[34];

    /// <summary>Data TLB of the current translation regime and privilege (EL0, EL1, or EL1 with PAN); see <see cref="Mmu"/>.</summary>
    public TlbEntry* DataTlb;

    /// <summary><see cref="TlbTag"/> as data TLBs have it (<see cref="TlbEntry.TagOf"/>): or-ed into a page number.</summary>
    public fixed ulong DataTag[2];

    /// <summary>Virtual address of the 4 KiB page that the running block was fetched from.</summary>
    public ulong CodePageVa;

    /// <summary>The size of every data TLB, as a mask of byte offsets: the number of entries less one, times an entry's size. Changes at a TLB fill only.</summary>
    public uint TlbMask;

    /// <summary>Work that must be seen at the next block boundary: bits of <see cref="Attention"/>. Written by any thread, atomically.</summary>
    public int Attention;

    /// <summary>NZCV in the form that LAHF and SETO give, CF being the complement of C; of meaning within translated code only.</summary>
    public ushort HostFlags;

    /// <summary>
    /// 1 when FPCR asks for the host's arithmetic (round to nearest, denormals kept) and FPSR.IXC is set, so that an operation with an
    /// ordinary result sets no flag; else 0. Of meaning within translated code only.
    /// </summary>
    public byte FpReady;

    /// <summary>The virtual address of the instruction <paramref name="i"/> of the running block.</summary>
    public readonly ulong CurrentPc(Interpreter.Insn* i) => CodePageVa | i->PageOffset;
}

/// <summary>Asynchronous interrupt inputs of the PE.</summary>
[Flags]
public enum InterruptLine
{
    /// <summary>IRQ.</summary>
    Irq = 1,

    /// <summary>FIQ.</summary>
    Fiq = 2,

    /// <summary>SError (virtual abort).</summary>
    SError = 4,
}

/// <summary>Reasons to look up from guest code at the next block boundary.</summary>
[Flags]
public enum Attention
{
    /// <summary>Another thread asks the core to leave <see cref="Core.Run"/>.</summary>
    Kick = 1,

    /// <summary>An interrupt line or its mask changed: decide again whether to take one.</summary>
    Interrupt = 2,
}
