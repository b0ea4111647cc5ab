using Meanwhile.Arm64;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests;

/// <summary>Every integer Advanced SIMD encoding that the translator knows: alone, and among its kind.</summary>
public class TranslatedSimd_Tests
{
    private const ulong Seed = 0x5472_616E_736C_6174;

    private static readonly EncodingGroup[] Groups =
    [
        SimdThreeSameEncodings.Group, SimdThreeDifferentEncodings.Group, SimdTwoRegisterMiscellaneousEncodings.Group,
        SimdAcrossLanesEncodings.Group, SimdByElementEncodings.Group, SimdCopyEncodings.Group, SimdModifiedImmediateEncodings.Group,
        SimdPermuteEncodings.Group, SimdShiftImmediateEncodings.Group, SimdScalarThreeSameEncodings.Group,
        SimdScalarThreeDifferentEncodings.Group, SimdScalarByElementEncodings.Group,
        SimdScalarTwoRegisterMiscellaneousEncodings.Group, SimdScalarShiftImmediateEncodings.Group, SimdScalarPairwiseEncodings.Group,
        SimdStructureEncodings.Multiple, SimdStructureEncodings.MultiplePostIndexed,
        SimdStructureEncodings.Single, SimdStructureEncodings.SinglePostIndexed,
    ];

    public static TheoryData<string> TranslatedGroups => [.. Groups.Where(g => Translated(g).Length > 0).Select(g => g.Name)];

    [Theory]
    [MemberData(nameof(TranslatedGroups))]
    public void Translated_instructions_do_what_they_do_on_qemu(string groupName)
    {
        Encoding[] encodings = Translated(Groups.Single(g => g.Name == groupName));
        Campaign campaign = new(QemuUser.CortexA76, Seed, ExecutionEngine.Translator);
        campaign.Run(encodings, Campaign.Count);
        if (campaign.Report() is string report)
            Assert.Fail(report);
        Assert.Empty(campaign.WithoutEffect(encodings));
    }

    [Fact]
    public void Sequences_of_them_end_as_they_do_on_qemu()
    {
        Campaign campaign = new(QemuUser.CortexA76, Seed, ExecutionEngine.Translator);
        campaign.RunSequences([.. Groups.SelectMany(Translated)], Campaign.Count);
        if (campaign.Report() is string report)
            Assert.Fail(report);
        Assert.InRange(campaign.CompleteSequences, Campaign.Count * 9 / 10, Campaign.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hosts_without_AVX2_have_the_same_results(bool withAvx)
    {
        Assert.SkipUnless(HostFeatures.Host.Avx2, "This host is one itself: the other tests here cover it.");
        HostFeatures features = HostFeatures.Host with { Avx = withAvx, Avx2 = false };
        Encoding[] encodings = [.. Groups.SelectMany(Campaign.Testable)];
        Assert.Contains(encodings, e => TranslationTable.For(HostFeatures.Host).Has(e) && !TranslationTable.For(features).Has(e));
        Campaign campaign = new(QemuUser.CortexA76, Seed, ExecutionEngine.Translator, features);
        campaign.RunSequences(encodings, Math.Max(1, Campaign.Count / 4));
        if (campaign.Report() is string report)
            Assert.Fail(report);
    }

    private static Encoding[] Translated(EncodingGroup group) =>
        [.. Campaign.Testable(group).Where(TranslationTable.For(HostFeatures.Host).Has)];
}
