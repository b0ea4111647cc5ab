using System.Runtime.CompilerServices;
using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Arm64.Tests;

/// <summary>
/// One core with flat RAM and the MMU off, at EL1. <c>m.X[1] = 5; m.Run(0x8B010020); Assert.Equal(…, m.X[0]);</c>
/// Instruction words come from an assembler (aarch64-linux-gnu-as), with the source in a comment.
/// </summary>
public sealed unsafe class TestMachine : ISystemRegisterBus, IDisposable
{
    /// <summary>Where <see cref="Run"/> puts its instructions.</summary>
    public const ulong CodeBase = FlatMemory.Base;

    /// <summary>Free for a test's data: half way into RAM.</summary>
    public const ulong DataBase = FlatMemory.Base + 0x10_0000;

    /// <summary>VBAR_EL1. Each vector is a branch to itself.</summary>
    public const ulong VectorBase = FlatMemory.Base + 0x8_0000;

    /// <summary>A device's address.</summary>
    public const ulong DeviceBase = 0x0900_0000;

    public TestMachine(int ramSize = 2 << 20, ExecutionEngine engine = ExecutionEngine.Interpreter, bool counting = false)
    {
        Memory = new FlatMemory(ramSize);
        Core = new Core(Memory, this, 0, engine, counting);
        X = new Registers(this);
        State->El = 1;
        State->SpSel = 1;
        State->System.VbarEl1 = VectorBase;
        State->System.CpacrEl1 = 3 << 20; // FP and SIMD do not trap.
        for (ulong vector = 0; vector < 0x800; vector += 0x80)
            Write(VectorBase + vector, 0x1400_0000); // b .
    }

    public FlatMemory Memory { get; }

    public Core Core { get; }

    public CpuState* State => Core.State;

    /// <summary>X0..X30 and SP (31).</summary>
    public Registers X { get; }

    public ulong Pc
    {
        get => State->Pc;
        set => State->Pc = value;
    }

    public ulong Sp
    {
        get => State->X[CpuState.Sp];
        set => State->X[CpuState.Sp] = value;
    }

    /// <summary>N, Z, C, V as bits 3..0.</summary>
    public uint Nzcv
    {
        get => State->Nzcv >> 28;
        set => State->Nzcv = value << 28;
    }

    /// <summary>Instructions executed since the machine was made.</summary>
    public long Retired => State->InstructionsRetired;

    /// <summary>What <see cref="ISystemRegisterBus"/> answers for registers that are not the core's.</summary>
    public Dictionary<uint, ulong> BusRegisters { get; } = [];

    /// <summary>V register, low and high half.</summary>
    public (ulong Low, ulong High) V(int n) => (State->V[2 * n], State->V[(2 * n) + 1]);

    public void SetV(int n, ulong low, ulong high = 0)
    {
        State->V[2 * n] = low;
        State->V[(2 * n) + 1] = high;
    }

    public T Read<T>(ulong physicalAddress)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(Memory.Host(physicalAddress));

    public void Write<T>(ulong physicalAddress, T value)
        where T : unmanaged => Unsafe.WriteUnaligned(Memory.Host(physicalAddress), value);

    /// <summary>Writes instructions to memory and makes them visible to the core.</summary>
    public void Load(ulong physicalAddress, params ReadOnlySpan<uint> words)
    {
        for (int n = 0; n < words.Length; n++)
            Write(physicalAddress + ((ulong)n * sizeof(uint)), words[n]);
        Core.InvalidateAllCode();
    }

    /// <summary>Loads the words at <see cref="CodeBase"/> and executes as many instructions as there are words, from the first on.</summary>
    public RunResult Run(params ReadOnlySpan<uint> words)
    {
        Load(CodeBase, words);
        Pc = CodeBase;
        return Core.Run(words.Length);
    }

    /// <summary>Runs the words and asserts that they raised a synchronous exception to EL1; returns its ESR_EL1.</summary>
    public ulong RunToException(params ReadOnlySpan<uint> words)
    {
        Load(CodeBase, words);
        Pc = CodeBase;
        State->System.EsrEl1 = 0;
        // A faulting instruction does not count, so the branch in the vector may be executed in the same run.
        for (int n = 0; n < words.Length + 1 && (Pc & ~0x7FFUL) != VectorBase; n++)
            Assert.Equal(RunReason.BudgetSpent, Core.Run(1).Reason);
        Assert.Equal(VectorBase, Pc & ~0x7FFUL);
        return State->System.EsrEl1;
    }

    bool ISystemRegisterBus.TryRead(uint register, int exceptionLevel, out ulong value) => BusRegisters.TryGetValue(register, out value);

    bool ISystemRegisterBus.TryWrite(uint register, int exceptionLevel, ulong value)
    {
        if (!BusRegisters.ContainsKey(register))
            return false;
        BusRegisters[register] = value;
        return true;
    }

    public void Dispose()
    {
        Core.Dispose();
        Memory.Dispose();
    }

    /// <summary>See <see cref="X"/>.</summary>
    public sealed class Registers(TestMachine machine)
    {
        public ulong this[int n]
        {
            get => machine.State->X[n];
            set => machine.State->X[n] = value;
        }
    }
}
