using System.Diagnostics;
using Meanwhile.Guest.Tests.Machines;
using Meanwhile.Hypervisor.AsyncPageFaults;

namespace Meanwhile.Guest.Tests.Linux;

/// <summary>
/// Debian's kernel with several CPUs, each on a thread of the host: they are on the real clock, so what a test asks for is an amount of work, never
/// a time.
/// </summary>
public sealed class SeveralCpus_Tests
{
    public static TheoryData<string, int> Machines()
    {
        var data = new TheoryData<string, int>();
        foreach (string engine in GuestEngines.Names)
        {
            data.Add(engine, 2);
            data.Add(engine, 4);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Locks_futexes_memory_order_mappings_and_signals(string engine, int cpus)
    {
        LinuxRun run = LinuxGuest.Run(Settings(engine, cpus, "-- stress"));
        run.PoweredOff().KernelIsWell().Printed($"Brought up 1 node, {cpus} CPUs");
        run.StressIsClean("locks", "mutexes", "futexes", "litmus", "perpetual", "mappings", "signals");
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void The_same_while_CPUs_go_off_and_come_on_again(string engine, int cpus)
    {
        LinuxRun run = LinuxGuest.Run(Settings(engine, cpus, "-- stress --rounds 20 --hotplug 12"));
        run.PoweredOff().KernelIsWell().StressIsClean("locks", "mutexes", "futexes", "litmus", "perpetual", "mappings", "signals");
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Every_CPU_is_told_of_its_absent_pages(string engine, int cpus)
    {
        string memory = string.Concat(Enumerable.Range(0, cpus).Select(cpu =>
            $"taskset {1 << cpu:x} testsuite mem --percent {80 / cpus} --passes 2 --stride 1024 --seed {cpu + 1} & "));
        LinuxRun run = LinuxGuest.Run(
            LinuxGuest.Swapping(LinuxGuest.Bookworm, "quiet") with { Engine = engine, Cpus = cpus, Latency = 200_000 },
            ("Welcome.", ""),
            (LinuxGuest.Prompt, memory + "wait; sed 's/^/apf: /' /sys/kernel/debug/apf/counters; poweroff -f\n"));
        run.PoweredOff().KernelIsWell().DataIsRight(cpus);
        Assert.Equal(cpus, run.AsyncPageFaultsByVcpu.Count);
        Assert.All(run.AsyncPageFaultsByVcpu, vcpu => Assert.True(vcpu.Notified > 50, $"{vcpu.Notified} notifications"));
        Assert.Equal(cpus, run.ModuleCounter("wake_all"));
        Assert.Equal(0, run.ModuleCounter("spurious"));
        Assert.Equal(0, run.ModuleCounter("not_user"));
        // The guest reads its counters, and goes on faulting for a moment, before it powers off.
        long told = run.AsyncPageFaultsByVcpu.Sum(vcpu => vcpu.Notified - vcpu.Cancelled);
        Assert.InRange(run.ModuleCounter("not_present") + run.ModuleCounter("no_slot"), told - 200, told);
        Assert.Equal(0, run.AsyncPageFaultsByVcpu.Sum(vcpu => vcpu.Decided(AsyncPageFaultDecision.TableFull)));
    }

    [Fact]
    public void The_stress_program_itself_finds_nothing_wrong_on_another_emulator()
    {
        // Not litmus: qemu-user lets a later LDAR overtake STLR, and the program finds that.
        using Process process = Start("qemu-aarch64", StressProgram.Binary, "--threads", "4", "--rounds", "10", "locks", "mutexes", "futexes", "mappings", "signals");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("stress: done hotplug=0 wrong=0", output, StringComparison.Ordinal);
        Assert.Equal(0, process.ExitCode);
    }

    private static GuestSettings Settings(string engine, int cpus, string append)
    {
        GuestSettings settings = LinuxGuest.Settings(LinuxGuest.Bookworm, append);
        return settings with { Engine = engine, Cpus = cpus, Initrd = StressProgram.AddTo(settings.Initrd!) };
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is missing: install qemu-user (./test does)");
            throw;
        }
    }
}
