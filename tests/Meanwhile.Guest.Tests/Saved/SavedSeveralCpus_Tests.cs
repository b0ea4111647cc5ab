using System.Text;
using System.Text.RegularExpressions;
using Meanwhile.Guest.Tests.Linux;
using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;

namespace Meanwhile.Guest.Tests.Saved;

/// <summary>
/// Debian's kernel with two CPUs on the real clock, taken from machine to machine under load. When is up to the host; that nothing is lost must hold
/// at any time.
/// </summary>
public sealed class SavedSeveralCpus_Tests
{
    private const int Moves = 12;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData(GuestEngines.Translator, GuestEngines.Translator, "-- stress --rounds 60")]
    [InlineData(GuestEngines.Translator, GuestEngines.Interpreter, "-- stress --rounds 20 --hotplug 12")]
    public async Task Locks_futexes_signals_and_hotplug_go_on_elsewhere(string first, string second, string command)
    {
        GuestSettings settings = LinuxGuest.Settings(LinuxGuest.Bookworm, command);
        settings = settings with { Cpus = 2, Memory = 128 << 20, Initrd = StressProgram.AddTo(settings.Initrd!) };
        var console = new StringBuilder();
        int moved = 0;
        var machine = new GuestMachine(settings with { Engine = first });
        try
        {
            machine.Board.Boot();
            while (true)
            {
                Task<RunOutcome> run = Task.Run(machine.Board.Hypervisor.Run);
                if (moved == Moves || await Task.WhenAny(run, Task.Delay(s_between)) == run)
                {
                    RunOutcome outcome = await run;
                    console.Append(machine.Console.Text);
                    Assert.True(outcome.Kind == RunOutcomeKind.PowerOff, $"{outcome} after {moved} moves:\n{console}");
                    break;
                }

                machine = await Move(machine, run, settings with { Engine = ++moved % 2 == 0 ? first : second }, console);
            }
        }
        finally
        {
            machine.Dispose();
        }

        string text = console.ToString();
        Assert.True(moved > 2, $"The guest was done after {moved} moves:\n{text}");
        Assert.Matches(new Regex(@"^stress: done hotplug=\d+ wrong=0\r?$", RegexOptions.Multiline), text);
        foreach (string complaint in (string[])["BUG:", "WARNING:", "Call trace", "Oops", "rcu: INFO", "soft lockup", "Unable to handle"])
            Assert.DoesNotContain(complaint, text, StringComparison.Ordinal);
    }

    private static async Task<GuestMachine> Move(GuestMachine source, Task<RunOutcome> run, GuestSettings settings, StringBuilder console)
    {
        source.Board.Quiesce();
        var saved = new SavedGuest(source);
        // What a machine prints after it was saved is printed again by the other.
        console.Append(source.Console.Text);
        source.Board.Hypervisor.Stop();
        await run;
        source.Dispose();
        var destination = new GuestMachine(settings);
        saved.RestoreInto(destination);
        destination.Board.Continue();
        return destination;
    }
}
