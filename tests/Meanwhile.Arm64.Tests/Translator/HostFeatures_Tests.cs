using System.Runtime.Intrinsics.X86;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>What is read from the processor is what the host's kernel and the framework read.</summary>
public class HostFeatures_Tests
{
    private static readonly (string Flag, Func<HostFeatures, bool> Has, bool Framework)[] Features =
    [
        ("abm", host => host.Lzcnt, Lzcnt.X64.IsSupported),
        ("bmi1", host => host.Bmi1, Bmi1.X64.IsSupported),
        ("bmi2", host => host.Bmi2, Bmi2.X64.IsSupported),
        ("avx", host => host.Avx, Avx.IsSupported),
        ("avx2", host => host.Avx2, Avx2.IsSupported),
        ("fma", host => host.Fma, Fma.IsSupported),
        ("aes", host => host.Aes, Aes.IsSupported),
        ("pclmulqdq", host => host.Pclmulqdq, Pclmulqdq.IsSupported),
    ];

    [Fact]
    public void They_are_the_kernel_s()
    {
        Assert.SkipUnless(X86Base.X64.IsSupported, "The host is not x86-64.");
        string line = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal));
        HashSet<string> flags = [.. line.Split(' ')];
        HostFeatures host = HostFeatures.Host;
        Assert.Multiple(
            [
                .. Features.Select(feature => (Action)(() => Assert.True(flags.Contains(feature.Flag) == feature.Has(host), feature.Flag))),
                () => Assert.Equal(flags.Contains("f16c"), host.F16c),
                () => Assert.Equal(flags.Contains("sha_ni"), host.Sha),
            ]);
    }

    [Fact]
    public void What_the_framework_uses_is_there()
    {
        Assert.SkipUnless(X86Base.X64.IsSupported, "The host is not x86-64.");
        Assert.All(Features, feature => Assert.True(!feature.Framework || feature.Has(HostFeatures.Host), feature.Flag));
    }
}
