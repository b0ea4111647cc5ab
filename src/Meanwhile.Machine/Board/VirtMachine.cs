using System.Runtime.InteropServices;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Machine.Boot;
using Meanwhile.Machine.Devices;
using Meanwhile.Machine.Devices.Virtio;
using Meanwhile.Memory;

namespace Meanwhile.Machine.Board;

/// <summary>
/// The <c>virt</c> board: a <see cref="VirtualMachine"/> with QEMU's memory map and devices, and with a kernel in its RAM. Disposing it
/// ends its devices; the machine must not run then.
/// </summary>
public sealed partial class VirtMachine : IDisposable
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly VirtMachineOptions options;
    private readonly List<IBoardDevice> devices = [];
    private readonly List<VirtioMmio> transports = [];
    private readonly List<IDisposable> disposables = [];
    private readonly List<RawDisk> disks = [];
    private readonly IEntropySource entropy;

    /// <summary>Makes the machine and its devices. Nothing is loaded yet.</summary>
    /// <exception cref="BootException">A disk cannot be used.</exception>
    /// <exception cref="ArgumentException">Options contradict each other or are out of range.</exception>
    public VirtMachine(VirtMachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        entropy = options.Clock.IsVirtual ? new SeededEntropySource(options.Seed) : new HostEntropySource();
        if (options.Disks.Count > MemoryMap.VirtioMmioSlots - 2)
            throw new ArgumentException(
                $"The board has room for {MemoryMap.VirtioMmioSlots - 2} disks, not {options.Disks.Count}.", nameof(options));
        Ram = new GuestRam(options.Memory.Clock is null ? options.Memory with { Clock = options.Clock } : options.Memory);
        try
        {
            var below = new VirtualMachineOptions
            {
                Clock = options.Clock,
                Ram = Ram,
                RamBase = MemoryMap.Ram,
                VcpuCount = options.Cpus,
                DistributorBase = MemoryMap.GicDistributor,
                RedistributorBase = MemoryMap.GicRedistributor,
                Entropy = entropy,
            };
            Hypervisor = new VirtualMachine(options.EngineFactory is { } factory ? below with { EngineFactory = factory } : below);
            Uart = Add(new Pl011(Hypervisor.Gic.Spi(MemoryMap.Pl011Spi), options.Console), MemoryMap.Pl011, MemoryMap.PrimeCellSize);
            Rtc = Add(new Pl031(Hypervisor.Gic.Spi(MemoryMap.Pl031Spi), options.Clock, Epoch()), MemoryMap.Pl031, MemoryMap.PrimeCellSize);
            if (options.HasPowerButton)
            {
                var gpio = new Pl061(Hypervisor.Gic.Spi(MemoryMap.Pl061Spi));
                PowerButton = new PowerButton(gpio.Input(MemoryMap.PowerButtonLine), options.Clock, StandsStillAlone);
                // Reset before the controller, to which letting go is an edge; restored after it, for the same reason.
                Hypervisor.AddResetHandler(PowerButton.Reset);
                Gpio = Add(gpio, MemoryMap.Pl061, MemoryMap.PrimeCellSize);
                Hypervisor.AddStateSection(PowerButton);
            }

            if (options.HasGenerationId)
            {
                var generation = new VmGenerationId(Hypervisor.Gic.Spi(MemoryMap.GenerationIdSpi), NewGuid());
                GenerationId = Add(generation, MemoryMap.GenerationId, MemoryMap.GenerationIdSize);
            }

            AddVirtio();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Guest RAM.</summary>
    public GuestRam Ram { get; }

    /// <summary>The machine below: vCPUs, buses, interrupt controller.</summary>
    public VirtualMachine Hypervisor { get; }

    /// <summary>The UART, which is the kernel's console.</summary>
    public Pl011 Uart { get; }

    /// <summary>The real-time clock.</summary>
    public Pl031 Rtc { get; }

    /// <summary>The GPIO controller, when there is a power button.</summary>
    public Pl061? Gpio { get; }

    /// <summary>The power button, when there is one.</summary>
    public PowerButton? PowerButton { get; }

    /// <summary>The VM generation ID, when there is one.</summary>
    public VmGenerationId? GenerationId { get; }

    /// <summary>The virtio console, when there is one.</summary>
    public VirtioConsole? Console { get; private set; }

    /// <summary>All devices, in order of address, empty virtio slots left out.</summary>
    public IReadOnlyList<IBoardDevice> Devices => devices;

    /// <summary>
    /// Puts everything into reset state and loads kernel, initial RAM disk and device tree, so that the next
    /// <see cref="VirtualMachine.Run"/> boots. Files are read anew. Also for a guest that asked for a reset.
    /// </summary>
    /// <exception cref="BootException">Something cannot be loaded; the message says what to do.</exception>
    public void Boot()
    {
        Hypervisor.Reset();
        BootLoader.Load(options, Hypervisor, entropy);
    }

    /// <summary>
    /// Boots and runs until the guest switches itself off, the host stops it, or it fails. A guest's reset boots it again.
    /// </summary>
    /// <exception cref="BootException">Something cannot be loaded; the message says what to do.</exception>
    public RunOutcome Run()
    {
        while (true)
        {
            Boot();
            RunOutcome outcome = Hypervisor.Run();
            if (outcome.Kind is not (RunOutcomeKind.ColdReset or RunOutcomeKind.WarmReset))
                return outcome;
        }
    }

    /// <summary>
    /// Makes a restored guest another than the one that was saved: random numbers that the saved one will not be given, and a new generation ID.
    /// To be called between restoring and <see cref="Continue"/>.
    /// </summary>
    /// <param name="seed">On the virtual clock: what randomness follows from, from now on.</param>
    public void BecomeClone(ulong seed)
    {
        // The host's own numbers are new ones anyway.
        (entropy as SeededEntropySource)?.Reseed(seed);
        GenerationId?.Renew(NewGuid());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // First the queues' threads, then what they use.
        Hypervisor?.Dispose();
        foreach (IDisposable disposable in disposables)
            disposable.Dispose();
        disposables.Clear();
        Ram.Dispose();
    }

    // The virtual clock stands still with the guest.
    private bool StandsStillAlone() => !Hypervisor.Clock.IsVirtual && Hypervisor.StandsStill;

    private void AddVirtio()
    {
        int slot = 0;
        foreach (DiskOptions disk in options.Disks)
            AddVirtio(slot++, new VirtioBlock($"virtio-blk{slot - 1}", OpenDisk(disk), $"disk{slot - 1}"));
        if (options.VirtioConsole is { } backend)
            AddVirtio(slot++, Console = new VirtioConsole("virtio-console", backend));
        if (options.HasEntropyDevice)
            AddVirtio(slot++, new VirtioEntropy("virtio-rng", entropy));
        for (; slot < MemoryMap.VirtioMmioSlots; slot++)
            Hypervisor.MapDevice(SlotAddress(slot), MemoryMap.VirtioMmioStride, new VirtioMmio(slot, SlotLine(slot)));
    }

    private void AddVirtio(int slot, VirtioDevice device)
    {
        var transport = new VirtioMmio(slot, SlotLine(slot), device, Hypervisor.Dma, Hypervisor.CreateWorkQueue(device.Name));
        transports.Add(Add(transport, SlotAddress(slot), MemoryMap.VirtioMmioStride));
    }

    private static ulong SlotAddress(int slot) => MemoryMap.VirtioMmio + ((ulong)slot * MemoryMap.VirtioMmioStride);

    private IInterruptLine SlotLine(int slot) => Hypervisor.Gic.Spi(MemoryMap.VirtioMmioSpi + slot);

    private T Add<T>(T device, ulong address, ulong size)
        where T : IBoardDevice
    {
        Hypervisor.MapDevice(address, size, device);
        Hypervisor.AddResetHandler(device.Reset);
        Hypervisor.AddStateSection(device);
        devices.Add(device);
        return device;
    }

    private RawDisk OpenDisk(DiskOptions disk)
    {
        try
        {
            var storage = new RawDisk(disk.Path, disk.IsReadOnly, options.IsGuestElsewhere);
            disposables.Add(storage);
            disks.Add(storage);
            return storage;
        }
        catch (FileNotFoundException error)
        {
            throw new BootException($"disk '{disk.Path}' does not exist; check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BootException($"disk '{disk.Path}' cannot be used: {error.Message}", error);
        }
    }

    private Guid NewGuid()
    {
        Span<ulong> words = [entropy.NextUInt64(), entropy.NextUInt64()];
        return new Guid(MemoryMarshal.AsBytes(words));
    }

    private long Epoch()
    {
        if (options.Epoch is { } epoch)
            return epoch;
        return options.Clock.IsVirtual
            ? VirtMachineOptions.VirtualEpoch
            : DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (options.Clock.Now / NanosecondsPerSecond);
    }
}
