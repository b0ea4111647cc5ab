using Meanwhile.Hypervisor.Clocks;
using Meanwhile.Hypervisor.Engines;

namespace Meanwhile.Hypervisor.Tests.Arm64;

/// <summary>Hypercall services: SMCCC (DEN0028), PSCI (DEN0022), TRNG (DEN0098) and the vendor hypervisor service.</summary>
public class Smccc_Tests
{
    private const ulong NotSupported64 = ulong.MaxValue;
    private const ulong NotSupported32 = uint.MaxValue;

    private static ulong[] Call(ScriptedMachine vm, params ulong[] arguments)
    {
        for (int index = 0; index < 4; index++)
            vm.Engine.SetRegister(VcpuRegister.X0 + index, index < arguments.Length ? arguments[index] : 0);
        vm.Machine.Hypercalls.Call(vm.Engine, 0);
        return [.. Enumerable.Range(0, 4).Select(index => vm.Engine.GetRegister(VcpuRegister.X0 + index))];
    }

    private static ulong Call0(params ulong[] arguments)
    {
        using ScriptedMachine vm = new();
        return Call(vm, arguments)[0];
    }

    [Fact]
    public void DEN0028_7_2_The_version_is_1_2() => Assert.Equal(0x10002u, Call0(0x8000_0000));

    [Theory]
    [InlineData(0x8000_0000, 0)]
    [InlineData(0x8000_0001, 0)]
    [InlineData(0x8000_0002, NotSupported32)] // SOC_ID
    [InlineData(0x8000_8000, 1)]
    [InlineData(0x8000_7FFF, 1)]
    [InlineData(0x8000_3FFF, 1)]
    [InlineData(0x8400_0000, NotSupported32)]
    public void DEN0028_7_3_Architecture_features(ulong function, ulong answer) => Assert.Equal(answer, Call0(0x8000_0001, function));

    [Theory]
    [InlineData(0)]
    [InlineData(0x8000_0002)]
    [InlineData(0x8100_0000)]
    [InlineData(0x8400_001F)]
    [InlineData(0xC400_0000)] // PSCI_VERSION has no 64-bit form.
    [InlineData(0x8600_0005)]
    [InlineData(0x8600_0020)]
    [InlineData(0xC600_0000)]
    [InlineData(0xFFFF_FFFF)]
    public void DEN0028_5_2_Unknown_functions_answer_not_supported(ulong function) => Assert.Equal(NotSupported64, Call0(function));

    [Fact]
    public void DEN0028_3_1_The_function_id_is_the_low_word() => Assert.Equal(0x10002u, Call0(0xDEAD_BEEF_8000_0000));

    [Fact]
    public void DEN0022_5_1_The_version_is_1_1() => Assert.Equal(0x10001u, Call0(0x8400_0000));

    [Theory]
    [InlineData(0x8000_0000, 0)] // How Linux discovers SMCCC.
    [InlineData(0x8400_0001, 0)]
    [InlineData(0xC400_0003, 0)]
    [InlineData(0xC400_0012, 0)]
    [InlineData(0xC400_0002, NotSupported32)]
    [InlineData(0x8400_000D, NotSupported32)]
    public void DEN0022_5_15_Features(ulong function, ulong answer) => Assert.Equal(answer, Call0(0x8400_000A, function));

    [Fact]
    public void DEN0022_5_9_Migration_is_not_needed() => Assert.Equal(2u, Call0(0x8400_0006));

    [Fact]
    public void DEN0022_5_16_Vendor_resets_are_refused() => Assert.Equal(unchecked((uint)-2), Call0(0x8400_0012, 0x8000_0000));

    [Fact]
    public void DEN0022_5_6_CPU_ON_starts_another_vcpu_and_AFFINITY_INFO_follows_it()
    {
        using ScriptedMachine vm = new(new RealClock(), vcpus: 2);
        ulong CallOn(ulong target, ulong entry) => Call(vm, 0xC400_0003, target, entry, 77)[0];
        ulong Info(ulong target, ulong level = 0) => Call(vm, 0xC400_0004, target, level)[0];
        Assert.Equal([0u, 1u], new[] { Info(0), Info(1) });
        Assert.Equal(0u, Info(0, 1)); // One of the cluster's is on.
        Assert.Equal(unchecked((ulong)-2), Info(2));
        Assert.Equal(unchecked((ulong)-2), Info(0, 4));
        Assert.Equal(unchecked((ulong)-4), CallOn(0, 0x4000_0000));
        Assert.Equal(unchecked((ulong)-2), CallOn(5, 0x4000_0000));
        Assert.Equal(unchecked((ulong)-9), CallOn(1, 0x4000_0002));
        Assert.Equal(unchecked((ulong)-9), CallOn(1, 0x1000));
        Assert.Equal(0u, CallOn(1, 0x4000_1000));
        Assert.Equal(2u, Info(1));
        Assert.Equal(unchecked((ulong)-5), CallOn(1, 0x4000_1000));

        ulong pc = 0;
        ulong context = 0;
        vm.Engine.Exit(VcpuExitReason.WaitForInterrupt);
        vm.Engines[1].Do(() => (pc, context) = (vm.Engines[1].GetRegister(VcpuRegister.Pc), vm.Engines[1].GetRegister(VcpuRegister.X0)))
            .Call(0x8400_0002)
            .Do(() => Assert.Fail("runs although off"));
        Thread stopper = new(() =>
        {
            SpinWait.SpinUntil(() => pc != 0 && vm.Machine.Vcpus[1].PowerState == VcpuPowerState.Off);
            vm.Machine.Stop();
        });
        stopper.Start();
        Assert.Equal(RunOutcomeKind.Stopped, vm.Machine.Run().Kind);
        stopper.Join();
        Assert.Equal((0x4000_1000u, 77u), (pc, context));
        Assert.Equal(1, vm.Engines[1].Resets);
        Assert.Equal(1u, Info(1));
    }

    [Fact]
    public void DEN0022_5_4_CPU_SUSPEND_waits_for_an_interrupt_and_answers_success()
    {
        using ScriptedMachine vm = new();
        vm.EnablePpi(20);
        vm.Clock.ScheduleAt(8000, () => vm.Machine.Gic.Ppi(0, 20).SetLevel(true));
        vm.Engine.Call(0xC400_0001, 0, 0x4000_0000, 0)
            .Do(() => Assert.Equal(0u, vm.Engine.GetRegister(VcpuRegister.X0)))
            .Do(() => Assert.Equal(8000, vm.Clock.Now));
        Assert.Null(vm.Machine.Run().Exception);
    }

    [Fact]
    public void The_vendor_service_identifies_itself_and_lists_what_was_added()
    {
        using ScriptedMachine vm = new();
        Assert.Equal([0xb66f_b428, 0xe911_c52e, 0x564b_caa9, 0x743a_004d], Call(vm, 0x8600_FF01));
        Assert.Equal(1u, Call(vm, 0x8600_0000)[0]);
        vm.Machine.VendorServices.Add(2, (ref Hypervisor.Arm64.SmcccCall call) =>
        {
            call.SetResult(0, 0);
            call.SetResult(1, (long)call.Argument(1) + 1);
        });
        Assert.Equal([5u, 0u, 0u, 0u], Call(vm, 0x8600_0000, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue));
        Assert.Equal([0u, 0x43u], Call(vm, 0x8600_0002, 0xFFFF_FFFF_0000_0042)[..2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => vm.Machine.VendorServices.Add(0, (ref Hypervisor.Arm64.SmcccCall _) => { }));
    }

    [Fact]
    public void DEN0098_2_Version_features_and_identity()
    {
        using ScriptedMachine vm = new();
        Assert.Equal(0x10000u, Call(vm, 0x8400_0050)[0]);
        Assert.Equal(0u, Call(vm, 0x8400_0051, 0xC400_0053)[0]);
        Assert.Equal(NotSupported32, Call(vm, 0x8400_0051, 0x8400_0054)[0]);
        Assert.NotEqual(NotSupported32, Call(vm, 0x8400_0052)[0]);
    }

    [Theory]
    [InlineData(0xC400_0053, 0)]
    [InlineData(0xC400_0053, 193)]
    [InlineData(0xC400_0053, ulong.MaxValue)]
    public void DEN0098_2_4_A_number_of_bits_out_of_range_is_invalid(ulong function, ulong bits) =>
        Assert.Equal(unchecked((ulong)-2), Call0(function, bits));

    [Fact]
    public void DEN0098_2_4_The_32_bit_call_gives_at_most_96_bits() => Assert.Equal(unchecked((uint)-2), Call0(0x8400_0053, 97));

    [Theory]
    [InlineData(0xC400_0053, 192, 64, 64, 64)]
    [InlineData(0xC400_0053, 100, 0, 36, 64)]
    [InlineData(0xC400_0053, 1, 0, 0, 1)]
    [InlineData(0x8400_0053, 96, 32, 32, 32)]
    [InlineData(0x8400_0053, 33, 0, 1, 32)]
    public void DEN0098_2_4_Random_bits_fill_the_registers_from_the_third_down(ulong function, ulong bits, int first, int second, int third)
    {
        using ScriptedMachine vm = new();
        ulong[] seen = new ulong[4];
        for (int count = 0; count < 64; count++)
        {
            ulong[] results = Call(vm, function, bits);
            Assert.Equal(0u, results[0]);
            for (int index = 1; index < 4; index++)
                seen[index] |= results[index];
        }

        static ulong Ones(int width) => width == 64 ? ulong.MaxValue : (1UL << width) - 1;
        Assert.Equal([Ones(first), Ones(second), Ones(third)], seen[1..]);
    }

    [Fact]
    public void Randomness_on_the_virtual_clock_is_the_same_in_every_run()
    {
        using ScriptedMachine one = new();
        using ScriptedMachine two = new();
        Assert.Equal(Call(one, 0xC400_0053, 192), Call(two, 0xC400_0053, 192));
        Assert.NotEqual(Call(one, 0xC400_0053, 192), Call(one, 0xC400_0053, 192));
    }
}
