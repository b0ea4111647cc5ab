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
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Machines;

namespace Meanwhile.Cli.Machines;

/// <summary>A machine made from settings, with its clock and its swap file, from boot to end.</summary>
internal sealed class MachineSession : IDisposable
{
    private readonly RealClock? realClock;
    private readonly PerfMap? perfMap;
    private readonly object lifeGate = new();
    private readonly bool isIncoming;
    private bool hasArrived;
    private bool isUp;
    private bool isRestored;
    private int holders;
    private volatile bool isStopWanted;
    private int isResetWanted;

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
                    Origin = (ArrivingPages = settings.IsIncoming ? IncomingGuest.MakePages(clock) : null) ?? settings.Origin?.Invoke(clock),
                    Clock = clock,
                },
                Clock = clock,
                Cpus = settings.Cpus,
                Kernel = settings.Kernel,
                Initrd = settings.Initrd,
                CommandLine = settings.CommandLine,
                Disks = settings.Disks,
                IsGuestElsewhere = settings.IsIncoming,
                Console = console,
                HasPowerButton = settings.PowerButton,
                HasGenerationId = settings.GenerationId,
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
        Hold = new MachineHold(Machine.Hypervisor);
        // A guest that its user stopped arrives stopped.
        Machine.Hypervisor.AddStateSection(Hold);
        isIncoming = settings.IsIncoming;
        if (!isIncoming)
            return;
        foreach (Vcpu vcpu in Machine.Hypervisor.Vcpus)
            vcpu.Engine.Prepare();
        Machine.Ram.Prepare();
    }

    /// <summary>The machine's clock.</summary>
    public IClock Clock { get; }

    /// <summary>The board.</summary>
    public VirtMachine Machine { get; }

    /// <summary>Asynchronous page faults, when they are offered.</summary>
    public Arm64AsyncPageFaults? AsyncPageFaults { get; }

    /// <summary>Pages that come with a guest from elsewhere; null: this machine was not made for one.</summary>
    public ArrivingPages? ArrivingPages { get; }

    /// <summary>What holds the guest.</summary>
    public MachineHold Hold { get; }

    /// <summary>Taken while it is decided whether the guest is saved or moves away: one at a time, as each holds it still and lets it go on.</summary>
    public Lock LeavingGate { get; } = new();

    /// <summary>The guest is being saved. With <see cref="LeavingGate"/>.</summary>
    public bool IsBeingSaved { get; set; }

    /// <summary>The machine boots; told on its thread. True: the guest asked for it, false: the host, null: it is the first time.</summary>
    public event Action<bool?>? Booting;

    /// <summary>
    /// The guest that ran has ended, by itself or because the host said so, and its vCPUs stand still: raised before another boots, on the machine's
    /// thread. Not when the machine failed.
    /// </summary>
    public event Action? GuestEnded;

    /// <summary>Time that vCPU 0 stood still because of a page, in nanoseconds.</summary>
    public long StoodStill => Machine.Hypervisor.Vcpus[0].Statistics.FaultNanoseconds;

    /// <summary>
    /// Boots (or waits for the guest: <see cref="Arrive"/>) and runs until the guest powers off, panics (a warm reset: see <see cref="GuestCommandLine"/>),
    /// fails or is stopped. A reboot boots again.
    /// </summary>
    /// <exception cref="UserError">Kernel or initial RAM disk cannot be loaded.</exception>
    public RunOutcome Run()
    {
        try
        {
            bool? byGuest = null;
            if (isIncoming && !AwaitGuest())
                return new RunOutcome(RunOutcomeKind.Stopped);
            for (bool boots = !isIncoming && !isRestored; ; boots = true)
            {
                if (boots || isRestored)
                    Booting?.Invoke(byGuest);
                if (boots && !BootUp())
                    return new RunOutcome(RunOutcomeKind.Stopped);
                RunOutcome outcome = Machine.Hypervisor.Run();
                SetUp(false);
                if (outcome.Kind != RunOutcomeKind.Fault)
                    GuestEnded?.Invoke();
                // Whatever the guest asked for at the same moment.
                if (isStopWanted)
                    return outcome.Kind == RunOutcomeKind.ColdReset ? new RunOutcome(RunOutcomeKind.Stopped) : outcome;
                byGuest = outcome.Kind == RunOutcomeKind.ColdReset;
                bool byHost = Interlocked.Exchange(ref isResetWanted, 0) != 0 && outcome.Kind == RunOutcomeKind.Stopped;
                if (!byGuest.Value && !byHost)
                    return outcome;
            }
        }
        catch (BootException error)
        {
            throw new UserError(error.Message);
        }
        finally
        {
            // Who waits for a guest to be held still waits no more.
            lock (lifeGate)
            {
                isStopWanted = true;
                System.Threading.Monitor.PulseAll(lifeGate);
            }
        }
    }

    /// <summary>The guest is here: everything is restored, and <see cref="Run"/> goes on with it. Any thread, once.</summary>
    public void Arrive()
    {
        lock (lifeGate)
        {
            hasArrived = isUp = true;
            System.Threading.Monitor.PulseAll(lifeGate);
        }
    }

    /// <summary>
    /// Calls <paramref name="quiesce"/> when there is a guest to be held still: not while it boots, nor when it has just asked to be switched off or reset, of
    /// which its state would say nothing. It stays the same guest until <see cref="GuestGoesOn"/>: a reset that the host asks for boots after that.
    /// </summary>
    /// <param name="quiesce">Holds the machine still; null, or why it cannot.</param>
    /// <param name="undo">Lets it go on.</param>
    /// <returns>Null, or why the guest cannot be held still.</returns>
    public string? QuiesceGuest(Func<string?> quiesce, Action undo)
    {
        lock (lifeGate)
        {
            while (true)
            {
                while (!isUp && !isStopWanted)
                    System.Threading.Monitor.Wait(lifeGate);
                if (isStopWanted)
                    return "The machine ends.";
                if (quiesce() is { } failure)
                    return failure;
                if (!Machine.Hypervisor.IsEnding && Machine.Hypervisor.IsRunning)
                {
                    holders++;
                    return null;
                }
                undo();
                // The run is about to end, or to begin: in a moment it has.
                System.Threading.Monitor.Wait(lifeGate, 1);
            }
        }
    }

    /// <summary>Once for each time that <see cref="QuiesceGuest"/> has held the guest still: it has been let go on.</summary>
    public void GuestGoesOn()
    {
        lock (lifeGate)
        {
            holders--;
            System.Threading.Monitor.PulseAll(lifeGate);
        }
    }

    /// <summary>Before <see cref="Run"/>: the guest is there already, and it goes on with it. A reboot still boots.</summary>
    public void MarkRestored()
    {
        isRestored = true;
        SetUp(true);
    }

    /// <summary>Makes <see cref="Run"/> boot again, as after power-on. Any thread.</summary>
    public void Reset()
    {
        Volatile.Write(ref isResetWanted, 1);
        Machine.Hypervisor.Stop();
    }

    /// <summary>Makes <see cref="Run"/> return, for good. Any thread.</summary>
    public void Stop()
    {
        isStopWanted = true;
        Machine.Hypervisor.Stop();
        lock (lifeGate)
            System.Threading.Monitor.PulseAll(lifeGate);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Machine.Dispose();
        perfMap?.Dispose();
        realClock?.Dispose();
    }

    // False: it was stopped before the guest came.
    private bool AwaitGuest()
    {
        lock (lifeGate)
        {
            while (!hasArrived && !isStopWanted)
                System.Threading.Monitor.Wait(lifeGate);
            return hasArrived;
        }
    }

    // False: it was stopped meanwhile.
    private bool BootUp()
    {
        lock (lifeGate)
        {
            while (holders != 0 && !isStopWanted)
                System.Threading.Monitor.Wait(lifeGate);
            if (holders != 0)
                return false;
            Machine.Boot();
            SetUp(true);
            return true;
        }
    }

    private void SetUp(bool up)
    {
        lock (lifeGate)
        {
            isUp = up;
            System.Threading.Monitor.PulseAll(lifeGate);
        }
    }

    // The framework adds the name of the parameter, which is no name that the user knows.
    private static string MessageOf(Exception error) =>
        error is ArgumentException { ParamName: { } name } ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;
}
