using Meanwhile.Arm64.Tests.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests;

/// <summary>What a core says that it did, beside what a program is known to do.</summary>
public sealed unsafe class Counters_Tests
{
    private const ulong Va = 0x12_3400_0000;
    private const int Pages = 16, Times = 1000;

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Hits_and_misses_of_data_TLBs_are_the_accesses(ExecutionEngine engine)
    {
        using PagedMachine m = RunLoads(engine, counting: true);
        // The first access of a page: this memory may be written wherever it was read.
        Assert.Equal(Pages, Counter(m, "dataTlbMisses"));
        Assert.Equal(2 * Pages * Times, Counter(m, "dataTlbHits") + Counter(m, "dataTlbMisses"));
        Assert.Equal(6 * Pages * Times, Counter(m, "instructionsExecuted"));
    }

    /// <summary>A pair, vectors, an atomic operation, exclusives and an unprivileged load: one access each, however many registers.</summary>
    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Every_kind_of_access_is_counted(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine, counting: true);
        // ldp x4, x5, [x0]; stp x4, x5, [x0, #16]; ldrb w6, [x0, #4]; swp x6, x7, [x0]; ldxr x6, [x0]; stxr w8, x6, [x0]; ldr q0, [x0];
        // ldtr x4, [x0]; b .-32
        m.Machine.Load(
            TestMachine.CodeBase,
            [0xA9401404, 0xA9011404, 0x39401006, 0xF8268007, 0xC85F7C06, 0xC8087C06, 0x3DC00000, 0xF8400804, 0x17FFFFF8]);
        m.Pstate = El1;
        m.Map(Va, DataPhysical, Af | User);
        m.Machine.X[0] = Va;
        m.Machine.Pc = TestMachine.CodeBase;
        m.Core.Run(9 * 4);
        long before = Counter(m, "dataTlbHits"), misses = Counter(m, "dataTlbMisses");
        m.Core.Run(9 * 100);
        Assert.Equal(8 * 100, Counter(m, "dataTlbHits") - before);
        Assert.Equal(misses, Counter(m, "dataTlbMisses"));
    }

    [Fact]
    public void Translated_code_counts_its_blocks_and_its_handlers_instructions()
    {
        using PagedMachine m = RunLoads(ExecutionEngine.Translator, counting: true);
        // The loop is one block.
        Assert.Equal(Pages * Times, Counter(m, "blocksExecuted"));
        // The accesses that missed.
        Assert.Equal(Pages, Counter(m, "instructionsByHandlers"));
    }

    [Fact]
    public void Translated_code_that_does_not_count_says_nothing_of_it()
    {
        using PagedMachine m = RunLoads(ExecutionEngine.Translator, counting: false);
        Assert.DoesNotContain(m.Core.Counters(), counter => counter.Name is "dataTlbHits" or "blocksExecuted" or "instructionsByHandlers");
        Assert.Equal(Pages, Counter(m, "dataTlbMisses"));
    }

    private static long Counter(PagedMachine m, string name) => m.Core.Counters().Single(counter => counter.Name == name).Value;

    /// <summary>Reads and then writes a word of each page, again and again.</summary>
    private static PagedMachine RunLoads(ExecutionEngine engine, bool counting)
    {
        PagedMachine m = Make(engine, counting);
        // ldr x3, [x0]; add x2, x2, x3; str x2, [x0, #8]; add x0, x0, #1, lsl #12; subs x1, x1, #1; b.ne .-20; b .
        m.Machine.Load(TestMachine.CodeBase, [0xF9400003, 0x8B030042, 0xF9000402, 0x91400400, 0xF1000421, 0x54FFFF61, 0x14000000]);
        m.Pstate = El1;
        for (int time = 0; time < Times; time++)
        {
            m.Machine.Pc = TestMachine.CodeBase;
            m.Machine.X[0] = Va;
            m.Machine.X[1] = Pages;
            m.Core.Run(6 * Pages);
        }
        return m;
    }

    private static PagedMachine Make(ExecutionEngine engine, bool counting)
    {
        var m = new PagedMachine(engine: engine, counting: counting);
        m.Map(TestMachine.CodeBase, TestMachine.CodeBase);
        for (ulong n = 0; n < Pages; n++)
            m.Map(Va + (n << 12), DataPhysical + (n << 12));
        return m;
    }
}
