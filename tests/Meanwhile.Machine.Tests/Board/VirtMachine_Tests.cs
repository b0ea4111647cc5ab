using System.Diagnostics;
using System.Runtime.InteropServices;
using Meanwhile.Hypervisor;
using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Machine.Board;
using Meanwhile.Machine.Boot;
using Meanwhile.Machine.Tests.Fakes;
using Meanwhile.Memory;
using Meanwhile.Memory.Sources;

namespace Meanwhile.Machine.Tests.Board;

/// <summary>Whole machines that boot a small program.</summary>
public sealed class VirtMachine_Tests : IDisposable
{
    /// <summary>
    /// Checks that x0 leads to a device tree and that it runs at EL1, writes a line to the UART, asks for a reset the first time (it counts
    /// in
    /// RAM at 0x42000000) and for power off the second time.
    /// </summary>
    private static readonly uint[] HelloProgram =
    [
        0xAA0003F4, // mov x20, x0
        0xB9400280, // ldr w0, [x20]
        0x5281BA01, // mov w1, #0xdd0
        0x72BDBFC1, // movk w1, #0xedfe, lsl #16
        0x6B01001F, // cmp w0, w1
        0x540002A1, // b.ne fail
        0xAA020021, // orr x1, x1, x2
        0xD5384243, // mrs x3, CurrentEL
        0xF100107F, // cmp x3, #4
        0x54000221, // b.ne fail
        0x10000241, // adr x1, msg
        0xD2A12002, // mov x2, #0x9000000
        0x38401423, // 1: ldrb w3, [x1], #1
        0x34000063, // cbz w3, 2f
        0xB9000043, // str w3, [x2]
        0x17FFFFFD, // b 1b
        0xD2A84004, // 2: mov x4, #0x42000000
        0xB9400085, // ldr w5, [x4]
        0x110004A5, // add w5, w5, #1
        0xB9000085, // str w5, [x4]
        0xD2800100, // mov x0, #8 (SYSTEM_OFF)
        0x710008BF, // cmp w5, #2
        0x54000040, // b.eq 3f
        0xD2800120, // mov x0, #9 (SYSTEM_RESET)
        0xF2B08000, // 3: movk x0, #0x8400, lsl #16
        0xD4000002, // hvc #0
        0xD503207F, // fail: wfi
        0x17FFFFFF, // b fail
        0x6C6C6548, 0x7266206F, 0x52206D6F, 0x000A4D41, // msg: "Hello from RAM\n"
    ];

    private readonly string kernel = Path.GetTempFileName();
    private readonly FakeConsole console = new();

    public VirtMachine_Tests() => File.WriteAllBytes(kernel, Program(0));

    public void Dispose() => File.Delete(kernel);

    [Fact]
    public void A_bare_metal_program_prints_resets_and_switches_off()
    {
        using var machine = new VirtMachine(Options());
        Assert.Equal(RunOutcomeKind.PowerOff, machine.Run().Kind);
        Assert.Equal("Hello from RAM\nHello from RAM\n", console.Text);
    }

    [Fact]
    public void QEMUs_board_does_the_same()
    {
        try
        {
            using var qemu = Process.Start(new ProcessStartInfo("qemu-system-aarch64")
            {
                ArgumentList =
                {
                    "-M", "virt,gic-version=3", "-cpu", "cortex-a57", "-m", "128", "-nic", "none", "-display", "none", "-serial", "stdio", "-kernel", kernel,
                },
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
            })!;
            string output = qemu.StandardOutput.ReadToEnd();
            qemu.WaitForExit();
            Assert.NotEmpty(output);
            using var machine = new VirtMachine(Options());
            machine.Run();
            Assert.Equal(output.ReplaceLineEndings("\n"), console.Text);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("qemu-system-aarch64 is not installed");
        }
    }

    [Fact]
    public void On_the_virtual_clock_two_runs_take_the_same_time()
    {
        (long Instructions, long Time) Run()
        {
            VirtMachineOptions options = Options();
            using var machine = new VirtMachine(options);
            machine.Run();
            return (machine.Hypervisor.Vcpus[0].Engine.InstructionsRetired, options.Clock.Now);
        }

        Assert.Equal(Run(), Run());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_kernel_larger_than_the_resident_limit_is_loaded_through_swap(bool realClock)
    {
        const int Extra = 12 << 20;
        File.WriteAllBytes(kernel, Program(Extra));
        string swap = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        IClock clock = realClock ? new RealClock() : new VirtualClock();
        try
        {
            var memory = new GuestRamOptions
            {
                Size = 64 << 20,
                ResidentLimit = GuestRamOptions.MinimumResidentLimit,
                Store = new SwapFile(new SwapFileOptions { Path = swap, MaximumSize = 64 << 20 }, clock),
            };
            using var machine = new VirtMachine(Options() with { Memory = memory, Clock = clock });
            Assert.Equal(RunOutcomeKind.PowerOff, machine.Run().Kind);
            Assert.Equal("Hello from RAM\nHello from RAM\n", console.Text);
            byte[] expected = Program(Extra);
            foreach (int offset in (int[])[0x1000, 0x40_0000, Extra])
                Assert.Equal(expected[offset..(offset + 64)], Read(machine, MemoryMap.Ram + 0x8_0000 + (ulong)offset, 64));
        }
        finally
        {
            (clock as IDisposable)?.Dispose();
            File.Delete(swap);
        }
    }

    [Fact]
    public void A_press_of_the_power_button_is_at_its_line_of_the_GPIO_controller()
    {
        using var machine = new VirtMachine(Options() with { HasPowerButton = true });
        Assert.Equal(["pl011", "pl031", "pl061", "virtio-rng"], machine.Devices.Select(device => device.Name));
        Assert.Equal(0ul, machine.Hypervisor.Mmio.Read(MemoryMap.Pl061 + 0x3FC, 4));
        machine.PowerButton!.Press();
        Assert.True(((VirtualClock)machine.Hypervisor.Clock).RunNextEvent());
        Assert.Equal(8ul, machine.Hypervisor.Mmio.Read(MemoryMap.Pl061 + 0x3FC, 4));
        Assert.True(((VirtualClock)machine.Hypervisor.Clock).RunNextEvent());
        Assert.Equal(0ul, machine.Hypervisor.Mmio.Read(MemoryMap.Pl061 + 0x3FC, 4));
    }

    [Fact]
    public void A_reset_lets_the_power_button_go_which_is_no_edge_to_the_next_guest()
    {
        using var machine = new VirtMachine(Options() with { HasPowerButton = true });
        machine.PowerButton!.Press();
        Assert.True(((VirtualClock)machine.Hypervisor.Clock).RunNextEvent());
        machine.Hypervisor.Reset();
        Assert.Equal(0ul, machine.Hypervisor.Mmio.Read(MemoryMap.Pl061 + 0x3FC, 4));
        Assert.Equal(0ul, machine.Hypervisor.Mmio.Read(MemoryMap.Pl061 + 0x414, 4));
    }

    [Fact]
    public void A_missing_disk_is_named()
    {
        var error = Assert.Throws<BootException>(() => new VirtMachine(Options() with { Disks = [new DiskOptions("/nonexistent.img")] }));
        Assert.Contains("'/nonexistent.img' does not exist", error.Message);
    }

    [Fact]
    public void A_missing_initrd_is_named()
    {
        using var machine = new VirtMachine(Options() with { Initrd = "/nonexistent.cpio" });
        Assert.Contains("initrd '/nonexistent.cpio' does not exist", Assert.Throws<BootException>(machine.Boot).Message);
    }

    [Fact]
    public void A_command_line_that_does_not_fit_is_refused()
    {
        using var machine = new VirtMachine(Options() with { CommandLine = new string('x', 600_000) });
        Assert.Contains("command line is too long", Assert.Throws<BootException>(machine.Boot).Message);
    }

    [Fact]
    public void Disks_console_and_entropy_take_the_first_slots_in_order()
    {
        string disk = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(disk, new byte[4096]);
            using var machine = new VirtMachine(Options() with { Disks = [new DiskOptions(disk, IsReadOnly: true)], VirtioConsole = console });
            Assert.Equal(["pl011", "pl031", "virtio-blk0", "virtio-console", "virtio-rng"], machine.Devices.Select(device => device.Name));
            ulong[] ids = [.. Enumerable.Range(0, 32).Select(slot => machine.Hypervisor.Mmio.Read(MemoryMap.VirtioMmio + ((ulong)slot * 0x200) + 8, 4))];
            Assert.Equal([2, 3, 4, .. new ulong[29]], ids);
        }
        finally
        {
            File.Delete(disk);
        }
    }

    private VirtMachineOptions Options() => new()
    {
        Memory = new GuestRamOptions { Size = 64 << 20 },
        Clock = new VirtualClock(),
        Kernel = kernel,
        Console = console,
    };

    private static byte[] Program(int extra)
    {
        byte[] code = MemoryMarshal.AsBytes<uint>(HelloProgram).ToArray();
        var program = new byte[code.Length + extra];
        new Random(3).NextBytes(program);
        code.CopyTo(program, 0);
        return program;
    }

    private static byte[] Read(VirtMachine machine, ulong address, int length)
    {
        byte[]? result = null;
        Assert.True(machine.Hypervisor.Dma.TryPin(address, (ulong)length, write: false, pin =>
        {
            Volatile.Write(ref result, pin.Span.ToArray());
            pin.Dispose();
        }));
        while (Volatile.Read(ref result) is null)
        {
            if (machine.Hypervisor.Clock is VirtualClock clock)
                Assert.True(clock.RunNextEvent());
            else
                Thread.Yield();
        }

        return result!;
    }
}
