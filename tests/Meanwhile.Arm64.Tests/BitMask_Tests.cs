using System.Numerics;
using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64.Tests;

/// <summary>DDI0487 DecodeBitMasks.</summary>
public class BitMask_Tests
{
    [Theory]
    [InlineData(1u, 0u, 0u, 1UL)]
    [InlineData(1u, 1u, 0u, 0x8000_0000_0000_0000UL)]
    [InlineData(1u, 0u, 62u, 0x7FFF_FFFF_FFFF_FFFFUL)]
    [InlineData(0u, 0u, 0u, 0x0000_0001_0000_0001UL)]
    [InlineData(0u, 31u, 30u, 0xFFFF_FFFE_FFFF_FFFEUL)]
    [InlineData(0u, 0u, 0b100111u, 0x00FF_00FF_00FF_00FFUL)]
    [InlineData(0u, 1u, 0b110000u, 0x8080_8080_8080_8080UL)]
    [InlineData(0u, 2u, 0b111001u, 0xCCCC_CCCC_CCCC_CCCCUL)]
    [InlineData(0u, 0u, 0b111100u, 0x5555_5555_5555_5555UL)]
    [InlineData(0u, 1u, 0b111100u, 0xAAAA_AAAA_AAAA_AAAAUL)]
    public void Patterns(uint n, uint immr, uint imms, ulong mask)
    {
        Assert.True(BitMask.TryDecode(n, immr, imms, out ulong decoded));
        Assert.Equal(mask, decoded);
    }

    [Theory]
    [InlineData(1u, 63u)]
    [InlineData(0u, 31u)]
    [InlineData(0u, 0b101111u)]
    [InlineData(0u, 0b110111u)]
    [InlineData(0u, 0b111011u)]
    [InlineData(0u, 0b111101u)]
    [InlineData(0u, 0b111110u)]
    [InlineData(0u, 0b111111u)]
    public void All_ones_and_elements_of_one_bit_are_reserved(uint n, uint imms) => Assert.False(BitMask.TryDecode(n, 0, imms, out _));

    /// <summary>The manual's own count: 5334 different 64-bit patterns.</summary>
    [Fact]
    public void There_are_5334_patterns()
    {
        HashSet<ulong> masks = [];
        for (uint field = 0; field < 1 << 13; field++)
        {
            if (BitMask.TryDecode(field >> 12, (field >> 6) & 63, field & 63, out ulong mask))
                masks.Add(mask);
        }
        Assert.Equal(5334, masks.Count);
        Assert.DoesNotContain(0UL, masks);
        Assert.DoesNotContain(ulong.MaxValue, masks);
        Assert.All(masks, mask => Assert.Contains(BitOperations.RotateLeft(mask, 1), masks));
    }
}
