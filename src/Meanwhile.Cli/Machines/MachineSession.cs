using Meanwhile.Arm64.Translator;
using Meanwhile.Cli.Host;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Arm64.AsyncPageFaults;
using Meanwhile.Hypervisor.Arm64.Sdei;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Machine.Board;
using Meanwhile.Machine.Boot;
using Meanwhile.Machine.Devices;
using Meanwhile.Memory;

namespace Meanwhile.Cli.Machines;

/// <summary>A machine made from settings, with its clock and its swap file, from boot to end.</summary>
internal sealed class MachineSession : IDisposable
{
    private readonly RealClock? realClock;
    private readonly PerfMap? perfMap;

    /// <summary>Makes the machine.</summary>
    /// <exception cref="UserError">Something in the settings cannot be; the message names it.</exception>
    public MachineSession(MachineSettings settings, IConsoleBackend console)
    {
        IClock clock = settings.VirtualClock ? new VirtualClock(settings.NanosecondsPerInstruction) : realClock = new RealClock();
        Clock = clock;
        try
        {
            perfMap = settings.PerfMap ? new PerfMap() : null;
            Machine = new VirtMachine(new VirtMachineOptions
            {
                Memory = new GuestRamOptions
                {
                    Size = settings.Memory,
                    ResidentLimit = settings.MemoryLimit,
                    Store = SwapStore.Open(settings, clock),
                    Clock = clock,
                },
                Clock = clock,
                Cpus = settings.Cpus,
                Kernel = settings.Kernel,
                Initrd = settings.Initrd,
                CommandLine = settings.CommandLine,
                Disks = settings.Disks,
                Console = console,
                Seed = settings.Seed,
                EngineFactory = (memory, registers, mpidr) =>
                    new SoftwareEngine(memory, registers, mpidr, settings.Engine, settings.Counting) { PerfMap = perfMap },
            });
        }
        catch (Exception error) when (error is UserError or ArgumentException or BootException or IOException
            or UnauthorizedAccessException or InsufficientMemoryException)
        {
            realClock?.Dispose();
            perfMap?.Dispose();
            throw error as UserError ?? new UserError(MessageOf(error));
        }
        if (settings.AsyncPageFaults)
            AsyncPageFaults = Arm64AsyncPageFaults.Attach(Machine.Hypervisor);
        else
            new SdeiService(Machine.Hypervisor, []).Attach();
    }

    /// <summary>The machine's clock.</summary>
    public IClock Clock { get; }

    /// <summary>The board.</summary>
    public VirtMachine Machine { get; }

    /// <summary>Asynchronous page faults, when they are offered.</summary>
    public Arm64AsyncPageFaults? AsyncPageFaults { get; }

    /// <summary>Time that vCPU 0 stood still because of a page, in nanoseconds.</summary>
    public long StoodStill => Machine.Hypervisor.Vcpus[0].Statistics.FaultNanoseconds;

    /// <summary>
    /// Boots and runs until the guest powers off, panics (a warm reset: see <see cref="GuestCommandLine"/>), fails or is stopped. A reboot boots again.
    /// </summary>
    /// <exception cref="UserError">Kernel or initial RAM disk cannot be loaded.</exception>
    public RunOutcome Run()
    {
        try
        {
            while (true)
            {
                Machine.Boot();
                RunOutcome outcome = Machine.Hypervisor.Run();
                if (outcome.Kind != RunOutcomeKind.ColdReset)
                    return outcome;
            }
        }
        catch (BootException error)
        {
            throw new UserError(error.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Machine.Dispose();
        perfMap?.Dispose();
        realClock?.Dispose();
    }

    // The framework adds the name of the parameter, which is no name that the user knows.
    private static string MessageOf(Exception error) =>
        error is ArgumentException { ParamName: { } name } ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;
}
