using Meanwhile.Arm64;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Hypervisor.Tests.Engines;

/// <summary>A vCPU whose "program" is a list of steps of the test. At the program's end it switches the machine off through PSCI.</summary>
internal sealed class ScriptedEngine(IPhysicalMemory memory, ISystemRegisterBus systemRegisters, ulong mpidr) : IVcpuEngine
{
    internal const uint SystemOff = 0x8400_0008;

    private readonly ulong[] registers = new ulong[64];
    private readonly Queue<Func<long, VcpuExit?>> program = new();
    private int kicked;
    private int lines;

    internal IPhysicalMemory Memory { get; } = memory;

    internal ISystemRegisterBus SystemRegisters { get; } = systemRegisters;

    internal int Flushes { get; private set; }

    internal int Resets { get; private set; }

    internal bool InRun { get; private set; }

    internal bool Irq => (Volatile.Read(ref lines) & (int)InterruptLine.Irq) != 0;

    /// <summary>Data of the last completed MMIO read.</summary>
    internal ulong MmioData { get; private set; }

    public long InstructionsRetired { get; private set; }

    /// <summary>A step that executes so many instructions, in as many runs as budgets make of it.</summary>
    internal ScriptedEngine Execute(long instructions)
    {
        program.Enqueue(budget =>
        {
            long now = Math.Min(budget, instructions);
            InstructionsRetired += now;
            instructions -= now;
            return instructions > 0 ? new VcpuExit(VcpuExitReason.BudgetSpent) : null;
        });
        return this;
    }

    /// <summary>A step that does something in the middle of a run.</summary>
    internal ScriptedEngine Do(Action action)
    {
        program.Enqueue(_ =>
        {
            action();
            return null;
        });
        return this;
    }

    /// <summary>A step that runs until it is kicked.</summary>
    internal ScriptedEngine SpinUntilKicked()
    {
        program.Enqueue(_ =>
        {
            SpinWait.SpinUntil(() => Volatile.Read(ref kicked) != 0);
            return null;
        });
        return this;
    }

    /// <summary>A step that exits.</summary>
    internal ScriptedEngine Exit(VcpuExit exit)
    {
        program.Enqueue(_ => exit);
        return this;
    }

    internal ScriptedEngine Exit(VcpuExitReason reason) => Exit(new VcpuExit(reason));

    /// <summary>A step that calls the hypervisor with the given X0 and on.</summary>
    internal ScriptedEngine Call(params ulong[] arguments)
    {
        program.Enqueue(_ =>
        {
            arguments.CopyTo(registers, 0);
            return new VcpuExit(VcpuExitReason.Hypercall);
        });
        return this;
    }

    internal ulong ReadSystemRegister(uint register)
    {
        Assert.True(SystemRegisters.TryRead(register, 1, out ulong value));
        return value;
    }

    internal void WriteSystemRegister(uint register, ulong value) => Assert.True(SystemRegisters.TryWrite(register, 1, value));

    public VcpuExit Run(long maxInstructions)
    {
        InRun = true;
        try
        {
            while (true)
            {
                if (Interlocked.Exchange(ref kicked, 0) != 0)
                    return new VcpuExit(VcpuExitReason.Interrupted);
                if (maxInstructions <= 0)
                    return new VcpuExit(VcpuExitReason.BudgetSpent);
                if (!program.TryPeek(out Func<long, VcpuExit?>? step))
                {
                    registers[0] = SystemOff;
                    return new VcpuExit(VcpuExitReason.Hypercall);
                }

                long before = InstructionsRetired;
                VcpuExit? exit = step(maxInstructions);
                maxInstructions -= InstructionsRetired - before;
                if (exit is not { Reason: VcpuExitReason.BudgetSpent })
                    program.Dequeue();
                if (exit is { } made)
                    return made;
            }
        }
        finally
        {
            InRun = false;
        }
    }

    public void CompleteMmio(ulong data) => MmioData = data;

    public void Kick() => Interlocked.Exchange(ref kicked, 1);

    public void SetInterruptLine(InterruptLine line, bool asserted)
    {
        if (asserted)
            Interlocked.Or(ref lines, (int)line);
        else
            Interlocked.And(ref lines, ~(int)line);
    }

    public void Reset() => Resets++;

    public void FlushTlb()
    {
        Assert.False(InRun);
        Flushes++;
    }

    public ulong GetRegister(VcpuRegister register) => register == VcpuRegister.MpidrEl1 ? mpidr : registers[(int)register];

    public void SetRegister(VcpuRegister register, ulong value) => registers[(int)register] = value;

    private static readonly ulong[] Ids = [.. Enumerable.Range(0, 31).Select(RegisterId.X)];

    public IReadOnlyList<ulong> RegisterIds => Ids;

    public IReadOnlyList<ulong> IdentificationIds => [];

    public bool TryGetOneRegister(ulong id, out UInt128 value)
    {
        int index = Array.IndexOf(Ids, id);
        value = index < 0 ? 0 : registers[index];
        return index >= 0;
    }

    public bool TrySetOneRegister(ulong id, UInt128 value)
    {
        int index = Array.IndexOf(Ids, id);
        if (index >= 0)
            registers[index] = (ulong)value;
        return index >= 0;
    }

    public void Dispose()
    {
    }
}
