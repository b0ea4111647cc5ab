using Meanwhile.Arm64;
using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Differential.Tests;

/// <summary>
/// Floating-point programs with the operands that translated code computes by itself, and those that it must leave to the interpreter,
/// against qemu-user.
/// </summary>
public class FloatingPoint_Tests
{
    [Theory]
    [InlineData(ExecutionEngine.Interpreter, 0x466C_6F61_7469_6E67)]
    [InlineData(ExecutionEngine.Translator, 0x466C_6F61_7469_6E67)]
    [InlineData(ExecutionEngine.Translator, 0x506F_696E_7473_2121)]
    [InlineData(ExecutionEngine.Translator, 0x4D61_6E74_6973_7361)]
    public void Floating_point_sequences_end_as_they_do_on_qemu(ExecutionEngine engine, ulong seed)
    {
        Encoding[] encodings = [.. Decoder.Instance.Groups.Where(IsFloatingPoint).SelectMany(Campaign.Testable)];
        Assert.True(encodings.Length > 150, $"{encodings.Length} encodings");
        Campaign campaign = new(QemuUser.CortexA76, seed, engine);
        campaign.RunSequences(encodings, Campaign.Count, floatingPoint: true);
        if (campaign.Report() is string report)
            Assert.Fail(report);
        Assert.InRange(campaign.CompleteSequences, Campaign.Count * 9 / 10, Campaign.Count);
    }

    private static bool IsFloatingPoint(EncodingGroup group) =>
        group.Name.Contains("floating-point", StringComparison.OrdinalIgnoreCase);
}
