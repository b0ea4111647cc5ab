namespace Meanwhile.Arm64.Tests.Exceptions;

/// <summary>DDI0487 D1.3: exception entry and return, PSTATE, vectors, syndromes.</summary>
public sealed unsafe class Exceptions_Tests
{
    private const ulong El0 = 0x3C0, El1T = 0x3C4, El1H = 0x3C5;
    private const uint Svc5 = 0xD40000A1, Brk7 = 0xD42000E0, Hvc1 = 0xD4000022, Smc2 = 0xD4000043, Hlt1 = 0xD4400020, Eret = 0xD69F03E0;
    private const uint Wfi = 0xD503207F, Wfe = 0xD503205F, Sev = 0xD503209F, Sevl = 0xD50320BF;
    private const uint Nop = 0xD503201F, DaifClrI = 0xD50342FF, DaifSetI = 0xD50342DF;

    [Theory]
    [InlineData(El1T, 0x000ul)]
    [InlineData(El1H, 0x200ul)]
    [InlineData(El0, 0x400ul)]
    public void A_synchronous_exception_goes_to_the_vector_of_its_origin(ulong pstate, ulong vector)
    {
        using var m = new TestMachine();
        m.Core.SetPstate(pstate);
        Assert.Equal(0x15UL << 26 | 1 << 25 | 5, m.RunToException(Svc5));
        Assert.Equal(TestMachine.VectorBase + vector, m.Pc);
        Assert.Equal(pstate, m.State->System.SpsrEl1);
        Assert.Equal(TestMachine.CodeBase + 4, m.State->System.ElrEl1);
        Assert.Equal(El1H, m.Core.GetPstate());
    }

    [Theory]
    [InlineData(InterruptLine.Irq, 0x080ul)]
    [InlineData(InterruptLine.Fiq, 0x100ul)]
    [InlineData(InterruptLine.SError, 0x180ul)]
    public void An_interrupt_goes_to_its_vector_with_the_next_instruction_as_return_address(InterruptLine line, ulong vector)
    {
        using var m = new TestMachine();
        m.Core.SetPstate(5);
        m.Core.SetInterruptLine(line, true);
        m.Run(Nop);
        Assert.Equal(TestMachine.VectorBase + 0x200 + vector, m.Pc);
        Assert.Equal(TestMachine.CodeBase, m.State->System.ElrEl1);
        Assert.Equal(5ul, m.State->System.SpsrEl1);
        if (line == InterruptLine.SError)
            Assert.Equal(0x2FUL << 26 | 1 << 25, m.State->System.EsrEl1);
    }

    [Fact]
    public void A_masked_interrupt_waits_until_it_is_unmasked()
    {
        using var m = new TestMachine();
        m.Core.SetInterruptLine(InterruptLine.Irq, true);
        m.Load(TestMachine.CodeBase, Nop, Nop, DaifClrI, Nop, Nop);
        m.Pc = TestMachine.CodeBase;
        m.Core.Run(4);
        Assert.Equal(TestMachine.CodeBase + 12, m.State->System.ElrEl1);
        Assert.Equal(0xD, (int)(m.State->System.SpsrEl1 >> 6));
        m.Core.SetInterruptLine(InterruptLine.Irq, false);
    }

    [Fact]
    public void A_line_that_is_released_again_is_not_taken()
    {
        using var m = new TestMachine();
        m.Core.SetInterruptLine(InterruptLine.Irq, true);
        m.Run(Nop);
        m.Core.SetInterruptLine(InterruptLine.Irq, false);
        m.Run(DaifClrI, Nop, Nop);
        Assert.Equal(TestMachine.CodeBase + 12, m.Pc);
    }

    [Fact]
    public void ERET_unmasks_what_is_pending()
    {
        using var m = new TestMachine();
        m.Core.SetInterruptLine(InterruptLine.Irq, true);
        m.State->System.SpsrEl1 = 0;
        m.State->System.ElrEl1 = TestMachine.DataBase;
        m.Load(TestMachine.DataBase, Nop, Nop);
        m.Load(TestMachine.CodeBase, Eret);
        m.Pc = TestMachine.CodeBase;
        m.Core.Run(2);
        Assert.Equal(TestMachine.VectorBase + 0x480, m.Pc);
        Assert.Equal(TestMachine.DataBase, m.State->System.ElrEl1);
    }

    [Theory]
    [InlineData(Brk7, 0x3CUL << 26 | 1 << 25 | 7)]
    [InlineData(Hlt1, 1ul << 25)]
    [InlineData(0x00000000u, 1ul << 25)]
    public void BRK_and_undefined_instructions_return_to_themselves(uint word, ulong esr)
    {
        using var m = new TestMachine();
        Assert.Equal(esr, m.RunToException(word));
        Assert.Equal(TestMachine.CodeBase, m.State->System.ElrEl1);
    }

    [Theory]
    [InlineData(Hvc1, PendingKind.Hypercall, 1ul)]
    [InlineData(Smc2, PendingKind.SecureMonitorCall, 2ul)]
    public void HVC_and_SMC_leave_at_EL1_and_are_UNDEFINED_at_EL0(uint word, PendingKind kind, ulong immediate)
    {
        using var m = new TestMachine();
        RunResult result = m.Run(word, Nop);
        Assert.Equal((RunReason.Exit, kind, immediate), (result.Reason, result.Event.Kind, result.Event.Data));
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
        m.Core.SetPstate(El0);
        Assert.Equal(1ul << 25, m.RunToException(word));
    }

    [Theory]
    [InlineData(0ul, true)]
    [InlineData(1ul << 23, false)]
    public void Entry_sets_PAN_unless_SPAN_says_otherwise_and_clears_UAO(ulong span, bool pan)
    {
        using var m = new TestMachine();
        m.Core.WriteSctlr(0x3050_0980 | span);
        m.Core.SetPstate(El1H | 1 << 23);
        m.RunToException(Svc5);
        Assert.Equal(El1H | (pan ? 1ul << 22 : 0), m.Core.GetPstate());
        Assert.Equal(El1H | 1 << 23, m.State->System.SpsrEl1);
    }

    [Fact]
    public void Each_level_and_SPSel_has_its_stack_pointer()
    {
        using var m = new TestMachine();
        m.Sp = 0x1111;
        m.Core.SetPstate(El0);
        m.Sp = 0x2222;
        m.RunToException(Svc5);
        Assert.Equal(0x1111ul, m.Sp);
        m.Run(0xD5384100); // mrs x0, sp_el0
        Assert.Equal(0x2222ul, m.X[0]);
        m.Run(0xD50040BF); // msr spsel, #0
        Assert.Equal(0x2222ul, m.Sp);
        Assert.Equal(1ul << 25, m.RunToException(0xD5384100)); // mrs x0, sp_el0 with SP_EL0 selected
        Assert.Equal(0x1111ul, m.Sp);
    }

    [Theory]
    [InlineData(0x0000_0000ul)]
    [InlineData(0xF000_0000ul)]
    [InlineData(0xA0C0_03C0ul)]
    [InlineData(0x5000_03C4ul)]
    [InlineData(0x00C0_0085ul)]
    public void ERET_restores_PSTATE_and_clears_the_exclusive_monitor(ulong spsr)
    {
        using var m = new TestMachine();
        m.State->ExclusiveSize = 8;
        m.State->System.SpsrEl1 = spsr;
        m.State->System.ElrEl1 = TestMachine.DataBase;
        m.Run(Eret);
        Assert.Equal(spsr, m.Core.GetPstate());
        Assert.Equal(TestMachine.DataBase, m.Pc);
        Assert.Equal(0, m.State->ExclusiveSize);
    }

    /// <summary>D1.3.4: AArch32, EL2 and EL3, reserved M: PSTATE.IL is set, EL and SP stay, the next instruction takes EC 0x0E.</summary>
    [Theory]
    [InlineData(0x10ul)]
    [InlineData(0x01ul)]
    [InlineData(0x02ul)]
    [InlineData(0x06ul)]
    [InlineData(0x08ul)]
    [InlineData(0x09ul)]
    [InlineData(0x0Dul)]
    public void An_illegal_return_sets_IL_and_stays_at_its_level(ulong mode)
    {
        using var m = new TestMachine();
        m.State->System.SpsrEl1 = 0x9000_0000 | mode;
        m.State->System.ElrEl1 = TestMachine.DataBase;
        m.Run(Eret);
        Assert.Equal(0x9010_0005ul, m.Core.GetPstate());
        m.Load(TestMachine.DataBase, Nop);
        m.Core.Run(1);
        Assert.Equal(0x0EUL << 26 | 1 << 25, m.State->System.EsrEl1);
        Assert.Equal(TestMachine.DataBase, m.State->System.ElrEl1);
        Assert.Equal(0x9010_0005ul, m.State->System.SpsrEl1);
        Assert.Equal(0, m.State->Il);
    }

    [Fact]
    public void SPSR_IL_makes_the_instruction_returned_to_illegal()
    {
        using var m = new TestMachine();
        m.State->System.SpsrEl1 = El0 | 1 << 20;
        m.State->System.ElrEl1 = TestMachine.DataBase;
        m.Run(Eret);
        m.Core.Run(1);
        Assert.Equal(0x0EUL << 26 | 1 << 25, m.State->System.EsrEl1);
        Assert.Equal(TestMachine.VectorBase + 0x400, m.Pc);
    }

    [Fact]
    public void ERET_is_UNDEFINED_at_EL0()
    {
        using var m = new TestMachine();
        m.Core.SetPstate(El0);
        Assert.Equal(1ul << 25, m.RunToException(Eret));
    }

    [Fact]
    public void WFI_leaves_unless_an_interrupt_is_pending_masked_or_not()
    {
        using var m = new TestMachine();
        Assert.Equal(PendingKind.WaitForInterrupt, m.Run(Wfi, Nop).Event.Kind);
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
        m.Core.SetInterruptLine(InterruptLine.Irq, true);
        Assert.Equal(RunReason.BudgetSpent, m.Run(Wfi, Nop).Reason);
    }

    [Fact]
    public void WFE_passes_once_for_each_event_and_ERET_is_one()
    {
        using var m = new TestMachine();
        Assert.Equal(PendingKind.WaitForEvent, m.Run(Wfe).Event.Kind);
        Assert.Equal(PendingKind.WaitForEvent, m.Run(Sevl, Wfe, Wfe, Nop).Event.Kind);
        Assert.Equal(TestMachine.CodeBase + 12, m.Pc);
        Assert.Equal(RunReason.BudgetSpent, m.Run(Sev, Wfe).Reason);
        m.State->System.SpsrEl1 = El1H;
        m.State->System.ElrEl1 = TestMachine.CodeBase + 4;
        Assert.Equal(RunReason.BudgetSpent, m.Run(Eret, Wfe).Reason);
        Assert.Equal(TestMachine.CodeBase + 8, m.Pc);
    }

    [Theory]
    [InlineData(Wfi, 0u)]
    [InlineData(Wfe, 1u)]
    public void WFI_and_WFE_trap_from_EL0_where_SCTLR_says_so(uint word, uint iss)
    {
        using var m = new TestMachine();
        m.Core.SetPstate(El0);
        Assert.Equal(0x01UL << 26 | 1 << 25 | 0x01E0_0000 | iss, m.RunToException(word));
        m.Core.WriteSctlr(1 << 16 | 1 << 18);
        m.Core.SetPstate(El0);
        Assert.Equal(RunReason.Exit, m.Run(word).Reason);
    }

    [Fact]
    public void DAIF_moves_as_a_register_and_by_immediate()
    {
        using var m = new TestMachine();
        m.Core.SetPstate(5);
        m.Run(DaifSetI, 0xD53B4220); // mrs x0, daif
        Assert.Equal(0x80ul, m.X[0]);
        m.X[0] = 0x340;
        m.Run(0xD51B4220); // msr daif, x0
        Assert.Equal(0x345ul, m.Core.GetPstate());
        m.Core.SetPstate(El0);
        // ISS of MSR DAIFSet, #2: op0 0, op1 3, CRn 4, CRm 2, op2 6, Rt 31, write.
        Assert.Equal(0x18UL << 26 | 1 << 25 | 6 << 17 | 3 << 14 | 4 << 10 | 31 << 5 | 2 << 1, m.RunToException(DaifSetI));
        m.Core.WriteSctlr(1 << 9);
        m.Core.SetPstate(0);
        m.Run(DaifSetI);
        Assert.Equal(0x80ul, m.Core.GetPstate());
    }

    [Fact]
    public void SP_as_base_must_be_aligned_to_16_where_SA_says_so()
    {
        using var m = new TestMachine();
        const uint Store = 0xF90003E1; // str x1, [sp]
        m.Sp = TestMachine.DataBase + 8;
        Assert.Equal(RunReason.BudgetSpent, m.Run(Store).Reason);
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
        m.Core.WriteSctlr(1 << 3);
        Assert.Equal(0x26UL << 26 | 1 << 25, m.RunToException(Store));
        m.Core.WriteSctlr(1 << 4);
        m.Run(Store);
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
        m.Core.SetPstate(El0);
        m.Sp = TestMachine.DataBase + 8;
        Assert.Equal(0x26UL << 26 | 1 << 25, m.RunToException(Store));
    }

    [Fact]
    public void An_injected_external_abort_is_a_data_abort_of_the_access()
    {
        using var m = new TestMachine();
        m.X[0] = TestMachine.DeviceBase;
        RunResult result = m.Run(0xF9400001); // ldr x1, [x0]
        Assert.Equal(PendingKind.Mmio, result.Event.Kind);
        m.Core.InjectExternalAbort(result.Event);
        Assert.Equal(0x25UL << 26 | 1 << 25 | 0x10, m.State->System.EsrEl1);
        Assert.Equal(TestMachine.DeviceBase, m.State->System.FarEl1);
        Assert.Equal(TestMachine.CodeBase, m.State->System.ElrEl1);
        Assert.Equal(TestMachine.VectorBase + 0x200, m.Pc);
    }

    /// <summary>D2.10: with MDSCR_EL1.SS, ERET to EL0 with SPSR.SS executes one instruction, then EC 0x32 before the next.</summary>
    [Fact]
    public void Software_step_executes_one_instruction_of_EL0()
    {
        using var m = new TestMachine();
        m.X[0] = 0;
        m.Run(0xD5101080); // msr oslar_el1, x0
        m.X[0] = 1;
        m.Run(0xD5100240); // msr mdscr_el1, x0
        m.State->System.SpsrEl1 = El0 | 1 << 21;
        m.State->System.ElrEl1 = TestMachine.DataBase;
        m.Load(TestMachine.DataBase, 0x91000400, 0x91000400); // add x0, x0, #1 twice
        m.X[0] = 0;
        m.Load(TestMachine.CodeBase, Eret);
        m.Pc = TestMachine.CodeBase;
        m.Core.Run(3);
        Assert.Equal(1ul, m.X[0]);
        Assert.Equal(0x32UL << 26 | 1 << 25 | 0x22, m.State->System.EsrEl1);
        Assert.Equal(TestMachine.DataBase + 4, m.State->System.ElrEl1);
        Assert.Equal(El0, m.State->System.SpsrEl1);
    }

    [Fact]
    public void A_stepped_SVC_is_complete_when_taken()
    {
        using var m = new TestMachine();
        m.Core.WriteOslar(0);
        m.Core.WriteMdscr(1);
        m.Core.SetPstate(El0 | 1 << 21);
        m.RunToException(Svc5);
        Assert.Equal(El0, m.State->System.SpsrEl1);
        m.Core.SetPstate(El0 | 1 << 21);
        m.RunToException(Brk7);
        Assert.Equal(El0 | 1 << 21, m.State->System.SpsrEl1);
    }
}
