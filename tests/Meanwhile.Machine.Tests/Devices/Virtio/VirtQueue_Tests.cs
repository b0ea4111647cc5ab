using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Machine.Devices.Virtio;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices.Virtio;

/// <summary>Split virtqueues, virtio 1.2 chapter 2.7: how they work, and every way in which a guest can break one.</summary>
public sealed class VirtQueue_Tests : IDisposable
{
    private readonly VirtioDriver driver = new(new VirtioEntropy("rng", new SeededEntropySource(1)));

    public void Dispose() => driver.Dispose();

    [Fact]
    public void A_chain_of_several_buffers_is_filled_in_order()
    {
        driver.Start();
        driver.Describe(2, VirtioDriver.Data, 3, VirtioDriver.Write | VirtioDriver.Next, 7);
        driver.Describe(7, VirtioDriver.Data + 0x100, 5, VirtioDriver.Write);
        driver.Submit(2);
        Assert.Equal((2u, 8u), driver.UsedElement(0));
        var expected = BitConverter.GetBytes(new SeededEntropySource(1).NextUInt64());
        byte[] got = [.. driver.Memory[VirtioDriver.Data, 3], .. driver.Memory[VirtioDriver.Data + 0x100, 5]];
        Assert.Equal(expected, got);
    }

    [Fact]
    public void A_buffer_over_a_page_boundary_is_filled_on_both_sides()
    {
        driver.Start();
        driver.Describe(0, VirtioDriver.Data + 0xFF0, 32, VirtioDriver.Write);
        driver.Submit(0);
        Assert.Equal((0u, 32u), driver.UsedElement(0));
        Assert.NotEqual(0ul, driver.Memory.At<ulong>(VirtioDriver.Data + 0xFF8));
        Assert.NotEqual(0ul, driver.Memory.At<ulong>(VirtioDriver.Data + 0x1000));
        Assert.Equal(0ul, driver.Memory.At<ulong>(VirtioDriver.Data + 0x1010));
    }

    [Fact]
    public void An_indirect_table_is_one_descriptor()
    {
        driver.Start(VirtioDriver.Version1 | VirtioDriver.Indirect);
        ulong table = VirtioDriver.Data + 0x800;
        driver.DescribeAt(table, VirtioDriver.Data, 4, VirtioDriver.Write | VirtioDriver.Next, 2);
        driver.DescribeAt(table + 32, VirtioDriver.Data + 4, 6, VirtioDriver.Write, 0);
        driver.Describe(1, table, 48, VirtioDriver.IndirectFlag);
        driver.Submit(1);
        Assert.False(driver.NeedsReset);
        Assert.Equal((1u, 10u), driver.UsedElement(0));
    }

    [Fact]
    public void Indexes_wrap_at_16_bits()
    {
        driver.Start();
        driver.Describe(0, VirtioDriver.Data, 1, VirtioDriver.Write);
        for (int i = 0; i < 65_540; i++)
            driver.Submit(0);
        Assert.Equal(4, driver.UsedIndex());
        Assert.False(driver.NeedsReset);
    }

    [Fact]
    public void VIRTQ_AVAIL_F_NO_INTERRUPT_keeps_the_line_low()
    {
        driver.Start();
        driver.Memory.At<ushort>(VirtioDriver.Available(0)) = 1;
        driver.Describe(0, VirtioDriver.Data, 1, VirtioDriver.Write);
        driver.Submit(0);
        Assert.Equal(1, driver.UsedIndex());
        Assert.False(driver.Line.IsHigh);
    }

    [Fact]
    public void With_event_index_only_the_named_used_entry_interrupts()
    {
        driver.Start(VirtioDriver.Version1 | VirtioDriver.EventIndex);
        ulong usedEvent = VirtioDriver.Available(0) + 4 + (2 * (ulong)driver.QueueSize);
        driver.Memory.At<ushort>(usedEvent) = 1;
        driver.Describe(0, VirtioDriver.Data, 1, VirtioDriver.Write);
        driver.Submit(0);
        Assert.False(driver.Line.IsHigh);
        driver.Submit(0);
        Assert.True(driver.Line.IsHigh);
    }

    [Fact]
    public void With_event_index_the_device_asks_for_the_next_buffer()
    {
        driver.Start(VirtioDriver.Version1 | VirtioDriver.EventIndex);
        driver.Describe(0, VirtioDriver.Data, 1, VirtioDriver.Write);
        for (ushort i = 1; i <= 3; i++)
        {
            driver.Submit(0);
            Assert.Equal(i, driver.Memory.At<ushort>(VirtioDriver.Used(0) + 4 + (8 * (ulong)driver.QueueSize)));
        }
    }

    [Fact]
    public void Malformed_a_head_outside_the_table() => Breaks(() => driver.Submit(16));

    [Fact]
    public void Malformed_a_successor_outside_the_table() => Breaks(() =>
    {
        driver.Describe(0, VirtioDriver.Data, 1, VirtioDriver.Write | VirtioDriver.Next, 16);
        driver.Submit(0);
    });

    [Fact]
    public void Malformed_a_loop() => Breaks(() =>
    {
        driver.Describe(0, VirtioDriver.Data, 1, VirtioDriver.Write | VirtioDriver.Next, 1);
        driver.Describe(1, VirtioDriver.Data, 1, VirtioDriver.Write | VirtioDriver.Next, 0);
        driver.Submit(0);
    });

    [Fact]
    public void Malformed_a_buffer_without_length() => Breaks(() =>
    {
        driver.Describe(0, VirtioDriver.Data, 0, VirtioDriver.Write);
        driver.Submit(0);
    });

    [Theory]
    [InlineData(0x0900_0000, 16)]
    [InlineData(FakeDma.Base - 8, 16)]
    [InlineData(FakeDma.Base + (1 << 20) - 8, 16)]
    [InlineData(0xFFFF_FFFF_FFFF_FFF8, 16)]
    [InlineData(FakeDma.Base + (1 << 20), 1)]
    public void Malformed_a_buffer_outside_RAM(ulong address, uint length) => Breaks(() =>
    {
        driver.Describe(0, address, length, VirtioDriver.Write);
        driver.Submit(0);
    });

    [Fact]
    public void Malformed_a_readable_buffer_behind_a_writable_one() => Breaks(() =>
    {
        driver.Describe(0, VirtioDriver.Data, 1, VirtioDriver.Write | VirtioDriver.Next, 1);
        driver.Describe(1, VirtioDriver.Data, 1, 0);
        driver.Submit(0);
    });

    [Fact]
    public void Malformed_an_available_index_too_far_ahead() => Breaks(() =>
    {
        driver.Memory.At<ushort>(VirtioDriver.Available(0) + 2) = 17;
        driver.Kick();
    });

    [Fact]
    public void Malformed_an_available_index_that_runs_backwards() => Breaks(() =>
    {
        driver.Memory.At<ushort>(VirtioDriver.Available(0) + 2) = 0xFFFF;
        driver.Kick();
    });

    [Fact]
    public void Malformed_an_indirect_table_that_was_not_negotiated() => Breaks(() =>
    {
        driver.Describe(0, VirtioDriver.Data, 16, VirtioDriver.IndirectFlag);
        driver.Submit(0);
    });

    [Theory]
    [InlineData(0u)]
    [InlineData(15u)]
    [InlineData(17u)]
    [InlineData(1025u * 16)]
    [InlineData(0xFFFF_FFF0)]
    public void Malformed_an_indirect_table_of_a_wrong_length(uint length) => Breaks(
        () =>
        {
            driver.Describe(0, VirtioDriver.Data, length, VirtioDriver.IndirectFlag);
            driver.Submit(0);
        },
        VirtioDriver.Indirect);

    [Fact]
    public void Malformed_an_indirect_table_with_a_successor() => Breaks(
        () =>
        {
            driver.DescribeAt(VirtioDriver.Data, VirtioDriver.Data, 1, VirtioDriver.Write, 0);
            driver.Describe(0, VirtioDriver.Data, 16, VirtioDriver.IndirectFlag | VirtioDriver.Next, 1);
            driver.Submit(0);
        },
        VirtioDriver.Indirect);

    [Fact]
    public void Malformed_an_indirect_table_in_an_indirect_table() => Breaks(
        () =>
        {
            driver.DescribeAt(VirtioDriver.Data, VirtioDriver.Data, 16, VirtioDriver.IndirectFlag, 0);
            driver.Describe(0, VirtioDriver.Data, 16, VirtioDriver.IndirectFlag);
            driver.Submit(0);
        },
        VirtioDriver.Indirect);

    [Fact]
    public void Malformed_an_indirect_table_outside_RAM() => Breaks(
        () =>
        {
            driver.Describe(0, 0x1000, 16, VirtioDriver.IndirectFlag);
            driver.Submit(0);
        },
        VirtioDriver.Indirect);

    [Fact]
    public void Malformed_an_indirect_loop() => Breaks(
        () =>
        {
            driver.DescribeAt(VirtioDriver.Data, VirtioDriver.Data, 1, VirtioDriver.Write | VirtioDriver.Next, 0);
            driver.Describe(0, VirtioDriver.Data, 16, VirtioDriver.IndirectFlag);
            driver.Submit(0);
        },
        VirtioDriver.Indirect);

    [Fact]
    public void Malformed_an_indirect_successor_outside_its_table() => Breaks(
        () =>
        {
            driver.DescribeAt(VirtioDriver.Data, VirtioDriver.Data, 1, VirtioDriver.Write | VirtioDriver.Next, 1);
            driver.Describe(0, VirtioDriver.Data, 16, VirtioDriver.IndirectFlag);
            driver.Submit(0);
        },
        VirtioDriver.Indirect);

    [Theory]
    [InlineData(8, 0, 0)]
    [InlineData(0, 1, 0)]
    [InlineData(0, 0, 2)]
    public void Malformed_a_misaligned_ring(ulong descriptors, ulong available, ulong used) =>
        BreaksAtSetUp(16, VirtioDriver.Descriptors(0) + descriptors, VirtioDriver.Available(0) + available, VirtioDriver.Used(0) + used);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Malformed_a_ring_outside_RAM(int which)
    {
        ulong end = FakeDma.Base + (1 << 20) - 64;
        BreaksAtSetUp(
            16,
            which == 0 ? end : VirtioDriver.Descriptors(0),
            which == 1 ? 0xFFFF_FFFF_FFFF_FFF0 : VirtioDriver.Available(0),
            which == 2 ? end : VirtioDriver.Used(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(512)]
    public void Malformed_a_queue_size(ushort size) =>
        BreaksAtSetUp(size, VirtioDriver.Descriptors(0), VirtioDriver.Available(0), VirtioDriver.Used(0));

    private void Breaks(Action action, ulong features = 0)
    {
        driver.Start(VirtioDriver.Version1 | features);
        action();
        AssertBroken();
    }

    private void BreaksAtSetUp(ushort size, ulong descriptors, ulong available, ulong used)
    {
        driver.Start(queues: 0);
        driver.QueueSize = size;
        driver.SetUpQueue(0, descriptors, available, used);
        driver.Work.Run();
        AssertBroken();
        driver.QueueSize = 16;
    }

    /// <summary>2.1.2: DEVICE_NEEDS_RESET and a configuration change notification; and a reset brings the device back.</summary>
    private void AssertBroken()
    {
        Assert.True(driver.NeedsReset);
        Assert.NotNull(driver.Device.LastGuestError);
        Assert.True(driver.Line.IsHigh);
        Assert.Equal(2u, driver.Get(0x60));
        Assert.Equal(0, driver.Memory.Pins);
        driver.Kick();
        Assert.Equal(0, driver.Memory.Pins);

        driver.QueueSize = 16;
        driver.ResetDevice();
        Assert.Equal(0u, driver.Status);
        driver.Start();
        driver.Describe(0, VirtioDriver.Data, 4, VirtioDriver.Write);
        driver.Submit(0);
        Assert.Equal(1, driver.UsedIndex());
    }
}
