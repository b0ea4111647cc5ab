using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>Building, running, pausing and ending machines.</summary>
public class VirtualMachine_Tests
{
    [Fact]
    public void Stop_from_another_thread_ends_a_guest_that_idles_without_any_event()
    {
        using ScriptedMachine vm = new();
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt);
        Thread other = new(vm.Machine.Stop);
        other.Start();
        Assert.Equal(RunOutcomeKind.Stopped, vm.Machine.Run().Kind);
        other.Join();
    }

    [Fact]
    public void A_stopped_machine_goes_on_where_it_was()
    {
        using ScriptedMachine vm = new();
        vm.Clock.ScheduleAt(400, vm.Machine.Stop);
        vm.Engine.Execute(1000);
        Assert.Equal(RunOutcomeKind.Stopped, vm.Machine.Run().Kind);
        Assert.Equal(100, vm.Engine.InstructionsRetired);
        Assert.Equal(RunOutcomeKind.PowerOff, vm.Machine.Run().Kind);
        Assert.Equal(1000, vm.Engine.InstructionsRetired);
    }

    [Theory]
    [InlineData(0x8400_0008, 0, RunOutcomeKind.PowerOff)]
    [InlineData(0x8400_0009, 0, RunOutcomeKind.ColdReset)]
    [InlineData(0x8400_0012, 0, RunOutcomeKind.WarmReset)]
    [InlineData(0xC400_0012, 0, RunOutcomeKind.WarmReset)]
    public void PSCI_ends_the_run(ulong function, ulong argument, RunOutcomeKind outcome)
    {
        using ScriptedMachine vm = new();
        vm.Engine.Call(function, argument).Do(() => Assert.Fail("The guest ran after it ended."));
        Assert.Equal(outcome, vm.Machine.Run().Kind);
    }

    /// <summary>On the virtual clock nobody else is busy, and no run must depend on the host.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    public void A_vcpu_that_shares_its_processor_gives_way_now_and_then(bool isVirtual, long times)
    {
        using RealClock real = new();
        using ScriptedMachine vm = isVirtual ? new() : new(real);
        vm.Machine.SharesProcessors = true;
        vm.Engine.Execute(1_000_000);
        Assert.Equal(RunOutcomeKind.PowerOff, vm.Machine.Run().Kind);
        Assert.Equal(times, vm.Machine.Vcpus[0].Statistics.Exits(VcpuExitReason.BudgetSpent));
        Assert.Equal(!isVirtual, vm.Machine.SharesProcessors);
    }

    [Fact]
    public void Reset_resets_devices_interrupt_controller_and_vcpus()
    {
        using ScriptedMachine vm = new();
        List<string> order = [];
        vm.Machine.AddResetHandler(() => order.Add("first"));
        vm.Machine.AddResetHandler(() => order.Add("second"));
        vm.EnablePpi(27);
        vm.Machine.Reset();
        Assert.Equal(["first", "second"], order);
        Assert.Equal(1, vm.Engine.Resets);
        Assert.Equal(0u, vm.Machine.Gic.Redistributors.Read(0x1_0100, 4));
    }

    [Fact]
    public void Pause_holds_every_vcpu_and_Resume_lets_them_go_on()
    {
        using ScriptedMachine vm = new(new RealClock(), vcpus: 2);
        vm.Machine.Vcpus[1].TryPowerOn(0x4000_0000, 0, out _);
        foreach (Engines.ScriptedEngine engine in vm.Engines)
            engine.SpinUntilKicked();
        vm.Engines[0].Exit(VcpuExitReason.WaitForInterrupt);
        vm.Engines[1].Exit(VcpuExitReason.WaitForInterrupt);
        RunOutcome? outcome = null;
        Thread runner = new(() => outcome = vm.Machine.Run());
        runner.Start();
        SpinWait.SpinUntil(() => vm.Engines[0].InRun && vm.Engines[1].InRun);
        vm.Machine.Pause();
        Assert.False(vm.Engines[0].InRun || vm.Engines[1].InRun);
        Assert.True(vm.Machine.IsRunning);
        vm.Machine.Resume();
        vm.Machine.Stop();
        runner.Join();
        Assert.Equal(RunOutcomeKind.Stopped, outcome!.Kind);
    }

    /// <summary>A vCPU that sleeps because of the pause has one wake-up for both: what it waited for before came meanwhile.</summary>
    [Fact]
    public void A_page_that_comes_during_a_pause_is_seen_after_it()
    {
        const int Times = 20;
        using RealClock clock = new();
        using HeldCompletions completions = new();
        using GuestRam ram = new(new GuestRamOptions
        {
            Size = ScriptedMachine.RamSize,
            Origin = new MemoryPageStore(completions, slots: 256, latency: 0),
            Clock = clock,
        });
        ram.MarkAbsent(0, Times);
        Engines.ScriptedEngine? engine = null;
        using VirtualMachine machine = new(new VirtualMachineOptions
        {
            Clock = clock,
            Ram = ram,
            EngineFactory = (memory, registers, mpidr) => engine = new Engines.ScriptedEngine(memory, registers, mpidr),
        });
        for (ulong page = 0; page < Times; page++)
            engine!.Exit(new VcpuExit(VcpuExitReason.MemoryFault) { PhysicalAddress = 0x4000_0000 + (page << 12) });
        RunOutcome? outcome = null;
        Thread runner = new(() => outcome = machine.Run()) { IsBackground = true };
        runner.Start();
        for (int time = 0; time < Times && completions.TryTake(out Action? completed); time++)
        {
            machine.Pause();
            completed();
            // Time to wake up for the page and to sleep again. Without it the test sees less.
            Thread.Sleep(1);
            machine.Resume();
        }
        Assert.True(runner.Join(TimeSpan.FromMinutes(1)), "the vCPU sleeps on, although its page is there");
        Assert.Equal(RunOutcomeKind.PowerOff, outcome!.Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pause_and_Hold_do_not_undo_each_other(bool holdsFirst)
    {
        using ScriptedMachine vm = new(new RealClock());
        vm.Engines[0].SpinUntilKicked();
        vm.Engines[0].Exit(VcpuExitReason.WaitForInterrupt);
        Action[] stops = [vm.Machine.Pause, vm.Machine.Hold];
        Action[] goes = [vm.Machine.Resume, vm.Machine.Release];
        int first = holdsFirst ? 1 : 0;
        stops[first]();
        stops[1 - first]();
        Thread runner = new(() => vm.Machine.Run());
        runner.Start();
        SpinWait.SpinUntil(() => vm.Machine.IsRunning);
        goes[first]();
        // Returns when the vCPU is parked: had it been let go, it would be spinning in the engine.
        stops[1 - first]();
        Assert.False(vm.Engines[0].InRun);
        Assert.True(vm.Machine.StandsStill);
        goes[1 - first]();
        SpinWait.SpinUntil(() => vm.Engines[0].InRun);
        vm.Machine.Stop();
        runner.Join();
    }

    [Fact]
    public void A_paused_machine_can_be_stopped()
    {
        using ScriptedMachine vm = new();
        vm.Machine.Pause();
        vm.Machine.Stop();
        Assert.Equal(RunOutcomeKind.Stopped, vm.Machine.Run().Kind);
    }

    [Fact]
    public void On_the_virtual_clock_there_is_one_vcpu()
    {
        using GuestRam ram = new(new GuestRamOptions { Size = 1 << 20 });
        Assert.Throws<ArgumentException>(() => new VirtualMachine(new VirtualMachineOptions { Clock = new VirtualClock(), Ram = ram, VcpuCount = 2 }));
    }

    [Fact]
    public void A_device_cannot_stand_in_RAM_or_over_the_interrupt_controller()
    {
        using ScriptedMachine vm = new();
        Assert.Throws<ArgumentException>(() => vm.Machine.MapDevice(0x4000_0000 + ScriptedMachine.RamSize - 1, 1, vm.Machine.Gic.Distributor));
        Assert.Throws<ArgumentException>(() => vm.Machine.MapDevice(0x0800_FFFF, 1, vm.Machine.Gic.Distributor));
        vm.Machine.MapDevice(0x4000_0000 + ScriptedMachine.RamSize, 1, vm.Machine.Gic.Distributor);
    }

    [Theory]
    [InlineData(0x4000_0000, 0, false)]
    [InlineData(0x3FFF_FFFF, 2, false)]
    [InlineData(0x400F_FFFF, 2, false)]
    [InlineData(0x400F_FFFF, 1, true)]
    [InlineData(0x4000_0000, ScriptedMachine.RamSize, false)] // One page more than MaximumLength.
    [InlineData(0x4000_0FFF, 0xF_F000, true)]
    [InlineData(ulong.MaxValue, 2, false)]
    public unsafe void DMA_reaches_guest_RAM_and_nothing_else(ulong address, ulong length, bool allowed)
    {
        using ScriptedMachine vm = new();
        int pinned = 0;
        Assert.Equal(allowed, vm.Machine.Dma.TryPin(address, length, true, memory =>
        {
            Assert.Equal((int)length, memory.Length);
            memory.Span.Fill(0xA5);
            memory.Dispose();
            memory.Dispose();
            pinned++;
        }));
        Assert.Equal(allowed ? 1 : 0, pinned);
        if (allowed)
            Assert.Equal(0xA5, *vm.Ram.HostAddress((long)(address - 0x4000_0000)));
    }

    [Fact]
    public void A_work_queue_of_the_virtual_clock_runs_items_in_order_between_instructions()
    {
        using ScriptedMachine vm = new();
        IWorkQueue queue = vm.Machine.CreateWorkQueue("device");
        List<long> times = [];
        vm.Clock.ScheduleAt(40, () =>
        {
            queue.Post(() => times.Add(vm.Clock.Now));
            queue.Post(() => times.Add(-vm.Clock.Now));
            Assert.Empty(times);
        });
        vm.Engine.Execute(100);
        vm.Machine.Run();
        Assert.Equal([40, -40], times);
    }

    [Fact]
    public void Two_runs_of_one_guest_are_the_same()
    {
        static List<(long, long)> Trace()
        {
            using ScriptedMachine vm = new();
            List<(long, long)> trace = [];
            void Tick()
            {
                trace.Add((vm.Clock.Now, vm.Engine.InstructionsRetired));
                if (trace.Count < 50)
                    vm.Clock.Schedule(37 * trace.Count, Tick);
            }

            vm.Clock.Schedule(10, Tick);
            for (int part = 0; part < 20; part++)
                vm.Engine.Execute(13 * part).Exit(VcpuExitReason.WaitForEvent);
            vm.Machine.Run();
            return trace;
        }

        List<(long, long)> first = Trace();
        Assert.NotEmpty(first);
        Assert.Equal(first, Trace());
    }

    /// <summary>A clock that keeps what is scheduled for the test.</summary>
    private sealed class HeldCompletions : IMemoryClock, IDisposable
    {
        private readonly BlockingCollection<Action> scheduled = [];

        public long Now => 0;

        public bool IsVirtual => false;

        public void Schedule(long delay, Action callback) => scheduled.Add(callback);

        public void Dispose() => scheduled.Dispose();

        /// <summary>The next; false when none comes, for a minute.</summary>
        internal bool TryTake([NotNullWhen(true)] out Action? callback) => scheduled.TryTake(out callback, TimeSpan.FromMinutes(1));
    }
}
