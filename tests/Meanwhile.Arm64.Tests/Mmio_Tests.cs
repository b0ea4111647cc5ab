namespace Meanwhile.Arm64.Tests;

/// <summary>Device accesses leave the core, and the instruction runs again with what the device did.</summary>
public unsafe class Mmio_Tests
{
    private const uint LoadX0FromX1 = 0xF9400020; // ldr x0, [x1]

    private static TestMachine MachineAtDevice(params uint[] words)
    {
        var m = new TestMachine();
        m.X[1] = TestMachine.DeviceBase;
        m.Load(TestMachine.CodeBase, words);
        m.Pc = TestMachine.CodeBase;
        return m;
    }

    private static void AssertMmio(RunResult result, AccessKind access, int size, ulong address)
    {
        Assert.Equal(RunReason.Exit, result.Reason);
        Assert.Equal(PendingKind.Mmio, result.Event.Kind);
        Assert.Equal(access, result.Event.Access);
        Assert.Equal(size, result.Event.Size);
        Assert.Equal(address, result.Event.PhysicalAddress);
    }

    [Fact]
    public void A_load_exits_at_itself_without_counting_and_completes_with_the_device_data()
    {
        using TestMachine m = MachineAtDevice(LoadX0FromX1, 0x91000400); // add x0, x0, #1
        AssertMmio(m.Core.Run(10), AccessKind.Read, 8, TestMachine.DeviceBase);
        Assert.Equal(TestMachine.CodeBase, m.Pc);
        Assert.Equal(0, m.Retired);
        m.Core.CompleteMmio(0x55);
        m.Core.Run(2);
        Assert.Equal(0x56UL, m.X[0]);
        Assert.Equal(2, m.Retired);
    }

    [Fact]
    public void A_store_gives_its_data_once()
    {
        using TestMachine m = MachineAtDevice(0xB9000420, 0x14000000); // str w0, [x1, #4]; b .
        m.X[0] = 0xAAAA_BBBB_CCCC_DDDD;
        RunResult result = m.Core.Run(10);
        AssertMmio(result, AccessKind.Write, 4, TestMachine.DeviceBase + 4);
        Assert.Equal(0xCCCC_DDDDUL, result.Event.Data);
        m.Core.CompleteMmio(0);
        Assert.Equal(RunReason.BudgetSpent, m.Core.Run(10).Reason);
        Assert.Equal(10, m.Retired);
    }

    [Fact]
    public void A_pair_exits_once_for_each_access_and_repeats_none()
    {
        using TestMachine m = MachineAtDevice(0xA9400C22); // ldp x2, x3, [x1]
        AssertMmio(m.Core.Run(1), AccessKind.Read, 8, TestMachine.DeviceBase);
        m.Core.CompleteMmio(1);
        AssertMmio(m.Core.Run(1), AccessKind.Read, 8, TestMachine.DeviceBase + 8);
        m.Core.CompleteMmio(2);
        Assert.Equal(RunReason.BudgetSpent, m.Core.Run(1).Reason);
        Assert.Equal(1UL, m.X[2]);
        Assert.Equal(2UL, m.X[3]);
        Assert.Equal(1, m.Retired);
    }

    [Fact]
    public void The_same_load_twice_asks_the_device_twice()
    {
        using TestMachine m = MachineAtDevice(LoadX0FromX1, LoadX0FromX1);
        m.Core.Run(2);
        m.Core.CompleteMmio(1);
        AssertMmio(m.Core.Run(2), AccessKind.Read, 8, TestMachine.DeviceBase);
        Assert.Equal(TestMachine.CodeBase + 4, m.Pc);
        m.Core.CompleteMmio(2);
        m.Core.Run(1);
        Assert.Equal(2UL, m.X[0]);
        Assert.Equal(2, m.Retired);
    }

    [Fact]
    public void A_kick_and_an_empty_budget_do_not_lose_what_the_device_gave()
    {
        using TestMachine m = MachineAtDevice(LoadX0FromX1);
        m.Core.Run(1);
        m.Core.CompleteMmio(7);
        m.Core.Kick();
        Assert.Equal(RunReason.Kicked, m.Core.Run(1).Reason);
        Assert.Equal(RunReason.BudgetSpent, m.Core.Run(0).Reason);
        Assert.Equal(RunReason.BudgetSpent, m.Core.Run(1).Reason);
        Assert.Equal(7UL, m.X[0]);
    }

    [Fact]
    public void What_the_device_gave_is_forgotten_when_the_guest_goes_elsewhere()
    {
        using TestMachine m = MachineAtDevice(LoadX0FromX1, LoadX0FromX1);
        m.Core.Run(1);
        m.Core.CompleteMmio(7);
        m.Pc = TestMachine.CodeBase + 4;
        AssertMmio(m.Core.Run(1), AccessKind.Read, 8, TestMachine.DeviceBase);
    }

    [Fact]
    public void Completing_what_was_not_asked_is_an_error()
    {
        using var m = new TestMachine();
        Assert.Throws<InvalidOperationException>(() => m.Core.CompleteMmio(0));
    }
}
