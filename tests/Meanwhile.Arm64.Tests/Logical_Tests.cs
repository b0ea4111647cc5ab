namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.5.2, C3.6.4.</summary>
public class Logical_Tests
{
    [Theory]
    [InlineData("and x0, x1, x2", 0x8A020020u, 0xFFFF0000FFFF0000UL, 0xFF00FF00FF00FFUL, 0UL, 0b1111u, 0xFF000000FF0000UL, 0b1111u)]
    [InlineData("bic x0, x1, x2", 0x8A220020u, 0xFFFF0000FFFF0000UL, 0xFF00FF00FF00FFUL, 0UL, 0b0000u, 0xFF000000FF000000UL, 0b0000u)]
    [InlineData("orr x0, x1, x2", 0xAA020020u, 0xFFFF0000FFFF0000UL, 0xFF00FF00FF00FFUL, 0UL, 0b0000u, 0xFFFF00FFFFFF00FFUL, 0b0000u)]
    [InlineData("orn x0, x1, x2", 0xAA220020u, 0xFFFF0000FFFF0000UL, 0xFF00FF00FF00FFUL, 0UL, 0b0000u, 0xFFFFFF00FFFFFF00UL, 0b0000u)]
    [InlineData("eor x0, x1, x2", 0xCA020020u, 0xFFFF0000FFFF0000UL, 0xFF00FF00FF00FFUL, 0UL, 0b0000u, 0xFF0000FFFF0000FFUL, 0b0000u)]
    [InlineData("eon x0, x1, x2", 0xCA220020u, 0xFFFF0000FFFF0000UL, 0xFF00FF00FF00FFUL, 0UL, 0b0000u, 0xFFFF0000FFFF00UL, 0b0000u)]
    [InlineData("and w0, w1, w2", 0x0A020020u, 0xFFFF0000FFFF0000UL, 0xFF00FF00FF00FFUL, 0UL, 0b0000u, 0xFF0000UL, 0b0000u)]
    [InlineData("orn w0, w1, w2", 0x2A220020u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    [InlineData("eon w0, w1, w2", 0x4A220020u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    [InlineData("orr x0, x1, x2, lsl #4", 0xAA021020u, 0UL, 0xF000000000000001UL, 0UL, 0b0000u, 0x10UL, 0b0000u)]
    [InlineData("orr x0, x1, x2, lsr #4", 0xAA421020u, 0UL, 0x8000000000000000UL, 0UL, 0b0000u, 0x800000000000000UL, 0b0000u)]
    [InlineData("orr x0, x1, x2, asr #4", 0xAA821020u, 0UL, 0x8000000000000000UL, 0UL, 0b0000u, 0xF800000000000000UL, 0b0000u)]
    [InlineData("orr x0, x1, x2, ror #4", 0xAAC21020u, 0UL, 0x1FUL, 0UL, 0b0000u, 0xF000000000000001UL, 0b0000u)]
    [InlineData("orr w0, w1, w2, ror #4", 0x2AC21020u, 0UL, 0xFF0000001FUL, 0UL, 0b0000u, 0xF0000001UL, 0b0000u)]
    [InlineData("orr w0, w1, w2, asr #4", 0x2A821020u, 0UL, 0x80000000UL, 0UL, 0b0000u, 0xF8000000UL, 0b0000u)]
    [InlineData("orr w0, w1, w2, lsr #4", 0x2A421020u, 0UL, 0xF80000000UL, 0UL, 0b0000u, 0x8000000UL, 0b0000u)]
    [InlineData("bic w0, w1, w2, lsl #8", 0x0A222020u, 0xFFFFFFFFUL, 0xFFUL, 0UL, 0b0000u, 0xFFFF00FFUL, 0b0000u)]
    public void Shifted_register_forms(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("ands x0, x1, x2", 0xEA020020u, 0x8000000000000000UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0111u, 0x8000000000000000UL, 0b1000u)]
    [InlineData("ands x0, x1, x2", 0xEA020020u, 1UL, 2UL, 0UL, 0b1011u, 0UL, 0b0100u)]
    [InlineData("ands w0, w1, w2", 0x6A020020u, 0x80000000UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0x80000000UL, 0b1000u)]
    [InlineData("ands w0, w1, w2", 0x6A020020u, 0xF00000000UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0UL, 0b0100u)]
    [InlineData("bics x0, x1, x2", 0xEA220020u, 3UL, 1UL, 0UL, 0b1111u, 2UL, 0b0000u)]
    [InlineData("bics w0, w1, w2", 0x6A220020u, 0xFFFFFFFFFFFFFFFFUL, 0x7FFFFFFFUL, 0UL, 0b0000u, 0x80000000UL, 0b1000u)]
    [InlineData("ands x0, x1, #0x8000000000000000", 0xF2410020u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x8000000000000000UL, 0b1000u)]
    [InlineData("ands w0, w1, #1", 0x72000020u, 2UL, 0UL, 0UL, 0b0011u, 0UL, 0b0100u)]
    public void ANDS_and_BICS_set_N_and_Z_and_clear_C_and_V(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    // The assembler encodes the pattern, and the result shows the decoded one.
    [Theory]
    [InlineData("and x0, x1, #0x5555555555555555", 0x9200F020u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x5555555555555555UL, 0b0000u)]
    [InlineData("and x0, x1, #0xcccccccccccccccc", 0x9202E420u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0xCCCCCCCCCCCCCCCCUL, 0b0000u)]
    [InlineData("and x0, x1, #0x7f7f7f7f7f7f7f7f", 0x9200D820u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x7F7F7F7F7F7F7F7FUL, 0b0000u)]
    [InlineData("and x0, x1, #0xf00ff00ff00ff00f", 0x92049C20u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0xF00FF00FF00FF00FUL, 0b0000u)]
    [InlineData("and x0, x1, #0xfffe0000fffe0000", 0x920F3820u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0xFFFE0000FFFE0000UL, 0b0000u)]
    [InlineData("and x0, x1, #0x8000000000000001", 0x92410420u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x8000000000000001UL, 0b0000u)]
    [InlineData("and x0, x1, #0xfffffffffffffffe", 0x927FF820u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFEUL, 0b0000u)]
    [InlineData("and x0, x1, #1", 0x92400020u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("and w0, w1, #0xfffffffe", 0x121F7820u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0xFFFFFFFEUL, 0b0000u)]
    [InlineData("orr w0, w1, #0xc0000003", 0x32020C20u, 0UL, 0UL, 0UL, 0b0000u, 0xC0000003UL, 0b0000u)]
    [InlineData("orr x0, x1, #0x00ffff0000000000", 0xB2583C20u, 1UL, 0UL, 0UL, 0b0000u, 0xFFFF0000000001UL, 0b0000u)]
    [InlineData("eor x0, x1, #0xff", 0xD2401C20u, 0xF0FUL, 0UL, 0UL, 0b0000u, 0xFF0UL, 0b0000u)]
    [InlineData("eor w0, w1, #0x80000000", 0x52010020u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x7FFFFFFFUL, 0b0000u)]
    public void Immediate_forms(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Fact]
    public void Immediate_forms_write_SP_and_read_XZR()
    {
        using var m = new TestMachine { Sp = 0x1234 };
        m.Run(0xB27C6FFF); // mov sp, #0xfffffff0, which is orr sp, xzr, #0xfffffff0
        Assert.Equal(0xFFFF_FFF0UL, m.Sp);
    }
}
