using Meanwhile.Hypervisor;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>Debian's stock kernels from reset to their end.</summary>
public sealed class Boot_Tests
{
    [Theory]
    [InlineData(LinuxGuest.Bookworm, "6.1.")]
    [InlineData(LinuxGuest.Trixie, "6.12.")]
    public void It_boots_to_a_shell_that_answers_and_powers_off(string suite, string release)
    {
        LinuxRun run = LinuxGuest.Run(
            LinuxGuest.Settings(suite),
            ("Welcome.", ""),
            (LinuxGuest.Prompt, "echo $((6*7)) is the answer of $(uname -rm)\n"),
            (LinuxGuest.Prompt, "poweroff -f\n"));
        run.PoweredOff().Printed($"42 is the answer of {release}").Printed("aarch64").Printed("apf: on, 64 slots, SDEI event 0x40400001, interrupt 22");
        Assert.DoesNotContain("Call trace", run.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("WARNING", run.Console, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LinuxGuest.Bookworm)]
    [InlineData(LinuxGuest.Trixie)]
    public void A_panic_is_a_warm_reset(string suite) => LinuxGuest
        .Run(LinuxGuest.Settings(suite, "rdinit=/nonexistent"))
        .Ended(RunOutcomeKind.WarmReset)
        .Printed("Kernel panic - not syncing");

    [Fact]
    public void A_reboot_is_a_cold_reset() =>
        LinuxGuest.Run(LinuxGuest.Settings(LinuxGuest.Bookworm, "-- reboot -f")).Ended(RunOutcomeKind.ColdReset).Printed("init: running reboot -f");
}
