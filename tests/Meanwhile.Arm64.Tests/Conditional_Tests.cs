namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.6.10, C3.6.11.</summary>
public class Conditional_Tests
{
    [Theory]
    [InlineData("csel x0, x1, x2, eq", 0x9A820020u, 0xAUL, 0x14UL, 0UL, 0b0100u, 0xAUL, 0b0100u)]
    [InlineData("csel x0, x1, x2, eq", 0x9A820020u, 0xAUL, 0x14UL, 0UL, 0b1011u, 0x14UL, 0b1011u)]
    [InlineData("csel w0, w1, w2, ne", 0x1A821020u, 0xF0000000AUL, 0xF0000000BUL, 0UL, 0b0000u, 0xAUL, 0b0000u)]
    [InlineData("csel w0, w1, w2, ne", 0x1A821020u, 0xF0000000AUL, 0xF0000000BUL, 0UL, 0b0100u, 0xBUL, 0b0100u)]
    [InlineData("csinc x0, x1, x2, al", 0x9A82E420u, 1UL, 2UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("csinc x0, x1, x2, lt", 0x9A82B420u, 1UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("csinc w0, w1, w2, lt", 0x1A82B420u, 1UL, 0xFFFFFFFFUL, 0UL, 0b1001u, 0UL, 0b1001u)]
    [InlineData("csinv x0, x1, x2, hi", 0xDA828020u, 1UL, 2UL, 0UL, 0b0110u, 0xFFFFFFFFFFFFFFFDUL, 0b0110u)]
    [InlineData("csinv w0, w1, w2, hi", 0x5A828020u, 1UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    [InlineData("csinv w0, w1, w2, hi", 0x5A828020u, 1UL, 0UL, 0UL, 0b0010u, 1UL, 0b0010u)]
    [InlineData("csneg x0, x1, x2, ge", 0xDA82A420u, 1UL, 2UL, 0UL, 0b1000u, 0xFFFFFFFFFFFFFFFEUL, 0b1000u)]
    [InlineData("csneg w0, w1, w2, ge", 0x5A82A420u, 1UL, 1UL, 0UL, 0b0001u, 0xFFFFFFFFUL, 0b0001u)]
    [InlineData("csneg x0, x1, x2, nv", 0xDA82F420u, 1UL, 2UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    public void Select(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    // X0 is not written: it stays zero.
    [Theory]
    [InlineData("ccmp x1, x2, #0b1010, eq", 0xFA42002Au, 5UL, 5UL, 0UL, 0b0100u, 0UL, 0b0110u)]
    [InlineData("ccmp x1, x2, #0b1010, eq", 0xFA42002Au, 5UL, 5UL, 0UL, 0b0000u, 0UL, 0b1010u)]
    [InlineData("ccmp w1, w2, #0, ne", 0x7A421020u, 0xF00000001UL, 2UL, 0UL, 0b0000u, 0UL, 0b1000u)]
    [InlineData("ccmp x1, #31, #15, al", 0xFA5FE82Fu, 0x1FUL, 0UL, 0UL, 0b0000u, 0UL, 0b0110u)]
    [InlineData("ccmp w1, #1, #15, lt", 0x7A41B82Fu, 0x80000000UL, 0UL, 0UL, 0b1000u, 0UL, 0b0011u)]
    [InlineData("ccmp w1, #1, #15, lt", 0x7A41B82Fu, 0x80000000UL, 0UL, 0UL, 0b1001u, 0UL, 0b1111u)]
    [InlineData("ccmn x1, x2, #0, mi", 0xBA424020u, 0x8000000000000000UL, 0x8000000000000000UL, 0UL, 0b1000u, 0UL, 0b0111u)]
    [InlineData("ccmn w1, #1, #0, pl", 0x3A415820u, 0x7FFFFFFFUL, 0UL, 0UL, 0b0000u, 0UL, 0b1001u)]
    [InlineData("ccmn w1, #1, #0b0101, pl", 0x3A415825u, 0x7FFFFFFFUL, 0UL, 0UL, 0b1000u, 0UL, 0b0101u)]
    public void Compare_or_take_the_given_flags(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    // DDI0487 C1.2.4, table C1-1: the flags of the meaning column, for each of the sixteen combinations, N in bit 3.
    [Theory]
    [InlineData("eq", 0u, "4567CDEF")]
    [InlineData("ne", 1u, "012389AB")]
    [InlineData("cs", 2u, "2367ABEF")]
    [InlineData("cc", 3u, "014589CD")]
    [InlineData("mi", 4u, "89ABCDEF")]
    [InlineData("pl", 5u, "01234567")]
    [InlineData("vs", 6u, "13579BDF")]
    [InlineData("vc", 7u, "02468ACE")]
    [InlineData("hi", 8u, "23AB")]
    [InlineData("ls", 9u, "01456789CDEF")]
    [InlineData("ge", 10u, "02469BDF")]
    [InlineData("lt", 11u, "13578ACE")]
    [InlineData("gt", 12u, "029B")]
    [InlineData("le", 13u, "1345678ACDEF")]
    [InlineData("al", 14u, "0123456789ABCDEF")]
    [InlineData("nv", 15u, "0123456789ABCDEF")]
    public void A_condition_holds_for_these_flags(string name, uint condition, string holds)
    {
        using var m = new TestMachine();
        m.X[1] = 1;
        for (uint nzcv = 0; nzcv < 16; nzcv++)
        {
            m.Nzcv = nzcv;
            m.Run(0x9A9F0020 | (condition << 12)); // csel x0, x1, xzr, condition
            bool expected = holds.Contains($"{nzcv:X}");
            Assert.True(expected == (m.X[0] == 1), $"csel {name} with NZCV = {nzcv:b4}");
            m.Nzcv = nzcv;
            m.Run(0x54000040 | condition); // b.condition . + 8
            Assert.True(expected == (m.Pc == TestMachine.CodeBase + 8), $"b.{name} with NZCV = {nzcv:b4}");
        }
    }
}
