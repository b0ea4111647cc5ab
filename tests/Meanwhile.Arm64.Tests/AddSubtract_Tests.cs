namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 C3.5.1, C3.6.1 to C3.6.3. Expected flags by hand from the pseudocode of AddWithCarry.</summary>
public class AddSubtract_Tests
{
    [Theory]
    [InlineData("add x0, x1, #7, lsl #12", 0x91401C20u, 5UL, 0UL, 0UL, 0b1010u, 0x7005UL, 0b1010u)]
    [InlineData("add w0, w1, #1", 0x11000420u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("sub x0, x1, #1", 0xD1000420u, 0UL, 0UL, 0UL, 0b1111u, 0xFFFFFFFFFFFFFFFFUL, 0b1111u)]
    [InlineData("sub w0, w1, #1", 0x51000420u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    [InlineData("sub x0, x1, x2", 0xCB020020u, 3UL, 5UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFEUL, 0b0000u)]
    [InlineData("add x0, x1, x2, lsl #63", 0x8B02FC20u, 1UL, 3UL, 0UL, 0b0000u, 0x8000000000000001UL, 0b0000u)]
    [InlineData("add x0, x1, x2, asr #60", 0x8B82F020u, 0UL, 0x8000000000000000UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFF8UL, 0b0000u)]
    [InlineData("sub x0, x1, x2, lsr #60", 0xCB42F020u, 0x10UL, 0x8000000000000000UL, 0UL, 0b0000u, 8UL, 0b0000u)]
    [InlineData("add w0, w1, w2, asr #31", 0x0B827C20u, 1UL, 0x80000000UL, 0UL, 0b0000u, 0UL, 0b0000u)]
    [InlineData("add w0, w1, w2, lsr #31", 0x0B427C20u, 1UL, 0xFFFFFFFF80000000UL, 0UL, 0b0000u, 2UL, 0b0000u)]
    [InlineData("add w0, w1, w2, lsl #31", 0x0B027C20u, 0UL, 3UL, 0UL, 0b0000u, 0x80000000UL, 0b0000u)]
    public void Add_and_subtract_leave_the_flags(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("adds x0, x1, x2", 0xAB020020u, 0x7FFFFFFFFFFFFFFFUL, 1UL, 0UL, 0b0000u, 0x8000000000000000UL, 0b1001u)]
    [InlineData("adds x0, x1, x2", 0xAB020020u, 0xFFFFFFFFFFFFFFFFUL, 1UL, 0UL, 0b0000u, 0UL, 0b0110u)]
    [InlineData("adds x0, x1, x2", 0xAB020020u, 0x8000000000000000UL, 0x8000000000000000UL, 0UL, 0b0000u, 0UL, 0b0111u)]
    [InlineData("adds x0, x1, x2", 0xAB020020u, 0x8000000000000000UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0x7FFFFFFFFFFFFFFFUL, 0b0011u)]
    [InlineData("adds x0, x1, x2", 0xAB020020u, 0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFEUL, 0b1010u)]
    [InlineData("adds w0, w1, w2", 0x2B020020u, 0x7FFFFFFFUL, 1UL, 0UL, 0b0000u, 0x80000000UL, 0b1001u)]
    [InlineData("adds w0, w1, w2", 0x2B020020u, 0xFFFFFFFFUL, 1UL, 0UL, 0b0000u, 0UL, 0b0110u)]
    [InlineData("adds w0, w1, w2", 0x2B020020u, 0x100000000UL, 0UL, 0UL, 0b0000u, 0UL, 0b0100u)]
    [InlineData("adds x0, x1, #0xfff", 0xB13FFC20u, 1UL, 0UL, 0UL, 0b1111u, 0x1000UL, 0b0000u)]
    public void ADDS_sets_flags(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("subs x0, x1, x2", 0xEB020020u, 5UL, 5UL, 0UL, 0b0000u, 0UL, 0b0110u)]
    [InlineData("subs x0, x1, x2", 0xEB020020u, 5UL, 6UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFFUL, 0b1000u)]
    [InlineData("subs x0, x1, x2", 0xEB020020u, 6UL, 5UL, 0UL, 0b0000u, 1UL, 0b0010u)]
    [InlineData("subs x0, x1, x2", 0xEB020020u, 0x8000000000000000UL, 1UL, 0UL, 0b0000u, 0x7FFFFFFFFFFFFFFFUL, 0b0011u)]
    [InlineData("subs x0, x1, x2", 0xEB020020u, 0x7FFFFFFFFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0x8000000000000000UL, 0b1001u)]
    [InlineData("subs x0, x1, #0", 0xF1000020u, 0UL, 0UL, 0UL, 0b0000u, 0UL, 0b0110u)]
    [InlineData("subs w0, w1, w2", 0x6B020020u, 0x80000000UL, 1UL, 0UL, 0b0000u, 0x7FFFFFFFUL, 0b0011u)]
    [InlineData("subs w0, w1, w2", 0x6B020020u, 0UL, 1UL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b1000u)]
    [InlineData("subs w0, w1, w2", 0x6B020020u, 0xF00000000UL, 0xE00000000UL, 0UL, 0b0000u, 0UL, 0b0110u)]
    public void SUBS_sets_C_when_there_is_no_borrow(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Theory]
    [InlineData("adc x0, x1, x2", 0x9A020020u, 1UL, 2UL, 0UL, 0b0010u, 4UL, 0b0010u)]
    [InlineData("adc x0, x1, x2", 0x9A020020u, 1UL, 2UL, 0UL, 0b1101u, 3UL, 0b1101u)]
    [InlineData("adc w0, w1, w2", 0x1A020020u, 0xFFFFFFFFUL, 0UL, 0UL, 0b0010u, 0UL, 0b0010u)]
    [InlineData("adcs x0, x1, x2", 0xBA020020u, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0010u, 0UL, 0b0110u)]
    [InlineData("adcs x0, x1, x2", 0xBA020020u, 0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0010u, 0xFFFFFFFFFFFFFFFFUL, 0b1010u)]
    [InlineData("adcs x0, x1, x2", 0xBA020020u, 0x7FFFFFFFFFFFFFFFUL, 0UL, 0UL, 0b0010u, 0x8000000000000000UL, 0b1001u)]
    [InlineData("adcs w0, w1, w2", 0x3A020020u, 0xFFFFFFFFUL, 0xFFFFFFFFUL, 0UL, 0b0010u, 0xFFFFFFFFUL, 0b1010u)]
    [InlineData("adcs w0, w1, w2", 0x3A020020u, 0x7FFFFFFFUL, 0UL, 0UL, 0b0010u, 0x80000000UL, 0b1001u)]
    [InlineData("sbc x0, x1, x2", 0xDA020020u, 5UL, 3UL, 0UL, 0b0010u, 2UL, 0b0010u)]
    [InlineData("sbc x0, x1, x2", 0xDA020020u, 5UL, 3UL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("sbcs x0, x1, x2", 0xFA020020u, 3UL, 3UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFFFFUL, 0b1000u)]
    [InlineData("sbcs x0, x1, x2", 0xFA020020u, 3UL, 3UL, 0UL, 0b0010u, 0UL, 0b0110u)]
    [InlineData("sbcs x0, x1, x2", 0xFA020020u, 0x8000000000000000UL, 0UL, 0UL, 0b0000u, 0x7FFFFFFFFFFFFFFFUL, 0b0011u)]
    [InlineData("sbcs x0, x1, x2", 0xFA020020u, 0UL, 0xFFFFFFFFFFFFFFFFUL, 0UL, 0b0000u, 0UL, 0b0100u)]
    [InlineData("sbcs w0, w1, w2", 0x7A020020u, 0x80000000UL, 0UL, 0UL, 0b0000u, 0x7FFFFFFFUL, 0b0011u)]
    [InlineData("sbc w0, w1, w2", 0x5A020020u, 0UL, 0UL, 0UL, 0b0000u, 0xFFFFFFFFUL, 0b0000u)]
    public void Carry_goes_in_and_out(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    // DDI0487 ExtendReg: extension first, then the shift by 0 to 4.
    [Theory]
    [InlineData("add x0, x1, w2, uxtb #2", 0x8B220820u, 0x1000UL, 0xFFFFFF81UL, 0UL, 0b0000u, 0x1204UL, 0b0000u)]
    [InlineData("add x0, x1, w2, uxth", 0x8B222020u, 1UL, 0xFFFF8000UL, 0UL, 0b0000u, 0x8001UL, 0b0000u)]
    [InlineData("add x0, x1, w2, uxtw #4", 0x8B225020u, 0UL, 0xFFFFFFFFF0000001UL, 0UL, 0b0000u, 0xF00000010UL, 0b0000u)]
    [InlineData("add x0, x1, x2, uxtx #3", 0x8B226C20u, 1UL, 0x2000000000000001UL, 0UL, 0b0000u, 9UL, 0b0000u)]
    [InlineData("add x0, x1, w2, sxtb", 0x8B228020u, 0UL, 0x80UL, 0UL, 0b0000u, 0xFFFFFFFFFFFFFF80UL, 0b0000u)]
    [InlineData("add x0, x1, w2, sxth #1", 0x8B22A420u, 0UL, 0x8000UL, 0UL, 0b0000u, 0xFFFFFFFFFFFF0000UL, 0b0000u)]
    [InlineData("sub x0, x1, w2, sxtw", 0xCB22C020u, 0UL, 0xFFFFFFFFUL, 0UL, 0b0000u, 1UL, 0b0000u)]
    [InlineData("add x0, x1, x2, sxtx #1", 0x8B22E420u, 0UL, 0x8000000000000001UL, 0UL, 0b0000u, 2UL, 0b0000u)]
    [InlineData("add w0, w1, w2, sxtb #4", 0x0B229020u, 0UL, 0x80UL, 0UL, 0b0000u, 0xFFFFF800UL, 0b0000u)]
    [InlineData("subs x0, x1, w2, sxtw", 0xEB22C020u, 0xFFFFFFFFFFFFFFFFUL, 0xFFFFFFFFUL, 0UL, 0b0000u, 0UL, 0b0110u)]
    [InlineData("adds w0, w1, w2, uxtb", 0x2B220020u, 0x7FFFFFFFUL, 0x101UL, 0UL, 0b0000u, 0x80000000UL, 0b1001u)]
    public void Registers_are_extended(string assembly, uint word, ulong x1, ulong x2, ulong x3, uint nzcv, ulong x0, uint nzcvAfter) =>
        OneInstruction.Check(assembly, word, x1, x2, x3, nzcv, x0, nzcvAfter);

    [Fact]
    public void Register_31_is_SP_where_the_manual_says_so()
    {
        using var m = new TestMachine { Sp = 0x1000 };
        m.X[1] = 0x20;
        m.Run(
            0x910043FF, // add sp, sp, #16
            0x8B2163E0, // add x0, sp, x1
            0xCB2163FF); // sub sp, sp, x1
        Assert.Equal(0x1030UL, m.X[0]);
        Assert.Equal(0xFF0UL, m.Sp);
    }

    [Fact]
    public void Register_31_is_XZR_elsewhere()
    {
        using var m = new TestMachine { Sp = 0x1000 };
        m.X[1] = 0x1000;
        m.Run(
            0xEB2163FF, // cmp sp, x1
            0xCB0103E0, // neg x0, x1
            0x8B0003FF); // add xzr, xzr, x0
        Assert.Equal(0b0110u, m.Nzcv);
        Assert.Equal(unchecked((ulong)-0x1000), m.X[0]);
        Assert.Equal(0x1000UL, m.Sp);
        m.Run(0xAA1F03E0); // mov x0, xzr
        Assert.Equal(0UL, m.X[0]);
    }
}
