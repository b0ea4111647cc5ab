using Meanwhile.Arm64;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Differential.Tests;

/// <summary>Sequences of a few groups that the translator must translate, so that each is met far more often than in sequences of everything.</summary>
public class TranslatedGroups_Tests
{
    private const ulong Seed = 0x4174_6F6D_6963_7321;

    [Fact]
    public void Atomic_read_modify_write_ends_as_on_qemu() =>
        Compare([.. AtomicMemoryEncodings.Group.Encodings, LoadStoreExclusiveEncodings.CAS, LoadStoreExclusiveEncodings.CASP]);

    [Fact]
    public void Exclusives_end_as_on_qemu() =>
        Compare([.. LoadStoreExclusiveEncodings.Register.Encodings, .. LoadStoreExclusiveEncodings.Pair.Encodings]);

    [Fact]
    public void Bit_reversal_and_checksums_end_as_on_qemu() => Compare([
        DataProcessingRegisterEncodings.RBIT,
        DataProcessingRegisterEncodings.REV16,
        DataProcessingRegisterEncodings.REV32,
        DataProcessingRegisterEncodings.CLZ,
        DataProcessingRegisterEncodings.CLS,
        DataProcessingRegisterEncodings.CRC32,
        DataProcessingRegisterEncodings.CRC32C,
    ]);

    [Fact]
    public void Cryptography_ends_as_on_qemu() => Compare([.. CryptographicEncodings.Group.Encodings, SimdThreeDifferentEncodings.PMULL_64]);

    private static void Compare(Encoding[] encodings)
    {
        Assert.All(encodings, e => Assert.True(TranslationTable.For(HostFeatures.Host).Has(e), $"{e.Name} has no translation"));
        Campaign campaign = new(QemuUser.CortexA76, Seed, ExecutionEngine.Translator);
        int count = Math.Max(1, Campaign.Count / 4);
        campaign.RunSequences(encodings, count);
        if (campaign.Report() is string report)
            Assert.Fail(report);
        Assert.InRange(campaign.CompleteSequences, count * 9 / 10, count);
    }
}
