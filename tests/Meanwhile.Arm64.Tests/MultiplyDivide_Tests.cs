namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.6.6, C3.6.7.</summary>
public class MultiplyDivide_Tests
{
    [Theory]
    [InlineData("madd x0, x1, x2, x3", 0x9B020C20u, 3UL, 5UL, 7UL, 0b1111u, 0x16UL, 0b1111u)]
    [InlineData("madd x0, x1, x2, x3", 0x9B020C20u, 0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL, 1UL, 0b0000u, 2UL, 0b0000u)]
    [InlineData("madd w0, w1, w2, w3", 0x1B020C20u, 0x100000003UL, 0x100000005UL, 0x100000007UL, 0b0000u, 0x16UL, 0b0000u)]
    [InlineData("madd w0, w1, w2, w3", 0x1B020C20u, 0x80000000UL, 2UL, 0xFFFFFFFFUL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    [InlineData("msub x0, x1, x2, x3", 0x9B028C20u, 3UL, 5UL, 7UL, 0b0000u, 0xFFFFFFFFFFFFFFF8UL, 0b0000u)]
    [InlineData("msub w0, w1, w2, w3", 0x1B028C20u, 3UL, 5UL, 7UL, 0b0000u, 0xFFFFFFF8UL, 0b0000u)]
    [InlineData("smaddl x0, w1, w2, x3", 0x9B220C20u, 0xFFFFFFFFUL, 2UL, 0xAUL, 0b0000u, 8UL, 0b0000u)]
    [InlineData("smsubl x0, w1, w2, x3", 0x9B228C20u, 0xFFFFFFFFUL, 2UL, 0xAUL, 0b0000u, 0xCUL, 0b0000u)]
    [InlineData("umaddl x0, w1, w2, x3", 0x9BA20C20u, 0xFFFFFFFFUL, 2UL, 0xAUL, 0b0000u, 0x200000008UL, 0b0000u)]
    [InlineData("umsubl x0, w1, w2, x3", 0x9BA28C20u, 0xFFFFFFFFUL, 2UL, 0xAUL, 0b0000u, 0xFFFFFFFE0000000CUL, 0b0000u)]
    [InlineData("smull x0, w1, w2", 0x9B227C20u, 0x80000000UL, 0x80000000UL, 0UL, 0b0000u, 0x4000000000000000UL, 0b0000u)]
    [InlineData("umulh x0, x1, x2", 0x9BC27C20u, 0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFEUL, 0b0000u)]
    [InlineData("umulh x0, x1, x2", 0x9BC27C20u, 0x8000000000000000UL, 2UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("smulh x0, x1, x2", 0x9B427C20u, 0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("smulh x0, x1, x2", 0x9B427C20u, 0x8000000000000000UL, 0x8000000000000000UL, 0UL, 0b0000u, 0x4000000000000000UL, 0b0000u)]
    [InlineData("smulh x0, x1, x2", 0x9B427C20u, 0x8000000000000000UL, 2UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFFUL, 0b0000u)]
    public void Multiplication(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("udiv x0, x1, x2", 0x9AC20820u, 0xFFFFFFFFFFFFFFFFUL, 0xAUL, 0UL, 0b0000u, 0x1999999999999999UL, 0b0000u)]
    [InlineData("udiv x0, x1, x2", 0x9AC20820u, 5UL, 0UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("udiv w0, w1, w2", 0x1AC20820u, 0xF0000000AUL, 0xF00000003UL, 0UL, 0b0000u, 3UL, 0b0000u)]
    [InlineData("udiv w0, w1, w2", 0x1AC20820u, 5UL, 0xF00000000UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("sdiv x0, x1, x2", 0x9AC20C20u, 0xFFFFFFFFFFFFFFF9UL, 2UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFDUL, 0b0000u)]
    [InlineData("sdiv x0, x1, x2", 0x9AC20C20u, 7UL, 0xFFFFFFFFFFFFFFFEUL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFDUL, 0b0000u)]
    [InlineData("sdiv x0, x1, x2", 0x9AC20C20u, 0x8000000000000000UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0x8000000000000000UL, 0b0000u)]
    [InlineData("sdiv x0, x1, x2", 0x9AC20C20u, 7UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFF9UL, 0b0000u)]
    [InlineData("sdiv x0, x1, x2", 0x9AC20C20u, 0x8000000000000000UL, 0UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("sdiv w0, w1, w2", 0x1AC20C20u, 0x80000000UL, 0xFFFFFFFFUL, 0UL, 0b0000u, 0x80000000UL, 0b0000u)]
    [InlineData("sdiv w0, w1, w2", 0x1AC20C20u, 0xFFFFFFF9UL, 2UL, 0UL, 0b0000u, 0xFFFFFFFDUL, 0b0000u)]
    [InlineData("sdiv w0, w1, w2", 0x1AC20C20u, 7UL, 0xF00000000UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    public void Division_rounds_to_zero_and_never_traps(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);
}
