using Meanwhile.Arm64.SystemRegisters;

namespace Meanwhile.Arm64.Tests.SystemRegisters;

/// <summary>MRS and MSR (register): DDI0487 D17, C5.2.</summary>
public sealed unsafe class SystemRegister_Tests
{
    private const ulong El0 = 0x3C0;
    private const ulong Undefined = 1ul << 25;

    [Theory]
    [InlineData(0xD53803A0u, 0ul)] // mrs x0, id_dfr1_el1: reserved here
    [InlineData(0xD53800A0u, 0x8000_0000ul)] // mrs x0, mpidr_el1
    [InlineData(0xD5384240u, 4ul)] // mrs x0, currentel
    [InlineData(0xD5384200u, 1ul)] // mrs x0, spsel
    [InlineData(0xD53B0020u, 0x9444_C004ul)] // mrs x0, ctr_el0
    public void Identification_and_state_read_as_they_must(uint word, ulong expected)
    {
        using var m = new TestMachine();
        m.X[0] = ulong.MaxValue;
        m.Run(word);
        Assert.Equal(expected, m.X[0]);
    }

    /// <summary>Linux's cpufeature code asks for all of them; none may be UNDEFINED at EL1 (D17.1.3).</summary>
    [Fact]
    public void The_whole_identification_space_is_readable_at_EL1_only()
    {
        using var m = new TestMachine();
        for (uint crm = 1; crm < 8; crm++)
        {
            for (uint op2 = 0; op2 < 8; op2++)
            {
                uint word = 0xD5380000 | crm << 8 | op2 << 5;
                m.Core.SetPstate(0x3C5);
                m.Run(word);
                Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
                m.Core.SetPstate(El0);
                Assert.Equal(Undefined, m.RunToException(word));
            }
        }
    }

    [Theory]
    [InlineData(0xD538F000u)] // mrs x0, s3_0_c15_c0_0
    [InlineData(0xD5180000u)] // msr midr_el1, x0
    [InlineData(0xD5087F00u)] // sys #0, c7, c15, #0, x0
    public void What_does_not_exist_is_UNDEFINED(uint word)
    {
        using var m = new TestMachine();
        Assert.Equal(Undefined, m.RunToException(word));
    }

    [Theory]
    [InlineData(0xD5384020u)] // mrs x0, elr_el1
    [InlineData(0xD538D080u)] // mrs x0, tpidr_el1
    [InlineData(0xD51BD060u)] // msr tpidrro_el0, x0
    [InlineData(0xD5381000u)] // mrs x0, sctlr_el1
    [InlineData(0xD538C100u)] // mrs x0, isr_el1
    [InlineData(0xD538CC00u)] // mrs x0, icc_iar1_el1
    [InlineData(0xD508831Fu)] // tlbi vmalle1is
    [InlineData(0xD508751Fu)] // ic iallu
    [InlineData(0xD5087620u)] // dc ivac, x0
    [InlineData(0xD5087E40u)] // dc cisw, x0
    [InlineData(0xD5087800u)] // at s1e1r, x0
    [InlineData(0xD500419Fu)] // msr pan, #1
    [InlineData(0xD50041BFu)] // msr spsel, #1
    public void EL1_only_registers_and_instructions_are_UNDEFINED_at_EL0(uint word)
    {
        using var m = new TestMachine();
        m.BusRegisters[SystemRegister.Key(3, 0, 12, 12, 0)] = 1;
        m.Core.SetPstate(El0);
        Assert.Equal(Undefined, m.RunToException(word));
    }

    /// <summary>SCTLR_EL1.UCT, DZE, UCI: EC 0x18 with the operands in ISS, unless the bit is set.</summary>
    [Theory]
    [InlineData(0xD53B0020u, 15, 0x18, 3u, 1u, 3u, 0u, 0u)] // mrs x0, ctr_el0
    [InlineData(0xD50B7420u, 14, 0x18, 1u, 1u, 3u, 7u, 4u)] // dc zva, x0
    [InlineData(0xD50B7A20u, 26, 0x18, 1u, 1u, 3u, 7u, 10u)] // dc cvac, x0
    [InlineData(0xD50B7E20u, 26, 0x18, 1u, 1u, 3u, 7u, 14u)] // dc civac, x0
    [InlineData(0xD50B7520u, 26, 0x18, 1u, 1u, 3u, 7u, 5u)] // ic ivau, x0
    public void EL0_is_trapped_unless_SCTLR_permits(uint word, int bit, int ec, uint op0, uint op2, uint op1, uint crn, uint crm)
    {
        using var m = new TestMachine();
        m.X[0] = TestMachine.DataBase;
        m.Core.SetPstate(El0);
        ulong iss = op0 << 20 | op2 << 17 | op1 << 14 | crn << 10 | crm << 1 | (word >> 21 & 1);
        Assert.Equal((ulong)ec << 26 | 1 << 25 | iss, m.RunToException(word));
        m.Core.WriteSctlr(1UL << bit);
        m.Core.SetPstate(El0);
        // DC ZVA with the MMU off is a data abort, not a trap: device memory.
        if (bit == 14)
            Assert.Equal(0x24ul, m.RunToException(word) >> 26);
        else
            Assert.Equal(RunReason.BudgetSpent, m.Run(word).Reason);
        Assert.NotEqual(0x18ul, m.State->System.EsrEl1 >> 26 & (bit == 14 ? 0x3F : 0ul));
    }

    /// <summary>CNTKCTL_EL1 bits that each let EL0 in (D11.2): EL0PCTEN 0, EL0VCTEN 1, EL0VTEN 8, EL0PTEN 9.</summary>
    [Theory]
    [InlineData(0xD53BE040u, 3u, 0u, 2u, new[] { 1 })] // mrs x0, cntvct_el0
    [InlineData(0xD53BE000u, 3u, 0u, 0u, new[] { 0, 1 })] // mrs x0, cntfrq_el0
    [InlineData(0xD53BE320u, 3u, 3u, 1u, new[] { 8 })] // mrs x0, cntv_ctl_el0
    [InlineData(0xD53BE240u, 3u, 2u, 2u, new[] { 9 })] // mrs x0, cntp_cval_el0
    public void The_timer_is_EL0s_only_where_CNTKCTL_says_so(uint word, uint op1, uint crm, uint op2, int[] bits)
    {
        using var m = new TestMachine();
        m.BusRegisters[SystemRegister.Key(3, op1, 14, crm, op2)] = 0x1234;
        m.Run(word);
        Assert.Equal(0x1234ul, m.X[0]);
        for (int bit = 0; bit < 10; bit++)
        {
            m.X[0] = 0;
            m.State->System.CntkctlEl1 = 1UL << bit;
            m.Core.SetPstate(El0);
            if (bits.Contains(bit))
            {
                m.Run(word);
                Assert.Equal(0x1234ul, m.X[0]);
            }
            else
            {
                Assert.Equal(0x18ul, m.RunToException(word) >> 26);
            }
        }
    }

    [Fact]
    public void Registers_on_the_bus_are_asked_with_the_exact_instruction_count_and_UNDEFINED_when_it_has_none()
    {
        using var m = new TestMachine();
        Assert.Equal(Undefined, m.RunToException(0xD538CC00)); // mrs x0, icc_iar1_el1
        uint eoir = SystemRegister.Key(3, 0, 12, 12, 1);
        m.BusRegisters[eoir] = 0;
        m.X[0] = 27;
        m.Run(0xD518CC20); // msr icc_eoir1_el1, x0
        Assert.Equal(27ul, m.BusRegisters[eoir]);
    }

    [Fact]
    public void Reserved_bits_of_stored_registers_do_not_stick()
    {
        using var m = new TestMachine();
        m.X[0] = ulong.MaxValue;
        m.Run(0xD518C000, 0xD538C000); // msr vbar_el1, x0; mrs x0, vbar_el1
        Assert.Equal(~0x7FFul, m.X[0]);
        m.X[0] = ulong.MaxValue;
        m.Run(0xD51B4400, 0xD53B4400); // msr fpcr, x0; mrs x0, fpcr
        Assert.Equal(0x07C0_0000ul, m.X[0]);
        m.X[0] = ulong.MaxValue;
        m.Run(0xD51B4200, 0xD53B4200); // msr nzcv, x0; mrs x0, nzcv
        Assert.Equal(0xF000_0000ul, m.X[0]);
    }

    [Fact]
    public void FPCR_traps_with_the_other_FP_state()
    {
        using var m = new TestMachine();
        m.Core.WriteCpacr(1 << 20);
        m.Run(0xD53B4400); // mrs x0, fpcr
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
        m.Core.SetPstate(El0);
        Assert.Equal(0x07UL << 26 | 1 << 25 | 0x1E0_0000, m.RunToException(0xD53B4400));
    }

    [Fact]
    public void Reading_into_XZR_and_writing_from_it_leave_the_registers_alone()
    {
        using var m = new TestMachine();
        m.Sp = 0x1234;
        m.Run(0xD538001F); // mrs xzr, midr_el1
        Assert.Equal(0x1234ul, m.Sp);
        Assert.Equal(0ul, m.State->X[CpuState.Zr]);
    }

    [Fact]
    public void ISR_shows_pending_interrupts_though_masked()
    {
        using var m = new TestMachine();
        m.Core.SetInterruptLine(InterruptLine.Irq, true);
        m.Core.SetInterruptLine(InterruptLine.SError, true);
        m.Run(0xD538C100); // mrs x0, isr_el1
        Assert.Equal(0x180ul, m.X[0]);
    }

    [Theory]
    [InlineData(0xD503233Fu)] // paciasp
    [InlineData(0xD503221Fu)] // esb
    [InlineData(0xD50330FFu)] // sb
    [InlineData(0xD5033F9Fu)] // dsb sy
    [InlineData(0xD5033BBFu)] // dmb ish
    [InlineData(0xD5033FDFu)] // isb
    [InlineData(0xD5033F5Fu)] // clrex
    public void Hints_and_barriers_go_on(uint word)
    {
        using var m = new TestMachine();
        m.State->ExclusiveSize = 8;
        m.Run(word);
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
        Assert.Equal(word == 0xD5033F5F ? 0 : 8, m.State->ExclusiveSize);
    }
}
