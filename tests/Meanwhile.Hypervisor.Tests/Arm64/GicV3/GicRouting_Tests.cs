namespace Meanwhile.Hypervisor.Tests.Arm64.GicV3;

/// <summary>IHI0069 3.2, 12.2.22: where SPIs and software generated interrupts go.</summary>
public class GicRouting_Tests
{
    [Fact]
    public void S3_2_1_An_SPI_goes_to_the_PE_that_its_route_names()
    {
        GicBench gic = new(vcpus: 3);
        gic.Enable(40);
        gic.Gic.Distributor.Write(0x6000 + (8 * 40), 8, 2);
        gic.SetPending(40);
        Assert.False(gic.Irq(0));
        Assert.False(gic.Irq(1));
        Assert.True(gic.Irq(2));
        Assert.Equal(2u, gic.Gic.Distributor.Read(0x6000 + (8 * 40), 8));
        Assert.Equal(40, gic.Acknowledge(2));
    }

    [Fact]
    public void S3_2_1_An_SPI_for_a_PE_that_does_not_exist_stays_pending()
    {
        GicBench gic = new(vcpus: 2);
        gic.Enable(40);
        gic.Gic.Distributor.Write(0x6000 + (8 * 40), 8, 0x01_0000_0007);
        gic.SetPending(40);
        Assert.False(gic.Irq(0) || gic.Irq(1));
        gic.Gic.Distributor.Write(0x6000 + (8 * 40), 8, 1);
        Assert.True(gic.Irq(1));
    }

    [Fact]
    public void S3_2_2_A_1_of_N_interrupt_goes_to_exactly_one_participating_PE()
    {
        GicBench gic = new(vcpus: 3);
        gic.Enable(40);
        gic.Gic.Distributor.Write(0x6000 + (8 * 40), 8, 1UL << 31);
        gic.Write(GicBench.Igrpen1, 0, cpu: 0);
        gic.SetPending(40);
        Assert.Equal([false, true, false], new[] { gic.Irq(0), gic.Irq(1), gic.Irq(2) });
        gic.WriteR(1, 0x14, 2);
        Assert.Equal([false, false, true], new[] { gic.Irq(0), gic.Irq(1), gic.Irq(2) });
        gic.Write(GicBench.Igrpen1, 1, cpu: 0);
        Assert.Equal([true, false, false], new[] { gic.Irq(0), gic.Irq(1), gic.Irq(2) });
    }

    [Fact]
    public void S12_2_22_A_target_list_names_PEs_of_one_cluster()
    {
        GicBench gic = new(vcpus: 18);
        gic.Enable(5);
        gic.Write(GicBench.Sgi1R, (5u << 24) | 0b1010, cpu: 0);
        Assert.Equal([1, 3], Enumerable.Range(0, 18).Where(gic.Irq));
        Assert.Equal(5, gic.Acknowledge(3));

        // Aff1 1: vCPUs 16 and 17.
        gic.Write(GicBench.Sgi1R, (1UL << 16) | (5u << 24) | 0b10, cpu: 0);
        Assert.True(gic.Irq(17));
        Assert.False(gic.Irq(16));
    }

    [Theory]
    [InlineData(1UL << 48)] // Aff3
    [InlineData(1UL << 32)] // Aff2
    [InlineData(1UL << 44)] // Range selector, not implemented.
    public void S12_2_22_An_affinity_that_no_PE_has_reaches_none(ulong elsewhere)
    {
        GicBench gic = new(vcpus: 2);
        gic.Enable(5);
        gic.Write(GicBench.Sgi1R, elsewhere | (5u << 24) | 0xFFFF);
        Assert.False(gic.Irq(0) || gic.Irq(1));
    }

    [Fact]
    public void S12_2_22_IRM_reaches_all_but_the_sender()
    {
        GicBench gic = new(vcpus: 3);
        gic.Enable(5);
        gic.Write(GicBench.Sgi1R, (1UL << 40) | (5u << 24), cpu: 1);
        Assert.Equal([true, false, true], new[] { gic.Irq(0), gic.Irq(1), gic.Irq(2) });
    }

    [Fact]
    public void S12_2_22_Only_SGI1R_generates_group_1_interrupts()
    {
        GicBench gic = new();
        gic.Enable(5);
        gic.Enable(6);
        gic.MakeGroup0(6);
        gic.Write(GicBench.Sgi0R, (5u << 24) | 1);
        gic.Write(GicBench.Asgi1R, (5u << 24) | 1);
        Assert.False(gic.Irq());
        gic.Write(GicBench.Sgi0R, (6u << 24) | 1);
        Assert.True(gic.Fiq());
        Assert.Equal(6u, gic.Read(GicBench.Hppir0));
        Assert.Equal(6u, gic.Read(GicBench.Iar0));
        gic.Write(GicBench.Sgi1R, (5u << 24) | 1);
        Assert.Equal(5u, gic.Read(GicBench.Hppir1));
    }

    [Fact]
    public void Private_interrupts_belong_to_one_PE()
    {
        GicBench gic = new(vcpus: 2);
        gic.Enable(27);
        gic.Gic.Ppi(1, 27).SetLevel(true);
        Assert.False(gic.Irq(0));
        Assert.True(gic.Irq(1));
        Assert.Equal(0u, gic.ReadR(0, 0x1_0200));
        Assert.Equal(1u << 27, gic.ReadR(1, 0x1_0200));
    }
}
