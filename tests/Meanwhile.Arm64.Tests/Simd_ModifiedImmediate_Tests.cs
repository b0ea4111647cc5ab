namespace Meanwhile.Arm64.Tests;

/// <summary>Advanced SIMD modified immediate (DDI0487 C7.2). Expected values: qemu-aarch64 7.2.</summary>
public class Simd_ModifiedImmediate_Tests(SimdRegisters registers) : IClassFixture<SimdRegisters>
{
    [Theory]
    [InlineData("movi v0.16b, #0x9d", 0x4F04E7A0, 0x9d9d_9d9d_9d9d_9d9d, 0x9d9d_9d9d_9d9d_9d9d, false)]
    [InlineData("movi v0.8b, #0x9d", 0x0F04E7A0, 0x9d9d_9d9d_9d9d_9d9d, 0x0000_0000_0000_0000, false)]
    [InlineData("movi v0.2d, #0xff00ff0000ffff00", 0x6F05E4C0, 0xff00_ff00_00ff_ff00, 0xff00_ff00_00ff_ff00, false)]
    [InlineData("movi d0, #0x00ff00ffff0000ff", 0x2F02E720, 0x00ff_00ff_ff00_00ff, 0x0000_0000_0000_0000, false)]
    [InlineData("movi v0.4s, #0x9d, lsl #0", 0x4F0407A0, 0x0000_009d_0000_009d, 0x0000_009d_0000_009d, false)]
    [InlineData("movi v0.4s, #0x9d, lsl #8", 0x4F0427A0, 0x0000_9d00_0000_9d00, 0x0000_9d00_0000_9d00, false)]
    [InlineData("movi v0.4s, #0x9d, lsl #16", 0x4F0447A0, 0x009d_0000_009d_0000, 0x009d_0000_009d_0000, false)]
    [InlineData("movi v0.4s, #0x9d, lsl #24", 0x4F0467A0, 0x9d00_0000_9d00_0000, 0x9d00_0000_9d00_0000, false)]
    [InlineData("movi v0.2s, #0x9d, lsl #8", 0x0F0427A0, 0x0000_9d00_0000_9d00, 0x0000_0000_0000_0000, false)]
    [InlineData("movi v0.8h, #0x9d, lsl #0", 0x4F0487A0, 0x009d_009d_009d_009d, 0x009d_009d_009d_009d, false)]
    [InlineData("movi v0.8h, #0x9d, lsl #8", 0x4F04A7A0, 0x9d00_9d00_9d00_9d00, 0x9d00_9d00_9d00_9d00, false)]
    [InlineData("movi v0.4h, #0x9d, lsl #8", 0x0F04A7A0, 0x9d00_9d00_9d00_9d00, 0x0000_0000_0000_0000, false)]
    [InlineData("mvni v0.4s, #0x9d, lsl #0", 0x6F0407A0, 0xffff_ff62_ffff_ff62, 0xffff_ff62_ffff_ff62, false)]
    [InlineData("mvni v0.4s, #0x9d, lsl #8", 0x6F0427A0, 0xffff_62ff_ffff_62ff, 0xffff_62ff_ffff_62ff, false)]
    [InlineData("mvni v0.4s, #0x9d, lsl #16", 0x6F0447A0, 0xff62_ffff_ff62_ffff, 0xff62_ffff_ff62_ffff, false)]
    [InlineData("mvni v0.4s, #0x9d, lsl #24", 0x6F0467A0, 0x62ff_ffff_62ff_ffff, 0x62ff_ffff_62ff_ffff, false)]
    [InlineData("mvni v0.2s, #0x9d, lsl #8", 0x2F0427A0, 0xffff_62ff_ffff_62ff, 0x0000_0000_0000_0000, false)]
    [InlineData("mvni v0.8h, #0x9d, lsl #0", 0x6F0487A0, 0xff62_ff62_ff62_ff62, 0xff62_ff62_ff62_ff62, false)]
    [InlineData("mvni v0.8h, #0x9d, lsl #8", 0x6F04A7A0, 0x62ff_62ff_62ff_62ff, 0x62ff_62ff_62ff_62ff, false)]
    [InlineData("mvni v0.4h, #0x9d, lsl #8", 0x2F04A7A0, 0x62ff_62ff_62ff_62ff, 0x0000_0000_0000_0000, false)]
    [InlineData("movi v0.4s, #0x9d, msl #8", 0x4F04C7A0, 0x0000_9dff_0000_9dff, 0x0000_9dff_0000_9dff, false)]
    [InlineData("movi v0.4s, #0x9d, msl #16", 0x4F04D7A0, 0x009d_ffff_009d_ffff, 0x009d_ffff_009d_ffff, false)]
    [InlineData("movi v0.2s, #0x9d, msl #8", 0x0F04C7A0, 0x0000_9dff_0000_9dff, 0x0000_0000_0000_0000, false)]
    [InlineData("movi v0.2s, #0x9d, msl #16", 0x0F04D7A0, 0x009d_ffff_009d_ffff, 0x0000_0000_0000_0000, false)]
    [InlineData("mvni v0.4s, #0x9d, msl #8", 0x6F04C7A0, 0xffff_6200_ffff_6200, 0xffff_6200_ffff_6200, false)]
    [InlineData("mvni v0.4s, #0x9d, msl #16", 0x6F04D7A0, 0xff62_0000_ff62_0000, 0xff62_0000_ff62_0000, false)]
    [InlineData("mvni v0.2s, #0x9d, msl #8", 0x2F04C7A0, 0xffff_6200_ffff_6200, 0x0000_0000_0000_0000, false)]
    [InlineData("mvni v0.2s, #0x9d, msl #16", 0x2F04D7A0, 0xff62_0000_ff62_0000, 0x0000_0000_0000_0000, false)]
    public void Move(string source, uint word, ulong low, ulong high, bool saturated)
        => registers.AssertV0(source, word, low, high, saturated);

    [Theory]
    [InlineData("orr v0.4s, #0xa5, lsl #0", 0x4F0514A0, 0x8000_00a5_1234_56fd, 0x7fff_ffff_00ff_7fff, false)]
    [InlineData("orr v0.4s, #0xa5, lsl #8", 0x4F0534A0, 0x8000_a500_1234_f778, 0x7fff_ffff_00ff_ffff, false)]
    [InlineData("orr v0.4s, #0xa5, lsl #16", 0x4F0554A0, 0x80a5_0000_12b5_5678, 0x7fff_ffff_00ff_7fff, false)]
    [InlineData("orr v0.4s, #0xa5, lsl #24", 0x4F0574A0, 0xa500_0000_b734_5678, 0xffff_ffff_a5ff_7fff, false)]
    [InlineData("orr v0.2s, #0xa5, lsl #8", 0x0F0534A0, 0x8000_a500_1234_f778, 0x0000_0000_0000_0000, false)]
    [InlineData("orr v0.8h, #0xa5, lsl #0", 0x4F0594A0, 0x80a5_00a5_12b5_56fd, 0x7fff_ffff_00ff_7fff, false)]
    [InlineData("orr v0.8h, #0xa5, lsl #8", 0x4F05B4A0, 0xa500_a500_b734_f778, 0xffff_ffff_a5ff_ffff, false)]
    [InlineData("orr v0.4h, #0xa5, lsl #8", 0x0F05B4A0, 0xa500_a500_b734_f778, 0x0000_0000_0000_0000, false)]
    [InlineData("bic v0.4s, #0xa5, lsl #0", 0x6F0514A0, 0x8000_0000_1234_5658, 0x7fff_ff5a_00ff_7f5a, false)]
    [InlineData("bic v0.4s, #0xa5, lsl #8", 0x6F0534A0, 0x8000_0000_1234_5278, 0x7fff_5aff_00ff_5aff, false)]
    [InlineData("bic v0.4s, #0xa5, lsl #16", 0x6F0554A0, 0x8000_0000_1210_5678, 0x7f5a_ffff_005a_7fff, false)]
    [InlineData("bic v0.4s, #0xa5, lsl #24", 0x6F0574A0, 0x0000_0000_1234_5678, 0x5aff_ffff_00ff_7fff, false)]
    [InlineData("bic v0.2s, #0xa5, lsl #8", 0x2F0534A0, 0x8000_0000_1234_5278, 0x0000_0000_0000_0000, false)]
    [InlineData("bic v0.8h, #0xa5, lsl #0", 0x6F0594A0, 0x8000_0000_1210_5658, 0x7f5a_ff5a_005a_7f5a, false)]
    [InlineData("bic v0.8h, #0xa5, lsl #8", 0x6F05B4A0, 0x0000_0000_1234_5278, 0x5aff_5aff_00ff_5aff, false)]
    [InlineData("bic v0.4h, #0xa5, lsl #8", 0x2F05B4A0, 0x0000_0000_1234_5278, 0x0000_0000_0000_0000, false)]
    public void Combine(string source, uint word, ulong low, ulong high, bool saturated)
        => registers.AssertV0(source, word, low, high, saturated);

    [Theory]
    [InlineData("fmov v0.4s, #1.0", 0x4F03F600, 0x3f80_0000_3f80_0000, 0x3f80_0000_3f80_0000, false)]
    [InlineData("fmov v0.2s, #-31.0", 0x0F05F7E0, 0xc1f8_0000_c1f8_0000, 0x0000_0000_0000_0000, false)]
    [InlineData("fmov v0.4s, #0.125", 0x4F02F400, 0x3e00_0000_3e00_0000, 0x3e00_0000_3e00_0000, false)]
    [InlineData("fmov v0.2d, #-0.1328125", 0x6F06F420, 0xbfc1_0000_0000_0000, 0xbfc1_0000_0000_0000, false)]
    [InlineData("fmov v0.2d, #2.0", 0x6F00F400, 0x4000_0000_0000_0000, 0x4000_0000_0000_0000, false)]
    public void Floating_point(string source, uint word, ulong low, ulong high, bool saturated)
        => registers.AssertV0(source, word, low, high, saturated);
}
