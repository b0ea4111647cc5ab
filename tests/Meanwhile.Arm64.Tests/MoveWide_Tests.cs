namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.5.3, C3.5.5.</summary>
public class MoveWide_Tests
{
    [Theory]
    [InlineData("movz x0, #0x1234, lsl #48", 0xD2E24680u, 0UL, 0UL, 0UL, 0b0000u, 0x1234000000000000UL, 0b0000u)]
    [InlineData("movz w0, #0xffff, lsl #16", 0x52BFFFE0u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFF0000UL, 0b0000u)]
    [InlineData("movn x0, #0", 0x92800000u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFFUL, 0b0000u)]
    [InlineData("movn w0, #0x1234", 0x12824680u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFFEDCBUL, 0b0000u)]
    [InlineData("movn x0, #0xffff, lsl #32", 0x92DFFFE0u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFF0000FFFFFFFFUL, 0b0000u)]
    public void MOVZ_and_MOVN_write_the_whole_register(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("movk x0, #0x1234, lsl #32", 0xF2C24680u, 0xFFFF_1234_FFFF_FFFFUL)]
    [InlineData("movk w0, #0", 0x72800000u, 0x0000_0000_FFFF_0000UL)]
    public void MOVK_keeps_the_other_halfwords(string assembly, uint word, ulong x0)
    {
        using var m = new TestMachine();
        m.X[0] = ulong.MaxValue;
        m.Run(word);
        Assert.True(x0 == m.X[0], $"{assembly}: {m.X[0]:X16}");
    }

    [Theory]
    [InlineData("adr x0, . + 8", 0x10000040u, 0x4000_000CUL)]
    [InlineData("adr x0, . - 1", 0x70FFFFE0u, 0x4000_0003UL)]
    [InlineData("adr x0, . + 0xfffff", 0x707FFFE0u, 0x4010_0003UL)]
    [InlineData("adrp x0, . + 0x3000", 0xF0000000u, 0x4000_3000UL)]
    [InlineData("adrp x0, . - 0x1000", 0xF0FFFFE0u, 0x3FFF_F000UL)]
    [InlineData("adrp x0, . - 0x40000000", 0x90E00000u, 0UL)]
    public void Addresses_are_relative_to_the_instruction_or_its_page(string assembly, uint word, ulong x0)
    {
        using var m = new TestMachine();
        m.Run(0x91000021, word); // The second word of its page.
        Assert.True(x0 == m.X[0], $"{assembly}: {m.X[0]:X16}");
    }
}
