using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Hypervisor.Tests.Arm64.GicV3;

/// <summary>IHI0069 4.1: the states of an interrupt; edges, levels, end of interrupt in both modes.</summary>
public class GicInterruptState_Tests
{
    [Fact]
    public void S4_1_2_A_level_that_stays_asserted_is_pending_again_after_its_end()
    {
        GicBench gic = new();
        gic.Enable(40);
        IInterruptLine line = gic.Gic.Spi(8);
        line.SetLevel(true);
        Assert.True(gic.Irq());
        Assert.Equal(40, gic.Acknowledge());
        Assert.False(gic.Irq());
        Assert.Equal(1u << 8, gic.ReadD(0x204)); // Active and pending.
        Assert.Equal(1u << 8, gic.ReadD(0x304));
        gic.EndOfInterrupt(40);
        Assert.True(gic.Irq());
        Assert.Equal(40, gic.Acknowledge());
        line.SetLevel(false);
        gic.EndOfInterrupt(40);
        Assert.False(gic.Irq());
        Assert.Equal(GicBench.Spurious, gic.Acknowledge());
    }

    [Fact]
    public void S4_1_2_A_level_that_falls_before_it_is_acknowledged_is_gone()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.Gic.Spi(8).SetLevel(true);
        gic.Gic.Spi(8).SetLevel(false);
        Assert.False(gic.Irq());
        Assert.Equal(GicBench.Spurious, gic.Acknowledge());
    }

    [Fact]
    public void S4_1_2_An_edge_is_kept_and_edges_while_active_make_one_more()
    {
        GicBench gic = new();
        gic.MakeEdge(40);
        gic.Enable(40);
        IInterruptLine line = gic.Gic.Spi(8);
        line.SetLevel(true);
        line.SetLevel(false);
        Assert.Equal(40, gic.Acknowledge());
        for (int count = 0; count < 3; count++)
        {
            line.SetLevel(true);
            line.SetLevel(false);
        }

        Assert.False(gic.Irq());
        gic.EndOfInterrupt(40);
        Assert.Equal(40, gic.Acknowledge());
        gic.EndOfInterrupt(40);
        Assert.Equal(GicBench.Spurious, gic.Acknowledge());
    }

    [Fact]
    public void S4_1_2_An_edge_line_that_stays_high_does_not_pend_again()
    {
        GicBench gic = new();
        gic.MakeEdge(40);
        gic.Enable(40);
        gic.Gic.Spi(8).SetLevel(true);
        Assert.Equal(40, gic.Acknowledge());
        gic.EndOfInterrupt(40);
        Assert.False(gic.Irq());
    }

    [Fact]
    public void S12_9_The_pending_registers_set_and_clear_only_what_the_line_does_not_hold()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.SetPending(40);
        Assert.Equal(1u << 8, gic.ReadD(0x204));
        gic.WriteD(0x284, 1u << 8);
        Assert.Equal(0u, gic.ReadD(0x204));
        Assert.False(gic.Irq());
        gic.Gic.Spi(8).SetLevel(true);
        gic.WriteD(0x284, 1u << 8);
        Assert.Equal(1u << 8, gic.ReadD(0x284));
        Assert.True(gic.Irq());
    }

    [Fact]
    public void S4_8_7_With_EOImode_1_the_end_drops_the_priority_and_DIR_deactivates()
    {
        GicBench gic = new();
        gic.Write(GicBench.Ctlr, 2);
        gic.Enable(40);
        gic.Gic.Spi(8).SetLevel(true);
        Assert.Equal(40, gic.Acknowledge());
        gic.EndOfInterrupt(40);
        Assert.Equal(0xFFu, gic.Read(GicBench.Rpr));
        Assert.Equal(1u << 8, gic.ReadD(0x304));
        Assert.False(gic.Irq());
        gic.Write(GicBench.Dir, 40);
        Assert.Equal(0u, gic.ReadD(0x304));
        Assert.True(gic.Irq());
    }

    [Fact]
    public void S12_2_7_With_EOImode_0_DIR_changes_nothing()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.SetPending(40);
        Assert.Equal(40, gic.Acknowledge());
        gic.Write(GicBench.Dir, 40);
        Assert.Equal(1u << 8, gic.ReadD(0x304));
    }

    [Fact]
    public void S12_2_9_The_end_of_a_spurious_interrupt_or_without_an_active_one_changes_nothing()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.SetPending(40);
        gic.EndOfInterrupt(40);
        Assert.Equal(40, gic.Acknowledge());
        gic.EndOfInterrupt(GicBench.Spurious);
        Assert.Equal(0xA0u, gic.Read(GicBench.Rpr));
        gic.Write(GicBench.Eoir0, 40);
        Assert.Equal(0xA0u, gic.Read(GicBench.Rpr));
        gic.EndOfInterrupt(40);
        Assert.Equal(0xFFu, gic.Read(GicBench.Rpr));
    }

    [Fact]
    public void S12_9_An_active_interrupt_can_be_set_and_cleared_by_register()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.WriteD(0x304, 1u << 8);
        gic.SetPending(40);
        Assert.False(gic.Irq());
        gic.WriteD(0x384, 1u << 8);
        Assert.True(gic.Irq());
    }

    [Fact]
    public void S12_9_A_disabled_interrupt_stays_pending_without_being_signalled()
    {
        GicBench gic = new();
        gic.Gic.Spi(8).SetLevel(true);
        Assert.False(gic.Irq());
        Assert.Equal((uint)GicBench.Spurious, gic.Read(GicBench.Hppir1));
        gic.Enable(40);
        Assert.True(gic.Irq());
        Assert.Equal(40u, gic.Read(GicBench.Hppir1));
        gic.WriteD(0x184, 1u << 8);
        Assert.False(gic.Irq());
        Assert.Equal(0u, gic.ReadD(0x104));
    }

    [Fact]
    public void S4_6_An_interrupt_whose_group_is_off_in_distributor_or_interface_is_not_signalled()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.SetPending(40);
        gic.WriteD(0, 1);
        Assert.False(gic.Irq());
        gic.WriteD(0, 2);
        Assert.True(gic.Irq());
        gic.Write(GicBench.Igrpen1, 0);
        Assert.False(gic.Irq());
        gic.Write(GicBench.Igrpen1, 1);
        Assert.True(gic.Irq());
    }

    [Fact]
    public void S4_6_An_interrupt_of_a_group_that_is_off_does_not_hide_one_of_the_other()
    {
        GicBench gic = new();
        gic.MakeGroup0(40);
        gic.SetPriority(40, 0);
        gic.Enable(40);
        gic.Enable(41);
        gic.SetPending(40);
        gic.SetPending(41);
        Assert.True(gic.Fiq());
        Assert.False(gic.Irq());
        gic.Write(GicBench.Igrpen0, 0);
        Assert.False(gic.Fiq());
        Assert.True(gic.Irq());
    }

    [Fact]
    public void S12_11_GICR_WAKER_keeps_interrupts_from_a_sleeping_PE()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.SetPending(40);
        gic.WriteR(0, 0x14, 2);
        Assert.Equal(6u, gic.ReadR(0, 0x14));
        Assert.False(gic.Irq());
        gic.WriteR(0, 0x14, 0);
        Assert.Equal(0u, gic.ReadR(0, 0x14));
        Assert.True(gic.Irq());
    }

    [Fact]
    public void Reset_forgets_everything_but_the_lines()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.Gic.Spi(8).SetLevel(true);
        Assert.Equal(40, gic.Acknowledge());
        gic.Gic.Reset();
        Assert.False(gic.Irq());
        Assert.Equal(0u, gic.ReadD(0x304));
        Assert.Equal(0u, gic.ReadD(0x104));
        Assert.Equal(1u << 8, gic.ReadD(0x204));
        Assert.Equal(0xFFu, gic.Read(GicBench.Rpr));
    }
}
