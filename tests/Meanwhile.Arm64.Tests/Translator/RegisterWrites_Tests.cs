using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>No instruction writes a general-purpose register that <see cref="RegisterWrites"/> says it leaves alone.</summary>
public sealed unsafe class RegisterWrites_Tests
{
    private const int WordsPerEncoding = 60;

    private const ulong CodeEnd = TestMachine.VectorBase - 0x1000;

    [Fact]
    public void What_instructions_write_is_known()
    {
        using TestMachine m = new();
        var table = TranslationTable.For(HostFeatures.Baseline);
        var random = new Random(11);
        int known = 0, written = 0;
        ulong at = TestMachine.CodeBase;
        foreach (Encoding encoding in Decoder.Instance.Groups.SelectMany(g => g.Encodings))
        {
            for (int n = 0; n < WordsPerEncoding; n++)
            {
                uint word = encoding.Value | ((uint)random.NextInt64() & ~encoding.Mask);
                if (Decoder.Instance.Decode(word) != encoding || !RegisterWrites.IsKnown(word, table.Find(word).Traits))
                    continue;
                known++;
                at = at + 4 < CodeEnd ? at + 4 : throw new InvalidOperationException("More code than memory.");
                m.Load(at, word);
                for (int slot = 0; slot < CpuState.Sp; slot++)
                    m.X[slot] = TestMachine.DataBase + 0x8_0000 + ((ulong)slot * 16);
                m.Sp = TestMachine.DataBase + 0x4_0000;
                m.Pc = at;
                ulong[] before = Slots(m);
                m.Core.Run(1);
                for (int slot = 0; slot <= CpuState.Sp; slot++)
                {
                    if (before[slot] == m.State->X[slot])
                        continue;
                    written++;
                    Assert.True(RegisterWrites.May(word, slot), $"{word:x8} ({encoding.Name}) writes slot {slot}.");
                }
            }
        }
        Assert.True(known > 10_000 && written > 2_000, $"{known} words, {written} registers");
    }

    [Theory]
    [InlineData(0x91000420, 0, true)] // add x0, x1, #1
    [InlineData(0x91000420, 1, false)]
    [InlineData(0xF8408420, 0, true)] // ldr x0, [x1], #8
    [InlineData(0xF8408420, 1, true)]
    [InlineData(0xF8008420, 0, false)] // str x0, [x1], #8
    [InlineData(0xF8008420, 1, true)]
    [InlineData(0xF9400420, 1, false)] // ldr x0, [x1, #8]
    [InlineData(0xA9410820, 2, true)] // ldp x0, x2, [x1, #16]
    [InlineData(0xA9410820, 1, false)]
    [InlineData(0x1E622820, 0, false)] // fadd d0, d1, d2
    [InlineData(0x9E660020, 0, true)] // fmov x0, d1
    [InlineData(0x4E083C20, 0, true)] // umov x0, v1.d[0]
    [InlineData(0x4CDF0020, 1, true)] // ld4 {v0.16b - v3.16b}, [x1], #64
    public void A_register_may_be_written(uint word, int slot, bool expected)
    {
        Assert.True(RegisterWrites.IsKnown(word, TranslationTable.For(HostFeatures.Baseline).Find(word).Traits));
        Assert.Equal(expected, RegisterWrites.May(word, slot));
    }

    [Theory]
    [InlineData(0xF8200041)] // ldadd x0, x1, [x2]
    [InlineData(0x48207C82)] // casp x0, x1, x2, x3, [x4]
    [InlineData(0xC8DFFC41)] // ldar x1, [x2]
    [InlineData(0xD53BD040)] // mrs x0, tpidr_el0
    [InlineData(0xD500419F)] // msr spsel, #1
    [InlineData(0x94000002)] // bl
    public void Others_are_not_known(uint word) =>
        Assert.False(RegisterWrites.IsKnown(word, TranslationTable.For(HostFeatures.Baseline).Find(word).Traits));

    private static ulong[] Slots(TestMachine m)
    {
        var slots = new ulong[CpuState.Sp + 1];
        for (int slot = 0; slot < slots.Length; slot++)
            slots[slot] = m.State->X[slot];
        return slots;
    }
}
