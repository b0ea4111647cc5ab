using CsCheck;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Hypervisor.State;
using Meanwhile.Machine.Board;
using Meanwhile.Memory;
using Meanwhile.Migration.State;

namespace Meanwhile.Migration.Tests.State;

/// <summary>What is compared before anything stops, and what it says when it differs.</summary>
public sealed class MachineDescription_Tests
{
    private static MachineDescription Describe(Func<VirtMachineOptions, VirtMachineOptions>? change = null, bool asyncPageFaults = true, long diskSize = 1 << 20)
    {
        using var machine = new SmallMachine(change, diskSize, asyncPageFaults);
        return MachineDescription.Of(machine.Board);
    }

    [Fact]
    public void Machines_of_the_same_options_do_not_differ()
    {
        MachineDescription description = Describe();
        Assert.Null(description.DifferenceFrom(Describe()));
        Assert.Null(description.DifferenceFrom(MachineDescription.Parse(description.ToBytes())));
    }

    [Fact]
    public void The_engine_makes_no_difference() => Assert.Null(Describe().DifferenceFrom(Describe(options => options with
    {
        EngineFactory = (memory, registers, mpidr) => new SoftwareEngine(memory, registers, mpidr, Arm64.ExecutionEngine.Translator),
    })));

    [Fact]
    public void Memory() => Differs(
        Describe(options => options with { Memory = new GuestRamOptions { Size = 32 << 20 } }), "RAM: 33554432 bytes there, 16777216 bytes here");

    [Fact]
    public void A_disk() => Differs(
        Describe(diskSize: 2 << 20), "virtio-blk0: slot 0, disk of 4096 sectors, writable, serial 'disk0', features 0x130006644 there");

    [Fact]
    public void A_device() => Differs(Describe(options => options with { HasEntropyDevice = false }), "devices: nothing there only, virtio-rng here only");

    [Fact]
    public void Asynchronous_page_faults() => Differs(Describe(asyncPageFaults: false), "devices: nothing there only, async-pf, sdei here only");

    [Fact]
    public void The_clock()
    {
        using var real = new Hypervisor.Clocks.RealClock();
        MachineDescription there = Describe(options => options with { Clock = real });
        Differs(there, "clock: real there, virtual, 4 ns in 1 instructions here");
        Differs(
            Describe(options => options with { Clock = new Hypervisor.Clocks.VirtualClock(3) }),
            "clock: virtual, 3 ns in 1 instructions there, virtual, 4 ns in 1 instructions here");
    }

    [Fact]
    public void Features_of_the_CPU()
    {
        MachineDescription here = Describe();
        (ulong Id, UInt128 Value)[] registers = [.. here.IdentificationRegisters];
        int place = Array.FindIndex(registers, register => RegisterId.Describe(register.Id) == "ID_AA64ISAR0_EL1");
        registers[place].Value |= 0xF0;
        Differs(here with { IdentificationRegisters = registers }, "CPU features: ID_AA64ISAR0_EL1 is 0x2111f0 there, 0x211120 here");
        Differs(here with { IdentificationRegisters = registers[1..] }, "CPU features: ");
    }

    [Fact]
    public void A_newer_state() => Differs(
        Describe() with { Parts = [.. Describe().Parts.Select(part => part.Name == "gic" ? part with { Version = 9 } : part)] },
        "gic: state of version 9 there, up to 1 can be restored here; use the newer program here");

    [Fact]
    public void Bytes_made_up_at_random_are_a_description_or_an_error()
    {
        byte[] bytes = Describe().ToBytes();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte.Array[1, 8], Gen.Int[0, bytes.Length]).Sample(
            (place, change, length) =>
            {
                byte[] changed = [.. bytes];
                for (int index = 0; index < change.Length; index++)
                    changed[(place + index) % changed.Length] = change[index];
                try
                {
                    MachineDescription.Parse(changed.AsSpan(0, length)).DifferenceFrom(MachineDescription.Parse(bytes));
                }
                catch (StateFormatException)
                {
                }
            },
            iter: 20_000);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<StateFormatException>(() => MachineDescription.Parse(bytes.AsSpan(0, length)));
    }

    private static void Differs(MachineDescription there, string text) =>
        Assert.StartsWith(text, Describe().DifferenceFrom(there), StringComparison.Ordinal);
}
