using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;
using Meanwhile.Memory;

namespace Meanwhile.Hypervisor.Tests;

/// <summary>A guest that counts, on the virtual clock, with a part of its time taken away.</summary>
public sealed class Throttle_Tests
{
    private const ulong RamBase = 0x4000_0000;
    private const long Millisecond = 1_000_000;
    private const long Work = 100 * Millisecond;

    /// <summary>Counts X4 down, then switches off.</summary>
    private static readonly uint[] Program =
    [
        0xf1000484, // subs x4, x4, #1
        0x54ffffe1, // b.ne subs
        0x52800100, // mov  w0, #8
        0x72b08000, // movk w0, #0x8400, lsl #16  PSCI SYSTEM_OFF
        0xd4000002, // hvc  #0
    ];

    // A pause after each 10 ms of work; the work may end just before the last.
    [Theory]
    [InlineData(0, 100, 101)]
    [InlineData(20, 122, 126)]
    [InlineData(50, 190, 201)]
    [InlineData(80, 460, 501)]
    public void A_throttled_guest_takes_as_much_longer(int percent, long least, long most) =>
        Assert.InRange(Run(machine => machine.Throttle(percent)), least * Millisecond, most * Millisecond);

    [Fact]
    public void A_throttle_that_is_changed_or_ended_leaves_nothing_behind()
    {
        Assert.InRange(Run(machine =>
        {
            machine.Throttle(99);
            machine.Throttle(50);
            machine.Clock.Schedule(35 * Millisecond, () => machine.Throttle(0));
        }), 110 * Millisecond, 121 * Millisecond);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(machine => machine.Throttle(100)));
    }

    private static unsafe long Run(Action<VirtualMachine> begin)
    {
        VirtualClock clock = new();
        using GuestRam ram = new(new GuestRamOptions { Size = 2 << 20 });
        using VirtualMachine machine = new(new VirtualMachineOptions { Clock = clock, Ram = ram });
        ram.Pin(0, Program.Length * sizeof(uint), true, () => Program.AsSpan().CopyTo(new Span<uint>(ram.HostAddress(0), Program.Length)));
        ram.Unpin(0, Program.Length * sizeof(uint));
        machine.Vcpus[0].Engine.SetRegister(VcpuRegister.Pc, RamBase);
        // Two instructions of four nanoseconds each time.
        machine.Vcpus[0].Engine.SetRegister(VcpuRegister.X0 + 4, Work / 8);
        begin(machine);
        Assert.Equal(new RunOutcome(RunOutcomeKind.PowerOff), machine.Run());
        return clock.Now;
    }
}
