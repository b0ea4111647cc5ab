using static Meanwhile.Arm64.Tests.FloatingPointInstruction;

namespace Meanwhile.Arm64.Tests;

/// <summary>
/// DDI0487 shared pseudocode FPToFixed, FixedToFP, FPConvert, FPRoundInt and FPCompare. Expected values by hand from them.
/// </summary>
public unsafe class FloatingPoint_Conversion_Tests
{
    private const uint FcvtzsW = 0x1E780020; // fcvtzs w0, d1
    private const uint FcvtzuW = 0x1E790020; // fcvtzu w0, d1
    private const uint FcvtzsX = 0x9E780020; // fcvtzs x0, d1
    private const uint FcvtasX = 0x9E640020; // fcvtas x0, d1
    private const uint FcvtnsX = 0x9E600020; // fcvtns x0, d1
    private const uint FcvtzsWFixed = 0x1E58E020; // fcvtzs w0, d1, #8
    private const uint FcvtHS = 0x1E23C020; // fcvt h0, s1
    private const uint FcvtSH = 0x1EE24020; // fcvt s0, h1
    private const uint FcvtSD = 0x1E624020; // fcvt s0, d1
    private const uint FcvtxnSD = 0x7E616820; // fcvtxn s0, d1

    [Theory]
    [InlineData(FcvtzsW, -1.75, 0xFFFF_FFFFUL, Inexact)]
    [InlineData(FcvtzsW, 2147483647.0, 0x7FFF_FFFFUL, 0u)]
    [InlineData(FcvtzsW, 2147483648.0, 0x7FFF_FFFFUL, InvalidOperation)]
    [InlineData(FcvtzsW, -2147483648.5, 0x8000_0000UL, Inexact)]
    [InlineData(FcvtzsW, -2147483649.0, 0x8000_0000UL, InvalidOperation)]
    [InlineData(FcvtzsW, double.NaN, 0UL, InvalidOperation)]
    [InlineData(FcvtzuW, -0.5, 0UL, Inexact)]
    [InlineData(FcvtzuW, -1.0, 0UL, InvalidOperation)]
    [InlineData(FcvtzuW, 4294967295.0, 0xFFFF_FFFFUL, 0u)]
    [InlineData(FcvtzuW, 1e300, 0xFFFF_FFFFUL, InvalidOperation)]
    [InlineData(FcvtzsX, -9223372036854775808.0, 0x8000_0000_0000_0000UL, 0u)]
    [InlineData(FcvtzsX, 9223372036854775808.0, 0x7FFF_FFFF_FFFF_FFFFUL, InvalidOperation)]
    [InlineData(FcvtzsX, double.NegativeInfinity, 0x8000_0000_0000_0000UL, InvalidOperation)]
    [InlineData(FcvtasX, 2.5, 3UL, Inexact)]
    [InlineData(FcvtasX, -2.5, 0xFFFF_FFFF_FFFF_FFFDUL, Inexact)]
    [InlineData(FcvtnsX, 2.5, 2UL, Inexact)]
    [InlineData(FcvtzsWFixed, 1.5, 0x180UL, 0u)]
    public void To_integer(uint word, double value, ulong expected, uint flags)
    {
        (_, ulong x0, uint fpsr) = RunFull(word, (Bits(value), 0));
        Assert.Equal((expected, flags), (x0, fpsr));
        (_, x0, fpsr) = RunFull(word, (Bits(value), 0), fpsr: Inexact);
        Assert.Equal((expected, flags | Inexact), (x0, fpsr));
    }

    [Theory]
    [InlineData(0x9E620020u, 0xFFFF_FFFF_FFFF_FFFFUL, 0xBFF0_0000_0000_0000UL, 0u)] // scvtf d0, x1
    [InlineData(0x9E620020u, 0x0020_0000_0000_0001UL, 0x4340_0000_0000_0000UL, Inexact)]
    [InlineData(0x9E230020u, 0xFFFF_FFFF_FFFF_FFFFUL, 0x5F80_0000UL, Inexact)] // ucvtf s0, x1
    [InlineData(0x1E42F020u, 0x1234_5678_FFFF_FFF8UL, 0xBFE0_0000_0000_0000UL, 0u)] // scvtf d0, w1, #4
    public void From_integer(uint word, ulong x1, ulong expected, uint flags)
    {
        (var v0, _, uint fpsr) = RunFull(word, default, x1: x1);
        Assert.Equal(((expected, 0UL), flags), (v0, fpsr));
    }

    [Theory]
    [InlineData(0x477F_F000u, 0u, 0x7C00UL, Overflow | Inexact)] // 65520: above the largest half by a tie
    [InlineData(0x477F_EFFFu, 0u, 0x7BFFUL, Inexact)]
    [InlineData(0x4780_0000u, AlternativeHalf, 0x7C00UL, 0u)] // 65536 is a number there
    [InlineData(0x4800_0000u, AlternativeHalf, 0x7FFFUL, InvalidOperation)] // 131072 saturates
    [InlineData(0xFF80_0000u, AlternativeHalf, 0xFFFFUL, InvalidOperation)]
    [InlineData(0xFFC0_0000u, AlternativeHalf, 0x8000UL, InvalidOperation)] // and a NaN is a zero
    [InlineData(0x7FC0_2000u, 0u, 0x7E01UL, 0u)] // a payload keeps its top bits
    [InlineData(0x3380_0000u, 0u, 0x0001UL, 0u)] // the smallest denormal, 2^-24
    [InlineData(0x3300_0000u, 0u, 0x0000UL, Underflow | Inexact)]
    [InlineData(0x3380_0000u, FlushToZero, 0x0001UL, 0u)] // FZ is not for halves
    public void Single_to_half(uint single, uint fpcr, ulong expected, uint flags) =>
        Assert.Equal((expected, flags), Run(FcvtHS, single, fpcr: fpcr));

    [Theory]
    [InlineData(0x7C00u, 0u, 0x7F80_0000UL, 0u)]
    [InlineData(0x7C00u, AlternativeHalf, 0x4780_0000UL, 0u)]
    [InlineData(0x7C01u, 0u, 0x7FC0_2000UL, InvalidOperation)]
    [InlineData(0x0001u, FlushToZero, 0x3380_0000UL, 0u)]
    public void Half_to_single(uint half, uint fpcr, ulong expected, uint flags) =>
        Assert.Equal((expected, flags), Run(FcvtSH, half, fpcr: fpcr));

    [Fact]
    public void FCVTXN_rounds_to_odd()
    {
        ulong barelyAboveOne = 0x3FF0_0000_0000_0001;
        Assert.Equal((0x3F80_0000UL, Inexact), Run(FcvtSD, barelyAboveOne));
        Assert.Equal((0x3F80_0001UL, Inexact), Run(FcvtxnSD, barelyAboveOne));
        Assert.Equal((0x7F7F_FFFFUL, Overflow | Inexact), Run(FcvtxnSD, Bits(1e300)));
    }

    [Theory]
    [InlineData(0x1E664020u, -0.5, -1.0, 0u)] // frinta d0, d1
    [InlineData(0x1E644020u, -0.5, -0.0, 0u)] // frintn d0, d1
    [InlineData(0x1E644020u, 3.5, 4.0, 0u)]
    [InlineData(0x1E674020u, 3.25, 3.0, Inexact)] // frintx d0, d1
    [InlineData(0x1E674020u, 4503599627370497.0, 4503599627370497.0, 0u)]
    public void Round_to_integral(uint word, double value, double expected, uint flags) =>
        Assert.Equal((Bits(expected), flags), Run(word, Bits(value)));

    [Theory]
    [InlineData(0x1E622020u, 1.0, 2.0, 0b1000u, 0u)] // fcmp d1, d2
    [InlineData(0x1E622020u, 0.0, -0.0, 0b0110u, 0u)]
    [InlineData(0x1E622020u, 2.0, -3.0, 0b0010u, 0u)]
    [InlineData(0x1E622020u, double.NaN, 1.0, 0b0011u, 0u)]
    [InlineData(0x1E622030u, double.NaN, 1.0, 0b0011u, InvalidOperation)] // fcmpe d1, d2
    [InlineData(0x1E602028u, -1.0, 0.0, 0b1000u, 0u)] // fcmp d1, #0.0
    [InlineData(0x1E620425u, 1.0, 2.0, 0b0101u, 0u)] // fccmp d1, d2, #5, eq: EQ does not hold
    public void Comparisons_set_NZCV(uint word, double a, double b, uint nzcv, uint flags)
    {
        using var m = new TestMachine();
        m.SetV(1, Bits(a));
        m.SetV(2, Bits(b));
        m.Nzcv = 0b1011;
        m.Run(word);
        Assert.Equal((nzcv, flags), (m.Nzcv, m.State->Fpsr));
    }

    [Theory]
    [InlineData(0x1E6E1000u, 0x3FF0_0000_0000_0000UL)] // fmov d0, #1.0
    [InlineData(0x1E781000u, 0xBFC0_0000_0000_0000UL)] // fmov d0, #-0.125
    [InlineData(0x1E27F000u, 0x41F8_0000UL)] // fmov s0, #31.0
    [InlineData(0x9E6703E0u, 0UL)] // fmov d0, xzr
    public void FMOV_clears_the_rest_of_the_register(uint word, ulong expected) =>
        Assert.Equal((expected, 0UL), RunFull(word, default).V0);

    [Fact]
    public void FMOV_moves_between_register_files()
    {
        var v1 = (Low: 0x1122_3344_5566_7788UL, High: 0x99AA_BBCC_DDEE_FF00UL);
        Assert.Equal(0x5566_7788UL, RunFull(0x1E260020, v1).X0); // fmov w0, s1
        Assert.Equal(v1.Low, RunFull(0x9E660020, v1).X0); // fmov x0, d1
        Assert.Equal(v1.High, RunFull(0x9EAE0020, v1).X0); // fmov x0, v1.d[1]
        Assert.Equal((ulong.MaxValue, 7UL), RunFull(0x9EAF0020, v1, x1: 7).V0); // fmov v0.d[1], x1
        Assert.Equal((0x8765_4321UL, 0UL), RunFull(0x1E270020, v1, x1: 0x8765_4321_8765_4321).V0); // fmov s0, w1
    }
}
