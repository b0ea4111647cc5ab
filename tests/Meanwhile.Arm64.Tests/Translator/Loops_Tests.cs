using System.Runtime.InteropServices;
using Meanwhile.Arm64.Translator;

namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>Which loops are found, which registers they get, and that programs run as on the interpreter wherever loops are left and entered.</summary>
public sealed unsafe class Loops_Tests
{
    private const uint Nop = 0xD503201F, Ret = 0xD65F03C0;

    /// <summary>add x7, x7, x8; eor x9, x9, x7.</summary>
    private static readonly uint[] InMemory = [0x8B0800E7, 0xCA070129];

    /// <summary>
    /// Two nested loops, entered in the middle, with registers that live in memory, loads and stores that fault, an instruction that its handler executes,
    /// carries over MULs, and ways out by BR and BRK.
    /// </summary>
    private static readonly uint[] Nested =
    [
        0xD28000AA, // mov x10, #5
        0xD28000CC, // 1: mov x12, #6
        0x8B0A01AD, // add x13, x13, x10
        0x14000007, // b 3f
        0xF940016E, // 2: ldr x14, [x11]
        0x8B0C01CE, // add x14, x14, x12
        0xF800856E, // str x14, [x11], #8
        0x3608006E, // tbz w14, #1, 3f
        0xCACE1DEF, // eor x15, x15, x14, ror #7
        0xD50B7B2B, // dc cvau, x11
        0xF100058C, // 3: subs x12, x12, #1
        0x54FFFF21, // b.ne 2b
        0xAB0F0210, // adds x16, x16, x15
        0x9BD07E32, // umulh x18, x17, x16
        0x9A0D0231, // adc x17, x17, x13
        0xB40000B2, // cbz x18, 4f
        0xF100054A, // subs x10, x10, #1
        0x54FFFE01, // b.ne 1b
        0xD61F0120, // br x9
        Nop,
        0xD4200000, // 4: brk #0
    ];

    /// <summary>A loop whose last block is entered in several states of the flags, and starts with what sets them: the translator repeats that.</summary>
    private static readonly uint[] EnteredInSeveralStates =
    [
        0xD2800157, // mov x23, #10
        0x6A2303E0, // 1: bics w0, wzr, w3
        0x713FDC61, // subs w1, w3, #0xff7
        0x2B060020, // adds w0, w1, w6
        0x3A010001, // adcs w1, w0, w1
        0x9A8164C6, // csinc x6, x6, x1, vs
        0x540000A3, // b.cc 2f
        0x6A06001F, // tst w0, w6
        0xEB000023, // subs x3, x1, x0
        0xD53B4207, // mrs x7, nzcv
        0xF10000C3, // subs x3, x6, #0
        0x8B030061, // 2: add x1, x3, x3
        0xF2031027, // ands x7, x1, #0xe0000003e0000003
        0x1A872023, // csel w3, w1, w7, cs
        0xD10006F7, // sub x23, x23, #1
        0xB4000057, // cbz x23, 3f
        0x17FFFFF1, // b 1b
        0xD61F0120, // 3: br x9
    ];

    [Fact]
    public void A_loop_is_from_a_branchs_target_to_the_branch()
    {
        // nop; 1: body; b 1b
        Unit unit = Scan([Nop, .. InMemory, Back(2)]);
        Assert.Equal([(1, 3)], unit.Loops.Ranges);
    }

    [Fact]
    public void Loops_within_come_after_the_one_around_them()
    {
        // 1: nop; 2: nop; b.ne 2b; 3: nop; b.ne 3b; b.ne 1b
        Unit unit = Scan(Nop, Nop, BackIf(1), Nop, BackIf(1), BackIf(5), Ret);
        Assert.Equal([(0, 5), (1, 2), (3, 4)], unit.Loops.Ranges);
    }

    [Fact]
    public void Loops_that_overlap_or_share_their_head_are_one()
    {
        // 1: nop; b.ne 1b; b.ne 1b
        Assert.Equal([(0, 2)], Scan(Nop, BackIf(1), BackIf(2), Ret).Loops.Ranges);
        // 1: nop; 2: nop; b.ne 1b; nop; b.ne 2b
        Assert.Equal([(0, 4)], Scan(Nop, Nop, BackIf(2), Nop, BackIf(3), Ret).Loops.Ranges);
        // 1: nop; 2: nop; 3: b.ne 3b; b.ne 1b; b.ne 2b
        Assert.Equal([(0, 4), (2, 2)], Scan(Nop, Nop, BackIf(0), BackIf(3), BackIf(3), Ret).Loops.Ranges);
    }

    [Fact]
    public void Registers_that_a_loop_uses_take_the_places_of_those_that_it_does_not()
    {
        Unit unit = Scan([Nop, .. InMemory, .. InMemory, Back(4), Ret]);
        Assert.Same(RegisterMapping.Canonical, unit.Loops.Mapping(0));
        for (int n = 1; n <= 5; n++)
        {
            RegisterMapping mapping = unit.Loops.Mapping(n);
            Assert.True(mapping.TryHost(7, out _) && mapping.TryHost(8, out _) && mapping.TryHost(9, out _));
            Assert.Equal(RegisterMapping.Canonical.Slots.Length, mapping.Slots.ToArray().Distinct().Count());
        }
    }

    [Fact]
    public void Registers_that_a_loop_uses_keep_their_places()
    {
        // 1: add x7, x7, x0; add x0, x0, x1; add x1, x1, x2; add x2, x2, x3; b 1b
        RegisterMapping mapping = Scan(0x8B0000E7, 0x8B010000, 0x8B020021, 0x8B030042, Back(4)).Loops.Mapping(0);
        Assert.True(mapping.TryHost(7, out _));
        for (int slot = 0; slot <= 3; slot++)
        {
            RegisterMapping.Canonical.TryHost(slot, out var expected);
            Assert.True(mapping.TryHost(slot, out var host));
            Assert.Equal(expected, host);
        }
    }

    [Fact]
    public void What_is_used_once_stays_in_memory()
    {
        // 1: add x0, x1, x7; b 1b
        Assert.False(Scan(0x8B070020, Back(1)).Loops.AreMapped);
    }

    [Fact]
    public void CASP_needs_host_registers_for_itself()
    {
        // casp x12, x13, x14, x15, [x9]
        Assert.False(Scan([0x482C7D2E, .. InMemory, .. InMemory, Back(5)]).Loops.AreMapped);
    }

    [Fact]
    public void The_nested_loops_have_a_mapping() => Assert.True(Scan(Nested).Loops.AreMapped);

    [Fact]
    public void A_unit_forgets_the_loops_of_the_one_before()
    {
        Unit unit = Scan(Nested);
        Scan(unit, [Nop, Ret]);
        Assert.True(unit.Loops.IsEmpty);
        Assert.False(unit.Loops.AreMapped);
        Assert.Same(RegisterMapping.Canonical, unit.Loops.Mapping(1));
    }

    /// <summary>Stopped after any number of instructions, and started again there.</summary>
    [Fact]
    public void Budgets_may_end_anywhere_in_loops()
    {
        for (int budget = 1; budget <= 260; budget++)
        {
            using Pair pair = new(Nested);
            pair.Run(budget);
            pair.Run(400);
        }
    }

    [Fact]
    public void Blocks_may_be_entered_in_several_states_of_the_flags()
    {
        for (int budget = 1; budget <= 170; budget++)
        {
            using Pair pair = new(EnteredInSeveralStates);
            pair.Run(budget);
            pair.Run(200);
        }
    }

    [Fact]
    public void Interrupts_are_taken_at_the_same_instructions()
    {
        for (int budget = 1; budget <= 260; budget += 3)
        {
            using Pair pair = new(Nested);
            pair.Run(budget);
            pair.Both(m => m.Core.SetInterruptLine(InterruptLine.Irq, true));
            pair.Run(1);
            Assert.Equal(TestMachine.VectorBase + 0x280, pair.Translated.Pc & ~0x7FUL);
            pair.Run(10);
        }
    }

    /// <summary>From every offset in the first page on: the loop faults at some access, and goes on when the page is there.</summary>
    [Fact]
    public void Faults_may_come_anywhere_in_loops()
    {
        for (int offset = 8; offset <= 192; offset += 8)
        {
            using Pair pair = new(Nested);
            const ulong absent = TestMachine.DataBase + 0x1000;
            pair.Both(m =>
            {
                m.X[11] = absent - (ulong)offset;
                m.Memory.Absent.Add(absent);
            });
            RunResult result = pair.Run(1000);
            Assert.Equal(RunReason.Exit, result.Reason);
            Assert.Equal(PendingKind.StageTwoFault, result.Event.Kind);
            pair.Both(m => m.Memory.Absent.Clear());
            pair.Run(1000);
        }
    }

    private static uint Back(int words) => 0x1400_0000 | ((uint)-words & 0x3FF_FFFF);

    private static uint BackIf(int words) => 0x5400_0001 | ((uint)-words & 0x7_FFFF) << 5;

    private static Unit Scan(params ReadOnlySpan<uint> words)
    {
        Unit unit = new(TranslationTable.For(HostFeatures.Baseline));
        Scan(unit, words);
        return unit;
    }

    private static void Scan(Unit unit, ReadOnlySpan<uint> words)
    {
        // Read by Scan alone.
        byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        NativeMemory.Clear(page, 4096);
        words.CopyTo(new Span<uint>(page, words.Length));
        unit.Scan(page, 0, UnitMode.FpEnabled);
        NativeMemory.AlignedFree(page);
    }

    /// <summary>The same on both engines.</summary>
    private sealed class Pair : IDisposable
    {
        public Pair(uint[] words)
        {
            Both(m =>
            {
                m.Load(TestMachine.CodeBase, words);
                m.Load(TestMachine.CodeBase + 0x1000, 0x14000000); // b .
                for (int n = 0; n < 31; n++)
                    m.X[n] = 0x9E37_79B9_7F4A_7C15 * (ulong)(n + 1);
                m.X[9] = TestMachine.CodeBase + 0x1000;
                m.X[11] = TestMachine.DataBase;
                m.Pc = TestMachine.CodeBase;
                m.State->Daif = 0;
            });
        }

        public TestMachine Interpreted { get; } = new(engine: ExecutionEngine.Interpreter);

        public TestMachine Translated { get; } = new(engine: ExecutionEngine.Translator);

        public void Both(Action<TestMachine> action)
        {
            action(Interpreted);
            action(Translated);
        }

        public RunResult Run(long budget)
        {
            RunResult expected = Interpreted.Core.Run(budget), result = Translated.Core.Run(budget);
            Assert.Equal(expected.Reason, result.Reason);
            Assert.Equal(Interpreted.Pc, Translated.Pc);
            Assert.Equal(Interpreted.Retired, Translated.Retired);
            Assert.Equal(Interpreted.Nzcv, Translated.Nzcv);
            for (int n = 0; n <= CpuState.Sp; n++)
                Assert.Equal(Interpreted.X[n], Translated.X[n]);
            for (ulong at = 0; at < 0x2000; at += sizeof(ulong))
                Assert.Equal(Interpreted.Read<ulong>(TestMachine.DataBase + at), Translated.Read<ulong>(TestMachine.DataBase + at));
            return result;
        }

        public void Dispose()
        {
            Interpreted.Dispose();
            Translated.Dispose();
        }
    }
}
