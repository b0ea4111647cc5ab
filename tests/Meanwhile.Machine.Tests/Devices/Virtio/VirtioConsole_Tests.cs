using System.Text;
using Meanwhile.Machine.Devices.Virtio;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices.Virtio;

/// <summary>After virtio 1.2, 5.3.</summary>
public sealed class VirtioConsole_Tests : IDisposable
{
    private readonly FakeConsole host = new();
    private readonly VirtioConsole console;
    private readonly VirtioDriver driver;

    public VirtioConsole_Tests()
    {
        console = new VirtioConsole("console", host, 132, 43);
        driver = new VirtioDriver(console);
    }

    public void Dispose() => driver.Dispose();

    [Fact]
    public void Output_in_several_buffers_reaches_the_host()
    {
        driver.Start(queues: 2);
        "hello "u8.CopyTo(driver.Memory[VirtioDriver.Data, 6]);
        "world"u8.CopyTo(driver.Memory[VirtioDriver.Data + 0x3000, 5]);
        driver.Describe(0, VirtioDriver.Data, 6, VirtioDriver.Next, 1, queue: 1);
        driver.Describe(1, VirtioDriver.Data + 0x3000, 5, 0, queue: 1);
        driver.Submit(0, queue: 1);
        Assert.Equal("hello world", host.Text);
        Assert.Equal((0u, 0u), driver.UsedElement(0, queue: 1));
    }

    [Fact]
    public void Input_waits_for_buffers_and_fills_them()
    {
        driver.Start(queues: 2);
        console.PostInput("abcdef"u8);
        driver.Work.Run();
        driver.Describe(0, VirtioDriver.Data, 4, VirtioDriver.Write);
        driver.Describe(1, VirtioDriver.Data + 16, 4, VirtioDriver.Write);
        driver.Submit(0);
        Assert.Equal((0u, 4u), driver.UsedElement(0));
        driver.Submit(1);
        Assert.Equal((1u, 2u), driver.UsedElement(1));
        Assert.Equal("abcd", Encoding.ASCII.GetString(driver.Memory[VirtioDriver.Data, 4]));
        Assert.Equal("ef", Encoding.ASCII.GetString(driver.Memory[VirtioDriver.Data + 16, 2]));
    }

    [Fact]
    public void Buffers_wait_for_input()
    {
        driver.Start(queues: 2);
        driver.Describe(0, VirtioDriver.Data, 4, VirtioDriver.Write);
        driver.Submit(0);
        Assert.Equal(0, driver.UsedIndex());
        console.PostInput("x"u8);
        driver.Work.Run();
        Assert.Equal((0u, 1u), driver.UsedElement(0));
        Assert.True(driver.Line.IsHigh);
    }

    [Fact]
    public void A_transmission_that_waits_for_a_page_does_not_hold_up_input()
    {
        driver.Start(queues: 2);
        driver.Memory.MakeAbsent(VirtioDriver.Data + 0x5000);
        driver.Describe(0, VirtioDriver.Data + 0x5000, 1, 0, queue: 1);
        driver.Submit(0, queue: 1);
        driver.Describe(0, VirtioDriver.Data, 4, VirtioDriver.Write);
        driver.Submit(0);
        console.PostInput("x"u8);
        driver.Work.Run();
        Assert.Equal(1, driver.UsedIndex());
        Assert.Equal(0, driver.UsedIndex(queue: 1));
        driver.Memory.MakePresent(VirtioDriver.Data + 0x5000);
        driver.Work.Run();
        Assert.Equal(1, driver.UsedIndex(queue: 1));
    }

    [Fact]
    public void A_new_window_size_is_a_configuration_change()
    {
        driver.Start(VirtioDriver.Version1 | 1, queues: 2);
        Assert.Equal(132u | (43u << 16), driver.Get(0x100));
        uint generation = driver.Get(0xFC);
        console.Resize(80, 24);
        Assert.Equal(80u | (24u << 16), driver.Get(0x100));
        Assert.NotEqual(generation, driver.Get(0xFC));
        Assert.Equal(2u, driver.Get(0x60));
        Assert.True(driver.Line.IsHigh);
    }

    [Fact]
    public void Emergency_writes_work_before_the_driver_does()
    {
        driver.Set(0x108, 'E');
        Assert.Equal("E", host.Text);
    }

    [Fact]
    public void Malformed_a_receive_buffer_that_is_not_writable()
    {
        driver.Start(queues: 2);
        driver.Describe(0, VirtioDriver.Data, 4, 0);
        driver.Submit(0);
        console.PostInput("x"u8);
        driver.Work.Run();
        Assert.True(driver.NeedsReset);
    }
}
