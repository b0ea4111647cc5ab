using Meanwhile.Arm64.Tests.Mmu;
using static Meanwhile.Arm64.Tests.Mmu.PagedMachine;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>
/// Loads and stores that follow each other from one base register, on both engines: each faults for itself. A program runs twice, because the first
/// time its accesses miss the TLB.
/// </summary>
public sealed unsafe class AccessRun_Tests
{
    private const ulong Writable = 0x12_3456_7000, Constant = 0x12_3456_8000;
    private const ulong SameLevelDataAbort = 0x25UL << 26 | 1 << 25, IsWrite = 1 << 6, Permission3 = 15, SpAlignmentFault = 0x26UL << 26 | 1 << 25;

    // DDI0487 C6.2, with X9 as base.
    private const uint StpX1X2Post16 = 0xA881_0921, StpX3X4 = 0xA900_1123, LdrX1 = 0xF940_0121, StrX2At8 = 0xF900_0522, LdrX9 = 0xF940_0129;
    private const uint AddX9By4096 = 0x9140_0529, StrX1 = 0xF900_0121, StrX2SpPre8 = 0xF81F_8FE2, StrX1SpPre16 = 0xF81F_0FE1, LdrX3SpAt8 = 0xF940_07E3;
    private const uint LdrX1Sp = 0xF940_03E1, MulX5X4X4 = 0x9B04_7C85, AddSpBy8 = 0x9100_23FF, MovSpX4 = 0x9100_009F, AddSpX4Lsl1 = 0x8B24_67FF, OrrSp8 = 0xB27D_009F;
    private const uint MovX2X1 = 0xAA01_03E2, MovzX1 = 0xD280_00E1, MovX9X1 = 0xAA01_03E9;

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void A_store_in_the_next_page_faults_after_the_one_before_it_is_done(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (ulong time = 1; time <= 2; time++)
        {
            m.Machine.X[1] = time;
            Run(m, Constant - 16, StpX1X2Post16, StpX3X4);
            Assert.Equal(SameLevelDataAbort | IsWrite | Permission3, m.State->System.EsrEl1);
            Assert.Equal(Constant, m.State->System.FarEl1);
            Assert.Equal(TestMachine.CodeBase + 4, m.State->System.ElrEl1);
            Assert.Equal(Constant, m.Machine.X[9]);
            Assert.Equal(time, m.Machine.Read<ulong>(DataPhysical + 0xFF0));
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void A_load_from_a_page_that_is_only_read_is_done_before_a_store_to_it_faults(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (ulong time = 1; time <= 2; time++)
        {
            m.Machine.Write(DataPhysical + 0x1000, time);
            Run(m, Constant, LdrX1, StrX2At8);
            Assert.Equal(SameLevelDataAbort | IsWrite | Permission3, m.State->System.EsrEl1);
            Assert.Equal(Constant + 8, m.State->System.FarEl1);
            Assert.Equal(time, m.Machine.X[1]);
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void A_load_of_the_base_changes_it_for_the_next(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (ulong time = 1; time <= 2; time++)
        {
            m.Machine.Write(DataPhysical, Constant + (time * 8));
            m.Machine.Write(DataPhysical + 0x1000 + (time * 8), 7 * time);
            Run(m, Writable, LdrX9, LdrX1);
            Assert.Equal(0ul, m.State->System.EsrEl1);
            Assert.Equal(Constant + (time * 8), m.Machine.X[9]);
            Assert.Equal(7 * time, m.Machine.X[1]);
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void An_addition_that_moves_the_base_to_another_page_counts(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (ulong time = 1; time <= 2; time++)
        {
            m.Machine.Write(DataPhysical, time);
            Run(m, Writable, LdrX1, AddX9By4096, StrX1);
            Assert.Equal(SameLevelDataAbort | IsWrite | Permission3, m.State->System.EsrEl1);
            Assert.Equal(Constant, m.State->System.FarEl1);
            Assert.Equal(time, m.Machine.X[1]);
        }
    }

    /// <summary>SCTLR_EL1.SA (DDI0487 D1.3.9.3): the access that finds SP misaligned faults, not the one that made it so.</summary>
    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void A_stack_pointer_that_one_leaves_misaligned_faults_at_the_next(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        m.Core.WriteSctlr(m.State->System.SctlrEl1 | 8);
        for (ulong time = 1; time <= 2; time++)
        {
            m.Machine.X[1] = time;
            m.Machine.X[2] = 2 * time;
            m.Machine.X[3] = 0;
            m.Machine.X[CpuState.Sp] = Writable + 0x100;
            Run(m, Writable, StrX1SpPre16, StrX2SpPre8, LdrX3SpAt8);
            Assert.Equal(SpAlignmentFault, m.State->System.EsrEl1);
            Assert.Equal(TestMachine.CodeBase + 8, m.State->System.ElrEl1);
            Assert.Equal(Writable + 0xE8, m.Machine.X[CpuState.Sp]);
            Assert.Equal(time, m.Machine.Read<ulong>(DataPhysical + 0xF0));
            Assert.Equal(2 * time, m.Machine.Read<ulong>(DataPhysical + 0xE8));
            Assert.Equal(0ul, m.Machine.X[3]);
        }
    }

    /// <summary>Whatever changed it between two accesses of a block, and in whatever way: the first that finds it misaligned faults.</summary>
    [Theory]
    [InlineData(ExecutionEngine.Interpreter, AddSpBy8)]
    [InlineData(ExecutionEngine.Translator, AddSpBy8)]
    [InlineData(ExecutionEngine.Interpreter, MovSpX4)]
    [InlineData(ExecutionEngine.Translator, MovSpX4)]
    [InlineData(ExecutionEngine.Interpreter, AddSpX4Lsl1)]
    [InlineData(ExecutionEngine.Translator, AddSpX4Lsl1)]
    [InlineData(ExecutionEngine.Interpreter, OrrSp8)]
    [InlineData(ExecutionEngine.Translator, OrrSp8)]
    public void A_stack_pointer_that_something_else_leaves_misaligned_faults_at_the_next(ExecutionEngine engine, uint change)
    {
        using PagedMachine m = Make(engine);
        m.Core.WriteSctlr(m.State->System.SctlrEl1 | 8);
        for (int time = 1; time <= 2; time++)
        {
            m.Machine.X[3] = 0;
            m.Machine.X[4] = Writable + 0x104; // Twice as much is a multiple of 8 as well.
            m.Machine.X[CpuState.Sp] = Writable + 0x100;
            Run(m, Writable, LdrX1Sp, MulX5X4X4, LdrX1Sp, change, LdrX3SpAt8);
            Assert.Equal(SpAlignmentFault, m.State->System.EsrEl1);
            Assert.Equal(TestMachine.CodeBase + 16, m.State->System.ElrEl1);
            Assert.Equal(0ul, m.Machine.X[3]);
        }
    }

    /// <summary>Moves and constants between the accesses are part of what one lookup serves, and of what happens before a fault.</summary>
    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void What_stands_between_is_done_in_its_order(ExecutionEngine engine)
    {
        using PagedMachine m = Make(engine);
        for (ulong time = 1; time <= 2; time++)
        {
            m.Machine.Write(DataPhysical, 10 * time);
            Run(m, Writable, LdrX1, MovX2X1, MovzX1, StrX2At8, MovX9X1, StrX1);
            Assert.Equal(10 * time, m.Machine.Read<ulong>(DataPhysical + 8));
            Assert.Equal(7ul, m.Machine.X[1]);
            // Page 0 is not mapped.
            Assert.Equal(7ul, m.State->System.FarEl1);
            Assert.Equal(TestMachine.CodeBase + 20, m.State->System.ElrEl1);
            Run(m, Constant, LdrX1, MovX2X1, MovzX1, StrX2At8);
            Assert.Equal(SameLevelDataAbort | IsWrite | Permission3, m.State->System.EsrEl1);
            Assert.Equal(7ul, m.Machine.X[1]);
        }
    }

    private static PagedMachine Make(ExecutionEngine engine)
    {
        var m = new PagedMachine(engine: engine);
        m.Map(TestMachine.CodeBase, TestMachine.CodeBase, Af | ReadOnly);
        m.Map(TestMachine.VectorBase, TestMachine.VectorBase, Af | ReadOnly);
        m.Map(Writable, DataPhysical);
        m.Map(Constant, DataPhysical + 0x1000, Af | ReadOnly);
        return m;
    }

    /// <summary>Runs the words with X9 as given, then stays at a branch to itself, or at one in a vector.</summary>
    private static void Run(PagedMachine m, ulong x9, params ReadOnlySpan<uint> words)
    {
        m.Machine.Load(TestMachine.CodeBase, [.. words, 0x1400_0000]);
        m.Pstate = El1;
        m.Machine.X[9] = x9;
        m.State->System.EsrEl1 = 0;
        m.Machine.Pc = TestMachine.CodeBase;
        m.Core.Run(8 * (words.Length + 1));
    }
}
