using System.Runtime.InteropServices;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Arm64.AsyncPageFaults;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Machine.Board;
using Meanwhile.Machine.Tests.Fakes;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Machine.Tests.Board;

/// <summary>
/// A guest may do anything: whole boards run programs that do, short of memory and with asynchronous page faults. The monitor has no fault,
/// comes to an end, leaves the host's memory beside the guest's alone and holds no page when the machine is reset.
/// </summary>
public sealed unsafe partial class GuestFuzz_Tests
{
    private const long RamSize = 32 << 20;
    private const int GuardSize = 1 << 16;
    private const byte Canary = 0xA5;

    private const int Programs = 24;
    private const int Legs = 8;
    private const long LegNanoseconds = 80_000;

    public static TheoryData<int> Parts => [0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_monitor_bears_any_guest(int part)
    {
        Exception? failure = null;
        Thread runner = new(() =>
        {
            try
            {
                Run(part);
            }
            catch (Exception error)
            {
                failure = error;
            }
        })
        { IsBackground = true };
        runner.Start();
        // Not a measure: what hangs would hang the tests.
        Assert.True(runner.Join(TimeSpan.FromMinutes(5)), "A guest hangs the monitor.");
        Assert.Null(failure);
    }

    private static void Run(int part)
    {
        VirtualClock clock = new();
        using var machine = new VirtMachine(Options(clock));
        var asyncPageFaults = Arm64AsyncPageFaults.Attach(machine.Hypervisor);
        Vcpu vcpu = machine.Hypervisor.Vcpus[0];
        byte* ram = machine.Ram.HostAddress(0);
        using Guard below = new((nint)ram - GuardSize);
        using Guard above = new((nint)ram + (nint)RamSize);
        var content = new byte[RamSize];
        var random = new Random(part);
        random.NextBytes(content);
        Load(machine, clock, content);
        for (int program = 0; program < Programs; program++)
        {
            int seed = (part * Programs) + program;
            Load(machine, clock, new HostileProgram(seed, RamSize).Image);
            EnableInterrupts(machine);
            for (int leg = 0; leg < Legs; leg++)
            {
                // Once from the start, then from anywhere: a program is soon in a loop or in WFI.
                vcpu.Engine.SetRegister(VcpuRegister.Pc, HostileProgram.Code + (leg == 0 ? 0 : (ulong)random.Next(0x2000) * 4));
                vcpu.Engine.SetRegister(VcpuRegister.VbarEl1, HostileProgram.Vectors);
                vcpu.EndHalt();
                IScheduledEvent stop = clock.ScheduleAt(clock.Now + LegNanoseconds, machine.Hypervisor.Stop);
                RunOutcome outcome = machine.Hypervisor.Run();
                stop.Cancel();
                Assert.True(outcome.Kind != RunOutcomeKind.Fault, $"seed {seed}: {outcome.Exception}");
                Assert.True(below.IsIntact && above.IsIntact, $"seed {seed}: memory beside the guest's was written");
            }

            machine.Hypervisor.Reset();
            while (clock.RunNextEvent())
            {
            }

            Assert.True(machine.Ram.Statistics().Pinned == 0, $"seed {seed}: pages stay pinned");
            Assert.False(machine.Ram.IsStalled);
        }

        // The programs went where it hurts.
        Assert.True(vcpu.Statistics.SynchronousFaults > 20, $"{vcpu.Statistics.SynchronousFaults} faults waited for");
        Assert.True(vcpu.Statistics.AsynchronousFaults > 10, $"{vcpu.Statistics.AsynchronousFaults} faults notified");
        Assert.True(asyncPageFaults.Statistics(vcpu).Ready > 10);
        Assert.True(vcpu.Statistics.Exits(VcpuExitReason.Mmio) > 1000);
        Assert.True(vcpu.Statistics.Exits(VcpuExitReason.Hypercall) > 1000);
    }

    private static VirtMachineOptions Options(VirtualClock clock) => new()
    {
        Memory = new GuestRamOptions
        {
            Size = RamSize,
            ResidentLimit = GuestRamOptions.MinimumResidentLimit,
            Store = new SwapFile(
                new SwapFileOptions
                {
                    Path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
                    MaximumSize = RamSize,
                    Latency = 5_000,
                },
                clock),
        },
        Clock = clock,
        Kernel = "",
        Console = new FakeConsole(),
    };

    private static void EnableInterrupts(VirtMachine machine)
    {
        machine.Hypervisor.Gic.Distributor.Write(0, 4, 3);
        machine.Hypervisor.Gic.Redistributors.Write(0x14, 4, 0);
        machine.Hypervisor.Gic.Redistributors.Write(0x1_0080, 4, uint.MaxValue);
        machine.Hypervisor.Gic.Redistributors.Write(0x1_0100, 4, uint.MaxValue);
    }

    private static void Load(VirtMachine machine, VirtualClock clock, byte[] content)
    {
        const int Part = 64 * GuestRam.PageSize;
        // From the end, so that the program is in memory and what it finds is not.
        for (int offset = (content.Length - 1) / Part * Part; offset >= 0; offset -= Part)
        {
            int length = Math.Min(Part, content.Length - offset);
            bool done = false;
            Assert.True(machine.Hypervisor.Dma.TryPin(MemoryMap.Ram + (ulong)offset, (ulong)length, write: true, pin =>
            {
                content.AsSpan(offset, length).CopyTo(pin.Span);
                pin.Dispose();
                done = true;
            }));
            while (!done)
                Assert.True(clock.RunNextEvent());
        }
    }

    /// <summary>Host memory at an address, filled with a pattern; nothing where there is something already.</summary>
    private sealed partial class Guard : IDisposable
    {
        private const int ReadWrite = 3;
        private const int PrivateAnonymousNoReplace = 0x10_0022;
        private readonly nint address;

        internal Guard(nint wanted)
        {
            nint got = Map(wanted, GuardSize, ReadWrite, PrivateAnonymousNoReplace, -1, 0);
            address = got == wanted ? got : 0;
            Content.Fill(Canary);
        }

        internal bool IsIntact => !Content.ContainsAnyExcept(Canary);

        private Span<byte> Content => address == 0 ? [] : new Span<byte>((void*)address, GuardSize);

        public void Dispose()
        {
            if (address != 0)
                _ = Unmap(address, GuardSize);
        }

        [LibraryImport("libc", EntryPoint = "mmap")]
        private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

        [LibraryImport("libc", EntryPoint = "munmap")]
        private static partial int Unmap(nint address, nuint length);
    }
}
