using Meanwhile.Arm64.Mmu;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>PEs on threads that share translations, in a cache that is far too small for what they execute.</summary>
public sealed unsafe class SharedTranslations_Tests
{
    private const int Blocks = 2048, BlockWords = 4, Passes = 4;
    private const ulong Tail = FlatMemory.Base + (Blocks * BlockWords * sizeof(uint));

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_cache_is_emptied_under_running_PEs_and_none_runs_what_is_gone(int pes)
    {
        using var memory = new SharedMemory();
        WriteProgram(memory.Flat);
        // Room for a unit of the largest size and about as much again.
        using var cache = new CacheOwner(256 << 10);
        Core[] cores = [.. Enumerable.Range(0, pes).Select(pe => new Core(memory, new NoRegisters(), (ulong)pe, cache.Cache))];
        Thread[] threads = [.. cores.Select((core, pe) => new Thread(() => Execute(core, pe)))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        const ulong Executed = Blocks * Passes;
        foreach (Core core in cores)
        {
            Assert.Equal(Tail + (7 * sizeof(uint)), core.State->Pc);
            Assert.Equal(Executed, core.State->X[1]);
            Assert.Equal(Executed * (Executed + 1) / 2, core.State->X[2]);
            Assert.Equal((long)(Executed * BlockWords) + (6 * Passes) + 1, core.State->InstructionsRetired);
        }

        Assert.True(cache.Cache.Flushes > Passes, $"{cache.Cache.Flushes} flushes");
        foreach (Core core in cores)
            core.Dispose();
    }

    private static void Execute(Core core, int pe)
    {
        CpuState* s = core.State;
        s->Pc = FlatMemory.Base;
        s->X[3] = Passes;
        s->X[5] = FlatMemory.Base + ((ulong)pe << 12);
        // Ends with HVC; kicks of the others are interruptions.
        while (core.Run(1 << 20).Reason != RunReason.Exit)
        {
        }
    }

    /// <summary>Blocks that lead to each other in an order without order, so that each jump is looked up; then a page's code is invalidated, and again.</summary>
    private static void WriteProgram(FlatMemory memory)
    {
        int[] order = [.. Enumerable.Range(1, Blocks - 1)];
        new Random(3).Shuffle(order);
        int[] path = [0, .. order];
        for (int n = 0; n < Blocks; n++)
        {
            ulong at = AddressOf(path[n]), next = n + 1 < Blocks ? AddressOf(path[n + 1]) : Tail;
            Write(memory, at,
                0x91000421,                                 // add x1, x1, #1
                0x8b010042,                                 // add x2, x2, x1
                0xca1f0042,                                 // eor x2, x2, xzr
                Branch(0x1400_0000, at + 12, next, 26, 0)); // b   next
        }

        Write(memory, Tail,
            0xf1000463,                                             // subs x3, x3, #1
            0xd50b7525,                                             // ic   ivau, x5
            0xd5033b9f,                                             // dsb  ish
            0x914004a5,                                             // add  x5, x5, #4096
            0xd5033fdf,                                             // isb
            Branch(0x5400_0001, Tail + 20, FlatMemory.Base, 19, 5), // b.ne first
            0xd4000002);                                            // hvc  #0
    }

    private static ulong AddressOf(int block) => FlatMemory.Base + ((ulong)block * BlockWords * sizeof(uint));

    private static uint Branch(uint instruction, ulong from, ulong to, int bits, int shift) =>
        instruction | ((uint)((long)(to - from) >> 2) & ((1u << bits) - 1)) << shift;

    private static void Write(FlatMemory memory, ulong address, params uint[] words)
    {
        // Within the memory: Host checks the first byte, and the program ends far before it does.
        words.CopyTo(new Span<uint>(memory.Host(address), words.Length));
    }

    private sealed class SharedMemory : IPhysicalMemory, IDisposable
    {
        public FlatMemory Flat { get; } = new(1 << 20);

        public InnerShareableDomain Domain { get; } = new();

        public PhysicalPage Resolve(ulong physicalAddress, bool forWrite) => Flat.Resolve(physicalAddress, forWrite);

        public void Dispose() => Flat.Dispose();
    }

    private sealed class CacheOwner(int size) : IDisposable
    {
        public TranslationCache Cache { get; } = new(size);

        // The last core to depart has freed it.
        public void Dispose() => Assert.True(Cache.IsFree);
    }

    private sealed class NoRegisters : ISystemRegisterBus
    {
        public bool TryRead(uint register, int exceptionLevel, out ulong value)
        {
            value = 0;
            return false;
        }

        public bool TryWrite(uint register, int exceptionLevel, ulong value) => false;
    }
}
