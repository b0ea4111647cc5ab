using System.Text;
using Meanwhile.Memory;
using Meanwhile.Migration.Destination;
using Meanwhile.Migration.Source;

namespace Meanwhile.Migration.Tests.Fakes;

/// <summary>A machine that may run the <see cref="FakeGuest"/>: a step each so often, on the clock.</summary>
internal sealed class FakeMachine : IOutgoingMachine, IIncomingMachine
{
    private readonly FakeGuest guest;
    private readonly IMemoryClock clock;
    private readonly long stepTime;
    private readonly object gate = new();
    private int generation;
    private bool running;
    private bool dead;
    private byte[] restored = [];

    public FakeMachine(string name, FakeGuest guest, int pageCount, IMemoryClock clock, long stepTime, long latency = 0, int room = int.MaxValue, int workingSet = 0, int code = 0)
    {
        Name = name;
        this.guest = guest;
        this.clock = clock;
        this.stepTime = stepTime;
        Latency = latency;
        Ram = new FakeRam(name, pageCount, clock) { Latency = latency, Room = room, WorkingSetSize = workingSet, CodeSize = code };
    }

    public string Name { get; }

    public FakeRam Ram { get; }

    public string Description { get; set; } = "one machine";

    public string? QuiesceError { get; set; }

    public string? RestoreError { get; set; }

    public int Throttled { get; private set; }

    public bool HasLeft { get; private set; }

    public int Runs { get; private set; }

    /// <summary>Code that was named, and whether its page was here then.</summary>
    public List<(ulong Name, bool IsHere)> Named { get; } = [];

    public bool HasAllMemory { get; private set; }

    /// <summary>Called as the guest is about to run here.</summary>
    public Action? OnRun { get; set; }

    /// <summary>Called as state is restored.</summary>
    public Action? OnRestore { get; set; }

    private long Latency { get; }

    public bool IsRunning
    {
        get
        {
            lock (gate)
                return running;
        }
    }

    /// <summary>The process is killed.</summary>
    public void Kill()
    {
        lock (gate)
        {
            dead = true;
            running = false;
            guest.Stop(this);
        }
    }

    /// <summary>Loads the guest and runs it, at the beginning.</summary>
    public void Boot(int pageCount)
    {
        for (int page = 0; page < pageCount; page++)
        {
            guest.Fill(page, Ram.Page(page));
            if (!guest.IsZero(page))
                Ram.Wrote(page);
        }
        Go();
    }

    public byte[] Describe() => Encoding.UTF8.GetBytes(Description);

    public string? DifferenceFrom(ReadOnlySpan<byte> description) =>
        description.SequenceEqual(Describe()) ? null : $"the source has {Encoding.UTF8.GetString(description)}, this one is {Description}";

    public void Quiesce(Action<string?> done)
    {
        if (QuiesceError is not null)
        {
            done(QuiesceError);
            return;
        }
        Halt();
        if (Latency == 0)
            done(null);
        else
            clock.Schedule(Latency, () => done(null));
    }

    public byte[] Save() => guest.Save();

    public void Continue() => Go();

    public void Throttle(int percent) => Throttled = percent;

    public void Left() => HasLeft = true;

    public string? Restore(ReadOnlySpan<byte> state)
    {
        restored = state.ToArray();
        OnRestore?.Invoke();
        return RestoreError;
    }

    public void Run()
    {
        Runs++;
        OnRun?.Invoke();
        guest.CheckRestored(restored);
        Go();
    }

    public void TranslateAhead(ReadOnlySpan<ulong> code)
    {
        foreach (ulong name in code)
            Named.Add((name, Ram.IsPresent((int)(name >> 32))));
    }

    public void AllArrived() => HasAllMemory = true;

    public long[] BlockTimes() => [0];

    private void Go()
    {
        int mine;
        lock (gate)
        {
            if (dead)
                return;
            guest.RunOn(this);
            running = true;
            mine = ++generation;
        }
        clock.Schedule(stepTime, () => Tick(mine));
    }

    private void Halt()
    {
        lock (gate)
        {
            running = false;
            generation++;
            guest.Stop(this);
        }
    }

    private void Tick(int mine)
    {
        lock (gate)
        {
            if (mine != generation || !running)
                return;
            guest.Step(this);
        }
        clock.Schedule(stepTime * 100 / (100 - Throttled), () => Tick(mine));
    }
}
