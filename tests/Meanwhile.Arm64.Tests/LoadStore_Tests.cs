using Meanwhile.Arm64.Exceptions;
using Meanwhile.Arm64.Tests.Mmu;

namespace Meanwhile.Arm64.Tests;

/// <summary>What the differential tests, which run in user mode, cannot see of loads and stores.</summary>
public unsafe class LoadStore_Tests
{
    private const uint LoadFromSp = 0xF94007E0; // ldr x0, [sp, #8]
    private const uint SwapAtSp = 0xB8E083E2; // swpal w0, w2, [sp]

    [Theory]
    [InlineData(LoadFromSp)]
    [InlineData(SwapAtSp)]
    public void A_misaligned_stack_pointer_as_base_faults_when_SCTLR_SA_is_set(uint word)
    {
        using var m = new TestMachine();
        m.Core.WriteSctlr(m.State->System.SctlrEl1 | 1 << 3);
        m.Sp = TestMachine.DataBase + 8;
        Assert.Equal(ExceptionClass.SpAlignment, (ExceptionClass)(m.RunToException(word) >> 26));
    }

    [Fact]
    public void A_misaligned_stack_pointer_is_a_base_like_another_when_SCTLR_SA_is_clear()
    {
        using var m = new TestMachine();
        m.Core.WriteSctlr(m.State->System.SctlrEl1 & ~(1UL << 3));
        m.Sp = TestMachine.DataBase + 8;
        m.Write(TestMachine.DataBase + 16, 0x1234UL);
        m.Run(LoadFromSp);
        Assert.Equal(0x1234UL, m.X[0]);
    }

    [Theory]
    [InlineData(0xF840_8C20U)] // ldr x0, [x1, #8]!
    [InlineData(0xF840_8420U)] // ldr x0, [x1], #8
    [InlineData(0xA8C1_0820U)] // ldp x0, x2, [x1], #16
    [InlineData(0xA9BF_0820U)] // stp x0, x2, [x1, #-16]!
    [InlineData(0x4CDF_0C20U)] // ld4 {v0.2d-v3.2d}, [x1], #64
    public void An_access_that_faults_changes_no_register(uint word)
    {
        using PagedMachine paged = new();
        TestMachine m = paged.Machine;
        paged.Map(0x1000, TestMachine.CodeBase);
        paged.Map(TestMachine.VectorBase, TestMachine.VectorBase);
        m.Load(TestMachine.CodeBase, word);
        m.X[0] = 5;
        m.X[1] = 0x8000_0000; // Not mapped.
        m.X[2] = 6;
        m.SetV(0, 7, 8);
        m.Pc = 0x1000;
        m.Core.SetPstate(PagedMachine.El1);
        m.Core.Run(1);
        Assert.Equal(ExceptionClass.DataAbortSame, (ExceptionClass)(m.State->System.EsrEl1 >> 26));
        Assert.Equal((5UL, 0x8000_0000UL, 6UL), (m.X[0], m.X[1], m.X[2]));
        Assert.Equal((7UL, 8UL), m.V(0));
    }
}
