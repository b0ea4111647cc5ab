using CsCheck;
using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Machine.Devices;
using Meanwhile.Machine.Devices.Virtio;
using Meanwhile.Machine.Tests.Fakes;

namespace Meanwhile.Machine.Tests.Devices;

/// <summary>
/// A guest may write anything anywhere: no device throws, hangs or leaves RAM. <see cref="FakeDma"/> throws on any access outside its pins,
/// and on a pin that is undone twice.
/// </summary>
public class DeviceFuzz_Tests
{
    private static readonly Gen<(bool IsWrite, ulong Offset, int Size, ulong Value)> Access = Gen.Select(
        Gen.Bool,
        Gen.Frequency((8, Gen.Int[0, 0x50].Select(i => (ulong)i * 4)), (2, Gen.ULong[0, 0x1100]), (1, Gen.ULong)),
        Gen.Int[0, 5].Select(i => i < 3 ? 4 : 1 << (i - 3 + (i == 5 ? 1 : 0))),
        Gen.Frequency((3, Gen.ULong[0, 300]), (1, Gen.ULong)));

    private static readonly Gen<(ushort Flags, ulong Address, uint Length, ushort Next)> AnyDescriptor = Gen.Select(
        Gen.UShort[0, 8],
        Gen.Frequency(
            (8, Gen.ULong[VirtioDriver.Data, VirtioDriver.Data + 0x8000]),
            (1, Gen.ULong[FakeDma.Base, FakeDma.Base + 0x2_0000]),
            (1, Gen.ULong)),
        Gen.Frequency((8, Gen.UInt[0, 0x3000]), (2, Gen.UInt[1, 8].Select(n => n * 16)), (1, Gen.UInt)),
        Gen.UShort[0, 17]);

    public static TheoryData<string> VirtioDevices => ["block", "console", "entropy"];

    [Fact]
    public void PL011_bears_any_access() => Access.Array[1, 100].Sample(
        accesses => Apply(new Pl011(new FakeLine(), new FakeConsole()), accesses),
        iter: 500);

    [Fact]
    public void PL031_bears_any_access() => Access.Array[1, 100].Sample(
        accesses =>
        {
            var clock = new FakeClock();
            Apply(new Pl031(new FakeLine(), clock, 0), accesses);
            clock.Advance(10_000_000_000);
        },
        iter: 500);

    [Fact]
    public void PL061_bears_any_access() => Access.Array[1, 100].Sample(
        accesses =>
        {
            var gpio = new Pl061(new FakeLine());
            // Its registers begin at 0x400, above the data.
            Apply(gpio, [.. accesses.Select((access, index) => index % 2 == 0 ? access : access with { Offset = access.Offset + 0x400 })]);
            gpio.Input(3).SetLevel(true);
            gpio.Input(3).SetLevel(false);
        },
        iter: 500);

    [Theory]
    [MemberData(nameof(VirtioDevices))]
    public void Virtio_registers_bear_any_access(string kind) => Access.Array[1, 200].Sample(
        accesses =>
        {
            using var driver = new VirtioDriver(Make(kind));
            Apply(driver.Device, accesses);
            driver.Work.Run();
            driver.Device.Reset();
            driver.Work.Run();
            Assert.Equal(0, driver.Memory.Pins);
        },
        iter: 300);

    [Theory]
    [MemberData(nameof(VirtioDevices))]
    public void Virtio_rings_bear_any_content(string kind) => Gen.Select(
        AnyDescriptor.Array[16],
        AnyDescriptor.Array[8],
        Gen.UShort[0, 16].Array[1, 12],
        Gen.ULong[0, 0x8000].Array[0, 3],
        Gen.UInt[0, 14],
        Gen.Bool)
        .Sample(
            (descriptors, indirect, heads, absent, requestType, indexed) =>
            {
                using var driver = new VirtioDriver(Make(kind));
                for (ulong i = 0; i < 0x8000; i += 16)
                    driver.Memory.At<uint>(VirtioDriver.Data + i) = requestType;
                foreach (ulong offset in absent)
                    driver.Memory.MakeAbsent(VirtioDriver.Data + offset);
                driver.Start(VirtioDriver.Version1 | VirtioDriver.Indirect | (indexed ? VirtioDriver.EventIndex : 0), queues: kind == "console" ? 2 : 1);
                int queue = kind == "console" ? 1 : 0;
                for (int i = 0; i < 16; i++)
                    Describe(driver, VirtioDriver.Descriptors(queue) + ((ulong)i * 16), descriptors[i]);
                for (int i = 0; i < 8; i++)
                    Describe(driver, VirtioDriver.Data + ((ulong)i * 16), indirect[i]);
                foreach (ushort head in heads)
                    driver.Submit(head, queue);
                foreach (ulong offset in absent)
                    driver.Memory.MakePresent(VirtioDriver.Data + offset);
                driver.Work.Run();
                driver.Device.Reset();
                driver.Work.Run();
                Assert.Equal(0, driver.Memory.Pins);
                Assert.Equal(0, driver.Memory.Waiters);
            },
            iter: 2000);

    private static void Describe(VirtioDriver driver, ulong where, (ushort Flags, ulong Address, uint Length, ushort Next) descriptor) =>
        driver.DescribeAt(where, descriptor.Address, descriptor.Length, descriptor.Flags, descriptor.Next);

    private static VirtioDevice Make(string kind) => kind switch
    {
        "block" => new VirtioBlock("blk", new FakeStorage(64 * 1024), "id"),
        "console" => new VirtioConsole("console", new FakeConsole()),
        _ => new VirtioEntropy("rng", new SeededEntropySource(0)),
    };

    private static void Apply(IBoardDevice device, (bool IsWrite, ulong Offset, int Size, ulong Value)[] accesses)
    {
        foreach (var (isWrite, offset, size, value) in accesses)
        {
            if (isWrite)
                device.Write(offset, size, value);
            else
                device.Read(offset, size);
        }
    }
}
