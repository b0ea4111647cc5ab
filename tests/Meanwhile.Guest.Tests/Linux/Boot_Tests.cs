using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>Debian's stock kernels from reset to their end.</summary>
public sealed class Boot_Tests
{
    [Theory]
    [InlineData(LinuxGuest.Bookworm, "6.1.", GuestEngines.Interpreter)]
    [InlineData(LinuxGuest.Bookworm, "6.1.", GuestEngines.Translator)]
    [InlineData(LinuxGuest.Trixie, "6.12.", GuestEngines.Interpreter)]
    [InlineData(LinuxGuest.Trixie, "6.12.", GuestEngines.Translator)]
    public void It_boots_to_a_shell_that_answers_and_powers_off(string suite, string release, string engine)
    {
        LinuxRun run = LinuxGuest.Run(
            LinuxGuest.Settings(suite) with { Engine = engine },
            ("Welcome.", ""),
            (LinuxGuest.Prompt, "echo $((6*7)) is the answer of $(uname -rm)\n"),
            (LinuxGuest.Prompt, "poweroff -f\n"));
        run.PoweredOff().Printed($"42 is the answer of {release}").Printed("aarch64").Printed("apf: on, 64 slots, SDEI event 0x40400001, interrupt 22");
        Assert.DoesNotContain("Call trace", run.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", run.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LinuxGuest.Bookworm, GuestEngines.Interpreter)]
    [InlineData(LinuxGuest.Trixie, GuestEngines.Translator)]
    public void A_panic_is_a_warm_reset(string suite, string engine) => LinuxGuest
        .Run(LinuxGuest.Settings(suite, "rdinit=/nonexistent") with { Engine = engine })
        .Ended(RunOutcomeKind.WarmReset)
        .Printed("Kernel panic - not syncing");

    [Theory]
    [InlineData(GuestEngines.Interpreter)]
    [InlineData(GuestEngines.Translator)]
    public void A_reboot_is_a_cold_reset(string engine) => LinuxGuest
        .Run(LinuxGuest.Settings(LinuxGuest.Bookworm, "-- reboot -f") with { Engine = engine })
        .Ended(RunOutcomeKind.ColdReset)
        .Printed("init: running reboot -f");
}
