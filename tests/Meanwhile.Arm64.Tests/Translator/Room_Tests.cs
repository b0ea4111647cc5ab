using System.Runtime.InteropServices;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Translator;
using Meanwhile.Arm64.Translator.X64;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>Units stay within the memory of the cache, however large their code is: where one has no room, it becomes shorter.</summary>
public sealed unsafe class Room_Tests : IDisposable
{
    private const int PageSize = 0x1000;
    private const uint Ret = 0xD65F03C0;

    /// <summary>ld4 {v28.16b - v31.16b}, [x6], #64.</summary>
    private const uint Structures = 0x4CDF00DC;

    /// <summary>Lives as long as the test.</summary>
    private readonly byte* page = (byte*)NativeMemory.AlignedAlloc(PageSize, PageSize);

    public static TheoryData<string> Largest() => ["structures", "exits", "runs", "constants", "structures in a loop"];

    public void Dispose() => NativeMemory.AlignedFree(page);

    /// <summary>What is kept free for a piece suffices twice for all of an instruction, out of line as well, with the unit's start and end.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void No_instruction_is_larger_than_what_is_kept_free(bool withHostFeatures, bool isEl1)
    {
        var cache = new TranslationCache(1 << 20, withHostFeatures ? null : HostFeatures.Baseline, counting: true);
        UnitMode mode = UnitMode.FpEnabled | (isEl1 ? UnitMode.El1 | UnitMode.UpperRange : 0);
        var random = new Random(7);
        int largest = 0, seen = 0;
        uint* last = (uint*)(page + PageSize) - 1;
        foreach (Encoding encoding in Decoder.Instance.Groups.SelectMany(g => g.Encodings))
        {
            for (int n = 0; n < 50; n++)
            {
                *last = encoding.Value | ((uint)random.NextInt64() & ~encoding.Mask);
                if (Decoder.Instance.Decode(*last) != encoding)
                    continue;
                UnitListing listing = cache.Describe(PageSize - sizeof(uint), page, mode)!;
                largest = Math.Max(largest, listing.Pieces.Sum(p => p.Length));
                seen++;
            }
        }
        TestContext.Current.SendDiagnosticMessage($"The largest of {seen} instructions has {largest} bytes.");
        Assert.True(seen > 10_000);
        Assert.InRange(largest, 1, Assembler.Slack / 2);
    }

    [Theory]
    [MemberData(nameof(Largest))]
    public void The_largest_units_stay_within_the_memory(string kind)
    {
        Fill(kind);
        const UnitMode mode = UnitMode.FpEnabled | UnitMode.El1 | UnitMode.UpperRange;
        for (int size = 0x14_000; size < 0x38_000; size += 0x3010)
        {
            var cache = new TranslationCache(size, counting: true);
            ulong address = 0;
            while (cache.FindOrTranslate(address, page, mode, null, address) != 0)
            {
                Assert.InRange(cache.CodeBytes, 1, size);
                address += PageSize;
            }
            Assert.True(address > 0);
        }
    }

    [Fact]
    public void A_unit_that_has_no_room_becomes_shorter()
    {
        Fill("structures in a loop");
        const UnitMode mode = UnitMode.FpEnabled | UnitMode.El1 | UnitMode.UpperRange;
        var large = new TranslationCache(1 << 20, counting: true);
        Assert.NotEqual(0, large.FindOrTranslate(0, page, mode, null, 0));
        Assert.Equal(Unit.MaxLength, large.InstructionsTranslated);
        var small = new TranslationCache(large.LastUnitBytes, counting: true);
        Assert.NotEqual(0, small.FindOrTranslate(0, page, mode, null, 0));
        Assert.Equal(Unit.MaxLength / 2, small.InstructionsTranslated);
        Assert.InRange(small.CodeBytes, 1, large.LastUnitBytes);
    }

    private void Fill(string kind)
    {
        var words = new Span<uint>(page, PageSize / sizeof(uint));
        words.Fill(Ret);
        Span<uint> unit = words[..(Unit.MaxLength + 1)];
        switch (kind)
        {
            case "structures":
                unit.Fill(Structures);
                break;
            case "runs":
                // stp q0, q1, [sp, #-32]!
                unit.Fill(0xADBF07E0);
                break;
            case "constants":
                // movi v0.8h, #n
                for (int n = 0; n < unit.Length; n++)
                    unit[n] = 0x4F008400 | (uint)(n & 31) << 5 | (uint)(n >> 5) << 16;
                break;
            default:
                // A loop of uses of X6 to X15 with ways out: cbz x6, far; or with accesses.
                for (int n = 0; n < unit.Length; n++)
                    unit[n] = kind == "exits" ? 0xB4007FE0 | (6 + ((uint)n % 10)) : n % 2 == 0 ? Structures | ((uint)n / 2 % 10) << 5 : 0xB4007FE0 | (6 + ((uint)n / 2 % 10));
                for (int n = 15; n < unit.Length; n += 8)
                    unit[n] = 0xB5FFFE26;
                break;
        }
    }
}
