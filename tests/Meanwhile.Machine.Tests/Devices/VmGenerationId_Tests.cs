using Meanwhile.Machine.Devices;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices;

/// <summary>After Microsoft's "Virtual Machine Generation ID": the GUID's bytes are in memory as a GUID's are on Windows.</summary>
public class VmGenerationId_Tests
{
    private readonly FakeLine line = new();
    private readonly VmGenerationId device;

    public VmGenerationId_Tests() => device = new VmGenerationId(line, new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    [Fact]
    public void The_guest_reads_sixteen_bytes_in_any_size()
    {
        Assert.Equal(0x6677_4455_0011_2233u, device.Read(0, 8));
        Assert.Equal(0xFFEE_DDCC_BBAA_9988u, device.Read(8, 8));
        Assert.Equal(0x33u, device.Read(0, 1));
        Assert.Equal(0xFFEEu, device.Read(14, 2));
    }

    [Theory]
    [InlineData(16, 1)]
    [InlineData(9, 8)]
    [InlineData(15, 2)]
    [InlineData(0xFF8, 8)]
    public void What_lies_behind_reads_as_zero(ulong offset, int size) => Assert.Equal(0u, device.Read(offset, size));

    [Fact]
    public void Writes_change_nothing()
    {
        device.Write(0, 8, 0);
        Assert.Equal(0x6677_4455_0011_2233u, device.Read(0, 8));
        Assert.Equal(0, line.RisingEdges);
    }

    [Fact]
    public void A_new_ID_is_told_by_an_edge_and_stays_when_the_guest_reboots()
    {
        device.Renew(new Guid("ffeeddcc-bbaa-9988-7766-554433221100"));
        device.Reset();
        Assert.Equal(0x9988_BBAA_FFEE_DDCCu, device.Read(0, 8));
        Assert.Equal(0x0011_2233_4455_6677u, device.Read(8, 8));
        Assert.Equal((1, false), (line.RisingEdges, line.IsHigh));
    }
}
