using System.Runtime.ExceptionServices;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Devices;

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

    private void UpdateLine() => line.SetLevel(interruptStatus != 0);

}
