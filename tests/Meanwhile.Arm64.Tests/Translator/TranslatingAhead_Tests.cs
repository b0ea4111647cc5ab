using CsCheck;
using Meanwhile.Arm64.Mmu;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>Code that is noted where a guest runs, and translated where it is going to.</summary>
public sealed unsafe class TranslatingAhead_Tests : IDisposable
{
    private const ulong First = TestMachine.CodeBase, Second = First + 0x100;
    private const ulong El1WithFp = 3ul << 56;

    private readonly TestMachine m = Make();

    public void Dispose() => m.Dispose();

    /// <summary>The second unit is reached by a jump within the page that leads there directly from the second time on.</summary>
    [Fact]
    public void Code_in_use_is_noted_though_its_jumps_are_linked()
    {
        for (int n = 0; n < 4; n++)
            Run(m, 0);
        WorkingSet set = Track();
        Run(m, 0);
        Assert.Equal([First | El1WithFp, Second | El1WithFp], set.Code(10));
        Assert.Equal([First | El1WithFp], set.Code(1));
        // And is linked again.
        long lookups = Counter(m, "unitLookups");
        for (int n = 0; n < 100; n++)
            Run(m, 0);
        Assert.InRange(Counter(m, "unitLookups") - lookups, 0, 2);
        Assert.Equal(105UL, m.X[0]);
    }

    [Fact]
    public void Code_that_is_not_used_any_more_is_not_noted()
    {
        for (int n = 0; n < 4; n++)
            Run(m, 0);
        WorkingSet set = Track();
        Run(m, 1);
        Assert.Equal([First | El1WithFp], set.Code(10));
        set.BeginWindow();
        m.Core.FlushTlb();
        Run(m, 0);
        // What was used in two windows comes before what was used in one.
        Assert.Equal([First | El1WithFp], set.Code(1));
        Assert.Equal(2, set.Code(10).Length);
    }

    [Fact]
    public void Units_that_are_named_are_translated_and_found()
    {
        using TestMachine other = Make();
        TranslateAhead(other, First | El1WithFp, Second | El1WithFp);
        Assert.Equal(2, Counter(other, "unitsTranslated"));
        Run(other, 0);
        Assert.Equal(1UL, other.X[0]);
        Assert.Equal(2, Counter(other, "unitsTranslated"));
    }

    /// <summary>FP traps, another exception level, another address range: other code.</summary>
    [Fact]
    public void What_it_is_specialised_for_is_part_of_the_name()
    {
        using TestMachine other = Make();
        TranslateAhead(other, First | (1ul << 56));
        Run(other, 1);
        Assert.Equal(2, Counter(other, "unitsTranslated"));
    }

    [Theory]
    [InlineData((First + 2) | El1WithFp)]
    [InlineData((First + 0x1000) | El1WithFp)]
    [InlineData((First - 4) | El1WithFp)]
    [InlineData(First | (8ul << 56))]
    [InlineData(First | (1ul << 48) | El1WithFp)]
    [InlineData(ulong.MaxValue)]
    public void A_word_that_names_nothing_of_the_page_is_left_alone(ulong word)
    {
        using TestMachine other = Make();
        TranslateAhead(other, word);
        Assert.Equal(0, Counter(other, "unitsTranslated"));
    }

    [Fact]
    public void Code_of_a_page_that_has_changed_is_forgotten()
    {
        using TestMachine other = Make();
        TranslateAhead(other, First | El1WithFp, Second | El1WithFp);
        other.Write(Second, 0x91000800); // add x0, x0, #2
        other.Core.ForgetTranslations(First);
        Run(other, 0);
        Assert.Equal(2UL, other.X[0]);
        Assert.Equal(4, Counter(other, "unitsTranslated"));
    }

    /// <summary>Names and content come from a peer.</summary>
    [Fact]
    public void Nothing_that_a_peer_sends_is_more_than_code_that_is_never_run() =>
        Gen.Select(Gen.Byte.Array[4096], Gen.Select(Gen.UShort[0, 4095], Gen.Byte).Array[1, 20]).Sample(
            (content, names) =>
            {
                using TestMachine other = Make();
                other.Core.TranslateAhead(First, content, [.. names.Select(name => (First + name.Item1) | (ulong)name.Item2 << 56)]);
                other.Core.ForgetTranslations(First);
                Run(other, 0);
                Assert.Equal(1UL, other.X[0]);
            },
            iter: 60);

    [Fact]
    public void An_interpreter_has_nothing_of_it()
    {
        using var other = new TestMachine();
        Load(other);
        var set = new WorkingSet();
        other.Core.WorkingSet = set;
        other.Core.FlushTlb();
        TranslateAhead(other, First | El1WithFp);
        Run(other, 0);
        Assert.Empty(set.Code(10));
        Assert.Equal(1UL, other.X[0]);
    }

    private static TestMachine Make()
    {
        var machine = new TestMachine(engine: ExecutionEngine.Translator);
        Load(machine);
        return machine;
    }

    private static void Load(TestMachine machine)
    {
        machine.Write(First, 0x14000000_B4000801);  // cbz x1, second; b .
        machine.Write(Second, 0x14000000_91000400); // add x0, x0, #1; b .
    }

    private static void Run(TestMachine machine, ulong x1)
    {
        machine.Pc = First;
        machine.X[1] = x1;
        machine.Core.Run(50);
    }

    private static void TranslateAhead(TestMachine machine, params ReadOnlySpan<ulong> names) =>
        machine.Core.TranslateAhead(First, new ReadOnlySpan<byte>(machine.Memory.Host(First), 0x1000), names);

    private static long Counter(TestMachine machine, string name) => machine.Core.Counters().Single(counter => counter.Name == name).Value;

    private WorkingSet Track()
    {
        var set = new WorkingSet();
        m.Core.WorkingSet = set;
        m.Core.FlushTlb();
        return set;
    }
}
