using static Meanwhile.Arm64.Tests.FloatingPointInstruction;

namespace Meanwhile.Arm64.Tests;

/// <summary>
/// DDI0487 C7.2: arrangement of elements, and the estimates of J1.3 (RecipEstimate, RecipSqrtEstimate), by hand from them.
/// </summary>
public class FloatingPoint_Vector_Tests
{
    private static readonly (ulong, ulong) OneToFour = (Pair(1, 2), Pair(3, 4)), FiveToEight = (Pair(5, 6), Pair(7, 8));

    [Fact]
    public void A_64_bit_vector_clears_the_upper_half()
    {
        Assert.Equal((Pair(6, 8), 0UL), RunFull(0x0E22D420, OneToFour, FiveToEight).V0); // fadd v0.2s, v1.2s, v2.2s
        Assert.Equal((Pair(6, 8), Pair(10, 12)), RunFull(0x4E22D420, OneToFour, FiveToEight).V0); // fadd v0.4s, v1.4s, v2.4s
    }

    [Fact]
    public void Flags_of_every_element_accumulate()
    {
        var v1 = (Pair(1, float.MaxValue), Pair(float.PositiveInfinity, 0));
        var v2 = (Pair(1e-10f, float.MaxValue), Pair(float.NegativeInfinity, 0));
        (_, _, uint fpsr) = RunFull(0x4E22D420, v1, v2); // fadd v0.4s, v1.4s, v2.4s
        Assert.Equal(Inexact | Overflow | InvalidOperation, fpsr);
    }

    [Fact]
    public void Pairwise_takes_the_first_operand_for_the_low_half() =>
        Assert.Equal((Pair(3, 7), Pair(11, 15)), RunFull(0x6E22D420, OneToFour, FiveToEight).V0); // faddp v0.4s, v1.4s, v2.4s

    [Fact]
    public void Scalar_pairwise_adds_both_doubles() =>
        Assert.Equal((Bits(3.5), 0UL), RunFull(0x7E70D820, (Bits(1.0), Bits(2.5))).V0); // faddp d0, v1.2d

    [Fact]
    public void FMLA_by_element_uses_one_element_throughout()
    {
        using var m = new TestMachine();
        m.SetV(0, Pair(1, 1), Pair(1, 1));
        m.SetV(1, OneToFour.Item1, OneToFour.Item2);
        m.SetV(2, FiveToEight.Item1, FiveToEight.Item2);
        m.Run(0x4FA21820); // fmla v0.4s, v1.4s, v2.s[3]
        Assert.Equal((Pair(9, 17), Pair(25, 33)), m.V(0));
    }

    [Fact]
    public void FMAXV_reduces_four_elements() =>
        Assert.Equal((Bits(9f), 0UL), RunFull(0x6E30F820, (Pair(1, 9), Pair(-3, 4))).V0); // fmaxv s0, v1.4s

    [Fact]
    public void Comparisons_give_masks()
    {
        Assert.Equal((0xFFFF_FFFFUL, 0UL), RunFull(0x6EA2E420, (Pair(2, 1), 0), (Pair(1, 1), 0)).V0); // fcmgt v0.4s, v1.4s, v2.4s
        Assert.Equal((ulong.MaxValue, 0UL), RunFull(0x4EE0E820, (Bits(-1.0), Bits(-0.0))).V0); // fcmlt v0.2d, v1.2d, #0.0
    }

    [Fact]
    public void Lengthening_and_narrowing_use_the_half_that_their_name_says()
    {
        var halves = (Low: 0x4400_4200_4000_3C00UL, High: 0xC400_C200_C000_BC00UL); // 1 to 4, -1 to -4
        Assert.Equal(OneToFour, RunFull(0x0E217820, halves).V0); // fcvtl v0.4s, v1.4h
        Assert.Equal((Pair(-1, -2), Pair(-3, -4)), RunFull(0x4E217820, halves).V0); // fcvtl2 v0.4s, v1.8h
        Assert.Equal((Pair(1, 2), 0UL), RunFull(0x0E616820, (Bits(1.0), Bits(2.0))).V0); // fcvtn v0.2s, v1.2d
        Assert.Equal((ulong.MaxValue, Pair(1, 2)), RunFull(0x4E616820, (Bits(1.0), Bits(2.0))).V0); // fcvtn2 v0.4s, v1.2d
    }

    [Fact]
    public void Fixed_point_vectors()
    {
        Assert.Equal((Pair(1.5f, -1), 0UL), RunFull(0x4F30E420, (0xFFFF_0000_0001_8000UL, 0)).V0); // scvtf v0.4s, v1.4s, #16
        Assert.Equal((0x1_8000_0000UL, 0UL), RunFull(0x4F60FC20, (Bits(1.5), 0)).V0); // fcvtzs v0.2d, v1.2d, #32
    }

    [Theory]
    [InlineData(0x5EA1D820u, 0x3F80_0000UL, 0x3F7F_8000UL, 0u)] // frecpe s0, s1 of 1: (2^19 / 513 + 1) / 2 = 511
    [InlineData(0x5EA1D820u, 0x8000_0000UL, 0xFF80_0000UL, DivideByZero)]
    [InlineData(0x5EA1D820u, 0x0010_0000UL, 0x7F80_0000UL, Overflow | Inexact)] // below 2^-128
    [InlineData(0x5EA1D820u, 0x7F00_0000UL, 0x003F_E000UL, 0u)] // a denormal estimate
    [InlineData(0x7EA1D820u, 0x3F80_0000UL, 0x3F7F_8000UL, 0u)] // frsqrte s0, s1
    [InlineData(0x7EA1D820u, 0xBF80_0000UL, 0x7FC0_0000UL, InvalidOperation)]
    [InlineData(0x5EE1F820u, 0x3FF8_0000_0000_0000UL, 0x4000_0000_0000_0000UL, 0u)] // frecpx d0, d1: the exponent's complement
    [InlineData(0x5EE1F820u, 0UL, 0x7FE0_0000_0000_0000UL, 0u)]
    [InlineData(0x4EA1C820u, 0x7FFF_FFFF_8000_0000UL, 0xFFFF_FFFF_FF80_0000UL, 0u)] // urecpe v0.4s, v1.4s
    [InlineData(0x6EA1C820u, 0x3FFF_FFFF_4000_0000UL, 0xFFFF_FFFF_FF80_0000UL, 0u)] // ursqrte v0.4s, v1.4s
    public void Estimates(uint word, ulong operand, ulong expected, uint flags) => Assert.Equal((expected, flags), Run(word, operand));

    [Fact]
    public void Newton_steps_take_zero_times_infinity_for_zero()
    {
        Assert.Equal((Bits(2f), 0u), Run(0x5E22FC20, Bits(float.PositiveInfinity), 0)); // frecps s0, s1, s2
        Assert.Equal((Bits(1.5f), 0u), Run(0x5EA2FC20, Bits(float.PositiveInfinity), 0)); // frsqrts s0, s1, s2
        Assert.Equal((Bits(-4f), 0u), Run(0x5E22FC20, Bits(2f), Bits(3f)));
        Assert.Equal((Bits(-1.5f), 0u), Run(0x5EA2FC20, Bits(2f), Bits(3f)));
    }

    private static ulong Pair(float low, float high) => Bits(low) | ((ulong)Bits(high) << 32);
}
