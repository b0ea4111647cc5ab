using System.Text;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Arm64.AsyncPageFaults;
using Meanwhile.Hypervisor.AsyncPageFaults;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Machine.Board;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Guest.Tests.Machines;

/// <summary>A board with a console that is kept, on the virtual clock when it has one CPU; it is stopped after a bound of time.</summary>
internal sealed class GuestMachine : IDisposable
{
    private const long KeyPress = 1_000_000;

    private readonly IClock clock;
    private readonly Arm64AsyncPageFaults? asyncPageFaults;

    public GuestMachine(GuestSettings settings)
        : this(settings, settings.Cpus == 1 ? new VirtualClock() : new RealClock())
    {
    }

    /// <summary>A machine for a guest that travels: its RAM has the journey's clock, and what comes over a link comes to its origin.</summary>
    public GuestMachine(GuestSettings settings, IClock clock, IMemoryClock? memoryClock = null, ArrivingPages? origin = null)
    {
        Arriving = origin;
        this.clock = clock;
        memoryClock ??= clock;
        Board = new VirtMachine(new VirtMachineOptions
        {
            Memory = new GuestRamOptions
            {
                Size = settings.Memory,
                ResidentLimit = settings.Limit,
                Store = settings.Limit is null ? null : OpenSwap(settings, memoryClock),
                Origin = origin,
                Clock = memoryClock,
            },
            Clock = clock,
            Cpus = settings.Cpus,
            Kernel = settings.Kernel,
            Initrd = settings.Initrd,
            CommandLine = settings.CommandLine,
            Console = Console,
            Disks = [.. settings.Disks.Select(path => new DiskOptions(path))],
            HasPowerButton = settings.PowerButton,
            EngineFactory = GuestEngines.Factory(settings.Engine),
        });
        if (settings.AsyncPageFaults)
            asyncPageFaults = Arm64AsyncPageFaults.Attach(Board.Hypervisor);
        clock.ScheduleAt(settings.Bound, Board.Hypervisor.Stop);
    }

    public VirtMachine Board { get; }

    /// <summary>The origin of its RAM; null when it takes no guest.</summary>
    public ArrivingPages? Arriving { get; }

    public GuestConsole Console { get; } = new();

    public long Time => clock.Now;

    public Vcpu Vcpu => Board.Hypervisor.Vcpus[0];

    /// <summary>Counters of async page faults of the first vCPU; the machine must have them.</summary>
    public AsyncPageFaultStatistics AsyncPageFaults => asyncPageFaults!.Statistics(Vcpu);

    /// <summary>The same for each vCPU; none when the machine has no async page faults.</summary>
    public IReadOnlyList<AsyncPageFaultStatistics> AsyncPageFaultsByVcpu =>
        asyncPageFaults is null ? [] : [.. Board.Hypervisor.Vcpus.Select(asyncPageFaults.Statistics)];

    /// <summary>Types a text on the UART a moment after the guest has printed another, and what was waited for before it.</summary>
    public void TypeWhen(string printed, string typed) =>
        Console.When(printed, () => clock.Schedule(KeyPress, () => Board.Uart.PostInput(Encoding.ASCII.GetBytes(typed))));

    /// <summary>Presses the power button a moment after the guest has printed a text, and what was waited for before it.</summary>
    public void PressWhen(string printed) => Console.When(printed, () => clock.Schedule(KeyPress, Board.PowerButton!.Press));

    /// <summary>Boots once and runs until the guest ends, however it does.</summary>
    public RunOutcome RunOnce()
    {
        Board.Boot();
        return Board.Hypervisor.Run();
    }

    public void Dispose()
    {
        Board.Dispose();
        (clock as IDisposable)?.Dispose();
    }

    private static SwapFile OpenSwap(GuestSettings settings, IMemoryClock clock) => new(
        new SwapFileOptions
        {
            Path = Path.Combine(Path.GetTempPath(), $"meanwhile-guest-{Guid.NewGuid():N}.swap"),
            MaximumSize = settings.Memory,
            Latency = settings.Latency,
        },
        clock);
}
