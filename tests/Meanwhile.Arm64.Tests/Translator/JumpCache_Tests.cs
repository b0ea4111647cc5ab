namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>Indirect jumps in translated code: a guest may jump to any 64 bits.</summary>
public sealed unsafe class JumpCache_Tests : IDisposable
{
    private const uint JumpToX1 = 0xD61F0020; // br x1
    private const ulong Target = TestMachine.CodeBase + 0x1000;

    private readonly TestMachine m = new(engine: ExecutionEngine.Translator);

    public JumpCache_Tests()
    {
        m.Load(TestMachine.CodeBase, JumpToX1);
        m.Load(Target, 0x91000400, 0x14000000); // add x0, x0, #1; b .
    }

    public void Dispose() => m.Dispose();

    [Fact]
    public void A_jump_to_another_page_is_found_again()
    {
        for (ulong n = 1; n <= 3; n++)
        {
            Jump(Target, 100);
            Assert.Equal(n, m.X[0]);
            Assert.Equal(Target + 4, m.Pc);
        }
    }

    [Fact]
    public void Code_of_EL1_is_not_found_at_EL0_through_an_address_with_another_bit_60()
    {
        // The bit that a key has for EL1.
        const ulong Alias = Target ^ (1UL << 60);
        Jump(Target, 100);
        m.Core.SetPstate(0x3C0); // EL0t
        Jump(Alias, 100);
        // An instruction abort from a lower EL: the MMU is off, and that is more than the size of an address.
        Assert.Equal(0x8200_0000UL, m.State->System.EsrEl1);
        Assert.Equal(Alias, m.State->System.FarEl1);
        Assert.Equal(1UL, m.X[0]);
    }

    /// <summary>DDI0487 D1.3.9.2: it is the target's fault, not the branch's. Code looks such a target up between the entries.</summary>
    [Theory]
    [InlineData(Target, 1)]
    [InlineData(Target, 2)]
    [InlineData(Target, 3)]
    [InlineData(TestMachine.CodeBase + 0xFFFC, 1)]
    [InlineData(TestMachine.CodeBase + 0xFFFC, 2)]
    [InlineData(TestMachine.CodeBase + 0xFFFC, 3)]
    public void A_misaligned_target_is_not_found_as_the_aligned_one(ulong target, ulong misaligned)
    {
        m.Load(target, 0x91000400, 0x14000000); // add x0, x0, #1; b .
        for (ulong n = 1; n <= 2; n++)
        {
            Jump(target, 100);
            Assert.Equal(n, m.X[0]);
            m.State->System.EsrEl1 = m.State->System.FarEl1 = 0;
            Jump(target + misaligned, 2);
            Assert.Equal(n, m.X[0]);
            Assert.Equal(0x8A00_0000UL, m.State->System.EsrEl1); // PC alignment fault
            Assert.Equal(target + misaligned, m.State->System.FarEl1);
        }
    }

    [Fact]
    public void Nothing_is_found_at_address_0_in_an_empty_cache()
    {
        m.Core.InvalidateFetchPage();
        m.Pc = 0;
        Assert.Equal(RunReason.BudgetSpent, m.Core.Run(10).Reason);
        // A device's address.
        Assert.Equal(0x8600_0010UL, m.State->System.EsrEl1);
        Assert.Equal(0UL, m.State->System.FarEl1);
    }

    private void Jump(ulong target, long budget)
    {
        m.Pc = TestMachine.CodeBase;
        m.X[1] = target;
        m.Core.Run(budget);
    }
}
