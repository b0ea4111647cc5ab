using Meanwhile.Hypervisor.Devices;

namespace Meanwhile.Hypervisor.Tests.Devices;

public class MmioBus_Tests
{
    private sealed class Recorder(ulong answer) : IMmioDevice
    {
        internal List<(ulong Offset, int Size, ulong Value)> Writes { get; } = [];

        public ulong Read(ulong offset, int size) => answer + offset;

        public void Write(ulong offset, int size, ulong value) => Writes.Add((offset, size, value));
    }

    [Fact]
    public void An_access_reaches_the_device_with_its_offset()
    {
        MmioBus bus = new();
        Recorder low = new(0x100);
        Recorder high = new(0x200);
        bus.Map(0x0A00_0200, 0x200, high);
        bus.Map(0x0A00_0000, 0x200, low);
        Assert.Equal(0x104u, bus.Read(0x0A00_0004, 4));
        Assert.Equal(0x3FFu, bus.Read(0x0A00_03FF, 1));
        bus.Write(0x0A00_0208, 8, 77);
        Assert.Equal([(8UL, 8, 77UL)], high.Writes);
        Assert.Empty(low.Writes);
        Assert.Equal(0, bus.UnmappedAccesses);
    }

    [Fact]
    public void Unmapped_addresses_read_as_zero_ignore_writes_and_are_counted()
    {
        MmioBus bus = new();
        Recorder device = new(1);
        bus.Map(0x1000, 0x10, device);
        Assert.Equal(0u, bus.Read(0xFFF, 1));
        Assert.Equal(0u, bus.Read(0x1010, 1));
        Assert.Equal(0u, bus.Read(0x100C, 8)); // Leaves the device.
        Assert.Equal(0u, bus.Read(ulong.MaxValue, 8));
        bus.Write(0x100C, 8, 1);
        Assert.Empty(device.Writes);
        Assert.Equal(5, bus.UnmappedAccesses);
    }

    [Theory]
    [InlineData(0x1000, 0x10)]
    [InlineData(0x0, 0x1001)]
    [InlineData(0x100F, 1)]
    [InlineData(0x0, ulong.MaxValue)]
    [InlineData(0x2000, 0)]
    [InlineData(ulong.MaxValue, 2)]
    public void Overlapping_empty_and_wrapping_ranges_are_refused(ulong address, ulong size)
    {
        MmioBus bus = new();
        bus.Map(0x1000, 0x10, new Recorder(0));
        Assert.Throws<ArgumentException>(() => bus.Map(address, size, new Recorder(0)));
    }

    [Fact]
    public void A_device_may_end_at_the_end_of_the_address_space()
    {
        MmioBus bus = new();
        bus.Map(ulong.MaxValue - 7, 8, new Recorder(5));
        Assert.Equal(5u, bus.Read(ulong.MaxValue - 7, 8));
    }
}
