using System.Globalization;
using Meanwhile.Arm64.Decoding;
using Meanwhile.Arm64.Decoding.Encodings;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>
/// Where translated floating-point code calls no handler, and where it must. (Whether it is right is for the differential tests to say.)
/// </summary>
public sealed unsafe class FloatingPoint_Tests : IDisposable
{
    private const uint Inexact = 1 << 4;

    private readonly TestMachine translated = new(engine: ExecutionEngine.Translator);
    private readonly TestMachine interpreted = new();

    public static TheoryData<string> Encodings =>
        [.. FloatingPointEncodings.Where(TranslationTable.For(HostFeatures.Host).Has).Select(e => e.Name)];

    private static IEnumerable<Encoding> FloatingPointEncodings => new[]
    {
        AdvancedSimdFpByElementEncodings.Group, AdvancedSimdFpReductionEncodings.Group, AdvancedSimdFpShiftEncodings.Group,
        AdvancedSimdFpThreeSameEncodings.Group, AdvancedSimdFpTwoRegisterEncodings.Group, FloatingPointCompareEncodings.Group,
        FloatingPointConversionEncodings.Group, FloatingPointDataProcessingEncodings.Group,
    }.SelectMany(group => group.Encodings);

    public void Dispose()
    {
        translated.Dispose();
        interpreted.Dispose();
    }

    [Fact]
    public void A_host_with_AVX_and_FMA_translates_almost_all()
    {
        Assert.SkipUnless(HostFeatures.Host.Avx && HostFeatures.Host.Fma, "This host has no AVX or no FMA.");
        Assert.True(Encodings.Count > FloatingPointEncodings.Count() * 8 / 10, $"{Encodings.Count} are translated");
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Ordinary_operands_need_no_handler(string name)
    {
        Encoding encoding = FloatingPointEncodings.Single(e => e.Name == name);
        var random = new Random(name.Length);
        int withoutHandler = 0, tried = 0;
        while (tried < 200)
        {
            uint word = (random.NextWord() & ~encoding.Mask) | encoding.Value;
            if (!encoding.Matches(word))
                continue;
            tried++;
            Fill(translated, new Random(tried));
            Fill(interpreted, new Random(tried));
            if (!CallsHandler(word))
                withoutHandler++;
            interpreted.Run(word);
            AssertSame(word);
        }
        // The precision of the operands is that of the instruction in about half of the cases, and what is stored is anything in the others.
        Assert.True(withoutHandler >= 20, $"{withoutHandler} of {tried} needed no handler");
    }

    [Theory]
    [InlineData(0x1E622820, 1.5, 1.25)] // fadd d0, d1, d2
    [InlineData(0x1E622820, 1.5, -1.5)]
    [InlineData(0x1E622820, 0.0, -0.0)]
    [InlineData(0x1E623820, 1.5, 1.5)] // fsub d0, d1, d2
    [InlineData(0x1E620820, 0.0, 1.5)] // fmul d0, d1, d2
    [InlineData(0x1E620820, -3.5, 0.0)]
    [InlineData(0x1E628820, -3.5, 0.0)] // fnmul d0, d1, d2
    [InlineData(0x1E621820, -0.0, 3.0)] // fdiv d0, d1, d2
    [InlineData(0x1E61C020, -0.0, 0.0)] // fsqrt d0, d1
    [InlineData(0x1E624020, -0.0, 0.0)] // fcvt s0, d1
    [InlineData(0x1F427C20, 0.0, 5.0)] // fmadd d0, d1, d2, d31
    [InlineData(0x4E62D420, 0.0, 0.0)] // fadd v0.2d, v1.2d, v2.2d
    [InlineData(0x6E62DC20, 1.0, 0.0)] // fmul v0.2d, v1.2d, v2.2d
    [InlineData(0x4E62CC20, 1.0, 0.0)] // fmla v0.2d, v1.2d, v2.2d
    [InlineData(0x6E62FC20, 0.0, 7.0)] // fdiv v0.2d, v1.2d, v2.2d
    [InlineData(0x0E616820, 0.0, 7.0)] // fcvtn v0.2s, v1.2d
    public void Exact_zeros_need_no_handler(uint word, double n, double m)
    {
        Assert.SkipUnless(HostFeatures.Host.Avx && HostFeatures.Host.Fma, "This host has no AVX or no FMA.");
        SetOperands(word, n, m);
        Assert.False(CallsHandler(word));
        interpreted.Run(word);
        AssertSame(word);
    }

    [Theory]
    [InlineData(0x1E622820, 1.0, 1e-300, 0u)] // fadd d0, d1, d2: Inexact is not set yet
    [InlineData(0x1E622820, double.NaN, 1.0, Inexact)]
    [InlineData(0x1E620820, 1e-200, 1e-200, Inexact)] // fmul d0, d1, d2: a zero that is not exact
    [InlineData(0x1E620820, 1e-200, 1e-110, Inexact)] // a denormal
    [InlineData(0x1E620820, 1e200, 1e200, Inexact)] // infinity
    [InlineData(0x1F427C20, 1e-200, 1e-200, Inexact)] // fmadd d0, d1, d2, d31
    [InlineData(0x6E62DC20, 1e-200, 1e-200, Inexact)] // fmul v0.2d, v1.2d, v2.2d
    [InlineData(0x1E624020, 1e-60, 0.0, Inexact)] // fcvt s0, d1
    [InlineData(0x1E622020, double.NaN, 1.0, Inexact)] // fcmp d1, d2
    [InlineData(0x9E780020, 1e30, 1.0, Inexact)] // fcvtzs x0, d1
    public void What_may_set_a_flag_is_the_handlers(uint word, double n, double m, uint fpsr)
    {
        SetOperands(word, n, m);
        translated.State->Fpsr = interpreted.State->Fpsr = fpsr;
        bool calls = CallsHandler(word);
        if (HostFeatures.Host.Avx)
            Assert.True(calls);
        interpreted.Run(word);
        AssertSame(word);
    }

    [Theory]
    [InlineData(0x0040_0000u)] // RMode: towards plus infinity
    [InlineData(0x0080_0000u)]
    [InlineData(0x00C0_0000u)]
    [InlineData(0x0100_0000u)] // FZ
    public void A_value_of_FPCR_that_the_host_does_not_follow_takes_effect_in_the_same_block(uint fpcr)
    {
        uint[] words =
        [
            0x1E621820, // fdiv d0, d1, d2
            0xD51B4403, // msr fpcr, x3
            0x1E621824, // fdiv d4, d1, d2
            0xD51B441F, // msr fpcr, xzr
            0x1E621825, // fdiv d5, d1, d2
            0xD53B4426, // mrs x6, fpsr
            0xD53B4407, // mrs x7, fpcr
        ];
        foreach (TestMachine machine in (TestMachine[])[translated, interpreted])
        {
            SetOperands(machine, 1.0, 3.0);
            machine.X[3] = fpcr;
            machine.Run(words);
        }
        AssertSame(words[2]);
        Assert.Equal(translated.V(0), translated.V(5));
        if (fpcr == 0x0040_0000)
            Assert.Equal(translated.V(0).Low + 1, translated.V(4).Low);
    }

    private static void Fill(TestMachine machine, Random random)
    {
        bool isDouble = random.Next(2) == 0;
        for (int n = 0; n < 32; n++)
        {
            machine.X[n] = (ulong)random.Next(1, 1000);
            machine.SetV(n, Number(random, isDouble), Number(random, isDouble));
        }
        machine.Nzcv = (uint)random.Next(16);
        machine.State->Fpcr = 0;
        machine.State->Fpsr = Inexact;
    }

    private static ulong Number(Random random, bool isDouble)
    {
        double value = 1 + (random.NextDouble() * 1000);
        return isDouble ? BitConverter.DoubleToUInt64Bits(value) : BitConverter.SingleToUInt32Bits((float)value) * 0x1_0000_0001UL;
    }

    private void SetOperands(uint word, double n, double m)
    {
        SetOperands(translated, n, m);
        SetOperands(interpreted, n, m);
    }

    private static void SetOperands(TestMachine machine, double n, double m)
    {
        ulong one = BitConverter.DoubleToUInt64Bits(n), two = BitConverter.DoubleToUInt64Bits(m);
        machine.SetV(1, one, one);
        machine.SetV(2, two, two);
        machine.State->Fpsr = Inexact;
    }

    /// <summary>Executes a word translated; true when a handler was called: <see cref="CpuState.ExitInsn"/> is the last that was.</summary>
    private bool CallsHandler(uint word)
    {
        const uint branchToSelf = 0x1400_0000;
        translated.State->ExitInsn = null;
        translated.Load(TestMachine.CodeBase, word, branchToSelf);
        translated.Pc = TestMachine.CodeBase;
        translated.Core.Run(2);
        return translated.State->ExitInsn != null;
    }

    private void AssertSame(uint word)
    {
        string name = word.ToString("x8", CultureInfo.InvariantCulture);
        for (int n = 0; n < 32; n++)
        {
            Assert.Equal((name, n, interpreted.X[n]), (name, n, translated.X[n]));
            Assert.Equal((name, n, interpreted.V(n)), (name, n, translated.V(n)));
        }
        Assert.Equal((name, interpreted.Nzcv, interpreted.State->Fpsr), (name, translated.Nzcv, translated.State->Fpsr));
        Assert.Equal((name, interpreted.State->Fpcr), (name, translated.State->Fpcr));
    }
}

file static class RandomWords
{
    public static uint NextWord(this Random random) => (uint)random.NextInt64(1L << 32);
}
