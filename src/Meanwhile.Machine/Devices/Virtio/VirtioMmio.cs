using System.Runtime.ExceptionServices;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Machine.Devices.Virtio;

/// <summary>
/// The virtio-mmio transport, version 2 (virtio 1.2, 4.2): one slot of the board, with a device or empty. Register accesses come on vCPU
/// threads and never wait for the device; the device works on its own queue.
/// </summary>
public sealed partial class VirtioMmio : IBoardDevice
{
    private const uint Magic = 0x7472_6976;
    private const uint Version = 2;
    private const uint Vendor = 0x5445_4D4D;
    private const ulong ConfigurationOffset = 0x100;

    private readonly IInterruptLine line;
    private readonly IWorkQueue? work;
    private readonly VirtioDevice? device;
    private readonly QueueRegisters[] queues;

    private uint deviceFeaturesSelect;
    private uint driverFeaturesSelect;
    private ulong driverFeatures;
    private uint queueSelect;
    private uint interruptStatus;
    private uint status;
    private uint configurationGeneration;
    private long notifications;
    private long interrupts;
    private long guestErrors;

    /// <summary>An empty slot: it has the magic and the version, and device id 0.</summary>
    public VirtioMmio(int slot, IInterruptLine line)
    {
        Slot = slot;
        this.line = line;
        queues = [];
        Memory = null!;
    }

    /// <summary>A slot with a device.</summary>
    /// <param name="slot">Number of the slot.</param>
    /// <param name="line">The slot's interrupt.</param>
    /// <param name="device">The device.</param>
    /// <param name="memory">Guest RAM.</param>
    /// <param name="work">Where the device works; no other device may share it.</param>
    public VirtioMmio(int slot, IInterruptLine line, VirtioDevice device, IDmaMemory memory, IWorkQueue work)
    {
        Slot = slot;
        this.line = line;
        this.device = device;
        Memory = memory;
        this.work = work;
        queues = new QueueRegisters[device.QueueCount];
        for (int i = 0; i < queues.Length; i++)
            queues[i] = new QueueRegisters();
        device.Transport = this;
    }

    /// <summary>Number of the slot.</summary>
    public int Slot { get; }

    /// <summary>The device, or null in an empty slot.</summary>
    public VirtioDevice? Device => device;

    /// <inheritdoc/>
    public string Name => device?.Name ?? $"virtio-mmio{Slot}";

    /// <summary>What the guest last did wrong, for the host's eyes; null when nothing.</summary>
    public string? LastGuestError { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<DeviceStatistic> Statistics =>
    [
        .. device?.Statistics ?? [],
        new("notifications", Volatile.Read(ref notifications)),
        new("interrupts", Volatile.Read(ref interrupts)),
        new("guest-errors", Volatile.Read(ref guestErrors)),
    ];

    /// <summary>Guards registers, and guest RAM against being written after a reset.</summary>
    internal Lock Gate { get; } = new();

    internal IDmaMemory Memory { get; }

    private ulong OfferedFeatures => device is null ? 0 : device.Features | VirtioFeature.Transport;

    /// <inheritdoc/>
    public void Reset()
    {
        lock (Gate)
        {
            foreach (QueueRegisters queue in queues)
                queue.Reset();
            deviceFeaturesSelect = driverFeaturesSelect = queueSelect = 0;
            driverFeatures = 0;
            status = 0;
            interruptStatus = 0;
            UpdateLine();
        }
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        lock (Gate)
        {
            if (offset >= ConfigurationOffset)
                return device?.ReadConfiguration(offset - ConfigurationOffset, size) ?? 0;
            // 4.2.2.2: control registers are 32 bits wide and so are accesses to them.
            return size == sizeof(uint) ? ReadRegister(offset) : 0;
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        lock (Gate)
        {
            if (device is null)
                return;
            if (offset >= ConfigurationOffset)
                device.WriteConfiguration(offset - ConfigurationOffset, size, value);
            else if (size == sizeof(uint))
                WriteRegister(offset, (uint)value);
        }
    }

    /// <summary>Runs <paramref name="item"/> on the device's work queue.</summary>
    internal void Post(Action item)
    {
        BeginWork();
        work!.Post(() =>
        {
            // Requests are async methods; a context would send their continuations elsewhere.
            SynchronizationContext? context = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            try
            {
                item();
            }
            finally
            {
                SynchronizationContext.SetSynchronizationContext(context);
                EndWork();
            }
        });
    }

    /// <summary>Sets a bit of InterruptStatus and the line. With the gate held.</summary>
    internal void RaiseInterrupt(uint cause)
    {
        interrupts++;
        interruptStatus |= cause;
        UpdateLine();
    }

    /// <summary>The device's configuration has changed: tells the driver (virtio 1.2, 2.5 and 4.2.2). Any thread.</summary>
    internal void ConfigurationChanged()
    {
        lock (Gate)
        {
            configurationGeneration++;
            if ((status & VirtioStatus.DriverOk) != 0)
                RaiseInterrupt(VirtioInterrupt.ConfigurationChange);
        }
    }

    /// <summary>Calls <see cref="VirtioDevice.Process"/> for a queue, as if the driver had notified it. Any thread.</summary>
    internal void Wake(int queue)
    {
        lock (Gate)
            Notify((uint)queue);
    }

    /// <summary>The guest did what the specification forbids: the device stops until it is reset (virtio 1.2, 2.1.2).</summary>
    internal void FailGuest(VirtQueue queue, GuestRingException error)
    {
        lock (Gate)
        {
            // A request of before a reset says nothing about the driver of now.
            if (Array.Exists(queues, q => ReferenceEquals(q.Active, queue)))
                Fail($"queue {queue.Index}: {error.Message}");
        }
    }

    /// <summary>
    /// A request threw what is no fault of the guest's. It is thrown again by the device's work queue, which knows what to do, where an asynchronous
    /// method's exceptions would end the process.
    /// </summary>
    internal void FailMonitor(Exception error) => work!.Post(ExceptionDispatchInfo.Capture(error).Throw);

    private void Fail(string message)
    {
        LastGuestError = message;
        guestErrors++;
        foreach (QueueRegisters registers in queues)
            registers.Close();
        bool running = (status & VirtioStatus.DriverOk) != 0;
        status |= VirtioStatus.NeedsReset;
        if (running)
            RaiseInterrupt(VirtioInterrupt.ConfigurationChange);
    }

    private uint ReadRegister(ulong offset)
    {
        switch (offset)
        {
            case Register.Magic:
                return Magic;
            case Register.Version:
                return Version;
            case Register.DeviceId:
                return device?.DeviceId ?? 0;
            case Register.Vendor:
                return Vendor;
        }

        if (device is null)
            return 0;
        QueueRegisters? queue = SelectedQueue;
        return offset switch
        {
            Register.DeviceFeatures => deviceFeaturesSelect < 2 ? (uint)(OfferedFeatures >> ((int)deviceFeaturesSelect * 32)) : 0,
            Register.QueueSizeMax => queue is null ? 0u : VirtQueue.MaximumSize,
            Register.QueueReady => queue is { Ready: true } ? 1u : 0,
            Register.InterruptStatus => interruptStatus,
            Register.Status => status,
            Register.ConfigurationGeneration => configurationGeneration,
            // 4.2.2.1: a shared memory region that does not exist has length -1; none exists.
            Register.SharedMemoryLengthLow or Register.SharedMemoryLengthHigh => uint.MaxValue,
            Register.SharedMemoryBaseLow or Register.SharedMemoryBaseHigh => uint.MaxValue,
            _ => 0,
        };
    }

    private void WriteRegister(ulong offset, uint value)
    {
        switch (offset)
        {
            case Register.DeviceFeaturesSelect:
                deviceFeaturesSelect = value;
                break;
            case Register.DriverFeatures:
                // 3.1.1: features are settled once FEATURES_OK is set.
                if ((status & VirtioStatus.FeaturesOk) == 0 && driverFeaturesSelect < 2)
                {
                    int shift = (int)driverFeaturesSelect * 32;
                    driverFeatures = (driverFeatures & ~(0xFFFF_FFFFUL << shift)) | ((ulong)value << shift);
                }

                break;
            case Register.DriverFeaturesSelect:
                driverFeaturesSelect = value;
                break;
            case Register.QueueSelect:
                queueSelect = value;
                break;
            case Register.QueueNotify:
                notifications++;
                Notify(value);
                break;
            case Register.InterruptAcknowledge:
                interruptStatus &= ~value;
                UpdateLine();
                break;
            case Register.Status:
                WriteStatus(value);
                break;
            case Register.QueueReady:
                WriteQueueReady(value & 1);
                break;
            default:
                // 4.2.2.2: the driver must not touch a queue's set-up while it is ready; if it does, nothing happens.
                if (SelectedQueue is { Ready: false } queue)
                    queue.Write(offset, value);
                break;
        }
    }

    private QueueRegisters? SelectedQueue => queueSelect < (uint)queues.Length ? queues[queueSelect] : null;

    private void WriteStatus(uint value)
    {
        if (value == 0)
        {
            Reset();
            return;
        }

        uint accepted = value & VirtioStatus.Writable;
        bool featuresFit = (driverFeatures & ~OfferedFeatures) == 0 && (driverFeatures & VirtioFeature.Version1) != 0;
        if (!featuresFit)
            accepted &= ~VirtioStatus.FeaturesOk;
        if ((accepted & VirtioStatus.FeaturesOk) == 0)
            accepted &= ~VirtioStatus.DriverOk;
        uint previous = status;
        status = accepted | (status & VirtioStatus.NeedsReset);
        if ((status & ~previous & VirtioStatus.DriverOk) == 0)
            return;
        for (int i = 0; i < queues.Length; i++)
            Notify((uint)i);
    }

    private void WriteQueueReady(uint value)
    {
        if (SelectedQueue is not { } registers || (value != 0) == registers.Ready)
            return;
        if (value == 0)
        {
            registers.Close();
            return;
        }

        registers.Ready = true;
        if ((status & VirtioStatus.NeedsReset) != 0)
            return;
        var queue = new VirtQueue(this, registers.Layout((int)queueSelect, driverFeatures));
        registers.Active = queue;
        Post(() => Open(queue));
    }

    private async void Open(VirtQueue queue)
    {
        BeginWork();
        try
        {
            if (await queue.OpenAsync())
                Serve(queue);
        }
        catch (GuestRingException error)
        {
            FailGuest(queue, error);
        }
        catch (QueueClosedException)
        {
            // Reset before the rings were there.
        }
        catch (Exception error)
        {
            FailMonitor(error);
        }
        finally
        {
            EndWork();
        }
    }

    private void Notify(uint index)
    {
        if ((status & (VirtioStatus.DriverOk | VirtioStatus.NeedsReset)) != VirtioStatus.DriverOk || index >= (uint)queues.Length)
            return;
        if (held)
        {
            queues[index].NotifiedWhileHeld = true;
            return;
        }

        if (queues[index].Active is not { } queue || !queue.TryBeginNotification())
            return;
        Post(() =>
        {
            queue.EndNotification();
            Serve(queue);
        });
    }

    private void Serve(VirtQueue queue)
    {
        // 3.1.1: no buffer is consumed before DRIVER_OK.
        if ((Volatile.Read(ref status) & VirtioStatus.DriverOk) == 0)
            return;
        try
        {
            device!.Process(queue);
        }
        catch (GuestRingException error)
        {
            FailGuest(queue, error);
        }
    }

    private void UpdateLine() => line.SetLevel(interruptStatus != 0);

    /// <summary>A queue's set-up as the driver writes it.</summary>
    private sealed class QueueRegisters
    {
        private uint size;
        private ulong descriptors;
        private ulong driver;
        private ulong device;

        public bool Ready { get; set; }

        public VirtQueue? Active { get; set; }

        /// <summary>Somebody had something for the queue while the device was held.</summary>
        public bool NotifiedWhileHeld { get; set; }

        /// <summary>It was restored, and its rings are not pinned yet.</summary>
        public bool IsToBeOpened { get; set; }

        public VirtQueueLayout Layout(int index, ulong features) =>
            new(index, (int)Math.Min(size, int.MaxValue), descriptors, driver, device, features);

        public void Write(ulong offset, uint value)
        {
            switch (offset)
            {
                case Register.QueueSize:
                    size = value;
                    break;
                case Register.QueueDescriptorsLow:
                    descriptors = Low(descriptors, value);
                    break;
                case Register.QueueDescriptorsHigh:
                    descriptors = High(descriptors, value);
                    break;
                case Register.QueueDriverLow:
                    driver = Low(driver, value);
                    break;
                case Register.QueueDriverHigh:
                    driver = High(driver, value);
                    break;
                case Register.QueueDeviceLow:
                    device = Low(device, value);
                    break;
                case Register.QueueDeviceHigh:
                    device = High(device, value);
                    break;
            }
        }

        public void Save(StateWriter writer)
        {
            writer.WriteUInt32(size);
            writer.WriteUInt64(descriptors);
            writer.WriteUInt64(driver);
            writer.WriteUInt64(device);
            writer.WriteBoolean(Ready);
            writer.WriteBoolean(Active is not null);
            Active?.Save(writer);
        }

        // Size and addresses are looked at when the queue is opened, as those of a driver.
        public void Restore(StateReader reader, VirtioMmio transport, int index)
        {
            size = reader.ReadUInt32();
            descriptors = reader.ReadUInt64();
            driver = reader.ReadUInt64();
            device = reader.ReadUInt64();
            Ready = reader.ReadBoolean();
            if (!reader.ReadBoolean())
                return;
            reader.Require(Ready, $"queue {index} is in use and not ready");
            Active = new VirtQueue(transport, Layout(index, reader.ReadUInt64()));
            Active.ContinueAt(reader.ReadUInt16(), reader.ReadUInt16());
            IsToBeOpened = true;
        }

        public void Close()
        {
            IsToBeOpened = false;
            Active?.Close();
            Active = null;
            Ready = false;
        }

        public void Reset()
        {
            Close();
            size = 0;
            descriptors = driver = device = 0;
        }

        private static ulong Low(ulong old, uint value) => (old & 0xFFFF_FFFF_0000_0000) | value;

        private static ulong High(ulong old, uint value) => (old & 0xFFFF_FFFF) | ((ulong)value << 32);
    }

    /// <summary>Offsets, virtio 1.2 table 4.1.</summary>
    private static class Register
    {
        public const ulong Magic = 0x000;
        public const ulong Version = 0x004;
        public const ulong DeviceId = 0x008;
        public const ulong Vendor = 0x00C;
        public const ulong DeviceFeatures = 0x010;
        public const ulong DeviceFeaturesSelect = 0x014;
        public const ulong DriverFeatures = 0x020;
        public const ulong DriverFeaturesSelect = 0x024;
        public const ulong QueueSelect = 0x030;
        public const ulong QueueSizeMax = 0x034;
        public const ulong QueueSize = 0x038;
        public const ulong QueueReady = 0x044;
        public const ulong QueueNotify = 0x050;
        public const ulong InterruptStatus = 0x060;
        public const ulong InterruptAcknowledge = 0x064;
        public const ulong Status = 0x070;
        public const ulong QueueDescriptorsLow = 0x080;
        public const ulong QueueDescriptorsHigh = 0x084;
        public const ulong QueueDriverLow = 0x090;
        public const ulong QueueDriverHigh = 0x094;
        public const ulong QueueDeviceLow = 0x0A0;
        public const ulong QueueDeviceHigh = 0x0A4;
        public const ulong SharedMemoryLengthLow = 0x0B0;
        public const ulong SharedMemoryLengthHigh = 0x0B4;
        public const ulong SharedMemoryBaseLow = 0x0B8;
        public const ulong SharedMemoryBaseHigh = 0x0BC;
        public const ulong ConfigurationGeneration = 0x0FC;
    }
}
