using System.Diagnostics;
using Meanwhile.Machine.DeviceTree;

namespace Meanwhile.Machine.Tests.DeviceTree;

public class DeviceTree_Tests
{
    private static readonly byte[] Blob = VirtDeviceTree.Build(new VirtDeviceTreeOptions
    {
        MemorySize = 0x2000_0000,
        CpuAffinities = [0, 1],
        BootArguments = "console=ttyAMA0",
        Initrd = (0x4800_0000, 0x4800_1234),
        RngSeed = new byte[] { 1, 2, 3 },
        KaslrSeed = 0x1122_3344_5566_7788,
        HasPowerButton = true,
    });

    private readonly Dictionary<string, byte[]> tree = DeviceTreeReader.Read(Blob);

    [Fact]
    public void Chosen_holds_what_the_kernel_is_told()
    {
        Assert.Equal(["console=ttyAMA0"], DeviceTreeReader.Strings(this.tree["/chosen/bootargs"]));
        Assert.Equal(["/pl011@9000000"], DeviceTreeReader.Strings(this.tree["/chosen/stdout-path"]));
        Assert.Equal([0u, 0x4800_0000u], DeviceTreeReader.Cells(this.tree["/chosen/linux,initrd-start"]));
        Assert.Equal([0u, 0x4800_1234u], DeviceTreeReader.Cells(this.tree["/chosen/linux,initrd-end"]));
        Assert.Equal([1, 2, 3], this.tree["/chosen/rng-seed"]);
        Assert.Equal([0x1122_3344u, 0x5566_7788u], DeviceTreeReader.Cells(this.tree["/chosen/kaslr-seed"]));
    }

    [Fact]
    public void Without_a_kaslr_seed_or_initrd_chosen_has_neither()
    {
        var tree = DeviceTreeReader.Read(VirtDeviceTree.Build(new VirtDeviceTreeOptions { MemorySize = 1 << 28, CpuAffinities = [0] }));
        Assert.DoesNotContain("/chosen/kaslr-seed", tree.Keys);
        Assert.DoesNotContain("/chosen/rng-seed", tree.Keys);
        Assert.DoesNotContain("/chosen/linux,initrd-start", tree.Keys);
    }

    // Documentation/devicetree/bindings/rng/microsoft,vmgenid.yaml; 1 is a rising edge in the GIC's binding.
    [Fact]
    public void A_generation_ID_is_there_only_when_the_machine_has_one()
    {
        Assert.DoesNotContain(tree.Keys, key => key.Contains("vmgenid", StringComparison.Ordinal));
        var other = DeviceTreeReader.Read(VirtDeviceTree.Build(
            new VirtDeviceTreeOptions { MemorySize = 1 << 28, CpuAffinities = [0], HasGenerationId = true }));
        Assert.Equal(["microsoft,vmgenid"], DeviceTreeReader.Strings(other["/vmgenid@90f0000/compatible"]));
        Assert.Equal([0u, 0x090F_0000u, 0u, 0x1000u], DeviceTreeReader.Cells(other["/vmgenid@90f0000/reg"]));
        Assert.Equal([0u, 10u, 1u], DeviceTreeReader.Cells(other["/vmgenid@90f0000/interrupts"]));
    }

    // Documentation/devicetree/bindings: gpio/pl061-gpio.yaml, input/gpio-keys.yaml; 116 is KEY_POWER.
    [Fact]
    public void A_power_button_is_there_only_when_the_machine_has_one()
    {
        Assert.Equal(["arm,pl061", "arm,primecell"], DeviceTreeReader.Strings(tree["/pl061@9030000/compatible"]));
        Assert.Equal([0u, 0x0903_0000u, 0u, 0x1000u], DeviceTreeReader.Cells(tree["/pl061@9030000/reg"]));
        Assert.Equal([0u, 7u, 4u], DeviceTreeReader.Cells(tree["/pl061@9030000/interrupts"]));
        Assert.Equal([2u], DeviceTreeReader.Cells(tree["/pl061@9030000/#gpio-cells"]));
        Assert.Contains("/pl061@9030000/gpio-controller", tree.Keys);
        Assert.Equal(["gpio-keys"], DeviceTreeReader.Strings(tree["/gpio-keys/compatible"]));
        Assert.Equal(["GPIO Key Poweroff"], DeviceTreeReader.Strings(tree["/gpio-keys/poweroff/label"]));
        Assert.Equal([116u], DeviceTreeReader.Cells(tree["/gpio-keys/poweroff/linux,code"]));
        Assert.Equal([DeviceTreeReader.Cells(tree["/pl061@9030000/phandle"])[0], 3u, 0u], DeviceTreeReader.Cells(tree["/gpio-keys/poweroff/gpios"]));
        var other = DeviceTreeReader.Read(VirtDeviceTree.Build(new VirtDeviceTreeOptions { MemorySize = 1 << 28, CpuAffinities = [0] }));
        Assert.DoesNotContain(other.Keys, key => key.Contains("pl061", StringComparison.Ordinal) || key.Contains("gpio", StringComparison.Ordinal));
    }

    [Fact]
    public void Firmware_interfaces_are_announced_by_hvc()
    {
        Assert.Equal(["arm,psci-1.0", "arm,psci-0.2"], DeviceTreeReader.Strings(tree["/psci/compatible"]));
        Assert.Equal(["hvc"], DeviceTreeReader.Strings(tree["/psci/method"]));
        Assert.Equal(["arm,sdei-1.0"], DeviceTreeReader.Strings(tree["/firmware/sdei/compatible"]));
        Assert.Equal(["hvc"], DeviceTreeReader.Strings(tree["/firmware/sdei/method"]));
        Assert.Equal(["psci"], DeviceTreeReader.Strings(tree["/cpus/cpu@1/enable-method"]));
    }

    [Fact]
    public void Devices_are_where_QEMUs_own_tree_has_them()
    {
        string path = Path.GetTempFileName();
        try
        {
            if (!TryRun("qemu-system-aarch64", $"-M virt,gic-version=3,dumpdtb={path} -cpu cortex-a57 -smp 2 -m 512 -nic none -nographic"))
                Assert.Skip("qemu-system-aarch64 is not installed");
            var theirs = DeviceTreeReader.Read(File.ReadAllBytes(path));
            string[] nodes = ["memory@40000000", "pl011@9000000", "pl031@9010000", "pl061@9030000", .. Enumerable.Range(0, 32).Select(i => $"virtio_mmio@{0xA000000 + (i * 0x200):x}")];
            foreach (string node in nodes)
                Assert.Equal(theirs[$"/{node}/reg"], tree[$"/{node}/reg"]);
            Assert.Equal(theirs["/intc@8000000/reg"], tree["/intc@8000000/reg"]);
            foreach (string node in nodes.Skip(1))
                Assert.Equal(DeviceTreeReader.Cells(theirs[$"/{node}/interrupts"])[..2], DeviceTreeReader.Cells(tree[$"/{node}/interrupts"])[..2]);
            uint[] timer = DeviceTreeReader.Cells(theirs["/timer/interrupts"]);
            uint[] ours = DeviceTreeReader.Cells(tree["/timer/interrupts"]);
            for (int i = 0; i < 12; i += 3)
                Assert.Equal(timer[i..(i + 2)], ours[i..(i + 2)]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_device_tree_compiler_accepts_it_without_a_warning()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Blob);
            // simple_bus_reg and friends do not concern us; errors and structural warnings do.
            if (!TryRun("dtc", $"-q -I dtb -O dtb -E interrupts_property -E clocks_property -E node_name_chars -E unit_address_vs_reg -E reg_format -o /dev/null {path}"))
                Assert.Skip("dtc is not installed");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool TryRun(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
