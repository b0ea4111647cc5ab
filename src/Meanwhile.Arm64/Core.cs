using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Interpreter;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64;

/// <summary>
/// One AArch64 processing element in software: EL0 and EL1, with a physical memory and a system register bus around it.
/// Everything but <see cref="Kick"/> and <see cref="SetInterruptLine"/> belongs to the thread that calls <see cref="Run"/>.
/// </summary>
public sealed unsafe partial class Core : IDisposable
{
    private readonly GCHandle handle;

    /// <summary>A core after reset (EL1h, MMU off, everything masked), with PC 0.</summary>
    /// <param name="memory">Stage 2: where the core's physical addresses lead.</param>
    /// <param name="systemRegisters">The registers that are not the core's own.</param>
    /// <param name="mpidr">MPIDR_EL1: the PE's affinity.</param>
    /// <param name="engine">How it executes instructions.</param>
    /// <param name="counting">Translated code counts what it does, too, which slows it down. The same for all PEs of a domain.</param>
    public Core(
        IPhysicalMemory memory, ISystemRegisterBus systemRegisters, ulong mpidr, ExecutionEngine engine = ExecutionEngine.Interpreter, bool counting = false)
        : this(memory, systemRegisters, mpidr, engine == ExecutionEngine.Translator ? CacheFor(memory, counting) : null)
    {
    }

    /// <summary>A core that executes by the translations of <paramref name="cache"/>; null: by the interpreter.</summary>
    internal Core(IPhysicalMemory memory, ISystemRegisterBus systemRegisters, ulong mpidr, TranslationCache? cache)
    {
        Memory = memory;
        SystemRegisterBus = systemRegisters;
        // Freed by Dispose; no handler runs after that because Run belongs to the owner.
        // Translated code finds jump cache and TLBs behind the state. The C library takes so much from the system, which commits what is written.
        State = (CpuState*)NativeMemory.AlignedAlloc(SizeWithCaches, 4096);
        NativeMemory.Clear(State, (nuint)sizeof(CpuState));
        jumpCache = new JumpCache(State);
        handle = GCHandle.Alloc(this);
        State->CoreHandle = GCHandle.ToIntPtr(handle);
        State->System.MpidrEl1 = mpidr;
        translated = cache;
        cache?.Join(this);
        AllocateTlbs();
        Reset();
        memory.Domain?.Add(this);
    }

    /// <summary>
    /// Does what the first moments of a guest would else wait for: tables that a process makes once, and the host's memory for the caches that its code
    /// is found in. For a core that waits for a guest; a few milliseconds. Not while it runs.
    /// </summary>
    public void Prepare()
    {
        _ = Binders.Instance;
        _ = Decoder.Instance;
        jumpCache.Prepare();
        translated?.Prepare();
    }

    private static TranslationCache CacheFor(IPhysicalMemory memory, bool counting) =>
        memory.Domain?.Translations(counting) ?? new TranslationCache(counting: counting);

    /// <summary>The fastest engine that this host has.</summary>
    public static ExecutionEngine DefaultEngine { get; } =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? ExecutionEngine.Translator : ExecutionEngine.Interpreter;

    /// <summary>The state in native memory; valid until <see cref="Dispose"/>.</summary>
    public CpuState* State { get; private set; }

    internal IPhysicalMemory Memory { get; }

    internal ISystemRegisterBus SystemRegisterBus { get; }

    /// <summary>The managed core of a state, for the slow paths of handlers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Core Of(CpuState* state) => Unsafe.As<Core>(GCHandle.FromIntPtr(state->CoreHandle).Target!);

    /// <summary>Makes <see cref="CpuState.InstructionsRetired"/> exact up to, not including, <paramref name="i"/>, which is running.</summary>
    internal static void SynchronizeInstructionCount(CpuState* state, Insn* i)
    {
        state->InstructionsRetired += i - state->CountedUpTo;
        state->CountedUpTo = i;
    }

    /// <summary>Asks the core to leave <see cref="Run"/> at the next block boundary. Any thread.</summary>
    public void Kick() => Interlocked.Or(ref State->Attention, (int)Attention.Kick);

    /// <summary>Asserts or releases an interrupt input. Level sensitive. Any thread; a change is seen at the next block boundary.</summary>
    public void SetInterruptLine(InterruptLine line, bool asserted)
    {
        if (asserted)
            Interlocked.Or(ref State->InterruptLines, (int)line);
        else
            Interlocked.And(ref State->InterruptLines, ~(int)line);
        Interlocked.Or(ref State->Attention, (int)Attention.Interrupt);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (State is null)
            return;
        Memory.Domain?.Remove(this);
        code.Dispose();
        translated?.Depart(this);
        jumpCache.Dispose();
        FreeTlbs();
        NativeMemory.AlignedFree(State);
        State = null;
        handle.Free();
    }
}

/// <summary>How a core executes instructions. Results, instruction counts and the moments of interrupts are the same.</summary>
public enum ExecutionEngine
{
    /// <summary>Decoded blocks, one handler an instruction: on every host.</summary>
    Interpreter,

    /// <summary>Translation to host code; on x86-64 hosts.</summary>
    Translator,
}
