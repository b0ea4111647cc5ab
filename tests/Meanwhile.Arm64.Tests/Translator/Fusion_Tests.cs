using System.Numerics;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>Pairs of instructions that the translator makes one of, and what looks like such a pair.</summary>
public sealed unsafe class Fusion_Tests
{
    private const ulong Value = 0x0000_5A00_8000_0000;

    /// <summary>rbit x1, x0; clz x1, x1.</summary>
    private static readonly uint[] CountTrailing = [0xDAC00001, 0xDAC01021];

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul)]
    [InlineData(Value)]
    [InlineData(1ul << 63)]
    public void RBIT_and_CLZ_count_trailing_zeros(ulong value)
    {
        using TestMachine m = Run(CountTrailing, x0: value);
        Assert.Equal((ulong)BitOperations.TrailingZeroCount(value), m.X[1]);
        // rbit w1, w0; clz w1, w1
        using TestMachine narrow = Run([0x5AC00001, 0x5AC01021], x0: value);
        Assert.Equal((ulong)BitOperations.TrailingZeroCount((uint)value), narrow.X[1]);
    }

    [Fact]
    public void RBIT_keeps_its_result_where_CLZ_writes_another_register()
    {
        // rbit x1, x0; clz x2, x1
        using TestMachine m = Run([0xDAC00001, 0xDAC01022], x0: Value);
        Assert.Equal((ulong)BitOperations.TrailingZeroCount(Value), m.X[2]);
        Assert.Equal(0x0000_0001_005A_0000ul, m.X[1]);
    }

    [Fact]
    public void RBIT_and_CLZ_of_different_widths_are_two_instructions()
    {
        // rbit x1, x0; clz w1, w1
        using TestMachine m = Run([0xDAC00001, 0x5AC01021], x0: 1ul << 60);
        Assert.Equal(28ul, m.X[1]);
    }

    [Theory]
    [InlineData(0ul, 17ul)]
    [InlineData(1ul, 31ul)]
    public void A_branch_to_the_second_executes_it_alone(ulong takesBoth, ulong expected)
    {
        // cbz x3, 1f; rbit x1, x1; 1: clz x1, x1
        using TestMachine m = Run([0xB4000043, 0xDAC00021, 0xDAC01021], x1: Value, x3: takesBoth);
        Assert.Equal(expected, m.X[1]);
    }

    /// <summary>FIPS 197 appendix B, round 1.</summary>
    [Theory]
    [InlineData(0x4E286800, 0)]
    [InlineData(0x4E286802, 2)]
    public void AESE_and_AESMC_are_a_round(uint aesmc, int register)
    {
        using TestMachine m = Make();
        m.SetV(0, 0x8D305A88_A8F64332, 0x340737E0_A2983131);
        m.SetV(1, 0xA6D2AE28_16157E2B, 0x3C4FCF09_8815F7AB);
        // aese v0.16b, v1.16b; aesmc v0.16b or v2.16b, v0.16b
        Execute(m, 0x4E284820, aesmc);
        Assert.Equal((0x9A19CBE0_E5816604ul, 0x4C260628_7AD3F848ul), m.V(register));
        if (register != 0)
            Assert.Equal((0xAE52B4E0_305DBFD4ul, 0xE598271E_F11141B8ul), m.V(0));
    }

    private static TestMachine Make() => new(engine: ExecutionEngine.Translator);

    private static TestMachine Run(uint[] words, ulong x0 = 0, ulong x1 = 0, ulong x3 = 0)
    {
        TestMachine m = Make();
        m.X[0] = x0;
        m.X[1] = x1;
        m.X[3] = x3;
        Execute(m, words);
        return m;
    }

    /// <summary>With a branch to itself after them, so that the budget ends after whole blocks.</summary>
    private static void Execute(TestMachine m, params ReadOnlySpan<uint> words)
    {
        m.Load(TestMachine.CodeBase, [.. words, 0x1400_0000]);
        m.Pc = TestMachine.CodeBase;
        m.Core.Run(8 * (words.Length + 1));
    }
}
