namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.6.8, C3.6.9.</summary>
public class BitCounting_Tests
{
    [Theory]
    [InlineData("rbit x0, x1", 0xDAC00020u, 1UL, 0UL, 0UL, 0b0000u, 0x8000000000000000UL, 0b0000u)]
    [InlineData("rbit x0, x1", 0xDAC00020u, 0x35UL, 0UL, 0UL, 0b0000u, 0xAC00000000000000UL, 0b0000u)]
    [InlineData("rbit w0, w1", 0x5AC00020u, 0xFFFFFFFF00000003UL, 0UL, 0UL, 0b0000u, 0xC0000000UL, 0b0000u)]
    [InlineData("rev x0, x1", 0xDAC00C20u, 0x123456789ABCDEFUL, 0UL, 0UL, 0b0000u, 0xEFCDAB8967452301UL, 0b0000u)]
    [InlineData("rev w0, w1", 0x5AC00820u, 0x123456789ABCDEFUL, 0UL, 0UL, 0b0000u, 0xEFCDAB89UL, 0b0000u)]
    [InlineData("rev32 x0, x1", 0xDAC00820u, 0x123456789ABCDEFUL, 0UL, 0UL, 0b0000u, 0x67452301EFCDAB89UL, 0b0000u)]
    [InlineData("rev16 x0, x1", 0xDAC00420u, 0x123456789ABCDEFUL, 0UL, 0UL, 0b0000u, 0x23016745AB89EFCDUL, 0b0000u)]
    [InlineData("rev16 w0, w1", 0x5AC00420u, 0x123456789ABCDEFUL, 0UL, 0UL, 0b0000u, 0xAB89EFCDUL, 0b0000u)]
    public void Reversal(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("clz x0, x1", 0xDAC01020u, 0UL, 0UL, 0UL, 0b0000u, 0x40UL, 0b0000u)]
    [InlineData("clz x0, x1", 0xDAC01020u, 1UL, 0UL, 0UL, 0b0000u, 0x3FUL, 0b0000u)]
    [InlineData("clz x0, x1", 0xDAC01020u, 0x8000000000000000UL, 0UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("clz w0, w1", 0x5AC01020u, 0xFFFFFFFF00000000UL, 0UL, 0UL, 0b0000u, 0x20UL, 0b0000u)]
    [InlineData("clz w0, w1", 0x5AC01020u, 0xFFFFUL, 0UL, 0UL, 0b0000u, 0x10UL, 0b0000u)]
    [InlineData("cls x0, x1", 0xDAC01420u, 0UL, 0UL, 0UL, 0b0000u, 0x3FUL, 0b0000u)]
    [InlineData("cls x0, x1", 0xDAC01420u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x3FUL, 0b0000u)]
    [InlineData("cls x0, x1", 0xDAC01420u, 0x8000000000000000UL, 0UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("cls x0, x1", 0xDAC01420u, 0xC000000000000000UL, 0UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("cls w0, w1", 0x5AC01420u, 0xFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0x1FUL, 0b0000u)]
    [InlineData("cls w0, w1", 0x5AC01420u, 0xFFFFFFFF00000000UL, 0UL, 0UL, 0b0000u, 0x1FUL, 0b0000u)]
    [InlineData("cls w0, w1", 0x5AC01420u, 0x40000000UL, 0UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("cls w0, w1", 0x5AC01420u, 0xE0000000UL, 0UL, 0UL, 0b0000u, 2UL, 0b0000u)]
    public void Counting(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);
}
