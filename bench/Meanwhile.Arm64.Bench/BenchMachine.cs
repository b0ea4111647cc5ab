using System.Runtime.InteropServices;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Arm64.Bench;

/// <summary>A core with a MiB of RAM at 0 and nothing else.</summary>
internal sealed unsafe class BenchMachine : IPhysicalMemory, ISystemRegisterBus, IDisposable
{
    private const ulong Size = 1 << 20;

    /// <summary>Where the translation table and the code that switches it on lie.</summary>
    private const ulong Table = 0x8_0000, Start = 0x9_0000;

    /// <summary>Maps the first GiB onto itself, as Normal memory, lets floating point execute, and goes to 0.</summary>
    private static readonly uint[] SwitchOnMmu =
    [
        0xD2A00100, // movz x0,#8,lsl #16
        0xD5182000, // msr ttbr0_el1,x0
        0xD286A320, // movz x0,#0x3519
        0xF2A01000, // movk x0,#0x80,lsl #16
        0xD5182040, // msr tcr_el1,x0
        0xD2801FE0, // movz x0,#0xff
        0xD518A200, // msr mair_el1,x0
        0xD5381000, // mrs x0,sctlr_el1
        0xB2400000, // orr x0,x0,#1
        0xD5181000, // msr sctlr_el1,x0
        0xD2A00600, // mov x0,#0x300000
        0xD5181040, // msr cpacr_el1,x0
        0xD5033FDF, // isb
        0xD2800000, // mov x0,#0
        0xD61F0000, // br x0
    ];

    // Freed by Dispose, after the core.
    private readonly byte* ram = (byte*)NativeMemory.AlignedAlloc((nuint)Size, 4096);
    private readonly Core core;

    public BenchMachine(uint[] words, ExecutionEngine engine)
    {
        NativeMemory.Clear(ram, (nuint)Size);
        words.CopyTo(new Span<uint>(ram, words.Length));
        SwitchOnMmu.CopyTo(new Span<uint>(ram + Start, SwitchOnMmu.Length));
        *(ulong*)(ram + Table) = 0x701; // A block at 0: AF, inner shareable, AttrIndx 0, EL1 read and write.
        core = new Core(this, this, 0, engine);
        core.State->El = 1;
        core.State->SpSel = 1;
        core.State->Pc = Start;
    }

    public void Run(long instructions)
    {
        RunResult result = core.Run(instructions);
        if (result.Reason != RunReason.BudgetSpent)
            throw new InvalidOperationException($"The workload stopped: {result}");
    }

    public PhysicalPage Resolve(ulong physicalAddress, bool forWrite) => physicalAddress < Size
        ? new PhysicalPage(PhysicalPageKind.Ram, ram + (physicalAddress & ~0xFFFUL), true)
        : new PhysicalPage(PhysicalPageKind.Mmio, null, false);

    public bool TryRead(uint register, int exceptionLevel, out ulong value)
    {
        value = 0;
        return false;
    }

    public bool TryWrite(uint register, int exceptionLevel, ulong value) => false;

    public void Dispose()
    {
        core.Dispose();
        NativeMemory.AlignedFree(ram);
    }
}
