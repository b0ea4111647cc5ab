using System.Buffers.Binary;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Devices.Virtio;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices.Virtio;

/// <summary>A device that is held, saved and restored while its driver has requests for it.</summary>
public sealed class VirtioState_Tests : IDisposable
{
    private const int Sectors = 64;
    private static readonly ulong Header = VirtioDriver.Data - 0x1000;
    private static readonly ulong StatusByte = VirtioDriver.Data - 0x800;

    private readonly FakeStorage storage = new(Sectors * 512);
    private readonly VirtioDriver driver;
    private readonly FakeLine line = new();
    private readonly FakeWorkQueue work = new();
    private readonly VirtioMmio other;

    public VirtioState_Tests()
    {
        new Random(5).NextBytes(storage.Content);
        driver = new VirtioDriver(new VirtioBlock("blk", storage, "serial-1"));
        // In another machine, with the same memory: it has arrived there.
        other = new VirtioMmio(3, line, new VirtioBlock("blk", storage, "serial-1"), driver.Memory, work);
        other.Hold();
    }

    public void Dispose() => driver.Dispose();

    [Theory]
    [InlineData(VirtioDriver.Version1)]
    [InlineData(VirtioDriver.Version1 | VirtioDriver.EventIndex)]
    public void Requests_of_both_sides_are_answered_once_and_in_one_ring(ulong features)
    {
        driver.Start(features);
        for (int request = 0; request < 3; request++)
            Read(request);
        driver.Kick();
        Assert.Equal(3, driver.UsedIndex());
        Move();
        other.Release();
        work.Run();
        Assert.Equal(3, driver.UsedIndex());
        Read(3);
        other.Write(0x50, 4, 0);
        work.Run();
        Assert.Equal(4, driver.UsedIndex());
        Assert.Equal((9u, 513u), driver.UsedElement(3));
        Assert.Equal(storage.Content[1536..2048], driver.Memory[VirtioDriver.Data + 1536, 512].ToArray());
        Assert.True(line.IsHigh);
    }

    [Fact]
    public void A_request_under_way_goes_on_to_its_end_and_only_then_the_device_is_idle()
    {
        driver.Start();
        driver.Memory.MakeAbsent(VirtioDriver.Data);
        Read(0);
        driver.Kick();
        driver.Device.Hold();
        Assert.False(driver.Device.IsIdle);
        driver.Memory.MakePresent(VirtioDriver.Data);
        Assert.False(driver.Device.IsIdle);
        driver.Work.Run();
        Assert.True(driver.Device.IsIdle);
        Assert.Equal(1, driver.UsedIndex());
    }

    [Fact]
    public void What_was_notified_and_not_looked_at_is_served_before_the_device_is_idle()
    {
        driver.Start();
        Read(0);
        driver.Set(0x50, 0);
        driver.Device.Hold();
        Assert.False(driver.Device.IsIdle);
        driver.Work.Run();
        Assert.True(driver.Device.IsIdle);
        Assert.Equal(1, driver.UsedIndex());
    }

    [Fact]
    public void A_notification_while_the_device_is_held_is_served_when_it_goes_on()
    {
        driver.Start();
        driver.Device.Hold();
        Read(0);
        driver.Kick();
        Assert.Equal(0, driver.UsedIndex());
        driver.Device.Release();
        driver.Work.Run();
        Assert.Equal(1, driver.UsedIndex());
    }

    [Fact]
    public void A_buffer_that_is_there_when_the_rings_are_is_served_on_the_other_side()
    {
        driver.Start();
        Move();
        Read(0);
        other.Release();
        work.Run();
        // 2.7.13.2: a device may look at the ring at any time, and does when its rings are there.
        Assert.Equal(1, driver.UsedIndex());
    }

    [Theory]
    [InlineData(0x24, 3u)] // Size, no power of two.
    [InlineData(0x24, 0x8000_0000u)]
    [InlineData(0x28, 1u)] // Descriptors, misaligned.
    [InlineData(0x2C, 0x7FFFu)] // Not RAM.
    [InlineData(0x3C, 0xFFFF_FFFFu)]
    public void A_made_up_queue_makes_the_device_need_a_reset(int queueOffset, uint value)
    {
        driver.Start();
        byte[] state = Save(driver.Device);
        // The queue's registers: size, then three addresses; they follow device, features, seven registers and the number of queues.
        const int Queue = 4 + 8 + 4 + 4 + 8 + 4 + 4 + 4 + 4 + 4;
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(Queue + queueOffset - 0x24), value);
        other.Restore(new StateReader("blk", state), 1);
        other.Release();
        work.Run();
        Assert.Equal(64u, (uint)other.Read(0x70, 4) & 64);
        Assert.NotNull(other.LastGuestError);
    }

    private void Read(int sector)
    {
        int first = 3 * sector;
        driver.Memory.At<uint>(Header + (16 * (ulong)sector)) = 0;
        driver.Memory.At<ulong>(Header + (16 * (ulong)sector) + 8) = (ulong)sector;
        driver.Describe(first, Header + (16 * (ulong)sector), 16, VirtioDriver.Next, (ushort)(first + 1));
        driver.Describe(first + 1, VirtioDriver.Data + (512 * (ulong)sector), 512, VirtioDriver.Write | VirtioDriver.Next, (ushort)(first + 2));
        driver.Describe(first + 2, StatusByte + (ulong)sector, 1, VirtioDriver.Write);
        driver.Offer((ushort)first);
    }

    private void Move()
    {
        driver.Device.Hold();
        Assert.True(driver.Device.IsIdle);
        var reader = new StateReader("blk", Save(driver.Device));
        other.Restore(reader, 1);
        reader.RequireEnd();
        Assert.Equal(driver.Line.IsHigh, line.IsHigh);
    }

    private static byte[] Save(VirtioMmio device)
    {
        var writer = new StateWriter();
        device.Save(writer);
        return writer.Written.ToArray();
    }
}
