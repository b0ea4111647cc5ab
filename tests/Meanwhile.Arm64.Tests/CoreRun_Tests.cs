namespace Meanwhile.Arm64.Tests;

/// <summary>The loop: budgets, block boundaries, events, and the cache of decoded code.</summary>
public unsafe class CoreRun_Tests
{
    private const uint Nop = 0x91000000; // add x0, x0, #0
    private const uint Increment = 0x91000400; // add x0, x0, #1
    private const uint BranchToSelf = 0x14000000; // b .

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(1000)]
    [InlineData(12345)]
    public void A_budget_is_spent_exactly(int budget)
    {
        using var m = new TestMachine();
        // 1: add x0, x0, #1 (seven times); b 1b
        m.Load(TestMachine.CodeBase, [.. Enumerable.Repeat(Increment, 7), 0x17FFFFF9]);
        m.Pc = TestMachine.CodeBase;
        RunResult result = m.Core.Run(budget);
        Assert.Equal(RunReason.BudgetSpent, result.Reason);
        Assert.Equal(budget, m.Retired);
        Assert.Equal((ulong)(budget - (budget / 8)), m.X[0]);
        Assert.Equal(TestMachine.CodeBase + ((ulong)(budget % 8) * 4), m.Pc);
    }

    [Fact]
    public void Many_small_budgets_end_where_one_large_budget_does()
    {
        uint[] program =
        [
            0xD2800141, // mov x1, #10
            Increment, // 1:
            0xF1000421, // subs x1, x1, #1
            0x54FFFFC1, // b.ne 1b
            0x17FFFFFC, // b to the start
        ];
        using var whole = new TestMachine();
        using var pieces = new TestMachine();
        foreach (TestMachine m in new[] { whole, pieces })
        {
            m.Load(TestMachine.CodeBase, program);
            m.Pc = TestMachine.CodeBase;
        }
        whole.Core.Run(3000);
        for (int n = 0; n < 1000; n++)
            pieces.Core.Run(n % 3 == 0 ? 1 : n % 3 == 1 ? 5 : 3);
        pieces.Core.Run(3000 - pieces.Retired);
        Assert.Equal(3000, pieces.Retired);
        Assert.Equal(whole.Pc, pieces.Pc);
        Assert.Equal(whole.X[0], pieces.X[0]);
        Assert.Equal(whole.X[1], pieces.X[1]);
    }

    [Fact]
    public void Straight_code_runs_across_pages()
    {
        using var m = new TestMachine();
        m.Load(TestMachine.CodeBase, [.. Enumerable.Repeat(Increment, 3000), BranchToSelf]);
        m.Pc = TestMachine.CodeBase;
        m.Core.Run(3000);
        Assert.Equal(3000UL, m.X[0]);
        Assert.Equal(TestMachine.CodeBase + 12000, m.Pc);
        Assert.Equal(3000, m.Retired);
    }

    [Fact]
    public void A_kick_ends_the_next_run_at_once_and_only_that()
    {
        using var m = new TestMachine();
        m.Load(TestMachine.CodeBase, BranchToSelf);
        m.Pc = TestMachine.CodeBase;
        m.Core.Kick();
        Assert.Equal(RunReason.Kicked, m.Core.Run(100).Reason);
        Assert.Equal(0, m.Retired);
        Assert.Equal(RunReason.BudgetSpent, m.Core.Run(100).Reason);
        Assert.Equal(100, m.Retired);
    }

    [Fact]
    public void A_word_without_an_instruction_is_undefined_and_does_not_count()
    {
        using var m = new TestMachine();
        Assert.Equal(0x0200_0000UL, m.RunToException(Increment, 0));
        Assert.Equal(TestMachine.CodeBase + 4, m.State->System.ElrEl1);
        Assert.Equal(2, m.Retired); // The addition, and the branch in the vector.
    }

    [Fact]
    public void Exceptions_without_end_spend_the_budget()
    {
        using var m = new TestMachine();
        m.Load(TestMachine.CodeBase, 0u);
        m.Pc = TestMachine.CodeBase;
        m.State->System.VbarEl1 = TestMachine.DataBase; // All zeros.
        Assert.Equal(RunReason.BudgetSpent, m.Core.Run(50).Reason);
        Assert.Equal(50, m.Retired);
    }

    [Fact]
    public void A_misaligned_branch_target_is_a_PC_alignment_fault_at_the_target()
    {
        using var m = new TestMachine();
        m.X[1] = TestMachine.CodeBase + 0x102;
        Assert.Equal(0x8A00_0000UL, m.RunToException(0xD61F0020)); // br x1
        Assert.Equal(TestMachine.CodeBase + 0x102, m.State->System.ElrEl1);
        Assert.Equal(TestMachine.CodeBase + 0x102, m.State->System.FarEl1);
    }

    [Fact]
    public void PSTATE_IL_makes_the_next_instruction_an_illegal_state_exception()
    {
        using var m = new TestMachine();
        m.State->Il = 1;
        Assert.Equal(0x3A00_0000UL, m.RunToException(Increment));
        Assert.Equal(TestMachine.CodeBase, m.State->System.ElrEl1);
        Assert.Equal(0UL, m.X[0]);
    }

    [Fact]
    public void FP_instructions_trap_while_CPACR_says_so()
    {
        using var m = new TestMachine();
        m.State->System.CpacrEl1 = 0;
        m.X[1] = TestMachine.DataBase;
        Assert.Equal(0x1FE0_0000UL, m.RunToException(0xFD400020)); // ldr d0, [x1]
        m.State->System.CpacrEl1 = 3 << 20;
        m.Core.InvalidateFetchPage();
        m.Write(TestMachine.DataBase, 0x1122334455667788UL);
        m.Run(0xFD400020);
        Assert.Equal(0x1122334455667788UL, m.V(0).Low);
    }

    [Fact]
    public void Changed_code_is_seen_after_its_page_is_invalidated()
    {
        using var m = new TestMachine();
        m.Run(Increment, BranchToSelf);
        m.Write(TestMachine.CodeBase, 0xD2800C60u); // mov x0, #99
        m.Core.InvalidateCode(TestMachine.CodeBase);
        m.Pc = TestMachine.CodeBase;
        m.Core.Run(2);
        Assert.Equal(99UL, m.X[0]);
    }

    [Fact]
    public void Invalidating_another_page_changes_nothing()
    {
        using var m = new TestMachine();
        m.Run(Increment, BranchToSelf);
        m.Core.InvalidateCode(TestMachine.CodeBase + 0x1000);
        m.Pc = TestMachine.CodeBase;
        m.Core.Run(2);
        Assert.Equal(2UL, m.X[0]);
    }

    [Fact]
    public void A_fetch_from_absent_memory_exits_and_goes_on_when_it_is_there()
    {
        using var m = new TestMachine();
        m.Load(TestMachine.CodeBase, Increment, BranchToSelf);
        m.Pc = TestMachine.CodeBase;
        m.Memory.Absent.Add(TestMachine.CodeBase);
        RunResult result = m.Core.Run(10);
        Assert.Equal(RunReason.Exit, result.Reason);
        Assert.Equal(PendingKind.StageTwoFault, result.Event.Kind);
        Assert.Equal(AccessKind.Execute, result.Event.Access);
        Assert.Equal(TestMachine.CodeBase, result.Event.PhysicalAddress & ~0xFFFUL);
        Assert.Equal(TestMachine.CodeBase, m.Pc);
        Assert.Equal(0, m.Retired);
        m.Memory.Absent.Clear();
        m.Core.Run(1);
        Assert.Equal(1UL, m.X[0]);
    }
}
