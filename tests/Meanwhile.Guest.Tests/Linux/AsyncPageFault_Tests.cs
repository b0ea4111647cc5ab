using System.Collections.Concurrent;
using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>The guest's module and the monitor together, in machines that swap: 96 MiB of which 32 may be resident, a millisecond away.</summary>
public sealed class AsyncPageFault_Tests
{
    private const string Testsuite = "testsuite mem --percent 60 --passes 2";

    // A run is a pure function of its settings, so tests may share one.
    private static readonly ConcurrentDictionary<(string Suite, string Engine), Lazy<LinuxRun>> s_runs = new();

    [Theory]
    [InlineData(LinuxGuest.Bookworm, GuestEngines.Interpreter)]
    [InlineData(LinuxGuest.Bookworm, GuestEngines.Translator)]
    [InlineData(LinuxGuest.Trixie, GuestEngines.Interpreter)]
    [InlineData(LinuxGuest.Trixie, GuestEngines.Translator)]
    public void Guest_and_host_count_the_same_notifications_and_the_data_is_right(string suite, string engine)
    {
        LinuxRun run = Swapped(suite, engine).PoweredOff().DataIsRight();
        AsyncPageFaultStatistics host = run.AsyncPageFaults!;
        Assert.True(host.Notified > 500, $"{host.Notified} notifications");
        // The guest reads its counters, and goes on faulting for a moment, before it powers off.
        long told = host.Notified - host.Cancelled;
        Assert.InRange(run.ModuleCounter("not_present") + run.ModuleCounter("no_slot") + run.ModuleCounter("not_user"), told - 100, told);
        Assert.InRange(run.ModuleCounter("ready") + run.ModuleCounter("ready_unknown"), host.Ready - 100, host.Ready);
        Assert.Equal(1, run.ModuleCounter("wake_all"));
        Assert.Equal(0, run.ModuleCounter("spurious"));
        Assert.Equal(0, run.ModuleCounter("ready_unknown"));
        Assert.Equal(0, run.ModuleCounter("not_user"));
        Assert.Equal(0, host.Decided(AsyncPageFaultDecision.TableFull));
    }

    [Fact]
    public void Two_runs_on_the_virtual_clock_are_the_same() =>
        AssertSame(Swapped(LinuxGuest.Bookworm, GuestEngines.Translator), Swap(LinuxGuest.Bookworm, GuestEngines.Translator));

    [Theory]
    [InlineData(LinuxGuest.Bookworm)]
    [InlineData(LinuxGuest.Trixie)]
    public void A_run_on_the_virtual_clock_is_the_same_on_both_engines(string suite) =>
        AssertSame(Swapped(suite, GuestEngines.Interpreter), Swapped(suite, GuestEngines.Translator));

    private static LinuxRun Swap(string suite, string engine) =>
        LinuxGuest.Run(LinuxGuest.Swapping(suite, "-- " + Testsuite) with { Engine = engine });

    private static LinuxRun Swapped(string suite, string engine) =>
        s_runs.GetOrAdd((suite, engine), key => new(() => Swap(key.Suite, key.Engine))).Value;

    private static void AssertSame(LinuxRun first, LinuxRun second)
    {
        Assert.Equal(first.Console, second.Console);
        Assert.Equal(first.Instructions, second.Instructions);
        Assert.Equal(first.Time, second.Time);
        foreach (AsyncPageFaultDecision decision in Enum.GetValues<AsyncPageFaultDecision>())
            Assert.Equal(first.AsyncPageFaults!.Decided(decision), second.AsyncPageFaults!.Decided(decision));
        Assert.Equal(first.AsyncPageFaults!.StoodStillNanoseconds, second.AsyncPageFaults!.StoodStillNanoseconds);
        Assert.Equal(first.Memory.Reads, second.Memory.Reads);
        Assert.Equal(first.Memory.Writes, second.Memory.Writes);
        Assert.Equal(first.Memory.ReclaimRounds, second.Memory.ReclaimRounds);
    }

    [Theory]
    [InlineData(GuestEngines.Interpreter)]
    [InlineData(GuestEngines.Translator)]
    public void The_module_goes_and_comes_while_tasks_wait_for_pages(string engine)
    {
        LinuxRun run = LinuxGuest.Run(
            LinuxGuest.Swapping(LinuxGuest.Bookworm, "") with { Engine = engine },
            ("Welcome.", ""),
            (LinuxGuest.Prompt, "testsuite mem --percent 50 --passes 3 & sleep 1; for i in 1 2 3; do rmmod apf; sleep 0.3; insmod /lib/modules/apf.ko; sleep 0.3; done; "
                + "wait; sed 's/^/apf: /' /sys/kernel/debug/apf/counters; poweroff -f\n"));
        run.PoweredOff().DataIsRight();
        AsyncPageFaultStatistics host = run.AsyncPageFaults!;
        Assert.Equal(4, host.WakeAlls);
        Assert.Equal(1, run.ModuleCounter("wake_all"));
        Assert.True(run.ModuleCounter("not_present") > 0);
        Assert.True(host.Decided(AsyncPageFaultDecision.NotEnabled) > 0);
    }

    [Theory]
    [InlineData(GuestEngines.Interpreter)]
    [InlineData(GuestEngines.Translator)]
    public void A_CPU_comes_and_goes_while_tasks_wait_for_pages(string engine)
    {
        LinuxRun run = LinuxGuest.Run(
            LinuxGuest.Swapping(LinuxGuest.Bookworm, "quiet") with { Cpus = 2, Latency = 200_000, Engine = engine },
            ("Welcome.", ""),
            (LinuxGuest.Prompt, "testsuite mem --percent 60 --passes 3 --calculate & cd /sys/devices/system/cpu/cpu1; "
                + "for i in 1 2 3; do echo 0 > online; sleep 0.2; echo 1 > online; sleep 0.2; done; "
                + "wait; sed 's/^/apf: /' /sys/kernel/debug/apf/counters; poweroff -f\n"));
        run.PoweredOff().DataIsRight();
        // Each CPU once, and the one that came back each time.
        Assert.Equal(2 + 3, run.ModuleCounter("wake_all"));
        Assert.True(run.ModuleCounter("not_present") > 0);
    }

    [Theory]
    [InlineData(GuestEngines.Interpreter)]
    [InlineData(GuestEngines.Translator)]
    public void A_disabled_module_leaves_the_guest_waiting(string engine)
    {
        LinuxRun run = LinuxGuest.Run(LinuxGuest.Swapping(LinuxGuest.Trixie, "apf=off -- " + Testsuite) with { Engine = engine }).PoweredOff().DataIsRight();
        run.Printed("apf: disabled by parameter");
        Assert.Equal(0, run.AsyncPageFaults!.Notified);
        Assert.Equal(0, run.AsyncPageFaults.WakeAlls);
        Assert.True(run.AsyncPageFaults.Decided(AsyncPageFaultDecision.NotEnabled) > 1000);
    }

    [Fact]
    public void A_host_without_the_feature_is_found_out()
    {
        LinuxRun run = LinuxGuest.Run(LinuxGuest.Settings(LinuxGuest.Bookworm, "-- uname") with { AsyncPageFaults = false });
        run.PoweredOff().Printed("apf: not offered by this host (-19)");
    }

    [Theory]
    [InlineData(GuestEngines.Interpreter)]
    [InlineData(GuestEngines.Translator)]
    public void Data_is_right_in_a_guest_that_swaps_hard(string engine)
    {
        GuestSettings settings = LinuxGuest.Swapping(LinuxGuest.Bookworm, "-- testsuite mem --percent 80 --passes 5 --calculate --stride 1024");
        LinuxRun run = LinuxGuest.Run(settings with { Memory = 128 << 20, Limit = 24 << 20, Latency = 200_000, Engine = engine }).PoweredOff().DataIsRight();
        // Every pass goes through more than twice of what may be resident.
        Assert.True(run.Memory.Reads > 4 * (run.Memory.Limit * 2), $"{run.Memory.Reads} pages read with a limit of {run.Memory.Limit}");
    }
}
