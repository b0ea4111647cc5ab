using Meanwhile.Hypervisor.Arm64;
using Meanwhile.Hypervisor.Arm64.GicV3;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.State;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor;

/// <summary>
/// One virtual machine: vCPUs, guest-physical memory, the MMIO bus, the hypercall bus and the interrupt controller. Devices are a board's
/// matter, which maps them before the first <see cref="Run"/>.
/// </summary>
public sealed partial class VirtualMachine : IDisposable
{
    private readonly List<IVcpuEventSource> eventSources = [];
    private readonly List<Action> resetHandlers = [];
    private readonly List<ThreadWorkQueue> workQueues = [];
    private readonly List<IStateSection> stateSections = [];
    private readonly GenericTimer[] timers;
    private readonly GuestCounter counter;
    private bool disposed;

    /// <summary>Makes a machine in its reset state.</summary>
    /// <exception cref="ArgumentException">Options contradict each other or are out of range.</exception>
    public VirtualMachine(VirtualMachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.VcpuCount is < 1 or > Gic.MaximumVcpus)
            throw new ArgumentException($"A machine has 1 to {Gic.MaximumVcpus} vCPUs, not {options.VcpuCount}.", nameof(options));
        if (options.Clock.IsVirtual && (options.VcpuCount != 1 || options.Clock is not VirtualClock))
            throw new ArgumentException("On the virtual clock a machine has one vCPU.", nameof(options));
        Clock = options.Clock;
        Ram = options.Ram;
        RamBase = options.RamBase;
        Memory = new GuestPhysicalMemory(Ram);
        Memory.AddSlot(new MemorySlot(RamBase, 0, Ram.Size));
        Dma = new GuestDmaMemory(Ram, Memory);
        Gic = new Gic(options.VcpuCount, options.SpiCount);
        MapDevice(options.DistributorBase, Gic.DistributorSize, Gic.Distributor);
        MapDevice(options.RedistributorBase, Gic.RedistributorSize * (ulong)options.VcpuCount, Gic.Redistributors);
        counter = new GuestCounter(Clock);
        timers = new GenericTimer[options.VcpuCount];
        Vcpu[] all = new Vcpu[options.VcpuCount];
        for (int index = 0; index < all.Length; index++)
        {
            timers[index] = new GenericTimer(
                index, Clock, counter, Gic.Ppi(index, GenericTimer.VirtualInterrupt), Gic.Ppi(index, GenericTimer.PhysicalInterrupt));
            ulong mpidr = 0x8000_0000 | Affinity.OfVcpu(index);
            VcpuSystemRegisters registers = new(Gic.CpuInterface(index), timers[index]);
            Vcpu vcpu = new(this, index, mpidr, options.EngineFactory(Memory, registers, mpidr));
            all[index] = vcpu;
            Gic.CpuInterface(index).Connect(vcpu.SetInterruptLine);
            Ram.AddInvalidationListener(vcpu);
        }

        Vcpus = all;
        Ram.Failed += Fail;
        if (Clock is RealClock threaded)
            threaded.Failed += Fail;
        (Clock as VirtualClock)?.Attach(() => all[0].Engine.InstructionsRetired, all[0].Wake);
        IEntropySource entropy = options.Entropy ?? (Clock.IsVirtual ? new SeededEntropySource(0) : new HostEntropySource());
        VendorServices = new VendorHypervisorService();
        Hypercalls = new SmcccBus();
        Hypercalls.Add(new ArchitectureService());
        Psci psci = new(this);
        Hypercalls.Add(psci);
        Hypercalls.Add(new Trng(entropy));
        Hypercalls.Add(VendorServices);
        // In the order of restoring: the clock's time has the vCPUs' instructions in it, and lines lead into the interrupt controller.
        foreach (IStateSection section in (IEnumerable<IStateSection>)[.. all, new ClockState(Clock, counter), Gic, .. timers, psci])
            AddStateSection(section);
        if (entropy is IStateSection numbers)
            AddStateSection(numbers);
    }

    /// <summary>The machine's one clock.</summary>
    public IClock Clock { get; }

    /// <summary>Guest RAM.</summary>
    public GuestRam Ram { get; }

    /// <summary>Guest-physical address of RAM.</summary>
    public ulong RamBase { get; }

    /// <summary>The memory slots: stage 2 of the vCPUs.</summary>
    public GuestPhysicalMemory Memory { get; }

    /// <summary>Guest RAM for devices.</summary>
    public IDmaMemory Dma { get; }

    /// <summary>Where guest-physical addresses lead to devices.</summary>
    public MmioBus Mmio { get; } = new();

    /// <summary>Where HVC leads to services.</summary>
    public SmcccBus Hypercalls { get; }

    /// <summary>The vendor-specific hypervisor service, to which features are added.</summary>
    public VendorHypervisorService VendorServices { get; }

    /// <summary>The interrupt controller.</summary>
    public Gic Gic { get; }

    /// <summary>The vCPUs.</summary>
    public IReadOnlyList<Vcpu> Vcpus { get; }

    /// <summary>Who handles memory faults without waiting; null: every fault is waited for. Set before the machine runs.</summary>
    public IMemoryFaultHandler? FaultHandler { get; set; }

    /// <summary>Maps a device. Before the machine runs.</summary>
    /// <exception cref="ArgumentException">The range is empty, wraps around, or overlaps a device or RAM.</exception>
    public void MapDevice(ulong guestPhysicalAddress, ulong size, IMmioDevice device)
    {
        foreach (MemorySlot slot in Memory.Slots)
        {
            if (size != 0 && guestPhysicalAddress <= slot.GuestPhysicalAddress + (ulong)slot.Size - 1 && slot.GuestPhysicalAddress <= guestPhysicalAddress + (size - 1))
                throw new ArgumentException($"A device at 0x{guestPhysicalAddress:x}, size 0x{size:x}, overlaps RAM.", nameof(guestPhysicalAddress));
        }

        Mmio.Map(guestPhysicalAddress, size, device);
    }

    /// <summary>Everything that has state the guest can see, in the order of saving and restoring.</summary>
    public IReadOnlyList<IStateSection> StateSections => stateSections;

    /// <summary>Adds what is saved and restored with the machine. Before it runs.</summary>
    /// <exception cref="ArgumentException">The name is not one, or is another section's.</exception>
    public void AddStateSection(IStateSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        string name = section.SectionName;
        if (name.Length is 0 or > StateReader.MaximumNameLength || name.Any(letter => letter is <= ' ' or > '~'))
            throw new ArgumentException($"'{name}' is no name for a section of saved state.", nameof(section));
        if (stateSections.Exists(other => other.SectionName == name))
            throw new ArgumentException($"There are two sections '{name}' of saved state.", nameof(section));
        stateSections.Add(section);
    }

    /// <summary>
    /// Adds a source of events that vCPUs deliver before they enter the guest, and that is saved and restored with the machine. Before it runs.
    /// </summary>
    public void AddEventSource(IVcpuEventSource source)
    {
        AddStateSection(source);
        eventSources.Add(source);
    }

    /// <summary>Adds what a device does on <see cref="Reset"/>, in the order of adding.</summary>
    public void AddResetHandler(Action reset) => resetHandlers.Add(reset);

    /// <summary>Makes a queue for a device's work, named for diagnostics. The machine disposes it.</summary>
    public IWorkQueue CreateWorkQueue(string name)
    {
        if (Clock.IsVirtual)
            return new EventWorkQueue(Clock);
        ThreadWorkQueue queue = new(name, Fail);
        workQueues.Add(queue);
        return queue;
    }

    /// <summary>
    /// Puts vCPUs, interrupt controller, timers and devices (through their handlers) into reset state, for a boot. RAM keeps its content.
    /// </summary>
    /// <exception cref="InvalidOperationException">The machine runs.</exception>
    public void Reset()
    {
        ThrowIfRunning();
        foreach (Action reset in resetHandlers)
            reset();
        Gic.Reset();
        foreach (GenericTimer timer in timers)
            timer.Reset();
        foreach (Vcpu vcpu in Vcpus)
            vcpu.Reset();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The machine runs.</exception>
    public void Dispose()
    {
        if (disposed)
            return;
        ThrowIfRunning();
        disposed = true;
        foreach (ThreadWorkQueue queue in workQueues)
            queue.Dispose();
        foreach (GenericTimer timer in timers)
            timer.Reset();
        foreach (Vcpu vcpu in Vcpus)
            vcpu.Dispose();
        if (Clock is RealClock threaded)
            threaded.Failed -= Fail;
    }

    internal void DeliverEvents(Vcpu vcpu)
    {
        foreach (IVcpuEventSource source in eventSources)
            source.Deliver(vcpu);
    }

    internal bool HasPendingEvents(Vcpu vcpu)
    {
        foreach (IVcpuEventSource source in eventSources)
        {
            if (source.IsPending(vcpu))
                return true;
        }

        return false;
    }

    /// <summary>
    /// What a PE loses with its power besides its own registers (DEN0022 6.4): the state of event sources, timers and GIC CPU interface. On the
    /// vCPU's thread.
    /// </summary>
    internal void ResetPowerDomain(Vcpu vcpu)
    {
        ResetEventSources(vcpu);
        timers[vcpu.Index].Reset();
        Gic.ResetCpuInterface(vcpu.Index);
    }

    internal void ResetEventSources(Vcpu vcpu)
    {
        foreach (IVcpuEventSource source in eventSources)
            source.Reset(vcpu);
    }
}
