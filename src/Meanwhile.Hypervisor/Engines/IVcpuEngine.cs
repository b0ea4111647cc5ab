using Meanwhile.Arm64;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Hypervisor.Engines;

/// <summary>
/// What executes a vCPU's instructions: the software core now, KVM on arm64 hosts later. Exits are KVM's. All members but
/// <see cref="Kick"/> and <see cref="SetInterruptLine"/> belong to the vCPU's thread. Guest memory is touched within <see cref="Run"/> only: outside
/// of it an invalidation is acknowledged without asking the engine.
/// </summary>
public interface IVcpuEngine : IDisposable
{
    /// <summary>
    /// Runs guest code until an exit, and on an engine that counts instructions for at most <paramref name="maxInstructions"/>, exactly.
    /// </summary>
    VcpuExit Run(long maxInstructions);

    /// <summary>Gives the data of the MMIO read that the last exit asked for, or says that its write is done.</summary>
    void CompleteMmio(ulong data);

    /// <summary>Makes <see cref="Run"/> return soon with <see cref="VcpuExitReason.Interrupted"/>. Any thread; kept when it does not run.</summary>
    void Kick();

    /// <summary>Drives the PE's IRQ or FIQ input. Any thread.</summary>
    void SetInterruptLine(InterruptLine line, bool asserted);

    /// <summary>
    /// Puts the PE into its reset state (DDI0487 D1.6): EL1h, everything masked, MMU off, PC 0. <see cref="InstructionsRetired"/> goes on.
    /// </summary>
    void Reset();

    /// <summary>Gets ready for a guest that may come at any moment: what its first instructions would else wait for. Before the first <see cref="Run"/>.</summary>
    void Prepare()
    {
    }

    /// <summary>Translates code of a page that <see cref="Meanwhile.Arm64.Mmu.WorkingSet.Code(int)"/> named (<see cref="Core.TranslateAhead"/>). Any thread, before the first <see cref="Run"/>.</summary>
    void TranslateAhead(ulong physicalPage, ReadOnlySpan<byte> content, ReadOnlySpan<ulong> units)
    {
    }

    /// <summary>The content of a page has changed since <see cref="TranslateAhead"/>. Any thread, before the first <see cref="Run"/>.</summary>
    void ForgetTranslations(ulong physicalPage)
    {
    }

    /// <summary>Forgets all cached translations and host addresses.</summary>
    void FlushTlb();

    /// <summary>
    /// Where the engine notes the pages that the guest uses, all of them from the next <see cref="FlushTlb"/> on; null: nowhere. An engine that
    /// cannot tell notes none. Any thread.
    /// </summary>
    WorkingSet? WorkingSet
    {
        get => null;
        set { }
    }

    /// <summary>Instructions executed so far, never falling; 0 on an engine that does not count. Also after <see cref="IDisposable.Dispose"/>.</summary>
    long InstructionsRetired { get; }

    /// <summary>What the engine counts, for statistics; none by default. After the last run.</summary>
    IReadOnlyList<CoreCounter> Counters => [];

    /// <summary>Memory of the engine's code cache, for statistics; engines of one machine may share it. Before <see cref="IDisposable.Dispose"/>.</summary>
    IReadOnlyList<HostRange> CodeRanges => [];

    /// <summary>Reads a register.</summary>
    ulong GetRegister(VcpuRegister register);

    /// <summary>Writes a register.</summary>
    void SetRegister(VcpuRegister register, ulong value);

    /// <summary>
    /// Ids (<see cref="RegisterId"/>) of all registers with state, and of those that say what the PE is, in the order in which they can be
    /// restored: KVM_GET_REG_LIST. Interrupt controller and timers have their own.
    /// </summary>
    IReadOnlyList<ulong> RegisterIds { get; }

    /// <summary>Ids among <see cref="RegisterIds"/> of what never changes: a guest can only go on where they are equal.</summary>
    IReadOnlyList<ulong> IdentificationIds { get; }

    /// <summary>KVM_GET_ONE_REG; false when there is no such register.</summary>
    bool TryGetOneRegister(ulong id, out UInt128 value);

    /// <summary>
    /// KVM_SET_ONE_REG, with the masks of the guest's own writes. False when there is no such register, or it cannot have the value. On a vCPU
    /// that has not run since its reset.
    /// </summary>
    bool TrySetOneRegister(ulong id, UInt128 value);
}

/// <summary>Registers that hypercalls, PSCI and SDEI need, in KVM's naming (KVM_REG_ARM_CORE). X0 + n is general-purpose register n.</summary>
public enum VcpuRegister
{
#pragma warning disable CS1591 // Registers' own names; 1..30 follow X0.
    X0 = 0,
    X30 = 30,
    SpEl0 = 31,
    SpEl1,
    Pc,
    Pstate,
    ElrEl1,
    SpsrEl1,
    VbarEl1,
    MpidrEl1,
#pragma warning restore CS1591
}

/// <summary>Why the engine came back; KVM_EXIT_* where KVM has it.</summary>
public enum VcpuExitReason
{
    /// <summary>KVM_EXIT_INTR: kicked.</summary>
    Interrupted,

    /// <summary>The instruction budget is spent.</summary>
    BudgetSpent,

    /// <summary>KVM_EXIT_HYPERCALL: HVC #0 of SMCCC; arguments and results in X registers; PC is after the call.</summary>
    Hypercall,

    /// <summary>SMC: there is no secure firmware here; answers NOT_SUPPORTED. PC is after the call.</summary>
    SecureMonitorCall,

    /// <summary>WFI with nothing pending.</summary>
    WaitForInterrupt,

    /// <summary>WFE with the event register clear.</summary>
    WaitForEvent,

    /// <summary>KVM_EXIT_MMIO.</summary>
    Mmio,

    /// <summary>KVM_EXIT_MEMORY_FAULT: an access to RAM that is not resident; the instruction runs again.</summary>
    MemoryFault,
}

/// <summary>An exit with its details.</summary>
public readonly record struct VcpuExit(VcpuExitReason Reason)
{
    /// <summary>Guest-physical address (MMIO, memory fault).</summary>
    public ulong PhysicalAddress { get; init; }

    /// <summary>Size in bytes of an MMIO access.</summary>
    public int Size { get; init; }

    /// <summary>How memory was accessed (MMIO, memory fault).</summary>
    public AccessKind Access { get; init; }

    /// <summary>A stage-1 table walk made the faulting access (memory fault).</summary>
    public bool DuringTableWalk { get; init; }

    /// <summary>Data of an MMIO write; immediate of HVC.</summary>
    public ulong Data { get; init; }
}
