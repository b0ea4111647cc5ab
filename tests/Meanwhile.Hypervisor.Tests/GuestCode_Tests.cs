using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>Whole machines with the software core and real guest instructions (assembled by GNU as, listed beside the words).</summary>
public class GuestCode_Tests
{
    private const ulong RamBase = 0x4000_0000;

    /// <summary>Sets up the GIC and the virtual timer (1000 ticks), unmasks IRQ and waits; the handler switches off. VBAR is its start.</summary>
    private static readonly uint[] TimerProgram =
    [
        0xd2a10001, // mov  x1, #0x08000000       distributor
        0x52800060, // mov  w0, #3
        0xb9000020, // str  w0, [x1]              GICD_CTLR: both groups
        0xd2a10141, // mov  x1, #0x080a0000       redistributor
        0xb900143f, // str  wzr, [x1, #0x14]      GICR_WAKER
        0xd2a10161, // mov  x1, #0x080b0000
        0x12800000, // mov  w0, #-1
        0xb9008020, // str  w0, [x1, #0x80]       GICR_IGROUPR0
        0x52a10000, // mov  w0, #1 << 27
        0xb9010020, // str  w0, [x1, #0x100]      GICR_ISENABLER0
        0xd2801e00, // mov  x0, #0xf0
        0xd5184600, // msr  icc_pmr_el1, x0
        0xd2800020, // mov  x0, #1
        0xd518cce0, // msr  icc_igrpen1_el1, x0
        0x10fffe40, // adr  x0, start
        0xd518c000, // msr  vbar_el1, x0
        0xd2807d00, // mov  x0, #1000
        0xd51be300, // msr  cntv_tval_el0, x0
        0xd2800020, // mov  x0, #1
        0xd51be320, // msr  cntv_ctl_el0, x0
        0xd50342ff, // msr  daifclr, #2
        0xd503207f, // wfi
        0x17ffffff, // b    wfi
    ];

    /// <summary>At VBAR + 0x280: IRQ from EL1h.</summary>
    private static readonly uint[] TimerHandler =
    [
        0xd538cc14, // mrs  x20, icc_iar1_el1
        0xd53be055, // mrs  x21, cntvct_el0
        0xd53be356, // mrs  x22, cntv_cval_el0
        0xd53be337, // mrs  x23, cntv_ctl_el0
        0xd51be33f, // msr  cntv_ctl_el0, xzr
        0xd518cc34, // msr  icc_eoir1_el1, x20
        0x52800100, // mov  w0, #8
        0x72b08000, // movk w0, #0x8400, lsl #16  PSCI SYSTEM_OFF
        0xd4000002, // hvc  #0
    ];

    /// <summary>Writes its own address to each page of X1..X2, then reads all back: SYSTEM_OFF when right, SYSTEM_RESET when wrong.</summary>
    private static readonly uint[] MemoryProgram =
    [
        0xaa0103e3, // mov  x3, x1
        0xf9000063, // str  x3, [x3]
        0x91400463, // add  x3, x3, #4096
        0xeb02007f, // cmp  x3, x2
        0x54ffffa3, // b.lo str
        0xaa0103e3, // mov  x3, x1
        0xf9400065, // ldr  x5, [x3]
        0xeb0300bf, // cmp  x5, x3
        0x540000e1, // b.ne wrong
        0x91400463, // add  x3, x3, #4096
        0xeb02007f, // cmp  x3, x2
        0x54ffff63, // b.lo ldr
        0x52800100, // mov  w0, #8
        0x72b08000, // movk w0, #0x8400, lsl #16
        0xd4000002, // hvc  #0
        0x52800120, // mov  w0, #9                wrong:
        0x72b08000, // movk w0, #0x8400, lsl #16
        0xd4000002, // hvc  #0
    ];

    /// <summary>Loads from X1 and switches off.</summary>
    private static readonly uint[] LoadProgram =
    [
        0xf9400022, // ldr  x2, [x1]
        0x52800100, // mov  w0, #8
        0x72b08000, // movk w0, #0x8400, lsl #16
        0xd4000002, // hvc  #0
    ];

    private static unsafe void Load(GuestRam ram, long offset, uint[] words)
    {
        ram.Pin(offset, words.Length * sizeof(uint), true, () => words.AsSpan().CopyTo(new Span<uint>(ram.HostAddress(offset), words.Length)));
        ram.Unpin(offset, words.Length * sizeof(uint));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_timer_interrupt_ends_WFI(bool virtualTime)
    {
        using RealClock real = new();
        IClock clock = virtualTime ? new VirtualClock() : real;
        using GuestRam ram = new(new GuestRamOptions { Size = 1 << 20 });
        using VirtualMachine machine = new(new VirtualMachineOptions { Clock = clock, Ram = ram });
        Load(ram, 0, TimerProgram);
        Load(ram, 0x280, TimerHandler);
        IVcpuEngine engine = machine.Vcpus[0].Engine;
        engine.SetRegister(VcpuRegister.Pc, RamBase);
        RunOutcome outcome = machine.Run();
        Assert.Equal(new RunOutcome(RunOutcomeKind.PowerOff), outcome);
        ulong count = engine.GetRegister(VcpuRegister.X0 + 21);
        ulong compare = engine.GetRegister(VcpuRegister.X0 + 22);
        Assert.Equal(27u, engine.GetRegister(VcpuRegister.X0 + 20));
        Assert.Equal(5u, engine.GetRegister(VcpuRegister.X0 + 23));
        if (virtualTime)
        {
            // Time jumped to the very tick; 22 instructions up to WFI and 9 of the handler.
            Assert.Equal(compare, count);
            Assert.Equal(31, engine.InstructionsRetired);
            Assert.Equal(RamBase + 0x58, engine.GetRegister(VcpuRegister.ElrEl1));
        }
        else
        {
            Assert.True(count >= compare);
        }
    }

    [Fact]
    public void A_load_from_an_absent_page_waits_as_long_as_the_page_takes()
    {
        const long Latency = 100_000;
        VirtualClock clock = new();
        MemoryPageStore origin = new(clock, 256, Latency);
        BitConverter.TryWriteBytes(origin.Page(16)[8..], 0x1234_5678_9ABC_DEF0);
        using GuestRam ram = new(new GuestRamOptions { Size = 1 << 20, Origin = origin, Clock = clock });
        using VirtualMachine machine = new(new VirtualMachineOptions { Clock = clock, Ram = ram });
        Load(ram, 0, LoadProgram);
        ram.MarkAbsent(16, 1);
        Vcpu vcpu = machine.Vcpus[0];
        vcpu.Engine.SetRegister(VcpuRegister.Pc, RamBase);
        vcpu.Engine.SetRegister(VcpuRegister.X0 + 1, RamBase + (16 * GuestRam.PageSize) + 8);
        (long Over, long Until) meanwhile = default;
        clock.ScheduleAt(Latency / 2, () => meanwhile = (vcpu.Statistics.FaultNanoseconds, vcpu.Statistics.FaultNanosecondsUntil(clock.Now)));
        Assert.Equal(new RunOutcome(RunOutcomeKind.PowerOff), machine.Run());
        // The load is one of the first four instructions, of 4 ns each.
        Assert.Equal(0, meanwhile.Over);
        Assert.InRange(meanwhile.Until, (Latency / 2) - 16, Latency / 2);
        Assert.Equal(Latency, vcpu.Statistics.FaultNanosecondsUntil(clock.Now));
        Assert.Equal(0x1234_5678_9ABC_DEF0u, vcpu.Engine.GetRegister(VcpuRegister.X0 + 2));
        Assert.Equal(1, vcpu.Statistics.SynchronousFaults);
        Assert.Equal(Latency, vcpu.Statistics.FaultNanoseconds);
        Assert.Equal(Latency + (4 * 4), clock.Now);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_guest_with_less_memory_than_it_uses_keeps_its_content(bool virtualTime)
    {
        const long Size = 16 << 20;
        using RealClock real = new();
        IClock clock = virtualTime ? new VirtualClock() : real;
        MemoryPageStore store = new(clock, (int)(Size / GuestRam.PageSize), latency: 20_000);
        using GuestRam ram = new(new GuestRamOptions { Size = Size, ResidentLimit = GuestRamOptions.MinimumResidentLimit, Store = store, Clock = clock });
        using VirtualMachine machine = new(new VirtualMachineOptions { Clock = clock, Ram = ram });
        Load(ram, 0, MemoryProgram);
        Vcpu vcpu = machine.Vcpus[0];
        vcpu.Engine.SetRegister(VcpuRegister.Pc, RamBase);
        vcpu.Engine.SetRegister(VcpuRegister.X0 + 1, RamBase + (1 << 20));
        vcpu.Engine.SetRegister(VcpuRegister.X0 + 2, RamBase + (ulong)Size);
        Assert.Equal(new RunOutcome(RunOutcomeKind.PowerOff), machine.Run());
        // A fault of the kernel brings up to 16 pages.
        Assert.True(vcpu.Statistics.SynchronousFaults > 100, $"{vcpu.Statistics.SynchronousFaults} faults");
        Assert.True(store.Reads > 1000, $"{store.Reads} pages read");
    }

    [Fact]
    public void After_a_reset_the_guest_executes_what_was_loaded_since()
    {
        using GuestRam ram = new(new GuestRamOptions { Size = 1 << 20 });
        using VirtualMachine machine = new(new VirtualMachineOptions { Clock = new VirtualClock(), Ram = ram });
        IVcpuEngine engine = machine.Vcpus[0].Engine;
        Load(ram, 0, MemoryProgram[12..15]); // SYSTEM_OFF
        engine.SetRegister(VcpuRegister.Pc, RamBase);
        Assert.Equal(new RunOutcome(RunOutcomeKind.PowerOff), machine.Run());
        Load(ram, 0, MemoryProgram[15..]); // SYSTEM_RESET
        machine.Reset();
        engine.SetRegister(VcpuRegister.Pc, RamBase);
        Assert.Equal(new RunOutcome(RunOutcomeKind.ColdReset), machine.Run());
    }

    [Fact]
    public void Two_runs_with_paging_on_the_virtual_clock_are_the_same()
    {
        static (long, long, long, long) Trace()
        {
            const long Size = 16 << 20;
            VirtualClock clock = new();
            MemoryPageStore store = new(clock, (int)(Size / GuestRam.PageSize), latency: 20_000);
            using GuestRam ram = new(new GuestRamOptions { Size = Size, ResidentLimit = GuestRamOptions.MinimumResidentLimit, Store = store, Clock = clock });
            using VirtualMachine machine = new(new VirtualMachineOptions { Clock = clock, Ram = ram });
            Load(ram, 0, MemoryProgram);
            Vcpu vcpu = machine.Vcpus[0];
            vcpu.Engine.SetRegister(VcpuRegister.Pc, RamBase);
            vcpu.Engine.SetRegister(VcpuRegister.X0 + 1, RamBase + (1 << 20));
            vcpu.Engine.SetRegister(VcpuRegister.X0 + 2, RamBase + (ulong)Size);
            machine.Run();
            return (clock.Now, vcpu.Engine.InstructionsRetired, vcpu.Statistics.SynchronousFaults, store.Reads);
        }

        Assert.Equal(Trace(), Trace());
    }
}
