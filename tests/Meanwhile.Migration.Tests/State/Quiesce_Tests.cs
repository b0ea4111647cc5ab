using System.Diagnostics;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Machine.Board;
using Meanwhile.Machine.Devices;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;
using Meanwhile.Migration.Machines;

namespace Meanwhile.Migration.Tests.State;

/// <summary>A machine that cannot be held still, because pages of its RAM never come: who asked hears it, and the guest goes on.</summary>
public sealed class Quiesce_Tests : IDisposable
{
    private const uint BranchToSelf = 0x1400_0000;
    private const uint LoadX1FromX0 = 0xF940_0001;
    private const ulong Device = MemoryMap.VirtioMmio;
    private const long Missing = 8 << 20;
    private const int Pages = 4;

    private readonly Silence silence = new();
    private IClock? clock;
    private VirtMachine? board;

    public void Dispose()
    {
        board?.Dispose();
        (clock as IDisposable)?.Dispose();
    }

    [Fact]
    public void On_the_virtual_clock_with_a_device_that_waits_for_ever()
    {
        var virtualClock = new VirtualClock();
        Make(virtualClock, TimeSpan.FromMilliseconds(10));
        // Something always happens; that is no reason to wait for ever.
        virtualClock.Schedule(1_000_000, Tick);
        StartDevice();
        string error = Assert.Throws<InvalidOperationException>(board!.Quiesce).Message;
        CheckNamesDevice(error, "0.01 s");
        virtualClock.Schedule(1_000_000, board.Hypervisor.Stop);
        Assert.Equal(RunOutcomeKind.Stopped, board.Hypervisor.Run().Kind);
        Assert.True(Executed > 1000, $"{Executed} instructions");

        void Tick() => virtualClock.Schedule(1_000_000, Tick);
    }

    [Fact]
    public async Task On_the_real_clock_with_a_device_that_waits_for_ever()
    {
        Make(new RealClock(), TimeSpan.FromMilliseconds(50));
        StartDevice();
        Task<RunOutcome> run = Task.Factory.StartNew(board!.Hypervisor.Run, TaskCreationOptions.LongRunning);
        var guest = new OutgoingGuest(board);
        var answer = new TaskCompletionSource<string?>();
        guest.Quiesce(answer.SetResult);
        CheckNamesDevice(await answer.Task, "0.05 s");
        long before = ExecutedSoFar();
        await Until(() => ExecutedSoFar() > before);
        board.Hypervisor.Stop();
        Assert.Equal(RunOutcomeKind.Stopped, (await run).Kind);
    }

    [Fact]
    public async Task A_vcpu_that_waits_for_ever_can_be_held_still()
    {
        Make(new RealClock(), TimeSpan.FromSeconds(30), LoadX1FromX0);
        board!.Hypervisor.Vcpus[0].Engine.SetRegister(VcpuRegister.X0, MemoryMap.Ram + Missing);
        Task<RunOutcome> run = Task.Factory.StartNew(board.Hypervisor.Run, TaskCreationOptions.LongRunning);
        await Until(() => silence.Asked != 0);
        board.Quiesce();
        Assert.Equal(SmallMachine.Code, board.Hypervisor.Vcpus[0].Engine.GetRegister(VcpuRegister.Pc));
        board.Continue();
        board.Hypervisor.Stop();
        Assert.Equal(RunOutcomeKind.Stopped, (await run).Kind);
    }

    private long Executed => board!.Hypervisor.Vcpus[0].Engine.InstructionsRetired;

    // Paused, to be read; that does not undo being held still.
    private long ExecutedSoFar()
    {
        board!.Hypervisor.Pause();
        long executed = Executed;
        board.Hypervisor.Resume();
        return executed;
    }

    private static async Task Until(Func<bool> isSo)
    {
        for (var watch = Stopwatch.StartNew(); !isSo(); await Task.Delay(1, TestContext.Current.CancellationToken))
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(1));
    }

    private static void CheckNamesDevice(string? error, string limit)
    {
        Assert.StartsWith("virtio-rng", error, StringComparison.Ordinal);
        Assert.Contains($"did not end a request in {limit}", error, StringComparison.Ordinal);
    }

    private void Make(IClock on, TimeSpan limit, uint instruction = BranchToSelf)
    {
        clock = on;
        board = new VirtMachine(new VirtMachineOptions
        {
            Memory = new GuestRamOptions { Size = 16 << 20, Origin = silence, Clock = on },
            Clock = on,
            Kernel = "",
            Console = new NoConsole(),
            QuiesceLimit = limit,
        });
        board.Ram.TryOverwrite((long)(SmallMachine.Code - MemoryMap.Ram) / GuestRam.PageSize, Program(instruction));
        board.Ram.MarkAbsent(Missing / GuestRam.PageSize, Pages);
        board.Hypervisor.Vcpus[0].Engine.SetRegister(VcpuRegister.Pc, SmallMachine.Code);
    }

    private static byte[] Program(uint instruction)
    {
        byte[] page = new byte[GuestRam.PageSize];
        BitConverter.TryWriteBytes(page, instruction);
        BitConverter.TryWriteBytes(page.AsSpan(4), BranchToSelf);
        return page;
    }

    // A driver's set-up (virtio 1.2, 3.1.1) of a queue whose rings are in pages that never come.
    private void StartDevice()
    {
        Write(0x70, 3);
        Write(0x24, 1);
        Write(0x20, 1);
        Write(0x70, 11);
        Write(0x38, 8);
        Write(0x80, (uint)(MemoryMap.Ram + Missing));
        Write(0x90, (uint)(MemoryMap.Ram + Missing) + 0x1000);
        Write(0xA0, (uint)(MemoryMap.Ram + Missing) + 0x2000);
        Write(0x44, 1);
        Write(0x70, 15);
        Write(0x50, 0);
    }

    private void Write(ulong register, uint value) => board!.Hypervisor.Mmio.Write(Device + register, sizeof(uint), value);

    private sealed class Silence : IPageSource
    {
        private int asked;

        public int Asked => Volatile.Read(ref asked);

        public bool KeepsContent => true;

        public void Read(long location, ReadOnlySpan<nint> pages, Action<string?> completed) => Interlocked.Increment(ref asked);

        public void Dispose()
        {
        }
    }

    private sealed class NoConsole : IConsoleBackend
    {
        public void Write(ReadOnlySpan<byte> output)
        {
        }
    }
}
