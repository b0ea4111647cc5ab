using Meanwhile.Arm64;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;
using Meanwhile.Hypervisor.Tests.Arm64;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>The run loop on the virtual clock: budgets, exits, halting, requests.</summary>
public class Vcpu_Tests
{
    private sealed class Latch : IMmioDevice
    {
        internal ulong Value { get; set; }

        public ulong Read(ulong offset, int size) => Value + offset;

        public void Write(ulong offset, int size, ulong value) => Value = value;
    }

    [Fact]
    public void Events_fire_at_exact_instruction_counts()
    {
        using ScriptedMachine vm = new();
        List<(long Time, long Instructions)> seen = [];
        foreach (long time in (long[])[4, 400, 402, 4000])
            vm.Clock.ScheduleAt(time, () => seen.Add((vm.Clock.Now, vm.Engine.InstructionsRetired)));
        vm.Engine.Execute(2000);
        Assert.Equal(RunOutcomeKind.PowerOff, vm.Machine.Run().Kind);
        // An instruction takes 4 ns: the event at 402 ns waits for the boundary at 404.
        Assert.Equal([(4, 1), (400, 100), (404, 101), (4000, 1000)], seen);
        Assert.Equal(8000, vm.Clock.Now);
    }

    [Fact]
    public void WFI_jumps_to_the_timer_and_the_interrupt_ends_it()
    {
        using ScriptedMachine vm = new();
        vm.EnablePpi(27);
        long woken = 0;
        vm.Clock.ScheduleAt(1_000_000, () => { });
        vm.Engine.Execute(10)
            .Do(() => vm.Engine.WriteSystemRegister(GenericTimer_Tests.CntvCval, 1_000_000))
            .Do(() => vm.Engine.WriteSystemRegister(GenericTimer_Tests.CntvCtl, 1))
            .Exit(VcpuExitReason.WaitForInterrupt)
            .Do(() => woken = vm.Clock.Now)
            .Do(() => Assert.True(vm.Engine.Irq));
        RunOutcome outcome = vm.Machine.Run();
        Assert.Null(outcome.Exception);
        Assert.Equal(16_000_000, woken);
        Assert.Equal(16_000_000 - 40, vm.Machine.Vcpus[0].Statistics.HaltedNanoseconds);
        Assert.Equal(1, vm.Machine.Vcpus[0].Statistics.Exits(VcpuExitReason.WaitForInterrupt));
    }

    [Fact]
    public void WFI_does_not_wait_when_an_interrupt_is_signalled_already()
    {
        using ScriptedMachine vm = new();
        vm.EnablePpi(20);
        vm.Machine.Gic.Ppi(0, 20).SetLevel(true);
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt);
        vm.Machine.Run();
        Assert.Equal(0, vm.Clock.Now);
    }

    [Fact]
    public void A_timer_set_in_the_middle_of_a_run_cuts_the_budget()
    {
        using ScriptedMachine vm = new();
        vm.EnablePpi(27);
        vm.Engine.Execute(4)
            .Do(() => vm.Engine.WriteSystemRegister(GenericTimer_Tests.CntvTval, 10))
            .Do(() => vm.Engine.WriteSystemRegister(GenericTimer_Tests.CntvCtl, 1))
            .Execute(10_000);
        long at = 0;
        vm.Machine.AddEventSource(new Source(deliver: _ =>
        {
            if (at == 0 && vm.Engine.Irq)
                at = vm.Engine.InstructionsRetired;
        }));
        vm.Machine.Run();
        // 4 instructions = tick 1; 10 ticks later is 176 ns = 44 instructions.
        Assert.Equal(44, at);
    }

    [Fact]
    public void MMIO_reaches_the_device_and_reads_complete_with_its_data()
    {
        using ScriptedMachine vm = new();
        Latch latch = new();
        vm.Machine.MapDevice(0x0900_0000, 0x1000, latch);
        vm.Engine.Exit(new VcpuExit(VcpuExitReason.Mmio) { PhysicalAddress = 0x0900_0010, Size = 4, Access = AccessKind.Write, Data = 42 })
            .Exit(new VcpuExit(VcpuExitReason.Mmio) { PhysicalAddress = 0x0900_0008, Size = 4, Access = AccessKind.Read })
            .Do(() => Assert.Equal(50u, vm.Engine.MmioData))
            .Exit(new VcpuExit(VcpuExitReason.Mmio) { PhysicalAddress = 0x0A00_0000, Size = 8, Access = AccessKind.Read })
            .Do(() => Assert.Equal(0u, vm.Engine.MmioData));
        Assert.Null(vm.Machine.Run().Exception);
        Assert.Equal(42u, latch.Value);
        Assert.Equal(1, vm.Machine.Mmio.UnmappedAccesses);
    }

    [Fact]
    public void Unknown_calls_SMC_and_HVC_with_an_immediate_answer_not_supported()
    {
        using ScriptedMachine vm = new();
        void Check() => Assert.Equal(ulong.MaxValue, vm.Engine.GetRegister(VcpuRegister.X0));
        vm.Engine.Call(0x8300_0000).Do(Check)
            .Do(() => vm.Engine.SetRegister(VcpuRegister.X0, 0x8400_0000))
            .Exit(VcpuExitReason.SecureMonitorCall).Do(Check)
            .Do(() => vm.Engine.SetRegister(VcpuRegister.X0, 0x8400_0000))
            .Exit(new VcpuExit(VcpuExitReason.Hypercall) { Data = 1 }).Do(Check);
        Assert.Null(vm.Machine.Run().Exception);
    }

    [Fact]
    public void A_fault_that_the_handler_takes_does_not_stop_the_guest()
    {
        using ScriptedMachine vm = new();
        Handler handler = new(takes: true);
        vm.Machine.FaultHandler = handler;
        vm.Engine.Exit(new VcpuExit(VcpuExitReason.MemoryFault) { PhysicalAddress = 0x4000_5678 });
        Assert.Equal(RunOutcomeKind.PowerOff, vm.Machine.Run().Kind);
        Assert.Equal([5], handler.Pages);
        Assert.Equal(1, vm.Machine.Vcpus[0].Statistics.AsynchronousFaults);
        Assert.Equal(0, vm.Machine.Vcpus[0].Statistics.SynchronousFaults);
    }

    [Fact]
    public void A_fault_that_the_handler_declines_is_waited_for()
    {
        using ScriptedMachine vm = new();
        vm.Machine.FaultHandler = new Handler(takes: false);
        vm.Engine.Exit(new VcpuExit(VcpuExitReason.MemoryFault) { PhysicalAddress = 0x4000_5678 });
        Assert.Equal(RunOutcomeKind.PowerOff, vm.Machine.Run().Kind);
        Assert.Equal(1, vm.Machine.Vcpus[0].Statistics.SynchronousFaults);
    }

    [Fact]
    public void An_invalidation_is_acknowledged_at_once_while_the_guest_does_not_run()
    {
        using ScriptedMachine vm = new();
        int acknowledged = 0;
        vm.Machine.Vcpus[0].RequestInvalidation(() => acknowledged++);
        Assert.Equal(1, acknowledged);
        Assert.Equal(0, vm.Engine.Flushes);
        vm.Engine.Do(() => Assert.Equal(1, vm.Engine.Flushes));
        Assert.Null(vm.Machine.Run().Exception);
    }

    [Fact]
    public void An_invalidation_in_the_middle_of_a_run_ends_it_and_is_acknowledged_after_it()
    {
        using ScriptedMachine vm = new();
        bool? inRun = null;
        vm.Engine.Do(() => vm.Machine.Vcpus[0].RequestInvalidation(() => inRun = vm.Engine.InRun))
            .Do(() => Assert.Equal(1, vm.Engine.Flushes));
        Assert.Null(vm.Machine.Run().Exception);
        Assert.False(inRun);
        Assert.Equal(1, vm.Machine.Vcpus[0].Statistics.Exits(VcpuExitReason.Interrupted));
    }

    [Fact]
    public void An_event_source_delivers_before_each_entry_and_wakes_a_halted_vcpu()
    {
        using ScriptedMachine vm = new();
        bool pending = false;
        List<long> delivered = [];
        vm.Machine.AddEventSource(new Source(
            deliver: _ =>
            {
                if (pending)
                    delivered.Add(vm.Clock.Now);
                pending = false;
            },
            isPending: _ => pending));
        vm.Clock.ScheduleAt(5000, () => pending = true);
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt);
        vm.Machine.Run();
        Assert.Equal([5000], delivered);
    }

    [Fact]
    public void A_wake_up_after_the_event_sources_were_asked_makes_the_vcpu_ask_them_again_before_it_enters_the_guest()
    {
        using ScriptedMachine vm = new();
        int asked = 0;
        vm.Machine.AddEventSource(new Source(deliver: vcpu =>
        {
            if (asked++ == 0)
                vcpu.Wake();
        }));
        int askedAtEntry = 0;
        vm.Engine.Do(() => askedAtEntry = asked);
        Assert.Null(vm.Machine.Run().Exception);
        Assert.Equal(2, askedAtEntry);
    }

    [Fact]
    public void A_defect_in_a_device_ends_the_machine_with_a_fault()
    {
        using ScriptedMachine vm = new();
        vm.Clock.ScheduleAt(100, () => throw new InvalidOperationException("defect"));
        vm.Engine.Execute(1000);
        RunOutcome outcome = vm.Machine.Run();
        Assert.Equal(RunOutcomeKind.Fault, outcome.Kind);
        Assert.Equal("defect", outcome.Message);
    }

    private sealed class Handler(bool takes) : IMemoryFaultHandler
    {
        internal List<long> Pages { get; } = [];

        public bool TryHandleAsynchronously(Vcpu vcpu, in VcpuExit exit, long pageIndex)
        {
            Pages.Add(pageIndex);
            return takes;
        }

        public bool TryRehearse(Vcpu vcpu) => false;
    }

    private sealed class Source(Action<Vcpu> deliver, Predicate<Vcpu>? isPending = null) : IVcpuEventSource
    {
        public void Deliver(Vcpu vcpu) => deliver(vcpu);

        public bool IsPending(Vcpu vcpu) => isPending?.Invoke(vcpu) ?? false;

        public void Reset(Vcpu vcpu)
        {
        }

        public string SectionName => "source" + GetHashCode();

        public int SectionVersion => 1;

        public void Save(StateWriter writer)
        {
        }

        public void Restore(StateReader reader, int version)
        {
        }
    }
}
