using System.Text;
using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Guest.Tests.Saved;

/// <summary>How a run on the virtual clock ended, whichever machines it was on, and all that must not depend on them.</summary>
internal sealed record RunRecord(RunOutcomeKind Outcome, string Console, long Instructions, long Time, string Exits);

/// <summary>Runs of one guest on the virtual clock: on one machine, and from machine to machine.</summary>
internal static class SavedRuns
{
    /// <summary>Exits that say something about budgets and kicks, not about the guest.</summary>
    private static readonly VcpuExitReason[] s_hosts = [VcpuExitReason.BudgetSpent, VcpuExitReason.Interrupted];

    /// <summary>On one machine, from reset to the end; a guest's reset boots again.</summary>
    public static RunRecord Uninterrupted(GuestSettings settings)
    {
        var run = new Travel(settings);
        run.Go(long.MaxValue);
        return run.End();
    }

    /// <summary>
    /// From machine to machine, each time when <paramref name="distance"/> of virtual time have passed since the last; <paramref name="engines"/> take
    /// turns.
    /// </summary>
    public static RunRecord Relayed(GuestSettings settings, Func<int, long> distance, params string[] engines)
    {
        var run = new Travel(settings with { Engine = engines[0] });
        for (int hop = 1; !run.Go(distance(hop)); hop++)
            run.Move(engines[hop % engines.Length]);
        return run.End();
    }

    /// <summary>On one machine that is quiesced and saved again and again, in events of its clock, and goes on each time.</summary>
    public static RunRecord SavedAndContinued(GuestSettings settings, long distance)
    {
        var run = new Travel(settings);
        run.SaveEvery(distance);
        run.Go(long.MaxValue);
        return run.End();
    }

    private sealed class Travel
    {
        private readonly GuestSettings settings;
        private readonly StringBuilder console = new();
        private readonly long[] exits = new long[Enum.GetValues<VcpuExitReason>().Length];
        private GuestMachine machine;
        private RunOutcome? outcome;
        private long halted;

        public Travel(GuestSettings settings)
        {
            this.settings = settings;
            machine = new GuestMachine(settings);
            machine.Board.Boot();
        }

        /// <summary>Runs for a time; true when the guest has ended.</summary>
        public bool Go(long time)
        {
            bool stopped = false;
            if (time < long.MaxValue - machine.Time)
            {
                machine.Board.Hypervisor.Clock.ScheduleAt(machine.Time + time, () =>
                {
                    stopped = true;
                    machine.Board.Hypervisor.Stop();
                });
            }

            while (true)
            {
                outcome = machine.Board.Hypervisor.Run();
                if (outcome.Kind is not (RunOutcomeKind.ColdReset or RunOutcomeKind.WarmReset))
                    return !stopped || outcome.Kind != RunOutcomeKind.Stopped;
                machine.Board.Boot();
            }
        }

        private SavedGuest Save()
        {
            machine.Board.Quiesce();
            var saved = new SavedGuest(machine);
            machine.Board.Continue();
            return saved;
        }

        public void SaveEvery(long distance) => machine.Board.Hypervisor.Clock.ScheduleAt(machine.Time + distance, () =>
        {
            Save();
            SaveEvery(distance);
        });

        public void Move(string engine)
        {
            SavedGuest saved = Save();
            Leave();
            machine = new GuestMachine(settings with { Engine = engine });
            saved.RestoreInto(machine);
            machine.Board.Continue();
        }

        public RunRecord End()
        {
            long instructions = machine.Vcpu.Engine.InstructionsRetired;
            long time = machine.Time;
            Leave();
            IEnumerable<string> counts = Enum.GetValues<VcpuExitReason>().Except(s_hosts).Select(reason => $"{reason}={exits[(int)reason]}");
            return new RunRecord(outcome!.Kind, console.ToString(), instructions, time, string.Join(' ', counts) + $" halted={halted}");
        }

        private void Leave()
        {
            console.Append(machine.Console.Text);
            foreach (VcpuExitReason reason in Enum.GetValues<VcpuExitReason>())
                exits[(int)reason] += machine.Vcpu.Statistics.Exits(reason);
            halted += machine.Vcpu.Statistics.HaltedNanoseconds;
            machine.Dispose();
        }
    }
}
