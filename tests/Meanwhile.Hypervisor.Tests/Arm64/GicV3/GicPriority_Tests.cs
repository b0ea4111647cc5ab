namespace Meanwhile.Hypervisor.Tests.Arm64.GicV3;

/// <summary>IHI0069 4.8: prioritisation, preemption, masking.</summary>
public class GicPriority_Tests
{
    [Fact]
    public void S4_8_The_pending_interrupt_of_highest_priority_is_acknowledged_first()
    {
        GicBench gic = new();
        gic.SetPriority(40, 0x80);
        gic.SetPriority(41, 0x40);
        gic.SetPriority(42, 0xC0);
        foreach (int intid in (int[])[40, 41, 42])
        {
            gic.Enable(intid);
            gic.SetPending(intid);
        }

        List<int> order = [];
        for (int count = 0; count < 3; count++)
        {
            order.Add(gic.Acknowledge());
            gic.EndOfInterrupt(order[^1]);
        }

        Assert.Equal([41, 40, 42], order);
        Assert.Equal(GicBench.Spurious, gic.Acknowledge());
    }

    [Fact]
    public void S4_8_4_Only_five_priority_bits_are_implemented()
    {
        GicBench gic = new();
        gic.WriteD(0x420, 0xFFFF_FFFF);
        gic.Write(GicBench.Pmr, 0xFF);
        Assert.Equal(0xF8F8_F8F8u, gic.ReadD(0x420));
        Assert.Equal(0xF8u, gic.Read(GicBench.Pmr));
        Assert.Equal(4u, (gic.Read(GicBench.Ctlr) >> 8) & 7);
    }

    [Theory]
    [InlineData(0xA0, false)] // Equal to the mask: masked.
    [InlineData(0xA8, true)]
    [InlineData(0x00, false)]
    public void S4_8_6_An_interrupt_is_signalled_only_above_the_priority_mask(byte mask, bool signalled)
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.Write(GicBench.Pmr, mask);
        gic.SetPending(40);
        Assert.Equal(signalled, gic.Irq());
        Assert.Equal(signalled ? 40 : GicBench.Spurious, gic.Acknowledge());
        if (!signalled)
            Assert.Equal(40u, gic.Read(GicBench.Hppir1));
    }

    [Fact]
    public void S4_8_6_Lowering_the_mask_register_withdraws_and_raising_it_signals_again()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.SetPending(40);
        Assert.True(gic.Irq());
        gic.Write(GicBench.Pmr, 0x60);
        Assert.False(gic.Irq());
        gic.Write(GicBench.Pmr, 0xF0);
        Assert.True(gic.Irq());
    }

    [Fact]
    public void S4_8_5_A_higher_priority_preempts_and_a_lower_or_equal_one_waits()
    {
        GicBench gic = new();
        foreach (int intid in (int[])[40, 41, 42])
            gic.Enable(intid);
        gic.SetPriority(41, 0x40);
        gic.SetPending(40);
        Assert.Equal(40, gic.Acknowledge());
        Assert.Equal(0xA0u, gic.Read(GicBench.Rpr));
        Assert.False(gic.Irq());

        gic.SetPending(42);
        Assert.False(gic.Irq());
        gic.SetPending(41);
        Assert.True(gic.Irq());
        Assert.Equal(41, gic.Acknowledge());
        Assert.Equal(0x40u, gic.Read(GicBench.Rpr));
        Assert.Equal((1u << 8) | (1u << 20), gic.Read(GicBench.Ap1R0));

        gic.EndOfInterrupt(41);
        Assert.Equal(0xA0u, gic.Read(GicBench.Rpr));
        Assert.False(gic.Irq());
        gic.EndOfInterrupt(40);
        Assert.Equal(0xFFu, gic.Read(GicBench.Rpr));
        Assert.True(gic.Irq());
        Assert.Equal(42, gic.Acknowledge());
    }

    [Fact]
    public void S4_8_2_Priorities_that_differ_below_the_binary_point_do_not_preempt()
    {
        GicBench gic = new();
        gic.Enable(40);
        gic.Enable(41);
        gic.SetPriority(40, 0xA8);
        gic.SetPriority(41, 0xA0);
        gic.Write(GicBench.Bpr1, 4); // Group 1: group priority is bits 7..4.
        gic.SetPending(40);
        Assert.Equal(40, gic.Acknowledge());
        gic.SetPending(41);
        Assert.False(gic.Irq());
        gic.EndOfInterrupt(40);
        Assert.True(gic.Irq());

        // With the smallest binary point all implemented bits count.
        Assert.Equal(41, gic.Acknowledge());
        gic.EndOfInterrupt(41);
        gic.Write(GicBench.Bpr1, 0);
        Assert.Equal(3u, gic.Read(GicBench.Bpr1));
        gic.SetPending(40);
        Assert.Equal(40, gic.Acknowledge());
        gic.SetPending(41);
        Assert.True(gic.Irq());
    }

    [Fact]
    public void S12_2_6_With_CBPR_group_1_shares_the_binary_point_of_group_0()
    {
        GicBench gic = new();
        gic.Write(GicBench.Bpr0, 0);
        Assert.Equal(2u, gic.Read(GicBench.Bpr0));
        gic.Write(GicBench.Bpr0, 5);
        gic.Write(GicBench.Ctlr, 1);
        Assert.Equal(6u, gic.Read(GicBench.Bpr1));
        gic.Write(GicBench.Bpr1, 3);
        gic.Write(GicBench.Ctlr, 0);
        Assert.Equal(3u, gic.Read(GicBench.Bpr1));
        gic.Write(GicBench.Bpr0, 7);
        gic.Write(GicBench.Ctlr, 1);
        Assert.Equal(7u, gic.Read(GicBench.Bpr1));
    }

    [Fact]
    public void S4_8_5_Group_0_and_group_1_share_the_running_priority()
    {
        GicBench gic = new();
        gic.MakeGroup0(40);
        gic.Enable(40);
        gic.Enable(41);
        gic.SetPending(40);
        Assert.True(gic.Fiq());
        Assert.False(gic.Irq());
        Assert.Equal(GicBench.Spurious, gic.Acknowledge());
        Assert.Equal(40u, gic.Read(GicBench.Iar0));
        gic.SetPending(41);
        Assert.False(gic.Irq());
        gic.Write(GicBench.Eoir0, 40);
        Assert.True(gic.Irq());
    }
}
