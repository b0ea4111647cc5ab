using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Migration.Machines;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;

namespace Meanwhile.Guest.Tests.Migration;

/// <summary>A guest that goes from machine to machine over a link of 100 MB/s and half a millisecond, on the virtual clock.</summary>
internal sealed class TravellingGuest : IDisposable
{
    public const long Millisecond = 1_000_000;
    private const long Bandwidth = 100_000_000;
    private const long RoundTrip = Millisecond / 2;

    private readonly List<GuestMachine> machines = [];
    private readonly GuestSettings settings;

    public TravellingGuest(GuestSettings settings)
    {
        this.settings = settings;
        var clock = new VirtualClock();
        Journey = new ModelledJourney(clock, Bandwidth, RoundTrip);
        machines.Add(new GuestMachine(settings, clock, Journey.Clock));
        Journey.BeginAt(machines[0].Board);
        machines[0].Board.Boot();
    }

    public ModelledJourney Journey { get; }

    public GuestMachine First => machines[0];

    public GuestMachine Last => machines[^1];

    public List<ModelledJourney.Leg> Legs { get; } = [];

    public string Console => string.Concat(machines.Select(machine => machine.Console.Text));

    /// <summary>Post-copy as soon as can be.</summary>
    public static MigrationOptions PostCopy { get; } = new() { PostCopy = true };

    /// <summary>With time enough for all that the guest writes again and again.</summary>
    public static MigrationOptions PreCopy { get; } = new() { DowntimeLimit = 500 * Millisecond };

    /// <summary>Begins to move so long after the guest has printed a text on the first machine.</summary>
    public void MoveAfter(string printed, long delay, MigrationOptions options, Func<GuestSettings, GuestSettings>? change = null, Action<ModelledJourney.Leg>? begun = null) =>
        First.Console.When(printed, () => Journey.Clock.Schedule(delay, () => Move(options, change, begun)));

    /// <summary>Begins to move to a new machine now.</summary>
    public void Move(MigrationOptions options, Func<GuestSettings, GuestSettings>? change = null, Action<ModelledJourney.Leg>? begun = null)
    {
        GuestSettings there = change?.Invoke(settings) ?? settings;
        var machine = new GuestMachine(there, new VirtualClock(), Journey.Clock, IncomingGuest.MakePages(Journey.Clock));
        machines.Add(machine);
        ModelledJourney.Leg leg = Journey.Migrate(machine.Board, machine.Arriving!, options, begun);
        Legs.Add(leg);
        if (options.PostCopy)
            Assert.Null(leg.Source.StartPostCopy());
    }

    public RunOutcome Run() => Journey.Run();

    /// <summary>All that two runs must have in common.</summary>
    public string Record() => string.Join('\n', Legs.Select(leg => $"{Text(leg.Source.Status())}\n{Text(leg.Destination.Status())}\n{leg.From.Ram.Statistics()}\n{leg.To.Ram.Statistics()}"))
        + $"\n{Last.Vcpu.Engine.InstructionsRetired} {Last.Time} {Journey.Clock.Now}\n{Console}";

    public void Dispose() => machines.ForEach(machine => machine.Dispose());

    private static string Text(MigrationStatus status) => $"{status with { VcpuBlockTime = null }} {string.Join(' ', status.VcpuBlockTime ?? [])}";
}
