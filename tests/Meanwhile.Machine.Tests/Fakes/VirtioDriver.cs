using Meanwhile.Machine.Devices.Virtio;

namespace Meanwhile.Machine.Tests.Fakes;

/// <summary>The guest's side of a virtio-mmio device, written after virtio 1.2 chapters 2.7, 3.1 and 4.2.</summary>
public sealed class VirtioDriver : IDisposable
{
    public const ulong Version1 = 1UL << 32;
    public const ulong EventIndex = 1UL << 29;
    public const ulong Indirect = 1UL << 28;
    public const ushort Next = 1;
    public const ushort Write = 2;
    public const ushort IndirectFlag = 4;

    private readonly ushort[] available = new ushort[4];

    public VirtioDriver(VirtioDevice device, int memory = 1 << 20)
    {
        Memory = new FakeDma(memory);
        Device = new VirtioMmio(3, Line, device, Memory, Work);
    }

    public FakeDma Memory { get; }

    public FakeLine Line { get; } = new();

    public FakeWorkQueue Work { get; } = new();

    public VirtioMmio Device { get; }

    public ushort QueueSize { get; set; } = 16;

    public uint Status => Get(0x70);

    public bool NeedsReset => (Status & 64) != 0;

    public uint Get(ulong offset) => (uint)Device.Read(offset, 4);

    public void Set(ulong offset, uint value) => Device.Write(offset, 4, value);

    public static ulong Descriptors(int queue) => FakeDma.Base + ((ulong)queue * 0x4000);

    public static ulong Available(int queue) => Descriptors(queue) + 0x1000;

    public static ulong Used(int queue) => Descriptors(queue) + 0x2000;

    /// <summary>Where requests may put their data.</summary>
    public static ulong Data => FakeDma.Base + 0x2_0000;

    public ulong OfferedFeatures()
    {
        Set(0x14, 0);
        ulong low = Get(0x10);
        Set(0x14, 1);
        return low | ((ulong)Get(0x10) << 32);
    }

    public VirtioDriver Start(ulong features = Version1, int queues = 1)
    {
        Set(0x70, 0);
        Set(0x70, 1);
        Set(0x70, 3);
        Set(0x24, 0);
        Set(0x20, (uint)features);
        Set(0x24, 1);
        Set(0x20, (uint)(features >> 32));
        Set(0x70, 11);
        Assert.Equal(11u, Status);
        for (int queue = 0; queue < queues; queue++)
            SetUpQueue(queue, Descriptors(queue), Available(queue), Used(queue));
        Set(0x70, 15);
        Work.Run();
        return this;
    }

    public void SetUpQueue(int queue, ulong descriptors, ulong available, ulong used)
    {
        Set(0x30, (uint)queue);
        Set(0x38, QueueSize);
        Set(0x80, (uint)descriptors);
        Set(0x84, (uint)(descriptors >> 32));
        Set(0x90, (uint)available);
        Set(0x94, (uint)(available >> 32));
        Set(0xA0, (uint)used);
        Set(0xA4, (uint)(used >> 32));
        Set(0x44, 1);
    }

    public void Describe(int index, ulong address, uint length, ushort flags, ushort next = 0, int queue = 0) =>
        DescribeAt(Descriptors(queue) + ((ulong)index * 16), address, length, flags, next);

    public void DescribeAt(ulong where, ulong address, uint length, ushort flags, ushort next)
    {
        Memory.At<ulong>(where) = address;
        Memory.At<uint>(where + 8) = length;
        Memory.At<ushort>(where + 12) = flags;
        Memory.At<ushort>(where + 14) = next;
    }

    /// <summary>Makes a chain available without telling the device.</summary>
    public void Offer(ushort head, int queue = 0)
    {
        Memory.At<ushort>(Available(queue) + 4 + (2 * (ulong)(available[queue] % QueueSize))) = head;
        Memory.At<ushort>(Available(queue) + 2) = ++available[queue];
    }

    /// <summary>Makes a chain available, tells the device and lets it work.</summary>
    public void Submit(ushort head, int queue = 0)
    {
        Offer(head, queue);
        Kick(queue);
    }

    public void Kick(int queue = 0)
    {
        Set(0x50, (uint)queue);
        Work.Run();
    }

    public ushort UsedIndex(int queue = 0) => Memory.At<ushort>(Used(queue) + 2);

    public (uint Head, uint Length) UsedElement(int index, int queue = 0) => (
        Memory.At<uint>(Used(queue) + 4 + (8 * (ulong)(index % QueueSize))),
        Memory.At<uint>(Used(queue) + 8 + (8 * (ulong)(index % QueueSize))));

    public void Acknowledge() => Set(0x64, Get(0x60));

    /// <summary>After the guest's reset of the device its driver starts counting anew.</summary>
    public void ResetDevice()
    {
        Set(0x70, 0);
        Array.Clear(available);
        Memory[FakeDma.Base, 0x1_0000].Clear();
    }

    public void Dispose() => Memory.Dispose();
}
