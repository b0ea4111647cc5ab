using System.Diagnostics;
using Meanwhile.Cli.Host;
using Meanwhile.Cli.Monitor.Qmp;

namespace Meanwhile.Cli.Bench.Migration.Real;

/// <summary>How a migration is made.</summary>
/// <param name="Bandwidth">Bytes per second; 0: no limit.</param>
/// <param name="Pages">Pages of guest RAM.</param>
/// <param name="Preempts">Ask for postcopy-preempt.</param>
/// <param name="SteadyBeats">Heartbeats to take as what the guest does undisturbed.</param>
/// <param name="Patience">The longest that a step may take.</param>
internal sealed record MigrationPlan(long Bandwidth, long Pages, bool Preempts, int SteadyBeats, TimeSpan Patience);

/// <summary>One post-copy migration of a working guest between two machines over a socket, driven by their monitors.</summary>
/// <param name="source">Runs the guest.</param>
/// <param name="destination">Waits for it, with its address still to be given.</param>
/// <param name="plan">How.</param>
/// <param name="uri">Where the destination is to listen.</param>
/// <param name="now">The clock that events are stamped with, in seconds.</param>
/// <param name="prepare">Done right before the migration, when what the guest does undisturbed has been taken.</param>
internal sealed class RealMigration(IMovingMachine source, IMovingMachine destination, MigrationPlan plan, string uri, Func<double> now, Action? prepare = null)
{
    private const string Completed = "completed";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly string[] Ends = [Completed, "failed", "cancelled", "postcopy-paused"];

    /// <summary>Moves the guest, and has it check all its memory afterwards.</summary>
    /// <exception cref="UserError">A machine ended or refused, or nothing happened for too long.</exception>
    public MigrationFigures Run()
    {
        try
        {
            return Measure();
        }
        catch (QmpException error)
        {
            throw Failure(error.Message);
        }
        catch (FormatException error)
        {
            throw Failure(error.Message);
        }
        catch (UserError) when (Dead() is { } dead)
        {
            throw Failure(dead);
        }
    }

    private MigrationFigures Measure()
    {
        Configure(source);
        Configure(destination);
        destination.Execute("migrate-incoming", json => json.WriteString("uri", uri));
        Until(() => source.Console.LastBeat()?.Passes >= 1, "the guest did not fill its memory");
        double steady = now();
        double? sourceWaited = Waited(source), destinationWaited = Waited(destination);
        long steadyFrom = source.Console.LastBeat()!.Window;
        Until(() => source.Console.LastBeat()!.Window >= steadyFrom + plan.SteadyBeats, "no heartbeat came");

        double started = now();
        double? waitBefore = (Waited(source) - sourceWaited) / (started - steady);
        prepare?.Invoke();
        source.Execute("migrate", json => json.WriteString("uri", uri));
        Until(() => Happened(source, "MIGRATION", "active") is not null, "the migration did not begin");
        source.Execute("migrate-start-postcopy");
        Until(() => Happened(source, "MIGRATION", Ends) is not null, "the migration did not end");
        MigrationReply ours = Query(source);
        if (ours.Status != Completed)
            throw Failure($"the migration ended as '{ours.Status}' {ours.Error}");
        Until(() => Happened(destination, "MIGRATION", Completed) is not null && Happened(destination, "RESUME") is not null, "the destination did not end the migration");
        var moments = new MigrationMoments(
            steady,
            started,
            Time(source, "STOP"),
            Time(destination, "RESUME"),
            Time(destination, "MIGRATION", Completed));
        // Before the guest is there, a destination may have no thread for it yet.
        double? wait = (Waited(destination) - (destinationWaited ?? 0)) / (moments.Completed - moments.Resumed);
        MigrationReply theirs = Query(destination);
        CheckMemory();
        return MigrationFigures.Of(GuestTimeline.Of(source.Console, destination.Console), moments, ours, theirs, plan.Pages) with { HostWaitBefore = waitBefore, HostWait = wait };
    }

    // A pass that began after all was there has read every page.
    private void CheckMemory()
    {
        Until(() => destination.Console.LastBeat() is not null, "no heartbeat came");
        long passes = destination.Console.LastBeat()!.Passes;
        Until(() => destination.Console.LastBeat()!.Passes >= passes + 2, "the guest did not check its memory");
    }

    private void Configure(IMovingMachine machine)
    {
        machine.Execute("migrate-set-capabilities", json =>
        {
            json.WriteStartArray("capabilities");
            foreach (string name in (string[])["events", "postcopy-ram", "postcopy-blocktime", .. plan.Preempts ? (string[])["postcopy-preempt"] : []])
            {
                json.WriteStartObject();
                json.WriteString("capability", name);
                json.WriteBoolean("state", true);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
        machine.Execute("migrate-set-parameters", json =>
        {
            json.WriteNumber("max-bandwidth", plan.Bandwidth);
            json.WriteNumber("max-postcopy-bandwidth", plan.Bandwidth);
        });
    }

    private void Until(Func<bool> done, string otherwise)
    {
        long began = Stopwatch.GetTimestamp();
        while (!done())
        {
            if (Dead() is { } dead)
                throw Failure(dead);
            if (Stopwatch.GetElapsedTime(began) > plan.Patience)
                throw Failure($"{otherwise} within {plan.Patience.TotalMinutes:0.##} minutes");
            Thread.Sleep(Look);
        }
    }

    private string? Dead() =>
        source.Ended is { } first ? $"the source {first}"
        : destination.Ended is { } second ? $"the destination {second}"
        : null;

    private double Time(IMovingMachine machine, string name, params string[] statuses) => Happened(machine, name, statuses)
        ?? throw Failure($"the {(machine == source ? "source" : "destination")} told of no {name}");

    private static double? Happened(IMovingMachine machine, string name, params string[] statuses)
    {
        foreach (MachineHappening happening in machine.Events)
        {
            if (happening.Name == name && (statuses.Length == 0 || statuses.Contains(happening.Status)))
                return happening.Time;
        }
        return null;
    }

    private static double? Waited(IMovingMachine machine) => VcpuThread.Waited(machine.Execute("query-cpus-fast"));

    private static MigrationReply Query(IMovingMachine machine) => MigrationReply.Of(machine.Execute("query-migrate"));

    private UserError Failure(string what) => new(
        $"{what.Trim()}. The end of the source's console:\n{source.Console.Tail().TrimEnd()}\nThe destination's:\n{destination.Console.Tail().TrimEnd()}");
}
