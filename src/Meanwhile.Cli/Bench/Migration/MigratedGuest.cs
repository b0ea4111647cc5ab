using System.Globalization;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Machines;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Arm64.AsyncPageFaults;
using Meanwhile.Hypervisor.Arm64.Sdei;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Machine.Board;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Machines;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;

namespace Meanwhile.Cli.Bench.Migration;

/// <summary>A guest on its way from machine to machine, with what is measured of it.</summary>
internal sealed class MigratedGuest : IDisposable
{
    private const string ProgressAt = "testsuite: progress at 0x";
    private const long Look = 10_000_000; // Between two looks at the memory thread's progress.
    private const long Rest = 10_000_000; // Between two migrations.
    private const long Mark = 16; // Bytes before the words of the page where the guest shows its progress.

    private readonly MachineSettings settings;
    private readonly MigrationBenchOptions options;
    private readonly Action<string> progress;
    private readonly ModelledJourney journey;
    private readonly CapturedConsole console;
    private readonly List<VirtMachine> machines = [];
    private long progressPage = -1;

    /// <summary>Makes the first machine.</summary>
    public MigratedGuest(MachineSettings settings, MigrationBenchOptions options, Action<string> progress)
    {
        this.settings = settings;
        this.options = options;
        this.progress = progress;
        console = new CapturedConsole(LinePrinted);
        var clock = new VirtualClock(settings.NanosecondsPerInstruction);
        journey = new ModelledJourney(clock, options.Bandwidth, options.RoundTrip);
        journey.BeginAt(Make(clock, null));
    }

    /// <summary>All that the guest printed.</summary>
    public string Console => console.Text;

    /// <summary>The migrations that are over.</summary>
    public List<MigrationRound> Rounds { get; } = [];

    /// <summary>The migration that failed, or null.</summary>
    public MigrationStatus? Failed { get; private set; }

    /// <summary>Boots and runs the guest to its end.</summary>
    public RunOutcome Run()
    {
        journey.Machine.Boot();
        return journey.Run();
    }

    /// <inheritdoc/>
    public void Dispose() => machines.ForEach(machine => machine.Dispose());

    private VirtMachine Make(VirtualClock clock, ArrivingPages? arriving)
    {
        var machine = new VirtMachine(new VirtMachineOptions
        {
            Memory = new GuestRamOptions { Size = settings.Memory, Origin = arriving, Clock = journey.Clock },
            Clock = clock,
            Kernel = settings.Kernel,
            Initrd = settings.Initrd,
            CommandLine = settings.CommandLine,
            Console = console,
            Seed = settings.Seed,
            EngineFactory = (memory, registers, mpidr) => new SoftwareEngine(memory, registers, mpidr, settings.Engine),
        });
        machines.Add(machine);
        if (settings.AsyncPageFaults)
            Arm64AsyncPageFaults.Attach(machine.Hypervisor);
        else
            new SdeiService(machine.Hypervisor, []).Attach();
        return machine;
    }

    // On the vCPU's thread, so at the same instruction in every run.
    private void LinePrinted(string line)
    {
        if (!line.StartsWith(ProgressAt, StringComparison.Ordinal))
            return;
        ulong address = ulong.Parse(line.AsSpan(ProgressAt.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        if (address < MemoryMap.Ram || address - MemoryMap.Ram >= (ulong)settings.Memory)
            throw new UserError($"the guest shows its progress at 0x{address:x}, which is not in its RAM");
        progressPage = (long)(address - MemoryMap.Ram) / GuestRam.PageSize;
        progress("writing all memory once");
        journey.Clock.Schedule(Look, BeginWhenWritten);
    }

    // The guest is to move when it has touched what it will use.
    private void BeginWhenWritten()
    {
        if (Progress(journey.Machine, 1) == 0)
            journey.Clock.Schedule(Look, BeginWhenWritten);
        else
            Move();
    }

    private void Move()
    {
        progress($"migration {Rounds.Count + 1} of {options.Rounds}");
        // Machines that the guest has left for good.
        for (; machines.Count > 1; machines.RemoveAt(0))
            machines[0].Dispose();
        ArrivingPages arriving = IncomingGuest.MakePages(journey.Clock);
        VirtMachine there = Make(new VirtualClock(settings.NanosecondsPerInstruction), arriving);
        ModelledJourney.Leg leg = journey.Migrate(there, arriving, new MigrationOptions { PostCopy = true }, Watch);
        if (leg.Source.StartPostCopy() is { } refusal)
            throw new UserError(refusal);
    }

    private void Watch(ModelledJourney.Leg leg)
    {
        long began = 0, ended = 0, before = 0, after = 0, stood = 0;
        Vcpu vcpu = leg.To.Hypervisor.Vcpus[0];
        leg.Destination.PhaseChanged += phase =>
        {
            if (phase == MigrationPhase.PostCopyActive)
                (began, before) = (journey.Clock.Now, Progress(leg.From, 0));
            else if (phase == MigrationPhase.Completed)
                (ended, after, stood) = (journey.Clock.Now, Progress(leg.To, 0), vcpu.Statistics.FaultNanoseconds);
        };
        leg.Source.PhaseChanged += phase =>
        {
            if (phase is MigrationPhase.Failed or MigrationPhase.PostCopyPaused)
                Failed = leg.Source.Status();
            if (phase != MigrationPhase.Completed)
                return;
            Rounds.Add(new MigrationRound
            {
                Status = leg.Source.Status() with { VcpuBlockTime = leg.Destination.Status().VcpuBlockTime },
                PostCopyMs = (ended - began) / 1e6,
                Calculation = after - before,
                StoodStillMs = stood / 1e6,
                Notified = vcpu.Statistics.AsynchronousFaults,
                Waited = vcpu.Statistics.SynchronousFaults,
            });
            if (Rounds.Count < options.Rounds)
                journey.Clock.Schedule(Rest, Move);
        };
    }

    // A word of the page where the guest shows what it has done: steps of the calculation, passes over memory. No more than a look: the guest cannot tell.
    private long Progress(VirtMachine machine, int word)
    {
        var reader = new PageReader(machine.Ram);
        bool read = false;
        reader.Read([progressPage], _ => read = true);
        if (!read || reader.IsZero(0) || !reader.Content(0).StartsWith("MeanwhileCounts\0"u8))
            throw new UserError("the page where the guest shows its progress has gone elsewhere");
        return BitConverter.ToInt64(reader.Content(0)[(int)(Mark + (word * sizeof(long)))..]);
    }
}
