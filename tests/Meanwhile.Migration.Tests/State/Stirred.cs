using System.Buffers.Binary;
using Meanwhile.Arm64.SystemRegisters;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Devices;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Machine.Board;

namespace Meanwhile.Migration.Tests.State;

/// <summary>Makes every part of a small machine differ from how it was made, in ways that a guest has: registers, calls, device accesses.</summary>
internal sealed class Stirred
{
    private const uint Hvc = 0xD400_0002;
    private const uint BranchToSelf = 0x1400_0000;
    private const ulong Handler = SmallMachine.Code + 0x1000;
    private const ulong Block = SmallMachine.Code + 0x2000;
    private const ulong Rings = SmallMachine.Code + 0x10_0000;

    private readonly SmallMachine machine;
    private ISystemRegisterBus? bus;

    private Stirred() => machine = new SmallMachine(options => options with
    {
        EngineFactory = (memory, registers, mpidr) =>
        {
            bus = registers;
            return new SoftwareEngine(memory, registers, mpidr);
        },
    });

    private Vcpu Vcpu => machine.Board.Hypervisor.Vcpus[0];

    private MmioBus Mmio => machine.Board.Hypervisor.Mmio;

    /// <summary>A quiesced machine.</summary>
    public static SmallMachine Make()
    {
        var stirred = new Stirred();
        stirred.Stir();
        stirred.machine.Board.Quiesce();
        return stirred.machine;
    }

    /// <summary>Executes instructions from PC on.</summary>
    public static RunOutcome Execute(SmallMachine machine, int instructions)
    {
        machine.Clock.ScheduleAt(machine.Clock.Now + (4 * instructions), machine.Board.Hypervisor.Stop);
        return machine.Board.Hypervisor.Run();
    }

    private void Stir()
    {
        Poke(SmallMachine.Code, Hvc, BranchToSelf);
        Poke(Handler, BranchToSelf);
        StirInterrupts();
        StirEvents();
        StirRegisters();
        StirDevices();
        Call(0x8400_0053, 32); // TRNG: the entropy source goes on.
        Power();
    }

    private void StirInterrupts()
    {
        Write(MemoryMap.GicDistributor, 3);
        Write(MemoryMap.GicDistributor + 0x84, 0xFFFF_0000);
        Write(MemoryMap.GicDistributor + 0x104, 0x0003_0006);
        Write(MemoryMap.GicDistributor + 0x204, 0x0100_0000);
        Write(MemoryMap.GicDistributor + 0x304, 0x0200_0000);
        Write(MemoryMap.GicDistributor + 0x420, 0xA0B0_C0D0);
        Write(MemoryMap.GicDistributor + 0xC08, 0x0000_0800);
        Write(MemoryMap.GicDistributor + 0x6108, 0x8000_0000);
        Write(MemoryMap.GicRedistributor + 0x14, 0);
        Write(MemoryMap.GicRedistributor + 0x1_0100, 0x0800_0001);
        Write(MemoryMap.GicRedistributor + 0x1_0080, uint.MaxValue);
        SetSystem(SystemRegister.Key(3, 0, 4, 6, 0), 0xF0);
        SetSystem(SystemRegister.Key(3, 0, 12, 8, 3), 4);
        SetSystem(SystemRegister.Key(3, 0, 12, 12, 3), 5);
        SetSystem(SystemRegister.Key(3, 0, 12, 12, 4), 2);
        SetSystem(SystemRegister.Key(3, 0, 12, 12, 7), 1);
        // An interrupt of the highest priority is active: nothing is signalled, so that the vCPU can halt.
        SetSystem(SystemRegister.Key(3, 0, 12, 9, 0), 1);
        SetSystem(SystemRegister.Key(3, 3, 14, 3, 2), 1_000_000);
        SetSystem(SystemRegister.Key(3, 3, 14, 3, 1), 1);
        SetSystem(SystemRegister.Key(3, 3, 14, 2, 2), 5);
        SetSystem(SystemRegister.Key(3, 3, 14, 2, 1), 3);
    }

    // A handler of event 0 runs; page-not-present is registered, and its feature enabled with wake-all told.
    private void StirEvents()
    {
        Call(0xC400_0021, 0x4040_0001, Handler, 7, 0, 0);
        Call(0xC400_0022, 0x4040_0001);
        Call(0xC400_0021, 0, Handler, 8, 0, 0);
        Call(0xC400_0022, 0);
        Call(0xC400_002C);
        Call(0x8600_0002, 4, Block | 1, 0);
        Call(0xC400_002F, 0, 0);
    }

    private void StirRegisters()
    {
        foreach (ulong id in Vcpu.Engine.RegisterIds.Except(Vcpu.Engine.IdentificationIds))
        {
            if (id is >= RegisterId.InstructionsRetired || id == RegisterId.Pc || id == RegisterId.Pstate)
                continue;
            // What translates addresses stays as it is: the program goes on.
            if (RegisterId.TryGetSystem(id, out uint key) && key == SystemRegister.Key(3, 0, 1, 0, 0))
                continue;
            Vcpu.Engine.TrySetOneRegister(id, new UInt128(id * 0x9E37_79B9_7F4A_7C15, ~id * 0x9E37_79B9_7F4A_7C15));
        }

        Vcpu.Engine.TrySetOneRegister(RegisterId.EventRegister, 1);
        Vcpu.Engine.TrySetOneRegister(RegisterId.ExclusiveSize, 8);
        Vcpu.Engine.TrySetOneRegister(RegisterId.ExclusiveAddress, SmallMachine.Code);
        Vcpu.Engine.TrySetOneRegister(RegisterId.ExclusiveValue, 42);
    }

    private void StirDevices()
    {
        Write(MemoryMap.Pl011 + 0x2C, 0x70);
        Write(MemoryMap.Pl011 + 0x38, 0x50);
        Write(MemoryMap.Pl011, 'x');
        machine.Board.Uart.PostInput("more than sixteen bytes of input"u8);
        Write(MemoryMap.Pl031 + 0x08, 1_800_000_000);
        Write(MemoryMap.Pl031 + 0x04, 1_800_000_100);
        Write(MemoryMap.Pl031 + 0x10, 1);
        Write(MemoryMap.Pl061 + 0x400, 0x41);
        Write(MemoryMap.Pl061 + 0x3FC, 0x40);
        Write(MemoryMap.Pl061 + 0x404, 0x20);
        Write(MemoryMap.Pl061 + 0x408, 0x08);
        Write(MemoryMap.Pl061 + 0x40C, 0x10);
        Write(MemoryMap.Pl061 + 0x410, 0x08);
        Write(MemoryMap.Pl061 + 0x420, 0x80);
        machine.Board.PowerButton!.Press();
        machine.Board.GenerationId!.Renew(new Guid("00010203-0405-0607-0809-0a0b0c0d0e0f"));
        machine.Board.Console!.PostInput("typed"u8);
        for (ulong slot = 0; slot < 3; slot++)
            StirVirtio(MemoryMap.VirtioMmio + (slot * MemoryMap.VirtioMmioStride), Rings + (slot * 0x1_0000));
    }

    // A driver's set-up (virtio 1.2, 3.1.1) of the first queue, with a buffer offered that is no request.
    private void StirVirtio(ulong device, ulong rings)
    {
        Write(device + 0x70, 3);
        Write(device + 0x24, 1);
        Write(device + 0x20, 1);
        Write(device + 0x70, 11);
        Write(device + 0x38, 8);
        Write(device + 0x80, (uint)rings);
        Write(device + 0x90, (uint)rings + 0x1000);
        Write(device + 0xA0, (uint)rings + 0x2000);
        Write(device + 0x44, 1);
        Poke(rings, (uint)rings + 0x3000, 0, 64, 2);
        Poke(rings + 0x1000, 0x0001_0000, 0);
        Write(device + 0x70, 15);
        Write(device + 0x50, 0);
    }

    // PSCI CPU_OFF would take the rest with it: the machine is saved in the middle of CPU_SUSPEND instead.
    private void Power() => Call(0xC400_0001, 0, 0, 0);

    private void Call(params ulong[] arguments)
    {
        for (int index = 0; index < arguments.Length; index++)
            Vcpu.Engine.SetRegister(VcpuRegister.X0 + index, arguments[index]);
        Vcpu.Engine.SetRegister(VcpuRegister.Pc, SmallMachine.Code);
        Assert.Equal(RunOutcomeKind.Stopped, Execute(machine, 3).Kind);
    }

    private void Write(ulong address, uint value) => Mmio.Write(address, sizeof(uint), value);

    private void SetSystem(uint key, ulong value) => Assert.True(bus!.TryWrite(key, 1, value));

    private unsafe void Poke(ulong address, params uint[] words)
    {
        long offset = (long)(address - MemoryMap.Ram);
        machine.Board.Ram.Pin(offset, words.Length * sizeof(uint), write: true, static () => { });
        // Within RAM of a machine that does not run.
        var memory = new Span<byte>(machine.Board.Ram.HostAddress(offset), words.Length * sizeof(uint));
        for (int index = 0; index < words.Length; index++)
            BinaryPrimitives.WriteUInt32LittleEndian(memory[(4 * index)..], words[index]);
        machine.Board.Ram.Unpin(offset, words.Length * sizeof(uint));
    }
}
