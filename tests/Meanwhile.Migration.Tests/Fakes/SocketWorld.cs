using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Source;
using Meanwhile.Migration.Status;
using Meanwhile.Migration.Transport;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>Two machines and a guest on the host's clock, and real sockets between them.</summary>
internal sealed class SocketWorld : IDisposable
{
    private const int Pages = 512;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static readonly LinkTimeouts Short = new()
    {
        Connect = TimeSpan.FromSeconds(2),
        Silence = TimeSpan.FromSeconds(1),
        KeepAlive = TimeSpan.FromMilliseconds(200),
    };

    public SocketWorld(MigrationOptions options)
    {
        Guest = new FakeGuest(Pages, 50, Pages - 40);
        From = new FakeMachine("source", Guest, Pages, Clock, 200_000);
        To = new FakeMachine("destination", Guest, Pages, Clock, 200_000);
        From.Boot(Pages);
        Source = new SourceSession(From, From.Ram, Clock, options);
        Destination = new DestinationSession(To, To.Ram, Clock);
    }

    public RealClock Clock { get; } = new();

    public FakeGuest Guest { get; }

    public FakeMachine From { get; }

    public FakeMachine To { get; }

    public SourceSession Source { get; }

    public DestinationSession Destination { get; }

    public IncomingMigration? Incoming { get; set; }

    public OutgoingMigration? Outgoing { get; set; }

    public void Listen(string address, MigrationTls? tls = null, LinkTimeouts? timeouts = null) =>
        Incoming = new IncomingMigration(Destination, MigrationAddress.Parse(address), tls, timeouts);

    public void Start(MigrationAddress? address = null, MigrationTls? tls = null, LinkTimeouts? timeouts = null)
    {
        Outgoing = new OutgoingMigration(Source, address ?? Incoming!.Address, tls, timeouts);
        Outgoing.Start();
    }

    /// <summary>Waits for what must come; how long is of no meaning, only that it is not for ever.</summary>
    public void Await(Func<bool> condition)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Patience, $"source: {Source.State} ({Source.Status().Error}); destination: {Destination.State} ({Destination.Status().Error})");
            Thread.Sleep(2);
        }
    }

    public void AwaitCompletion()
    {
        Await(() => Source.Status().Phase.IsFinal() && Destination.Status().Phase.IsFinal());
        Assert.Equal((null, null), (Source.Status().Error, Destination.Status().Error));
        Assert.Equal(MigrationPhase.Completed, Source.Status().Phase);
        Assert.Equal(MigrationPhase.Completed, Destination.Status().Phase);
        CheckRunsOn(To);
    }

    public void AwaitFailure(string text)
    {
        Await(() => Source.Status().Phase.IsFinal());
        Assert.Equal(MigrationPhase.Failed, Source.Status().Phase);
        Assert.Contains(text, Source.Status().Error, StringComparison.OrdinalIgnoreCase);
        CheckRunsOn(From);
        Assert.Equal(0, To.Runs);
    }

    public void CheckRunsOn(FakeMachine machine)
    {
        Assert.True(machine.IsRunning);
        long steps = Guest.Steps;
        Await(() => Guest.Steps > steps + 10);
        machine.Kill();
        for (int page = 0; page < Pages; page++)
            Guest.Check(machine.Ram, page);
        Assert.Empty(Guest.Errors);
    }

    public void Dispose()
    {
        From.Kill();
        To.Kill();
        Outgoing?.Dispose();
        Incoming?.Dispose();
        Clock.Dispose();
    }
}
