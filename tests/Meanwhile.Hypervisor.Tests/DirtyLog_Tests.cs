using Meanwhile.Arm64;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>Guest RAM is copied by the dirty log while real guest code writes it.</summary>
public class DirtyLog_Tests
{
    private const ulong RamBase = 0x4000_0000;
    private const long Size = 2 << 20;
    private const int Pages = (int)(Size / GuestRam.PageSize);

    /// <summary>Writes X4 to each page of X1..X2, X4 times with a smaller number each time, then switches off.</summary>
    private static readonly uint[] Program =
    [
        0xaa0103e3, // mov  x3, x1
        0xf9000064, // str  x4, [x3]
        0x91400463, // add  x3, x3, #4096
        0xeb02007f, // cmp  x3, x2
        0x54ffffa3, // b.lo str
        0xf1000484, // subs x4, x4, #1
        0x54ffff41, // b.ne mov
        0x52800100, // mov  w0, #8
        0x72b08000, // movk w0, #0x8400, lsl #16  PSCI SYSTEM_OFF
        0xd4000002, // hvc  #0
    ];

    private readonly byte[][] copy = new byte[Pages][];
    private int rounds;
    private long logged;

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void On_the_virtual_clock_the_copy_is_right_and_the_run_the_same(ExecutionEngine engine)
    {
        VirtualClock clock = new();
        using (GuestRam plain = new(new GuestRamOptions { Size = Size }))
            Run(plain, clock, engine, sweeps: 50);
        VirtualClock loggedClock = new();
        using GuestRam ram = new(new GuestRamOptions { Size = Size });
        ram.StartDirtyLog();
        loggedClock.Schedule(1000, Round);
        Run(ram, loggedClock, engine, sweeps: 50);
        Assert.Equal(clock.Now, loggedClock.Now);
        AssertCopy(ram);
        // A microsecond is 250 instructions: 62 or 63 pages are written between two rounds.
        Assert.True(rounds > 200, $"{rounds} rounds");
        Assert.InRange(logged / (double)rounds, 60, 70);

        void Round()
        {
            CopyRound(ram);
            loggedClock.Schedule(1000, Round);
        }
    }

    [Theory]
    [InlineData(ExecutionEngine.Interpreter)]
    [InlineData(ExecutionEngine.Translator)]
    public void On_the_real_clock_the_copy_is_right(ExecutionEngine engine)
    {
        using RealClock clock = new();
        using GuestRam ram = new(new GuestRamOptions { Size = Size });
        ram.StartDirtyLog();
        bool ended = false;
        Thread copier = new(() =>
        {
            while (!Volatile.Read(ref ended))
                CopyRound(ram);
        });
        copier.Start();
        Run(ram, clock, engine, sweeps: 2000);
        Volatile.Write(ref ended, true);
        copier.Join();
        AssertCopy(ram);
    }

    private static void Run(GuestRam ram, IClock clock, ExecutionEngine engine, ulong sweeps)
    {
        using VirtualMachine machine = new(new VirtualMachineOptions
        {
            Clock = clock,
            Ram = ram,
            EngineFactory = (memory, registers, mpidr) => new SoftwareEngine(memory, registers, mpidr, engine),
        });
        Load(ram);
        IVcpuEngine vcpu = machine.Vcpus[0].Engine;
        vcpu.SetRegister(VcpuRegister.Pc, RamBase);
        vcpu.SetRegister(VcpuRegister.X0 + 1, RamBase + (Size / 2));
        vcpu.SetRegister(VcpuRegister.X0 + 2, RamBase + Size);
        vcpu.SetRegister(VcpuRegister.X0 + 4, sweeps);
        Assert.Equal(new RunOutcome(RunOutcomeKind.PowerOff), machine.Run());
    }

    private static unsafe void Load(GuestRam ram)
    {
        ram.Pin(0, Program.Length * sizeof(uint), true, () => Program.AsSpan().CopyTo(new Span<uint>(ram.HostAddress(0), Program.Length)));
        ram.Unpin(0, Program.Length * sizeof(uint));
    }

    private void CopyRound(GuestRam ram)
    {
        PageBitmap log = new(Pages);
        using ManualResetEventSlim done = new();
        ram.CollectDirty(log, done.Set);
        Assert.True(done.Wait(TimeSpan.FromMinutes(1)), "A round never ends.");
        PageReader reader = new(ram);
        for (long page = log.NextPage(0); page < Pages; page = log.NextPage(page + 1))
        {
            reader.Read([page], Assert.Null);
            copy[page] = reader.IsZero(0) ? new byte[GuestRam.PageSize] : reader.Content(0).ToArray();
        }
        if (rounds++ != 0)
            logged += log.CountPages();
    }

    private unsafe void AssertCopy(GuestRam ram)
    {
        CopyRound(ram);
        for (int page = 0; page < Pages; page++)
        {
            ReadOnlySpan<byte> content = new(ram.HostAddress((long)page * GuestRam.PageSize), GuestRam.PageSize);
            Assert.True(content.SequenceEqual(copy[page]), $"The copy of page {page} is wrong.");
        }
        Assert.Equal(1, copy[Pages - 1][0]);
    }
}
