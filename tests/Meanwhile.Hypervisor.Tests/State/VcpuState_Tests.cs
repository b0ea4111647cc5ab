using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;

namespace Meanwhile.Hypervisor.Tests.State;

/// <summary>Power states, the guest's counter, and what is said about another kind of CPU.</summary>
public sealed class VcpuState_Tests
{
    private const ulong CpuOn = 0xC400_0003;
    private const ulong Entry = 0x4000_1000;

    private static void Move(IStateSection from, IStateSection to)
    {
        var writer = new StateWriter();
        from.Save(writer);
        var reader = new StateReader(to.SectionName, writer.Written.ToArray());
        to.Restore(reader, from.SectionVersion);
        reader.RequireEnd();
    }

    private static IStateSection Section(ScriptedMachine vm, string name) => vm.Machine.StateSections.Single(section => section.SectionName == name);

    [Fact]
    public void A_vCPU_between_CPU_ON_and_its_start_starts_on_the_other_side()
    {
        using RealClock sourceClock = new();
        using ScriptedMachine source = new(sourceClock, vcpus: 2);
        ulong[] call = [CpuOn, 1, Entry, 77];
        for (int index = 0; index < call.Length; index++)
            source.Engine.SetRegister(VcpuRegister.X0 + index, call[index]);
        source.Machine.Hypercalls.Call(source.Engine, 0);
        Assert.Equal(0u, source.Engine.GetRegister(VcpuRegister.X0));
        Assert.Equal(VcpuPowerState.OnPending, source.Machine.Vcpus[1].PowerState);

        using RealClock clock = new();
        using ScriptedMachine destination = new(clock, vcpus: 2);
        Move(Section(source, "psci"), Section(destination, "psci"));
        ulong pc = 0;
        ulong context = 0;
        destination.Engines[0].Exit(VcpuExitReason.WaitForInterrupt);
        destination.Engines[1].Do(() =>
        {
            pc = destination.Engines[1].GetRegister(VcpuRegister.Pc);
            context = destination.Engines[1].GetRegister(VcpuRegister.X0);
        });
        Assert.Equal(RunOutcomeKind.PowerOff, destination.Machine.Run().Kind);
        Assert.Equal(Entry, pc);
        Assert.Equal(77u, context);
    }

    [Theory]
    [InlineData(3, false, 0, "power state 3")]
    [InlineData(1, true, 0, "halted without power")]
    [InlineData(2, false, Entry + 2, "starts at 0x40001002")]
    [InlineData(2, false, 0x1000, "starts at 0x1000")]
    public void A_power_state_that_cannot_be_is_refused(byte power, bool halted, ulong entry, string message)
    {
        using ScriptedMachine vm = new();
        var writer = new StateWriter();
        writer.WriteByte(power);
        writer.WriteBoolean(halted);
        writer.WriteUInt64(entry);
        writer.WriteUInt64(0);
        StateFormatException error = Assert.Throws<StateFormatException>(
            () => Section(vm, "psci").Restore(new StateReader("psci", writer.Written.ToArray()), 1));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vCPU_that_waits_in_WFI_waits_on_when_the_machine_runs_again()
    {
        using ScriptedMachine vm = new();
        bool wentOn = false;
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt).Do(() => wentOn = true);
        vm.Clock.ScheduleAt(100, vm.Machine.Stop);
        vm.Machine.Run();
        vm.Clock.ScheduleAt(200, vm.Machine.Stop);
        vm.Machine.Run();
        Assert.False(wentOn);
        Assert.Equal(200, vm.Machine.Vcpus[0].Statistics.HaltedNanoseconds);
    }

    [Fact]
    public void The_counter_stands_still_while_the_machine_is_held()
    {
        VirtualClock clock = new();
        GuestCounter counter = new(clock);
        clock.ScheduleAt(100, static () => { });
        clock.ScheduleAt(350, static () => { });
        clock.RunNextEvent();
        Assert.Equal(100, counter.Now);
        counter.Stop();
        clock.RunNextEvent();
        Assert.Equal(100, counter.Now);
        Assert.True(counter.Start());
        Assert.Equal(100, counter.Now);
        Assert.Equal(400, counter.ClockTime(150));
        clock.ScheduleAt(360, static () => { });
        clock.RunNextEvent();
        Assert.Equal(110, counter.Now);
    }

    [Fact]
    public void A_timer_comes_when_the_counter_is_there_not_the_clock()
    {
        using ScriptedMachine vm = new();
        IStateSection timer = Section(vm, "timer0");
        var writer = new StateWriter();
        foreach (ulong word in (ulong[])[1, 100, 0, 0])
            writer.WriteUInt64(word);
        timer.Restore(new StateReader("timer0", writer.Written.ToArray()), 1);
        Assert.Equal(1600, ((VirtualClock)vm.Clock).NextEventTime);
        vm.Machine.Hold();
        vm.Clock.ScheduleAt(1000, static () => { });
        ((VirtualClock)vm.Clock).RunNextEvent();
        vm.Machine.Release();
        Assert.Equal(2600, ((VirtualClock)vm.Clock).NextEventTime);
    }
}
