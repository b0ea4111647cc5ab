namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.5.6 to C3.5.8: bitfield moves by their aliases, and EXTR.</summary>
public class Bitfield_Tests
{
    [Theory]
    [InlineData("ubfx x0, x1, #4, #8", 0xD3442C20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0xEFUL, 0b0000u)]
    [InlineData("ubfx x0, x1, #60, #4", 0xD37CFC20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("ubfiz x0, x1, #8, #4", 0xD3780C20u, 0x123456789ABCDEFFUL, 0UL, 0UL, 0b0000u, 0xF00UL, 0b0000u)]
    [InlineData("ubfiz x0, x1, #63, #1", 0xD3410020u, 1UL, 0UL, 0UL, 0b0000u, 0x8000000000000000UL, 0b0000u)]
    [InlineData("lsl x0, x1, #4", 0xD37CEC20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0x23456789ABCDEF00UL, 0b0000u)]
    [InlineData("lsr x0, x1, #4", 0xD344FC20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0x123456789ABCDEFUL, 0b0000u)]
    [InlineData("lsl x0, x1, #63", 0xD3410020u, 3UL, 0UL, 0UL, 0b0000u, 0x8000000000000000UL, 0b0000u)]
    [InlineData("lsr x0, x1, #63", 0xD37FFC20u, 0x8000000000000000UL, 0UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("asr x0, x1, #63", 0x937FFC20u, 0x8000000000000000UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFFUL, 0b0000u)]
    [InlineData("asr x0, x1, #4", 0x9344FC20u, 0xF000000000000000UL, 0UL, 0UL, 0b0000u, 0xFF00000000000000UL, 0b0000u)]
    [InlineData("sbfx x0, x1, #4, #8", 0x93442C20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFEFUL, 0b0000u)]
    [InlineData("sbfx x0, x1, #4, #10", 0x93443420u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0x1EFUL, 0b0000u)]
    [InlineData("sbfiz x0, x1, #8, #4", 0x93780C20u, 8UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFF800UL, 0b0000u)]
    [InlineData("sbfiz x0, x1, #8, #4", 0x93780C20u, 7UL, 0UL, 0UL, 0b0000u, 0x700UL, 0b0000u)]
    [InlineData("sxtb x0, w1", 0x93401C20u, 0x80UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFF80UL, 0b0000u)]
    [InlineData("sxth x0, w1", 0x93403C20u, 0x18000UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFFFFF8000UL, 0b0000u)]
    [InlineData("sxtw x0, w1", 0x93407C20u, 0x180000000UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFF80000000UL, 0b0000u)]
    [InlineData("sxtb w0, w1", 0x13001C20u, 0x80UL, 0UL, 0UL, 0b0000u, 0xFFFFFF80UL, 0b0000u)]
    [InlineData("uxtb w0, w1", 0x53001C20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0xF0UL, 0b0000u)]
    [InlineData("uxth w0, w1", 0x53003C20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0xDEF0UL, 0b0000u)]
    [InlineData("lsl w0, w1, #31", 0x53010020u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x80000000UL, 0b0000u)]
    [InlineData("lsr w0, w1, #31", 0x531F7C20u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("asr w0, w1, #31", 0x131F7C20u, 0x80000000UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    [InlineData("lsr w0, w1, #4", 0x53047C20u, 0x123456789ABCDEF0UL, 0UL, 0UL, 0b0000u, 0x9ABCDEFUL, 0b0000u)]
    [InlineData("ubfiz w0, w1, #28, #4", 0x53040C20u, 0xFFUL, 0UL, 0UL, 0b0000u, 0xF0000000UL, 0b0000u)]
    [InlineData("sbfiz w0, w1, #4, #4", 0x131C0C20u, 0xFUL, 0UL, 0UL, 0b0000u, 0xFFFFFFF0UL, 0b0000u)]
    public void Extracts_insertions_and_shifts(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("extr x0, x1, x2, #0", 0x93C20020u, 1UL, 2UL, 0UL, 0b0000u, 2UL, 0b0000u)]
    [InlineData("extr x0, x1, x2, #4", 0x93C21020u, 0xAUL, 0xB5UL, 0UL, 0b0000u, 0xA00000000000000BUL, 0b0000u)]
    [InlineData("extr x0, x1, x2, #63", 0x93C2FC20u, 3UL, 0x8000000000000000UL, 0UL, 0b0000u, 7UL, 0b0000u)]
    [InlineData("extr w0, w1, w2, #0", 0x13820020u, 1UL, 0xF00000002UL, 0UL, 0b0000u, 2UL, 0b0000u)]
    [InlineData("extr w0, w1, w2, #8", 0x13822020u, 0x12UL, 0x3456UL, 0UL, 0b0000u, 0x12000034UL, 0b0000u)]
    [InlineData("extr w0, w1, w2, #31", 0x13827C20u, 1UL, 0x80000000UL, 0UL, 0b0000u, 3UL, 0b0000u)]
    public void EXTR_takes_the_low_bits_of_two_registers(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("bfi x0, x1, #8, #4", 0xB3780C20u, 0xAUL, 0xFFFF_FFFF_FFFF_FAFFUL)]
    [InlineData("bfxil x0, x1, #8, #4", 0xB3482C20u, 0xA00UL, 0xFFFF_FFFF_FFFF_FFFAUL)]
    [InlineData("bfxil x0, x1, #0, #64", 0xB340FC20u, 0x123UL, 0x123UL)]
    [InlineData("bfi w0, w1, #28, #4", 0x33040C20u, 5UL, 0x5FFF_FFFFUL)]
    [InlineData("bfc x0, #0, #63", 0xB340FBE0u, 0UL, 0x8000_0000_0000_0000UL)]
    public void BFM_keeps_the_other_bits_of_the_destination(string assembly, uint word, ulong x1, ulong x0)
    {
        using var m = new TestMachine();
        m.X[0] = ulong.MaxValue;
        m.X[1] = x1;
        m.Run(word);
        Assert.True(x0 == m.X[0], $"{assembly}: {m.X[0]:X16}");
    }
}
