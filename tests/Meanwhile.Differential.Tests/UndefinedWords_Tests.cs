using Meanwhile.Arm64.Decoding;

namespace Meanwhile.Differential.Tests;

/// <summary>Words that our decoder does not know: a processor of our architecture version must not know them either.</summary>
public class UndefinedWords_Tests
{
    private const ulong Seed = 0x556E_616C_6C6F_6361;

    /// <summary>What qemu's Cortex-A76 executes and this core does not: features that the core does not advertise in its ID registers.</summary>
    private static readonly (uint Mask, uint Value, string Reason)[] NotImplemented =
    [
        (0x9F7E_0C00, 0x0E78_0800, "FEAT_FP16, Advanced SIMD two-register miscellaneous; qemu 7.2 aborts on words that are unallocated in it"),
        (0xDF7E_0C00, 0x5E78_0800, "FEAT_FP16, Advanced SIMD scalar two-register miscellaneous"),
        (0x7EC0_0000, 0x1EC0_0000, "FEAT_FP16, scalar floating point"),
        (0x9F60_C400, 0x0E40_0400, "FEAT_FP16, Advanced SIMD three same"),
        (0xDF60_C400, 0x5E40_0400, "FEAT_FP16, Advanced SIMD scalar three same"),
        (0x9FC0_3400, 0x0F00_1000, "FEAT_FP16, Advanced SIMD vector x indexed element"),
        (0xDFC0_3400, 0x5F00_1000, "FEAT_FP16, Advanced SIMD scalar x indexed element"),
        (0x9FF0_E400, 0x0F10_E400, "FEAT_FP16, Advanced SIMD shift by immediate: fixed-point conversions"),
        (0xDFF0_E400, 0x5F10_E400, "FEAT_FP16, Advanced SIMD scalar shift by immediate: fixed-point conversions"),
        (0xBF3F_CC00, 0x0E30_C800, "FEAT_FP16, Advanced SIMD across lanes"),
        (0xFF3F_CC00, 0x5E30_C800, "FEAT_FP16, Advanced SIMD scalar pairwise"),
        (0xBFF8_FC00, 0x0F00_FC00, "FEAT_FP16, FMOV (vector, immediate)"),
        (0xBFF8_FC00, 0x2F00_FC00, "unallocated in the manual (modified immediate with op 1, cmode 1111, o2 1); qemu 7.2 takes it for that FMOV"),
        (0xBF20_F400, 0x2E00_8400, "FEAT_RDM, vector"),
        (0xFF20_F400, 0x7E00_8400, "FEAT_RDM, scalar"),
        (0xBF00_D400, 0x2F00_D000, "FEAT_RDM, by element"),
        (0xFF00_D400, 0x7F00_D000, "FEAT_RDM, scalar by element"),
        (0x9FE0_FC00, 0x0E80_9400, "FEAT_DotProd, vector"),
        (0x9FC0_F400, 0x0F80_E000, "FEAT_DotProd, by element"),
        (0x3FE0_FC00, 0x38A0_C000, "FEAT_LRCPC: LDAPR"),
        (0x3FA0_8000, 0x0880_0000, "FEAT_LOR: LDLAR, STLLR"),
    ];

    [Fact]
    public void A_word_that_is_undefined_here_is_undefined_on_an_ARMv8_0_processor() => AssertUndefined(QemuUser.CortexA57, []);

    [Fact]
    public void A_word_that_is_undefined_here_but_not_on_an_ARMv8_2_processor_is_of_a_feature_we_do_not_have() =>
        AssertUndefined(QemuUser.CortexA76, NotImplemented);

    private static void AssertUndefined(string cpu, (uint Mask, uint Value, string Reason)[] exceptions)
    {
        using QemuUser qemu = new(cpu);
        RandomSource random = new(Seed);
        Encoding[] encodings = [.. Decoder.Instance.Groups.SelectMany(group => group.Encodings)];
        Record[] records = new Record[GuestLayout.BatchSize];
        Result[] results = new Result[GuestLayout.BatchSize];
        List<uint> executed = [];
        for (int done = 0; done < Campaign.Count; done += records.Length)
        {
            for (int n = 0; n < records.Length; n++)
                records[n] = RecordGenerator.MakeForUnknown(MakeWord(ref random, encodings, exceptions));
            qemu.Execute(records, results);
            for (int n = 0; n < records.Length; n++)
            {
                uint word = records[n].Word;
                if (results[n].Outcome != Outcome.Undefined)
                    executed.Add(word);
            }
        }
        if (executed.Count != 0)
            Assert.Fail(Describe(executed, cpu));
    }

    /// <summary>Any word, or a known instruction with a few bits changed, that our decoder refuses.</summary>
    private static uint MakeWord(ref RandomSource random, Encoding[] encodings, (uint Mask, uint Value, string Reason)[] exceptions)
    {
        while (true)
        {
            uint word = (uint)random.Next();
            if (!random.OneIn(4))
            {
                Encoding encoding = encodings[random.Below(encodings.Length)];
                word = (word & ~encoding.Mask) | encoding.Value;
                for (int flips = random.Below(3); flips > 0; flips--)
                    word ^= 1u << random.Below(32);
            }
            if (Decoder.Instance.Decode(word) is null && !IsSystem(word) && !exceptions.Any(e => (word & e.Mask) == e.Value))
                return word;
        }
    }

    /// <summary>System calls and system registers are another test's business: their outcome depends on more than the word.</summary>
    private static bool IsSystem(uint word) => (word & 0xFF00_0000) == 0xD400_0000 || (word & 0xFFC0_0000) == 0xD500_0000;

    private static string Describe(List<uint> words, string cpu)
    {
        uint[] shown = [.. words.Take(2000)];
        string[] listings = QemuUser.Disassemble(shown);
        var text = new System.Text.StringBuilder();
        text.AppendLine($"{words.Count} words are UNDEFINED here but not on qemu-aarch64 -cpu {cpu}:");
        foreach (var group in shown.Zip(listings).GroupBy(pair => pair.Second.Split(' ')[0]).OrderByDescending(g => g.Count()))
        {
            text.AppendLine($"  {group.Count(),5}  {group.Key}");
            foreach ((uint word, string listing) in group.Take(4))
                text.AppendLine($"           {word:x8}  {listing}");
        }
        return text.ToString();
    }
}
