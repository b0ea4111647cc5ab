using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Differential.Tests;

/// <summary>Every implemented encoding, on random operands, against qemu-user.</summary>
public class Instructions_Tests
{
    private const ulong Seed = 0x4D65_616E_7768_696C;

    public static TheoryData<string> Groups()
    {
        var data = new TheoryData<string>();
        foreach (EncodingGroup group in Decoder.Instance.Groups)
        {
            if (Campaign.Testable(group).Length != 0)
                data.Add(group.Name);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Instructions_do_what_they_do_on_qemu(string groupName)
    {
        EncodingGroup group = Decoder.Instance.Groups.Single(g => g.Name == groupName);
        Campaign campaign = new(QemuUser.CortexA76, Seed);
        Encoding[] encodings = Campaign.Testable(group);
        campaign.Run(encodings, Campaign.Count);
        if (campaign.Report() is string report)
            Assert.Fail(report);
        // Prefetches have none.
        Assert.All(campaign.WithoutEffect(encodings), e => Assert.StartsWith("PRF", e.Name));
    }
}
