using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Machine.Devices.Virtio;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices.Virtio;

/// <summary>After virtio 1.2, 4.2 (virtio over MMIO), 2.1 to 2.5 and 3.1.</summary>
public sealed class VirtioMmio_Tests : IDisposable
{
    private readonly VirtioDriver driver = new(new VirtioEntropy("rng", new SeededEntropySource(1)));

    public void Dispose() => driver.Dispose();

    [Fact]
    public void Identification_registers_follow_table_4_1()
    {
        Assert.Equal(0x74726976u, driver.Get(0));
        Assert.Equal(2u, driver.Get(4));
        Assert.Equal(4u, driver.Get(8));
    }

    [Fact]
    public void An_empty_slot_has_the_magic_and_device_id_zero()
    {
        var slot = new VirtioMmio(7, new FakeLine());
        Assert.Equal(0x74726976u, slot.Read(0, 4));
        Assert.Equal(2u, slot.Read(4, 4));
        Assert.Equal(0u, slot.Read(8, 4));
        slot.Write(0x70, 4, 1);
        Assert.Equal(0u, slot.Read(0x70, 4));
        Assert.Equal(0u, slot.Read(0x100, 8));
    }

    [Fact]
    public void The_transports_features_are_offered() =>
        Assert.Equal(VirtioDriver.Version1 | VirtioDriver.EventIndex | VirtioDriver.Indirect, driver.OfferedFeatures());

    [Fact]
    public void FEATURES_OK_is_refused_without_VERSION_1()
    {
        driver.Set(0x70, 3);
        driver.Set(0x70, 11);
        Assert.Equal(3u, driver.Status);
    }

    [Fact]
    public void FEATURES_OK_is_refused_for_a_feature_that_was_not_offered()
    {
        driver.Set(0x70, 3);
        driver.Set(0x24, 1);
        driver.Set(0x20, 1 | (1 << 3));
        driver.Set(0x70, 11);
        Assert.Equal(3u, driver.Status);
    }

    [Fact]
    public void Features_are_settled_by_FEATURES_OK()
    {
        driver.Start();
        driver.Set(0x24, 0);
        driver.Set(0x20, 1 << 28);
        driver.Describe(0, VirtioDriver.Data, 16, VirtioDriver.IndirectFlag);
        driver.Submit(0);
        Assert.True(driver.NeedsReset);
    }

    [Fact]
    public void DRIVER_OK_is_refused_before_FEATURES_OK()
    {
        driver.Set(0x70, 7);
        Assert.Equal(3u, driver.Status);
    }

    [Fact]
    public void A_queue_that_does_not_exist_has_size_zero()
    {
        driver.Set(0x30, 0);
        Assert.Equal(256u, driver.Get(0x34));
        driver.Set(0x30, 1);
        Assert.Equal(0u, driver.Get(0x34));
        driver.Set(0x44, 1);
        Assert.Equal(0u, driver.Get(0x44));
    }

    [Fact]
    public void A_used_buffer_interrupts_until_it_is_acknowledged()
    {
        driver.Start();
        driver.Describe(0, VirtioDriver.Data, 32, VirtioDriver.Write);
        driver.Submit(0);
        Assert.True(driver.Line.IsHigh);
        Assert.Equal(1u, driver.Get(0x60));
        driver.Acknowledge();
        Assert.False(driver.Line.IsHigh);
        Assert.Equal(0u, driver.Get(0x60));
    }

    [Fact]
    public void Reset_clears_everything_and_unpins_the_rings()
    {
        driver.Start();
        Assert.Equal(3, driver.Memory.Pins);
        driver.Describe(0, VirtioDriver.Data, 32, VirtioDriver.Write);
        driver.Submit(0);
        driver.Set(0x70, 0);
        Assert.Equal(0u, driver.Status);
        Assert.Equal(0u, driver.Get(0x60));
        Assert.False(driver.Line.IsHigh);
        driver.Set(0x30, 0);
        Assert.Equal(0u, driver.Get(0x44));
        Assert.Equal(0, driver.Memory.Pins);
    }

    [Fact]
    public void The_device_works_again_after_a_reset()
    {
        driver.Start();
        driver.Describe(0, VirtioDriver.Data, 32, VirtioDriver.Write);
        driver.Submit(0);
        driver.ResetDevice();
        driver.Start();
        driver.Describe(5, VirtioDriver.Data, 8, VirtioDriver.Write);
        driver.Submit(5);
        Assert.Equal(1, driver.UsedIndex());
        Assert.Equal((5u, 8u), driver.UsedElement(0));
    }

    [Fact]
    public void Nothing_is_written_into_RAM_after_a_reset()
    {
        driver.Start();
        driver.Memory.MakeAbsent(VirtioDriver.Data);
        driver.Describe(0, VirtioDriver.Data, 32, VirtioDriver.Write);
        driver.Submit(0);
        Assert.Equal(1, driver.Memory.Waiters);
        driver.Set(0x70, 0);
        driver.Memory.MakePresent(VirtioDriver.Data);
        driver.Work.Run();
        Assert.All(driver.Memory[VirtioDriver.Data, 32].ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(0, driver.UsedIndex());
        Assert.False(driver.Line.IsHigh);
        Assert.Equal(0, driver.Memory.Pins);
    }

    [Fact]
    public void Buffers_offered_before_DRIVER_OK_wait_for_it()
    {
        driver.Set(0x70, 3);
        driver.Set(0x24, 1);
        driver.Set(0x20, 1);
        driver.Set(0x70, 11);
        driver.SetUpQueue(0, VirtioDriver.Descriptors(0), VirtioDriver.Available(0), VirtioDriver.Used(0));
        driver.Describe(0, VirtioDriver.Data, 32, VirtioDriver.Write);
        driver.Submit(0);
        Assert.Equal(0, driver.UsedIndex());
        driver.Set(0x70, 15);
        driver.Work.Run();
        Assert.Equal(1, driver.UsedIndex());
    }

    [Fact]
    public void However_often_the_guest_notifies_one_item_waits_on_the_queue()
    {
        driver.Start();
        for (int i = 0; i < 1000; i++)
            driver.Set(0x50, 0);
        Assert.Equal(1, driver.Work.Waiting);
    }

    [Fact]
    public void Shared_memory_regions_do_not_exist()
    {
        Assert.Equal(uint.MaxValue, driver.Get(0xB0));
        Assert.Equal(uint.MaxValue, driver.Get(0xB4));
    }

    [Theory]
    [InlineData(0x0C)]
    [InlineData(0x18)]
    [InlineData(0x1FC)]
    [InlineData(0x7FFF_FFF0)]
    public void Offsets_without_a_register_read_zero(ulong offset)
    {
        if (offset != 0x0C)
            Assert.Equal(0u, driver.Get(offset));
        Assert.Equal(0ul, driver.Device.Read(offset, 1));
        Assert.Equal(0ul, driver.Device.Read(offset, 8));
    }
}
