using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Hypervisor.Arm64.GicV3;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Hypervisor.Tests.Arm64;

/// <summary>DDI0487 D11.2, on the virtual clock: 16 ns a tick.</summary>
public class GenericTimer_Tests
{
    internal static readonly uint Cntfrq = SystemRegister.Key(3, 3, 14, 0, 0);
    internal static readonly uint Cntpct = SystemRegister.Key(3, 3, 14, 0, 1);
    internal static readonly uint Cntvct = SystemRegister.Key(3, 3, 14, 0, 2);
    internal static readonly uint CntpTval = SystemRegister.Key(3, 3, 14, 2, 0);
    internal static readonly uint CntpCtl = SystemRegister.Key(3, 3, 14, 2, 1);
    internal static readonly uint CntvTval = SystemRegister.Key(3, 3, 14, 3, 0);
    internal static readonly uint CntvCtl = SystemRegister.Key(3, 3, 14, 3, 1);
    internal static readonly uint CntvCval = SystemRegister.Key(3, 3, 14, 3, 2);

    private readonly VirtualClock clock = new();
    private readonly Line virtualLine = new();
    private readonly Line physicalLine = new();
    private readonly VcpuSystemRegisters registers;

    public GenericTimer_Tests() =>
        registers = new VcpuSystemRegisters(new Gic(1, 32).CpuInterface(0), new GenericTimer(0, clock, new GuestCounter(clock), virtualLine, physicalLine));

    private sealed class Line : IInterruptLine
    {
        internal bool Asserted { get; private set; }

        public void SetLevel(bool asserted) => Asserted = asserted;
    }

    private ulong Read(uint register)
    {
        Assert.True(registers.TryRead(register, 0, out ulong value));
        return value;
    }

    private void Write(uint register, ulong value) => Assert.True(registers.TryWrite(register, 0, value));

    private void AdvanceTo(long time)
    {
        clock.ScheduleAt(time, () => { });
        while (clock.Now < time && clock.AdvanceToNextEvent())
            clock.RunDueEvents();
    }

    [Fact]
    public void D11_1_The_counter_has_the_frequency_that_CNTFRQ_says()
    {
        AdvanceTo(1_000_000_000);
        Assert.Equal(62_500_000u, Read(Cntfrq));
        Assert.Equal(62_500_000u, Read(Cntvct));
        Assert.Equal(62_500_000u, Read(Cntpct));
        Assert.False(registers.TryWrite(Cntfrq, 1, 1));
        Assert.False(registers.TryWrite(Cntvct, 1, 1));
    }

    [Fact]
    public void D11_2_4_The_interrupt_is_a_level_from_the_compare_value_on()
    {
        Write(CntvCval, 100);
        Write(CntvCtl, 1);
        AdvanceTo(1599);
        Assert.False(virtualLine.Asserted);
        Assert.Equal(1u, Read(CntvCtl));
        AdvanceTo(1600);
        Assert.True(virtualLine.Asserted);
        Assert.Equal(5u, Read(CntvCtl));
        Assert.False(physicalLine.Asserted);
        Write(CntvCval, 200);
        Assert.False(virtualLine.Asserted);
        AdvanceTo(3200);
        Assert.True(virtualLine.Asserted);
    }

    [Fact]
    public void D11_2_4_IMASK_holds_the_interrupt_but_not_the_status()
    {
        Write(CntvCval, 100);
        Write(CntvCtl, 3);
        AdvanceTo(1600);
        Assert.False(virtualLine.Asserted);
        Assert.Equal(7u, Read(CntvCtl));
        Write(CntvCtl, 1);
        Assert.True(virtualLine.Asserted);
        Write(CntvCtl, 0);
        Assert.False(virtualLine.Asserted);
    }

    [Fact]
    public void D11_2_4_TVAL_is_a_signed_distance()
    {
        AdvanceTo(1600);
        Write(CntvTval, 0xFFFF_FFFF); // -1
        Assert.Equal(99u, Read(CntvCval));
        Write(CntvCtl, 1);
        Assert.True(virtualLine.Asserted);
        Write(CntvTval, 50);
        Assert.Equal(150u, Read(CntvCval));
        Assert.Equal(50u, Read(CntvTval));
        AdvanceTo(1600 + 1600);
        Assert.Equal(0xFFFF_FFCEu, Read(CntvTval)); // -50, zero-extended.
        Assert.True(virtualLine.Asserted);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(long.MaxValue / 16)]
    public void D11_2_A_compare_value_in_the_far_future_never_comes(ulong far)
    {
        Write(CntvCval, far);
        Write(CntvCtl, 1);
        AdvanceTo(1_000_000_000_000);
        Assert.False(virtualLine.Asserted);
        Assert.Equal(1u, Read(CntvCtl));
    }

    [Fact]
    public void D11_2_The_two_timers_are_independent()
    {
        Write(CntpTval, 10);
        Write(CntpCtl, 1);
        Write(CntvTval, 20);
        Write(CntvCtl, 1);
        AdvanceTo(160);
        Assert.Equal((true, false), (physicalLine.Asserted, virtualLine.Asserted));
        AdvanceTo(320);
        Assert.Equal((true, true), (physicalLine.Asserted, virtualLine.Asserted));
    }

    [Fact]
    public void Rewriting_a_timer_leaves_no_events_behind()
    {
        Write(CntvCtl, 1);
        for (uint value = 1; value < 1000; value++)
            Write(CntvCval, value * 1_000_000);
        Write(CntvCtl, 0);
        Assert.Null(clock.NextEventTime);
    }

    [Fact]
    public void EL0_reaches_the_timer_but_not_the_interrupt_controller()
    {
        Assert.True(registers.TryRead(Cntvct, 0, out _));
        Assert.False(registers.TryRead(GicV3.GicBench.Pmr, 0, out _));
        Assert.False(registers.TryWrite(GicV3.GicBench.Pmr, 0, 0));
        Assert.True(registers.TryRead(GicV3.GicBench.Pmr, 1, out _));
        Assert.False(registers.TryRead(SystemRegister.Key(3, 0, 1, 0, 0), 1, out _));
    }
}
