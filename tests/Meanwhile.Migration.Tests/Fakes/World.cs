using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Sessions;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;
using Meanwhile.Migration.Wire;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>What a test's migration is like.</summary>
internal sealed record Scenario
{
    public int Pages { get; init; } = 96;

    public int Touched { get; init; } = 80;

    public int WritePercent { get; init; } = 50;

    public long StepTime { get; init; } = 400_000;

    public long Bandwidth { get; init; } = 100_000_000;

    public long RoundTrip { get; init; } = 500_000;

    public long Latency { get; init; }

    public int Room { get; init; } = int.MaxValue;

    /// <summary>The source's memory knows so many pages that the guest used last; 0: none.</summary>
    public int WorkingSet { get; init; }

    /// <summary>Names of code that go with it.</summary>
    public int Code { get; init; }

    public MigrationOptions Options { get; init; } = new() { DowntimeLimit = 1_000_000, SwitchOverTimeout = 1_000_000_000 };

    /// <summary>Post-copy is asked for so long after the beginning; null: not.</summary>
    public long? PostCopyAfter { get; init; }
}

/// <summary>Two machines, a guest and a modelled link on one test clock.</summary>
internal sealed class World
{
    public const long Second = 1_000_000_000;

    public World(Scenario scenario, Func<int, byte[]>? random = null, Capabilities sourceKnows = Capabilities.All, Capabilities destinationKnows = Capabilities.All)
    {
        Scenario = scenario;
        Guest = new FakeGuest(scenario.Pages, scenario.WritePercent, scenario.Touched);
        From = new FakeMachine("source", Guest, scenario.Pages, Clock, scenario.StepTime, scenario.Latency, workingSet: scenario.WorkingSet, code: scenario.Code);
        To = new FakeMachine("destination", Guest, scenario.Pages, Clock, scenario.StepTime, scenario.Latency, scenario.Room);
        From.Boot(scenario.Pages);
        Link = new ModelledLink(Clock, scenario.Bandwidth, scenario.RoundTrip);
        random ??= System.Security.Cryptography.RandomNumberGenerator.GetBytes;
        Source = new SourceSession(From, From.Ram, Clock, scenario.Options) { RandomBytes = random, Known = sourceKnows };
        Destination = new DestinationSession(To, To.Ram, Clock) { RandomBytes = random, Known = destinationKnows };
        Source.UrgentWanted += () => Clock.Schedule(scenario.RoundTrip, () =>
        {
            if (!SourceDead && !DestinationDead)
                Link.Connect(Source.OpenUrgent(), Destination.Accept());
        });
        Source.PhaseChanged += SourcePhases.Add;
        Destination.PhaseChanged += DestinationPhases.Add;
    }

    public Scenario Scenario { get; }

    public TestClock Clock { get; } = new();

    public FakeGuest Guest { get; }

    public FakeMachine From { get; }

    public FakeMachine To { get; }

    public ModelledLink Link { get; }

    public SourceSession Source { get; }

    public DestinationSession Destination { get; }

    public List<MigrationPhase> SourcePhases { get; } = [];

    public List<MigrationPhase> DestinationPhases { get; } = [];

    public bool SourceDead { get; private set; }

    public bool DestinationDead { get; private set; }

    public bool BothCompleted => Source.Status().Phase == MigrationPhase.Completed && Destination.Status().Phase == MigrationPhase.Completed;

    public void Start()
    {
        Link.Connect(Source.Start(), Destination.Accept());
        if (Scenario.PostCopyAfter is long delay)
            Clock.Schedule(delay, () => Source.StartPostCopy());
    }

    public void KillSource()
    {
        SourceDead = true;
        From.Kill();
        Link.Cut("The peer is gone.");
    }

    public void KillDestination()
    {
        DestinationDead = true;
        To.Kill();
        Link.Cut("The peer is gone.");
    }

    /// <summary>Runs until nothing more is to come of the migration by itself, and a little longer.</summary>
    public void Settle()
    {
        Clock.RunUntil(() => IsStable(SourceDead, Source.Status().Phase) && IsStable(DestinationDead, Destination.Status().Phase), 10 * Second);
        Clock.Run(Second / 20);
    }

    public string? Recover()
    {
        string? refusal = Source.TryRecover(out Connection? connection);
        if (refusal is null)
            Link.Connect(connection!, Destination.Accept());
        return refusal;
    }

    /// <summary>All RAM of the machine that runs the guest, with what is missing there taken from the other, is what the model says.</summary>
    public void CheckMemory()
    {
        for (int page = 0; page < Scenario.Pages; page++)
        {
            if (To.IsRunning && To.Ram.IsPresent(page))
                Guest.Check(To.Ram, page);
            else
                Guest.Check(From.Ram, page);
        }
        Assert.Empty(Guest.Errors);
    }

    public string Describe() =>
        $"source: {Source.State} {(From.IsRunning ? "runs" : "stands")} ({Source.Status().Error}); destination: {Destination.State} {(To.IsRunning ? "runs" : "stands")} ({Destination.Status().Error})";

    private static bool IsStable(bool dead, MigrationPhase phase) => dead || phase.IsFinal() || phase == MigrationPhase.PostCopyPaused;
}
