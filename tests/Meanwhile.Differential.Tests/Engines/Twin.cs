using System.Runtime.InteropServices;
using Meanwhile.Arm64;
using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests.Engines;

/// <summary>One of two machines with the same program: a core, its memory, and a bus whose answers depend on the count of instructions.</summary>
internal sealed unsafe class Twin : IPhysicalMemory, ISystemRegisterBus, IDisposable
{
    private static readonly uint EndOfInterrupt = SystemRegister.Key(3, 0, 12, 12, 1);

    private readonly byte* memory;

    /// <param name="program">What it starts with.</param>
    /// <param name="features">What the translator may use; null for the interpreter.</param>
    public Twin(TwinProgram program, HostFeatures? features)
    {
        memory = (byte*)NativeMemory.AlignedAlloc(TwinLayout.FrameCount * (nuint)TwinLayout.PageSize, 4096);
        program.Image.CopyTo(Memory);
        program.Absent.CopyTo(Absent, 0);
        if (features is not null)
            Translations = new TranslationCache(program.CodeSize, features);
        Core = new Core(this, this, 0, Translations);
        Core.StartWithTlbSize(program.TlbSize);
        program.SetState(Core);
    }

    public Core Core { get; }

    public TranslationCache? Translations { get; }

    /// <summary>Frames that are not resident.</summary>
    public bool[] Absent { get; } = new bool[TwinLayout.FrameCount];

    public Span<byte> Memory => new(memory, TwinLayout.FrameCount * (int)TwinLayout.PageSize);

    public PhysicalPage Resolve(ulong physicalAddress, bool forWrite)
    {
        ulong frame = (physicalAddress - TwinLayout.Ram) / TwinLayout.PageSize;
        if (frame >= TwinLayout.FrameCount)
            return new PhysicalPage(PhysicalPageKind.Mmio, null, false);
        return Absent[frame]
            ? new PhysicalPage(PhysicalPageKind.NotPresent, null, false)
            : new PhysicalPage(PhysicalPageKind.Ram, memory + (frame * TwinLayout.PageSize), forWrite);
    }

    /// <summary>The frame that a fetch of <paramref name="va"/> reads, from the tables as they are; false when there is none.</summary>
    public bool TryFindFrame(ulong va, out ulong frame)
    {
        bool upper = (va >> 55 & 1) != 0;
        ulong page = (va - (upper ? TwinLayout.Upper : TwinLayout.Lower)) / TwinLayout.PageSize;
        ulong root = upper ? TwinLayout.Frame(TwinLayout.UpperTables) : Core.State->System.Ttbr0El1 & 0xFFFF_FFFF_F000;
        frame = 0;
        if (page >= 512 || root < TwinLayout.Ram || root >= TwinLayout.Frame(TwinLayout.VectorFrame))
            return false;
        ulong descriptor = *(ulong*)(memory + (root - TwinLayout.Ram) + (2 * TwinLayout.PageSize) + (page * 8));
        frame = descriptor & 0xFFFF_FFFF_F000;
        return (descriptor & 3) == 3 && frame - TwinLayout.Ram < TwinLayout.FrameCount * TwinLayout.PageSize;
    }

    public byte* Host(ulong physicalAddress) => memory + (physicalAddress - TwinLayout.Ram);

    /// <summary>The timer answers with the number of instructions executed, so that it must be exact; others with something of their own.</summary>
    public bool TryRead(uint register, int exceptionLevel, out ulong value)
    {
        value = (ulong)Core.State->InstructionsRetired + ((ulong)register << 32);
        return true;
    }

    /// <summary>The end of an interrupt releases all lines; the timer's compare value releases IRQ.</summary>
    public bool TryWrite(uint register, int exceptionLevel, ulong value)
    {
        if (register == EndOfInterrupt)
        {
            Core.SetInterruptLine(InterruptLine.Irq, false);
            Core.SetInterruptLine(InterruptLine.Fiq, false);
            Core.SetInterruptLine(InterruptLine.SError, false);
        }
        return true;
    }

    public void Dispose()
    {
        Core.Dispose();
        NativeMemory.AlignedFree(memory);
    }
}
