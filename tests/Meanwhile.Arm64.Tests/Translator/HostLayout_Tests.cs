using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>What lookups read is in reach of an 8-bit displacement, which is what the order of the state's fields is for.</summary>
public sealed class HostLayout_Tests
{
    public static TheoryData<int> Fields =>
        [HostLayout.DataTlb, HostLayout.DataTag, HostLayout.DataTag + sizeof(ulong), HostLayout.TlbMask, HostLayout.CodePageVa, HostLayout.HostFlags, HostLayout.UserTlbEntries, HostLayout.UserTlbEntries + (2 * sizeof(ulong))];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_of_lookups_is_near(int displacement) => Assert.InRange(displacement, sbyte.MinValue, sbyte.MaxValue);

    [Theory]
    [InlineData(11)]
    [InlineData(18)]
    [InlineData(22)]
    [InlineData(30)]
    public void A_register_that_lives_in_memory_is_near(int slot) =>
        Assert.InRange(HostLayout.Registers + (slot * sizeof(ulong)), sbyte.MinValue, sbyte.MaxValue);
}
