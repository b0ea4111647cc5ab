namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 D2.10, a debugger in the guest's kernel that steps a user program.</summary>
public unsafe class SoftwareStep_Tests
{
    private const ulong User = TestMachine.CodeBase + 0x1000;
    private const ulong SpsrSs = 1UL << 21;
    private const uint Increment = 0x91000400; // add x0, x0, #1

    /// <summary>Returns to EL0 with SPSR_EL1.SS set and runs until the vector.</summary>
    private static TestMachine StepInto(params uint[] words)
    {
        var m = new TestMachine();
        m.Core.WriteOslar(0);
        m.Core.WriteMdscr(1);
        m.State->System.SpsrEl1 = SpsrSs;
        m.State->System.ElrEl1 = User;
        m.Load(User, words);
        m.RunToException(0xD69F03E0, 0, 0); // eret
        return m;
    }

    [Fact]
    public void One_instruction_runs_and_then_the_step_exception_is_taken()
    {
        using TestMachine m = StepInto(Increment, Increment);
        Assert.Equal(1UL, m.X[0]);
        Assert.Equal(0xCA00_0022UL, m.State->System.EsrEl1);
        Assert.Equal(User + 4, m.State->System.ElrEl1);
        Assert.Equal(0UL, m.State->System.SpsrEl1 & SpsrSs);
        Assert.Equal(TestMachine.VectorBase + 0x400, m.Pc);
    }

    [Fact]
    public void A_stepped_SVC_is_taken_with_the_step_done()
    {
        using TestMachine m = StepInto(0xD4000001); // svc #0
        Assert.Equal(0x5600_0000UL, m.State->System.EsrEl1);
        Assert.Equal(User + 4, m.State->System.ElrEl1);
        Assert.Equal(0UL, m.State->System.SpsrEl1 & SpsrSs);
    }

    [Fact]
    public void A_stepped_instruction_that_faults_is_still_to_be_stepped()
    {
        using TestMachine m = StepInto(0u);
        Assert.Equal(0x0200_0000UL, m.State->System.EsrEl1);
        Assert.Equal(User, m.State->System.ElrEl1);
        Assert.Equal(SpsrSs, m.State->System.SpsrEl1 & SpsrSs);
    }

    [Fact]
    public void Without_MDSCR_SS_nothing_is_stepped()
    {
        using TestMachine m = StepInto(Increment, Increment, 0xD4000001);
        m.Core.WriteMdscr(0);
        m.X[0] = 0;
        m.State->System.ElrEl1 = User;
        m.RunToException(0xD69F03E0, 0, 0, 0);
        Assert.Equal(2UL, m.X[0]);
        Assert.Equal(0x5600_0000UL, m.State->System.EsrEl1);
    }
}
