using Meanwhile.Arm64;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>A thread of the monitor that throws ends the machine, with a message that names it, and not the process.</summary>
public sealed class MonitorThreads_Tests
{
    [Fact]
    public void An_event_of_the_real_clock()
    {
        using ScriptedMachine vm = new(new RealClock());
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt);
        vm.Clock.Schedule(0, Throw);
        ExpectFault(vm.Machine.Run(), "clock");
    }

    [Fact]
    public void Events_go_on_after_one_that_threw()
    {
        using ScriptedMachine vm = new(new RealClock());
        using ManualResetEventSlim next = new();
        vm.Clock.Schedule(0, Throw);
        vm.Clock.Schedule(0, next.Set);
        next.Wait();
        ExpectFault(vm.Machine.Run(), "clock");
    }

    [Fact]
    public void The_work_of_a_device()
    {
        using ScriptedMachine vm = new(new RealClock());
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt);
        IWorkQueue queue = vm.Machine.CreateWorkQueue("device");
        queue.Post(Throw);
        ExpectFault(vm.Machine.Run(), "device");
    }

    [Fact]
    public void An_event_of_the_virtual_clock_is_the_vcpus_own()
    {
        using ScriptedMachine vm = new();
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt);
        vm.Clock.Schedule(0, Throw);
        RunOutcome outcome = vm.Machine.Run();
        Assert.Equal(RunOutcomeKind.Fault, outcome.Kind);
        Assert.Equal("defect", outcome.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void The_completion_of_a_page_that_was_swapped_in(long latency)
    {
        using RealClock clock = new();
        string file = Path.Combine(Path.GetTempPath(), $"meanwhile-{Guid.NewGuid():N}.swap");
        SwapFile origin = new(new SwapFileOptions { Path = file, MaximumSize = ScriptedMachine.RamSize, Latency = latency }, clock);
        using GuestRam ram = new(new GuestRamOptions { Size = ScriptedMachine.RamSize, Origin = origin, Clock = clock });
        ram.MarkAbsent(0, 1);
        Engines.ScriptedEngine? engine = null;
        using VirtualMachine machine = new(new VirtualMachineOptions
        {
            Clock = clock,
            Ram = ram,
            EngineFactory = (memory, registers, mpidr) => engine = new Engines.ScriptedEngine(memory, registers, mpidr),
        });
        engine!.Exit(VcpuExitReason.WaitForInterrupt);
        ram.Request(0, Throw);
        ExpectFault(machine.Run(), latency == 0 ? "swap I/O" : "clock");
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void A_vcpu_that_throws_within_its_engine_does_not_keep_the_others_in_a_barrier(ExecutionEngine engine)
    {
        using RealClock clock = new();
        using GuestRam ram = new(new GuestRamOptions { Size = ScriptedMachine.RamSize });
        using VirtualMachine machine = new(new VirtualMachineOptions
        {
            Clock = clock,
            Ram = ram,
            VcpuCount = 2,
            // The second PE's reads of the counter throw, in the middle of a run.
            EngineFactory = (memory, registers, mpidr) => new SoftwareEngine(memory, new ThrowingRegisters(registers, (mpidr & 0xFF) == 1), mpidr, engine),
        });
        WriteProgram(ram, 0,
            0xd2800060, // mov  x0, #3
            0xf2b88000, // movk x0, #0xc400, lsl #16  PSCI CPU_ON
            0xd2800021, // mov  x1, #1
            0xd2a80002, // mov  x2, #0x40000000
            0xf2820002, // movk x2, #0x1000
            0xd4000002, // hvc  #0
            0xd508831f, // tlbi vmalle1is
            0xd5033b9f, // dsb  ish
            0x17fffffe); // b    tlbi
        WriteProgram(ram, 0x1000,
            0xd2807d00, // mov  x0, #1000
            0xf1000400, // subs x0, x0, #1
            0x54ffffe1, // b.ne subs
            0xd53be040); // mrs  x0, cntvct_el0
        machine.Vcpus[0].Engine.SetRegister(VcpuRegister.Pc, machine.RamBase);
        RunOutcome outcome = machine.Run();
        Assert.Equal(RunOutcomeKind.Fault, outcome.Kind);
        Assert.Equal("defect", outcome.Message);
    }

    private static unsafe void WriteProgram(GuestRam ram, long offset, params uint[] words)
    {
        ram.Pin(offset, words.Length * sizeof(uint), write: true, static () => { });
        // Pinned, and RAM without a limit is resident at once.
        words.CopyTo(new Span<uint>(ram.HostAddress(offset), words.Length));
    }

    private static void Throw() => throw new InvalidOperationException("defect");

    private static void ExpectFault(RunOutcome outcome, string thread)
    {
        Assert.Equal(RunOutcomeKind.Fault, outcome.Kind);
        Assert.Equal($"the monitor's thread '{thread}' failed: defect", outcome.Message);
        Assert.IsType<InvalidOperationException>(outcome.Exception);
    }

    private sealed class ThrowingRegisters(Meanwhile.Arm64.SystemRegisters.ISystemRegisterBus registers, bool throws)
        : Meanwhile.Arm64.SystemRegisters.ISystemRegisterBus
    {
        public bool TryRead(uint register, int exceptionLevel, out ulong value)
        {
            if (throws)
                Throw();
            return registers.TryRead(register, exceptionLevel, out value);
        }

        public bool TryWrite(uint register, int exceptionLevel, ulong value) => registers.TryWrite(register, exceptionLevel, value);
    }
}
