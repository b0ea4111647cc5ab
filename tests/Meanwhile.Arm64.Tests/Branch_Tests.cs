namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.1.</summary>
public class Branch_Tests
{
    private const ulong Here = TestMachine.CodeBase;

    [Theory]
    [InlineData("b . + 8", 0x14000002u, 8L)]
    [InlineData("b . - 4", 0x17FFFFFFu, -4L)]
    [InlineData("b . + 0x7fffffc", 0x15FFFFFFu, 0x7FF_FFFCL)]
    [InlineData("b . - 0x8000000", 0x16000000u, -0x800_0000L)]
    [InlineData("b.ne . + 0xffffc", 0x547FFFE1u, 0xF_FFFCL)]
    [InlineData("b.ne . - 0x100000", 0x54800001u, -0x10_0000L)]
    [InlineData("cbz x0, . + 4096", 0xB4008000u, 4096L)]
    [InlineData("cbz w0, . - 4", 0x34FFFFE0u, -4L)]
    [InlineData("tbz x0, #63, . + 0x7ffc", 0xB6FBFFE0u, 0x7FFCL)]
    [InlineData("tbz w0, #0, . - 0x8000", 0x36040000u, -0x8000L)]
    public void A_direct_branch_goes_to_its_offset(string assembly, uint word, long offset)
    {
        using var m = new TestMachine();
        m.X[30] = 1;
        m.Run(word);
        Assert.True(Here + (ulong)offset == m.Pc, $"{assembly} went to {m.Pc:X}");
        Assert.Equal(1UL, m.X[30]);
        Assert.Equal(1, m.Retired);
    }

    [Theory]
    [InlineData("cbz x1", 0xB4000041u, 0x1_0000_0000UL, false)]
    [InlineData("cbz w1", 0x34000041u, 0x1_0000_0000UL, true)]
    [InlineData("cbnz x1", 0xB5000041u, 0x1_0000_0000UL, true)]
    [InlineData("cbnz w1", 0x35000041u, 0x1_0000_0000UL, false)]
    [InlineData("cbnz w1", 0x35000041u, 0x8000_0000UL, true)]
    [InlineData("tbz x1, #63", 0xB6F80041u, 0x8000_0000_0000_0000UL, false)]
    [InlineData("tbz x1, #32", 0xB6000041u, 0xFFFF_FFFE_FFFF_FFFFUL, true)]
    [InlineData("tbnz x1, #33", 0xB7080041u, 0x2_0000_0000UL, true)]
    [InlineData("tbnz w1, #31", 0x37F80041u, 0x8000_0000UL, true)]
    [InlineData("tbnz w1, #5", 0x37280041u, 0x40UL, false)]
    public void Compare_and_test_branches_decide_by_their_bits(string assembly, uint word, ulong x1, bool taken)
    {
        using var m = new TestMachine();
        m.X[1] = x1;
        m.Run(word); // . + 8
        Assert.True(Here + (taken ? 8UL : 4) == m.Pc, $"{assembly}, x1 = {x1:X} went to {m.Pc:X}");
    }

    [Fact]
    public void BL_links_the_next_instruction()
    {
        using var m = new TestMachine();
        m.Run(0x94000400); // bl . + 4096
        Assert.Equal(Here + 4096, m.Pc);
        Assert.Equal(Here + 4, m.X[30]);
    }

    [Fact]
    public void BL_at_the_end_of_a_page_links_the_next_page()
    {
        using var m = new TestMachine();
        m.Load(Here + 0xFFC, 0x97FFFFFF); // bl . - 4
        m.Pc = Here + 0xFFC;
        m.Core.Run(1);
        Assert.Equal(Here + 0xFF8, m.Pc);
        Assert.Equal(Here + 0x1000, m.X[30]);
    }

    [Theory]
    [InlineData("br x30", 0xD61F03C0u, Here + 0x4000)]
    [InlineData("blr x30", 0xD63F03C0u, Here + 4)]
    [InlineData("ret", 0xD65F03C0u, Here + 0x4000)]
    public void Register_branches_read_their_target_before_they_link(string assembly, uint word, ulong linkAfter)
    {
        using var m = new TestMachine();
        m.X[30] = Here + 0x4000;
        m.Run(word);
        Assert.True(Here + 0x4000 == m.Pc, assembly);
        Assert.Equal(linkAfter, m.X[30]);
    }

    [Fact]
    public void Where_TCR_EL1_ignores_the_top_byte_PC_does_not_hold_it()
    {
        using var m = new TestMachine();
        SetTcr(m, 1UL << 37);
        m.X[1] = 0x5A00_0000_0000_0000 | (Here + 0x100);
        m.Load(Here + 0x100, 0x10000000); // adr x0, .
        m.Load(Here, 0xD61F0020); // br x1
        m.Pc = Here;
        m.Core.Run(2);
        Assert.Equal(Here + 0x100, m.X[0]);
    }

    private static unsafe void SetTcr(TestMachine m, ulong value) => m.State->System.TcrEl1 = value;
}
