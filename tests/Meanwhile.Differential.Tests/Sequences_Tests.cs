using Meanwhile.Arm64;
using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Differential.Tests;

/// <summary>Short programs of all implemented user-mode instructions, fetched and run by the whole core, against qemu-user.</summary>
public class Sequences_Tests
{
    private const ulong Seed = 0x5365_7175_656E_6365;

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void Sequences_end_as_they_do_on_qemu(ExecutionEngine engine)
    {
        Encoding[] encodings = [.. Decoder.Instance.Groups.SelectMany(Campaign.Testable)];
        Campaign campaign = new(QemuUser.CortexA76, Seed, engine);
        campaign.RunSequences(encodings, Campaign.Count);
        if (campaign.Report() is string report)
            Assert.Fail(report);
        // Hardly any faults on the way.
        Assert.InRange(campaign.CompleteSequences, Campaign.Count * 9 / 10, Campaign.Count);
    }
}
