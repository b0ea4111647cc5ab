namespace Meanwhile.Arm64.Tests.Translator;

/// <summary>
/// NZCV where it is not stored but computed again: exact at every stop, whatever has become of the registers that it came from. Expected values follow from
/// DDI0487's AddWithCarry and the flags of logical instructions.
/// </summary>
public sealed unsafe class Flags_Tests
{
    private const uint N = 8, Z = 4, C = 2, V = 1;

    /// <summary>x1 += x0; x0 -= 1, while it is not 0.</summary>
    private static readonly uint[] CountDown = [0x8B000021, 0xF1000400, 0x54FFFFC1, 0x14000000];

    /// <summary>1: subs x0, x0, #1 after a load and a store of what X2 points to; b.ne 1b.</summary>
    private static readonly uint[] CountInMemory = [0xF9400043, 0x91000463, 0xF9000043, 0xF1000400, 0x54FFFF81, 0x14000000];

    [Fact]
    public void A_loop_may_stop_anywhere()
    {
        for (int budget = 1; budget <= 31; budget++)
        {
            using TestMachine m = Make(CountDown);
            m.X[0] = 10;
            m.Core.Run(budget);
            int subtractions = Math.Min((budget + 1) / 3, 10);
            Assert.Equal(10ul - (ulong)subtractions, m.X[0]);
            Assert.Equal(subtractions == 0 ? N | V : subtractions == 10 ? Z | C : C, m.Nzcv);
        }
    }

    /// <summary>10 runs of a budget of 1 and of others: each starts with flags that are stored.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_loop_goes_on_after_each_stop(int budget)
    {
        using TestMachine m = Make(CountDown);
        m.X[0] = 10;
        for (int retired = budget; retired <= 30; retired += budget)
        {
            m.Core.Run(budget);
            int subtractions = (retired + 1) / 3;
            Assert.Equal(subtractions == 0 ? N | V : subtractions == 10 ? Z | C : C, m.Nzcv);
        }
    }

    /// <summary>From another thread, so anywhere in the loop, which looks for it where it comes round.</summary>
    [Fact]
    public void A_loop_may_be_kicked_out_of()
    {
        const ulong rounds = 1UL << 60;
        using TestMachine m = Make(CountDown);
        for (int n = 0; n < 20; n++)
        {
            m.X[0] = rounds;
            m.Nzcv = N | V;
            using Timer kick = new(_ => m.Core.Kick(), null, 5, 5);
            RunResult result = m.Core.Run(long.MaxValue / 2);
            Assert.Equal(RunReason.Kicked, result.Reason);
            Assert.Equal(TestMachine.CodeBase, m.Pc);
            Assert.Equal(m.X[0] == rounds ? N | V : C, m.Nzcv);
        }
    }

    /// <summary>The flags are those of the round before when an access of the loop faults.</summary>
    [Theory]
    [InlineData(0, N | V)]
    [InlineData(1, C)]
    [InlineData(9, C)]
    public void An_access_may_fault_after_a_number_of_rounds(int rounds, uint expected)
    {
        using TestMachine m = Make(CountInMemory);
        m.X[0] = 10;
        m.X[2] = TestMachine.DataBase;
        m.Core.Run(5 * rounds);
        Assert.Equal((ulong)rounds, m.Read<ulong>(TestMachine.DataBase));
        // Within the loop's code from here on.
        m.Memory.Absent.Add(TestMachine.DataBase);
        m.Core.FlushTlb();
        RunResult result = m.Core.Run(100);
        Assert.Equal(PendingKind.StageTwoFault, result.Event.Kind);
        Assert.Equal(TestMachine.CodeBase, m.Pc);
        Assert.Equal(expected, m.Nzcv);
    }

    /// <summary>Each instruction sets the flags, then X0 and X1 are overwritten, then a jump leaves.</summary>
    [Theory]
    [InlineData(0xF100081F, 1, 2, N)] // cmp x0, #2
    [InlineData(0xEB01001F, 1, 2, N)] // cmp x0, x1
    [InlineData(0xEB010000, 1, 2, N)] // subs x0, x0, x1
    [InlineData(0xEB010001, 3, 2, C)] // subs x1, x0, x1
    [InlineData(0xEB000000, 3, 2, Z | C)] // subs x0, x0, x0
    [InlineData(0xAB010000, -1, 1, Z | C)] // adds x0, x0, x1
    [InlineData(0xAB010001, -1, 1, Z | C)] // adds x1, x0, x1
    [InlineData(0xAB000000, long.MinValue, 0, Z | C | V)] // adds x0, x0, x0
    [InlineData(0xB1000400, long.MaxValue, 0, N | V)] // adds x0, x0, #1
    [InlineData(0x31000400, 0x7FFF_FFFF, 0, N | V)] // adds w0, w0, #1
    [InlineData(0x71000400, 0x1_8000_0000, 0, C | V)] // subs w0, w0, #1
    [InlineData(0xEA010000, -1, -2, N)] // ands x0, x0, x1
    [InlineData(0xEA01001F, 1, 2, Z)] // tst x0, x1
    [InlineData(0x6A01001F, 0x8000_0000, 0xFFFF_FFFF, N)] // tst w0, w1
    [InlineData(0xF240001F, 2, 0, Z)] // tst x0, #1
    [InlineData(0xEB0007E1, 5, 0, N)] // negs x1, x0, lsl #1
    public void Flags_outlive_their_operands(uint instruction, long x0, long x1, uint expected)
    {
        uint[][] between =
        [
            [],
            [0xD2800000, 0xD2800001], // mov x0, #0; mov x1, #0
            [0xCA010000, 0xCA000021], // eor x0, x0, x1; eor x1, x1, x0: the host's flags are lost
            [0x54000060, 0x8B010000, 0x8B000021], // b.eq over both; add x0, x0, x1; add x1, x1, x0
            [0xF8408440, 0xF8408441], // ldr x0, [x2], #8; ldr x1, [x2], #8
            [0xA8C10440], // ldp x0, x1, [x2], #16
        ];
        foreach (uint[] overwrite in between)
        {
            // Then csel x4, x0, x1, vs; adc x5, xzr, xzr; b .
            uint[] words = [instruction, .. overwrite, 0x9A816004, 0x9A1F03E5, 0x14000000];
            for (int budget = 1; budget <= words.Length + 2; budget++)
            {
                using TestMachine m = Make(words);
                m.X[0] = (ulong)x0;
                m.X[1] = (ulong)x1;
                m.X[2] = TestMachine.DataBase;
                m.Core.Run(budget);
                Assert.Equal(expected, m.Nzcv);
                if (budget > words.Length)
                    Assert.Equal(expected >> 1 & 1, m.X[5]);
            }
        }
    }

    /// <summary>As instructions of a loop, with its back edge after them: subs x9, x9, #1 is not the last that sets flags.</summary>
    [Theory]
    [InlineData(0xF100081F, 1, N)] // cmp x0, #2
    [InlineData(0xB1000C1F, -1, C)] // cmn x0, #3
    [InlineData(0xF240001F, 1, 0)] // tst x0, #1
    [InlineData(0x6A00001F, 0x8000_0000, N)] // tst w0, w0
    public void Flags_of_a_round_are_seen_in_the_next(uint instruction, long x0, uint expected)
    {
        // 1: ldr x3, [x2]; subs x9, x9, #1; cset x10, eq; cmp …; cbz x10, 1b; b .
        uint[] words = [0xF9400043, 0xF1000529, 0x9A9F17EA, instruction, 0xB4FFFF8A, 0x14000000];
        for (int budget = 4; budget <= 40; budget++)
        {
            using TestMachine m = Make(words);
            m.X[0] = (ulong)x0;
            m.X[2] = TestMachine.DataBase;
            m.X[9] = 8;
            m.Core.Run(budget);
            int position = budget >= 40 ? 5 : budget % 5;
            Assert.Equal(position is 2 or 3 ? budget / 5 == 7 ? Z | C : C : expected, m.Nzcv);
        }
    }

    private static TestMachine Make(uint[] words)
    {
        TestMachine m = new(engine: ExecutionEngine.Translator);
        m.Load(TestMachine.CodeBase, words);
        m.Pc = TestMachine.CodeBase;
        m.Nzcv = N | V;
        return m;
    }
}
