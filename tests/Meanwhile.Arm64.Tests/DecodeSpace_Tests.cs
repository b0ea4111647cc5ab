using System.Text.RegularExpressions;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Interpreter;

namespace Meanwhile.Arm64.Tests;

/// <summary>The encoding tables as a whole: one meaning for a word at most, and an interpreter for each line.</summary>
public partial class DecodeSpace_Tests
{
    private const int Seed = 20240607;

    private static readonly Encoding[] All = [.. Decoder.Instance.Groups.SelectMany(group => group.Encodings)];

    [Fact]
    public void No_group_and_no_encoding_is_listed_twice()
    {
        Assert.Equal(Decoder.Instance.Groups.Count, Decoder.Instance.Groups.Distinct().Count());
        Assert.Equal(All.Length, All.Distinct().Count());
    }

    [Fact]
    public void Every_encoding_has_a_binder() => Assert.All(All, encoding => Assert.True(Binders.Instance.Has(encoding), encoding.Name));

    [Fact]
    public void Every_encoding_is_what_its_own_words_decode_to()
    {
        var random = new Random(Seed);
        foreach (Encoding encoding in All)
        {
            uint[] words = [.. WordsOf(encoding, random).Take(200)];
            Assert.True(words.Length > 0, $"{encoding}: no word matches \"{encoding.Pattern}\"");
            Assert.All(words, word => Assert.Same(encoding, Decoder.Instance.Decode(word)));
        }
    }

    [Fact]
    public void No_two_encodings_share_a_word()
    {
        const int SamplesPerPair = 4000;
        var random = new Random(Seed);
        for (int a = 0; a < All.Length; a++)
        {
            for (int b = a + 1; b < All.Length; b++)
            {
                if (!LiteralBitsAgree(All[a], All[b]))
                    continue;
                uint free = ~(All[a].Mask | All[b].Mask);
                for (int n = 0; n < SamplesPerPair; n++)
                {
                    uint word = (NextWord(random) & free) | All[a].Value | All[b].Value;
                    if (All[a].Matches(word) && All[b].Matches(word))
                        Assert.Fail($"{word:X8} is both {All[a]} \"{All[a].Pattern}\" and {All[b]} \"{All[b].Pattern}\"");
                }
            }
        }
    }

    [Fact]
    public void A_random_word_is_at_most_one_instruction()
    {
        Dictionary<Encoding, Encoding[]> rivals = All.ToDictionary(e => e, e => All.Where(o => o != e && LiteralBitsAgree(e, o)).ToArray());
        var random = new Random(Seed);
        for (int n = 0; n < 10_000_000; n++)
        {
            uint word = NextWord(random);
            if (Decoder.Instance.Decode(word) is not Encoding encoding)
                continue;
            foreach (Encoding rival in rivals[encoding])
            {
                if (rival.Matches(word))
                    Assert.Fail($"{word:X8} is both {encoding} and {rival}");
            }
        }
    }

    [Fact]
    public void Fields_have_the_width_that_their_name_says()
    {
        Dictionary<string, int> widths = new()
        {
            ["sf"] = 1,
            ["Rd"] = 5,
            ["Rn"] = 5,
            ["Rm"] = 5,
            ["Ra"] = 5,
            ["Rt"] = 5,
            ["Rt2"] = 5,
            ["Rs"] = 5,
            ["immr"] = 6,
            ["imms"] = 6,
            ["immlo"] = 2,
            ["immhi"] = 19,
            ["cond"] = 4,
            ["hw"] = 2,
            ["option"] = 3,
            ["nzcv"] = 4,
            ["CRm"] = 4,
            ["CRn"] = 4,
        };
        foreach (Encoding encoding in All)
        {
            foreach (Encoding.Field field in encoding.Fields)
            {
                Match numbered = NumberedImmediate().Match(field.Name);
                int expected = numbered.Success ? int.Parse(numbered.Groups[1].ValueSpan) : widths.GetValueOrDefault(field.Name, field.Width);
                Assert.True(expected == field.Width, $"{encoding}: {field.Name} has {field.Width} bits in \"{encoding.Pattern}\"");
            }
        }
    }

    [Theory]
    [InlineData(0x00000000u)] // UDF #0
    [InlineData(0x1240_FC00u)] // and w0, w0, #imm with N = 1
    [InlineData(0x9240_FC00u)] // and x0, x0 with all ones: reserved
    [InlineData(0x3280_0000u)] // move wide with opc = 01
    [InlineData(0x12C0_0000u)] // movn w0 with hw = 2
    [InlineData(0x1340_0000u)] // sbfm w0 with N = 1
    [InlineData(0x1380_8000u)] // extr w0 with imms = 32
    [InlineData(0x0BC0_0000u)] // add w0, shift = 3
    [InlineData(0x0B00_8000u)] // add w0, lsl #32
    [InlineData(0x0B20_1400u)] // add w0, extended, shifted by 5
    [InlineData(0x5AC0_0C00u)] // rev, 32 bits, opcode 3
    [InlineData(0x9AC0_4000u)] // crc32b with sf = 1
    [InlineData(0x1AC0_4C00u)] // crc32x with sf = 0
    [InlineData(0x1B20_0000u)] // smaddl with sf = 0
    public void A_reserved_word_is_not_decoded(uint word) => Assert.Null(Decoder.Instance.Decode(word));

    internal static IEnumerable<uint> WordsOf(Encoding encoding, Random random)
    {
        for (int attempts = 0; attempts < 20_000; attempts++)
        {
            uint word = (NextWord(random) & ~encoding.Mask) | encoding.Value;
            if (encoding.Matches(word))
                yield return word;
        }
    }

    internal static uint NextWord(Random random) => (uint)random.NextInt64(1L << 32);

    private static bool LiteralBitsAgree(Encoding a, Encoding b) => ((a.Value ^ b.Value) & a.Mask & b.Mask) == 0;

    [GeneratedRegex(@"^imm(\d+)$")]
    private static partial Regex NumberedImmediate();
}
