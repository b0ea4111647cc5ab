using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>A press of the power button, as Linux's drivers (gpio-pl061, gpio-keys, evdev) tell programs of it.</summary>
public sealed class PowerButton_Tests
{
    // acpid would power off. Of each struct input_event the last 8 bytes: type, code, and value in two halves.
    private const string Reader = """
        killall acpid; { echo wait''ing; for i in 1 2 3 4; do echo event $(dd bs=24 count=1 2>/dev/null | od -An -v -t u2 -j 16); done; } < /dev/input/event0; poweroff -f

        """;

    // input-event-codes.h: EV_KEY is 1, EV_SYN 0, KEY_POWER 116.
    private static readonly string[] s_press = ["event 1 116 1 0", "event 0 0 0 0", "event 1 116 0 0", "event 0 0 0 0"];

    [Theory]
    [InlineData(LinuxGuest.Bookworm, GuestEngines.Interpreter)]
    [InlineData(LinuxGuest.Trixie, GuestEngines.Translator)]
    public void A_program_reads_the_key_from_its_event_device(string suite, string engine)
    {
        using GuestMachine machine = Machine(LinuxGuest.Settings(suite) with { PowerButton = true, Engine = engine });
        Assert.Equal(RunOutcomeKind.PowerOff, machine.RunOnce().Kind);
        Assert.Equal(s_press, EventsOf(machine));
    }

    [Fact]
    public void A_guest_that_moves_while_the_button_is_pressed_sees_it_let_go_at_the_same_instruction()
    {
        // Without async page faults, whose wake-all after restoring would be an interrupt more.
        GuestSettings settings = LinuxGuest.Settings(LinuxGuest.Bookworm) with { PowerButton = true, AsyncPageFaults = false, Engine = GuestEngines.Translator };
        using GuestMachine whole = Machine(settings);
        Assert.Equal(RunOutcomeKind.PowerOff, whole.RunOnce().Kind);
        using GuestMachine first = Machine(settings);
        first.Console.When("event 1 116 1 0", first.Board.Hypervisor.Stop);
        Assert.Equal(RunOutcomeKind.Stopped, first.RunOnce().Kind);
        first.Board.Quiesce();
        using var second = new GuestMachine(settings);
        new SavedGuest(first).RestoreInto(second);
        second.Board.Continue();
        Assert.Equal(RunOutcomeKind.PowerOff, second.Board.Hypervisor.Run().Kind);
        Assert.Equal(whole.Console.Text, first.Console.Text + second.Console.Text);
        Assert.Equal((whole.Time, whole.Vcpu.Engine.InstructionsRetired), (second.Time, second.Vcpu.Engine.InstructionsRetired));
        Assert.Equal(s_press, EventsOf(whole));
    }

    [Theory]
    [InlineData(LinuxGuest.Bookworm)]
    [InlineData(LinuxGuest.Trixie)]
    public void The_guest_s_init_powers_off(string suite)
    {
        using var machine = new GuestMachine(LinuxGuest.Settings(suite) with { PowerButton = true, Engine = GuestEngines.Translator });
        machine.TypeWhen("Welcome.", "");
        machine.PressWhen(LinuxGuest.Prompt);
        Assert.Equal(RunOutcomeKind.PowerOff, machine.RunOnce().Kind);
        Assert.Contains("init: the power button was pressed", machine.Console.Text, StringComparison.Ordinal);
        Assert.Contains("reboot: Power down", machine.Console.Text, StringComparison.Ordinal);
    }

    private static GuestMachine Machine(GuestSettings settings)
    {
        var machine = new GuestMachine(settings);
        machine.TypeWhen("Welcome.", "");
        machine.TypeWhen(LinuxGuest.Prompt, Reader);
        machine.PressWhen("waiting");
        return machine;
    }

    private static string[] EventsOf(GuestMachine machine) =>
        [.. machine.Console.Text.Split("\r\n").Where(line => line.StartsWith("event ", StringComparison.Ordinal))];
}
