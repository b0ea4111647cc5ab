using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Arm64.Tests;

/// <summary>Reserved combinations of Q, size and immediates (DDI0487 C7.2), and the cumulative FPSR.QC.</summary>
public class Simd_Reserved_Tests
{
    [Theory]
    [InlineData(0x0EE2_8420u)] // add of one 64-bit lane
    [InlineData(0x4EE2_9C20u)] // mul of 64-bit lanes
    [InlineData(0x6E62_9C20u)] // pmul of 16-bit lanes
    [InlineData(0x4E22_B420u)] // sqdmulh of bytes
    [InlineData(0x5EA2_8420u)] // add of 32-bit scalars
    [InlineData(0x4EE2_C020u)] // smull to 128-bit lanes
    [InlineData(0x4E22_D020u)] // sqdmull of bytes
    [InlineData(0x4E62_E020u)] // pmull of 16-bit lanes
    [InlineData(0x0E08_0420u)] // dup of one 64-bit lane
    [InlineData(0x4E10_0420u)] // dup, imm5 = x0000
    [InlineData(0x0E08_3C20u)] // umov w0 from a 64-bit lane
    [InlineData(0x4E01_3C20u)] // umov x0 from a byte
    [InlineData(0x4E08_2C20u)] // smov x0 from a 64-bit lane
    [InlineData(0x2E02_4020u)] // ext of 64-bit vectors by 8
    [InlineData(0x0EC2_1820u)] // uzp1 of one 64-bit lane
    [InlineData(0x2F00_F400u)] // fmov of one 64-bit lane
    [InlineData(0x0F40_0420u)] // sshr of one 64-bit lane
    [InlineData(0x5F20_0420u)] // sshr of a 32-bit scalar
    [InlineData(0x4F40_A420u)] // sshll to 128-bit lanes
    [InlineData(0x0EB1_B820u)] // addv of two lanes
    [InlineData(0x4EF1_B820u)] // addv of 64-bit lanes
    [InlineData(0x6EA0_0820u)] // rev32 of 32-bit lanes
    [InlineData(0x4EE0_0820u)] // rev64 of 64-bit lanes
    [InlineData(0x4F02_8020u)] // mul by an element of a byte
    public void A_reserved_word_is_not_decoded(uint word) => Assert.Null(Decoder.Instance.Decode(word));

    [Fact]
    public unsafe void QC_stays_set_when_a_later_result_fits()
    {
        using var machine = new TestMachine();
        machine.SetV(1, 0x7F);
        machine.Run(0x5E21_0C20); // sqadd b0, b1, b1
        machine.SetV(1, 1);
        machine.Run(0x5E21_0C20); // sqadd b0, b1, b1
        Assert.Equal((2UL, 0UL), machine.V(0));
        Assert.Equal(1u << 27, machine.State->Fpsr);
    }
}
