using static Meanwhile.Arm64.Tests.FloatingPointInstruction;

namespace Meanwhile.Arm64.Tests;

/// <summary>
/// DDI0487 A1.5 and the shared pseudocode FPAdd, FPMul, FPDiv, FPMulAdd, FPSqrt, FPMax. Expected values by hand from them.
/// </summary>
public class FloatingPoint_Arithmetic_Tests
{
    private const uint FaddD = 0x1E622820; // fadd d0, d1, d2
    private const uint FmulS = 0x1E220820; // fmul s0, s1, s2
    private const uint FdivD = 0x1E621820; // fdiv d0, d1, d2
    private const uint FmaddD = 0x1F420C20; // fmadd d0, d1, d2, d3
    private const uint FmsubD = 0x1F428C20; // fmsub d0, d1, d2, d3
    private const uint FnmulD = 0x1E628820; // fnmul d0, d1, d2
    private const uint FmaxD = 0x1E624820; // fmax d0, d1, d2
    private const uint FminD = 0x1E625820; // fmin d0, d1, d2
    private const uint FmaxnmD = 0x1E626820; // fmaxnm d0, d1, d2
    private const uint FsqrtD = 0x1E61C020; // fsqrt d0, d1
    private const uint FmulxD = 0x5E62DC20; // fmulx d0, d1, d2

    private const ulong One = 0x3FF0_0000_0000_0000, MinusZero = 1UL << 63;
    private const ulong Infinity = 0x7FF0_0000_0000_0000, DefaultNaN64 = 0x7FF8_0000_0000_0000;
    private const ulong Quiet = 0xFFF8_0000_0000_0012, Signalling = 0x7FF0_0000_0000_0034, SignallingQuietened = 0x7FF8_0000_0000_0034;

    [Theory]
    [InlineData(0u, One)] // a tie: to even
    [InlineData(TowardsPlus, One + 1)]
    [InlineData(TowardsMinus, One)]
    [InlineData(TowardsZero, One)]
    public void FPCR_RMode_rounds_one_plus_half_an_ulp(uint fpcr, ulong expected)
    {
        ulong halfUlp = Bits(Math.ScaleB(1, -53));
        Assert.Equal((expected, Inexact), Run(FaddD, One, halfUlp, fpcr: fpcr));
        Assert.Equal((expected, Inexact), Run(FaddD, One, halfUlp, fpcr: fpcr, fpsr: Inexact));
    }

    [Theory]
    [InlineData(0u, 0UL)]
    [InlineData(TowardsPlus, 0UL)]
    [InlineData(TowardsMinus, MinusZero)]
    public void An_exact_zero_sum_is_negative_only_towards_minus_infinity(uint fpcr, ulong expected) =>
        Assert.Equal((expected, 0u), Run(FaddD, Bits(1.5), Bits(-1.5), fpcr: fpcr));

    [Fact]
    public void An_exact_sum_raises_nothing() => Assert.Equal((Bits(3.75), 0u), Run(FaddD, Bits(1.5), Bits(2.25)));

    [Theory]
    [InlineData(Quiet, Signalling, SignallingQuietened, InvalidOperation)] // a signalling NaN goes before a quiet one
    [InlineData(Quiet, 0x7FF8_0000_0000_0056UL, Quiet, 0u)] // else the first operand's
    [InlineData(One, Quiet, Quiet, 0u)]
    [InlineData(Infinity, Infinity | MinusZero, DefaultNaN64, InvalidOperation)]
    public void NaNs_propagate_in_order(ulong a, ulong b, ulong expected, uint flags)
    {
        Assert.Equal((expected, flags), Run(FaddD, a, b));
        Assert.Equal((DefaultNaN64, flags), Run(FaddD, a, b, fpcr: DefaultNaN));
    }

    [Fact]
    public void Of_three_operands_the_addend_comes_first()
    {
        Assert.Equal((Quiet, 0u), Run(FmaddD, 0x7FF8_0000_0000_0056, One, Quiet));
        Assert.Equal((SignallingQuietened, InvalidOperation), Run(FmaddD, One, Signalling, Quiet));
    }

    [Fact]
    public void Infinity_times_zero_plus_a_quiet_NaN_is_the_default_NaN()
    {
        Assert.Equal((DefaultNaN64, InvalidOperation), Run(FmaddD, Infinity, 0, Quiet));
        Assert.Equal((SignallingQuietened, InvalidOperation), Run(FmaddD, Infinity, 0, Signalling));
    }

    [Fact]
    public void FMSUB_changes_the_sign_of_a_NaN_multiplicand() => Assert.Equal((Quiet ^ MinusZero, 0u), Run(FmsubD, Quiet, One, One));

    [Fact]
    public void FNMUL_changes_the_sign_of_a_NaN_result() =>
        Assert.Equal((DefaultNaN64 ^ MinusZero, InvalidOperation), Run(FnmulD, Infinity, 0));

    [Theory]
    [InlineData(0u)]
    [InlineData(Inexact)]
    public void Multiply_add_rounds_once(uint fpsr)
    {
        // (1 + 2^-52)(1 - 2^-52) - 1 = -2^-104, which a rounded product would lose.
        (ulong result, uint flags) = Run(FmaddD, One + 1, Bits(1 - Math.ScaleB(1, -52)), Bits(-1.0), fpsr: fpsr);
        Assert.Equal((Bits(-Math.ScaleB(1, -104)), fpsr), (result, flags));
    }

    [Fact]
    public void Underflow_is_detected_before_rounding()
    {
        // 0x1.FFFFFEp-127 * 1 is exact and denormal; times (1 + 2^-23) it rounds up to the smallest normal number.
        const uint AllOnesDenormal = 0x007F_FFFF, SmallestNormal = 0x0080_0000, OneAndAnUlp = 0x3F80_0001;
        Assert.Equal((AllOnesDenormal, 0u), Run(FmulS, AllOnesDenormal, 0x3F80_0000));
        Assert.Equal((SmallestNormal, Underflow | Inexact), Run(FmulS, AllOnesDenormal, OneAndAnUlp));
        Assert.Equal((SmallestNormal, Underflow | Inexact), Run(FmulS, AllOnesDenormal, OneAndAnUlp, fpsr: Inexact));
    }

    [Fact]
    public void FZ_flushes_inputs_and_results()
    {
        Assert.Equal((MinusZero, InputDenormal), Run(FaddD, MinusZero | 1, MinusZero, fpcr: FlushToZero));
        Assert.Equal((0UL, Underflow), Run(FmulS, 0x0080_0000, 0x3F00_0000, fpcr: FlushToZero)); // and not Inexact
        Assert.Equal((0x0040_0000UL, 0u), Run(FmulS, 0x0080_0000, 0x3F00_0000));
    }

    [Theory]
    [InlineData(0u, 0x7F80_0000UL)]
    [InlineData(TowardsZero, 0x7F7F_FFFFUL)]
    [InlineData(TowardsMinus, 0x7F7F_FFFFUL)]
    [InlineData(TowardsPlus, 0x7F80_0000UL)]
    public void Overflow_goes_to_infinity_or_the_largest_number(uint fpcr, ulong expected) =>
        Assert.Equal((expected, Overflow | Inexact), Run(FmulS, 0x7F7F_FFFF, 0x4000_0000, fpcr: fpcr));

    [Fact]
    public void Division_by_zero_of_a_finite_number_is_an_exact_infinity()
    {
        Assert.Equal((Infinity | MinusZero, DivideByZero), Run(FdivD, One, MinusZero));
        Assert.Equal((Infinity, 0u), Run(FdivD, Infinity, 0));
        Assert.Equal((DefaultNaN64, InvalidOperation), Run(FdivD, 0, 0));
    }

    [Fact]
    public void Square_roots()
    {
        Assert.Equal((Bits(1.5), 0u), Run(FsqrtD, Bits(2.25)));
        Assert.Equal((0x3FF6_A09E_667F_3BCDUL, Inexact), Run(FsqrtD, Bits(2.0)));
        Assert.Equal((0x3FF6_A09E_667F_3BCCUL, Inexact), Run(FsqrtD, Bits(2.0), fpcr: TowardsZero));
        Assert.Equal((MinusZero, 0u), Run(FsqrtD, MinusZero));
        Assert.Equal((DefaultNaN64, InvalidOperation), Run(FsqrtD, Bits(-1.0)));
    }

    [Fact]
    public void Zeros_have_an_order_for_maximum_and_minimum()
    {
        Assert.Equal((0UL, 0u), Run(FmaxD, MinusZero, 0));
        Assert.Equal((MinusZero, 0u), Run(FminD, 0, MinusZero));
    }

    [Fact]
    public void FMAXNM_prefers_a_number_to_a_quiet_NaN()
    {
        Assert.Equal((Quiet, 0u), Run(FmaxD, One, Quiet));
        Assert.Equal((One, 0u), Run(FmaxnmD, One, Quiet));
        Assert.Equal((SignallingQuietened, InvalidOperation), Run(FmaxnmD, One, Signalling));
    }

    [Fact]
    public void FMULX_of_zero_and_infinity_is_two() => Assert.Equal((Bits(-2.0), 0u), Run(FmulxD, MinusZero, Infinity));
}
