using Meanwhile.Arm64;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Hypervisor.Engines;

/// <summary>The software core as a vCPU engine.</summary>
public sealed unsafe partial class SoftwareEngine : IVcpuEngine
{
    private readonly Core core;
    private long retired;
    private bool disposed;

    /// <summary>A core in reset state.</summary>
    /// <param name="memory">Stage 2.</param>
    /// <param name="systemRegisters">The registers that are not the core's own.</param>
    /// <param name="mpidr">MPIDR_EL1.</param>
    /// <param name="engine">How it executes instructions.</param>
    /// <param name="counting">Translated code counts what it does, too, which slows it down.</param>
    public SoftwareEngine(
        IPhysicalMemory memory, ISystemRegisterBus systemRegisters, ulong mpidr, ExecutionEngine engine = ExecutionEngine.Interpreter, bool counting = false)
    {
        core = new Core(memory, systemRegisters, mpidr, engine, counting);
        Reset();
    }

    /// <summary>Where translated code is named for perf; null: nowhere.</summary>
    public PerfMap? PerfMap
    {
        get => core.PerfMap;
        init => core.PerfMap = value;
    }

    /// <inheritdoc/>
    // The state is native memory that lives until Dispose.
    public long InstructionsRetired => disposed ? retired : core.State->InstructionsRetired;

    /// <inheritdoc/>
    public IReadOnlyList<CoreCounter> Counters => disposed ? [] : core.Counters();

    /// <inheritdoc/>
    public IReadOnlyList<HostRange> CodeRanges => disposed ? [] : core.CodeRanges;

    /// <inheritdoc/>
    public void Prepare() => core.Prepare();

    /// <inheritdoc/>
    public void TranslateAhead(ulong physicalPage, ReadOnlySpan<byte> content, ReadOnlySpan<ulong> units) => core.TranslateAhead(physicalPage, content, units);

    /// <inheritdoc/>
    public void ForgetTranslations(ulong physicalPage) => core.ForgetTranslations(physicalPage);

    /// <inheritdoc/>
    public VcpuExit Run(long maxInstructions)
    {
        RunResult result;
        try
        {
            result = core.Run(maxInstructions);
        }
        catch
        {
            // The machine ends: its other vCPUs must be able to.
            core.AbandonRun();
            throw;
        }

        return result.Reason switch
        {
            RunReason.BudgetSpent => new VcpuExit(VcpuExitReason.BudgetSpent),
            RunReason.Kicked => new VcpuExit(VcpuExitReason.Interrupted),
            _ => Translate(result.Event),
        };
    }

    /// <inheritdoc/>
    public void CompleteMmio(ulong data) => core.CompleteMmio(data);

    /// <inheritdoc/>
    public void Kick() => core.Kick();

    /// <inheritdoc/>
    public void SetInterruptLine(InterruptLine line, bool asserted) => core.SetInterruptLine(line, asserted);

    /// <inheritdoc/>
    public void FlushTlb() => core.FlushTlb();

    /// <inheritdoc/>
    public WorkingSet? WorkingSet
    {
        get => core.WorkingSet;
        set => core.WorkingSet = value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed)
            return;
        retired = core.State->InstructionsRetired;
        disposed = true;
        core.Dispose();
    }

    private static VcpuExit Translate(in PendingEvent pending) => pending.Kind switch
    {
        PendingKind.Hypercall => new VcpuExit(VcpuExitReason.Hypercall) { Data = pending.Data },
        PendingKind.SecureMonitorCall => new VcpuExit(VcpuExitReason.SecureMonitorCall) { Data = pending.Data },
        PendingKind.WaitForInterrupt => new VcpuExit(VcpuExitReason.WaitForInterrupt),
        PendingKind.WaitForEvent => new VcpuExit(VcpuExitReason.WaitForEvent),
        PendingKind.Mmio => new VcpuExit(VcpuExitReason.Mmio)
        {
            PhysicalAddress = pending.PhysicalAddress,
            Size = pending.Size,
            Access = pending.Access,
            Data = pending.Data,
        },
        PendingKind.StageTwoFault => new VcpuExit(VcpuExitReason.MemoryFault)
        {
            PhysicalAddress = pending.PhysicalAddress,
            Access = pending.Access,
            DuringTableWalk = pending.DuringTableWalk,
        },
        _ => throw new InvalidOperationException($"The core left with {pending.Kind}."),
    };
}
