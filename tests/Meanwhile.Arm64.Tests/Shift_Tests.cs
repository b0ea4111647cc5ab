namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.6.5: the amount is modulo the register size.</summary>
public class Shift_Tests
{
    [Theory]
    [InlineData("lsl x0, x1, x2", 0x9AC22020u, 1UL, 0x3FUL, 0UL, 0b0000u, 0x8000000000000000UL, 0b0000u)]
    [InlineData("lsl x0, x1, x2", 0x9AC22020u, 5UL, 0x40UL, 0UL, 0b0000u, 5UL, 0b0000u)]
    [InlineData("lsl x0, x1, x2", 0x9AC22020u, 5UL, 0xFFFFFFFFFFFFFF41UL, 0UL, 0b0000u, 0xAUL, 0b0000u)]
    [InlineData("lsr x0, x1, x2", 0x9AC22420u, 0x8000000000000000UL, 0x3FUL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("lsr x0, x1, x2", 0x9AC22420u, 0x8000000000000000UL, 0x41UL, 0UL, 0b0000u, 0x4000000000000000UL, 0b0000u)]
    [InlineData("asr x0, x1, x2", 0x9AC22820u, 0x8000000000000000UL, 0x3FUL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFFUL, 0b0000u)]
    [InlineData("asr x0, x1, x2", 0x9AC22820u, 0x8000000000000000UL, 0x40UL, 0UL, 0b0000u, 0x8000000000000000UL, 0b0000u)]
    [InlineData("ror x0, x1, x2", 0x9AC22C20u, 1UL, 1UL, 0UL, 0b0000u, 0x8000000000000000UL, 0b0000u)]
    [InlineData("ror x0, x1, x2", 0x9AC22C20u, 0x123456789ABCDEF0UL, 0x80UL, 0UL, 0b0000u, 0x123456789ABCDEF0UL, 0b0000u)]
    [InlineData("lsl w0, w1, w2", 0x1AC22020u, 3UL, 0x1FUL, 0UL, 0b0000u, 0x80000000UL, 0b0000u)]
    [InlineData("lsl w0, w1, w2", 0x1AC22020u, 3UL, 0x20UL, 0UL, 0b0000u, 3UL, 0b0000u)]
    [InlineData("lsr w0, w1, w2", 0x1AC22420u, 0xF80000000UL, 0x1FUL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("lsr w0, w1, w2", 0x1AC22420u, 0x80000000UL, 0x21UL, 0UL, 0b0000u, 0x40000000UL, 0b0000u)]
    [InlineData("asr w0, w1, w2", 0x1AC22820u, 0x80000000UL, 0x1FUL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    [InlineData("ror w0, w1, w2", 0x1AC22C20u, 0xF00000001UL, 1UL, 0UL, 0b0000u, 0x80000000UL, 0b0000u)]
    [InlineData("ror w0, w1, w2", 0x1AC22C20u, 0x12345678UL, 0x24UL, 0UL, 0b0000u, 0x81234567UL, 0b0000u)]
    public void Shift_by_register(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);
}
